//! What refusals say: what happened, and what to do about it.

use super::section;

section! {
    /// Details of refusals; their headings stand in [`super::Problem`].
    Refusals, REFUSALS;
    method_not_allowed: word("This address does not take that method. The Allow header names those it takes.");
    media_type: word("Send the body as application/json.");
    media_type_form: word("Send the file as a form: multipart/form-data, with the file in the field “file”.");
    digest_mismatch: word("What arrived is not what was said to come: its SHA-256 is another one. Nothing was kept; send it again.");
    timeout: word("The request took too long to arrive. Send it again.");
    malformed_json: phrase("The body is not the JSON that is expected here: {0}.");
    bad_cursor: word("The cursor does not belong to this list. Start again without it.");
    expired: word("Your access has ended. Ask the person who manages this customer to extend it.");
    suspended: word("Your access is suspended. Ask the person who manages this customer.");
    not_in_role: word("Your role does not include this. Ask the person who manages this customer.");
    bad_token: word("The API token is not one that is in force. Make a new one on the page “API tokens” of your profile.");
    not_in_token: word("You may do this, but this API token is not for it. Use one that has the right and the customer.");
    not_for_tokens: word("This cannot be done with an API token. Sign in and do it yourself.");
    wrong_credentials: word("E-mail address and password do not belong together. Check both and try again.");
    code_required: word("This account has two-step sign-in. Send the code from the authenticator app, or a recovery code, as “totp”.");
    own_evidence: word("You handed this in yourself, so somebody else has to decide about it.");
    totp_required: word("Two-step sign-in is required of you and not set up yet. Set it up in your profile; until then only your own account is open.");
    totp_is_on: word("Two-step sign-in is on already. Turn it off before you set it up anew.");
    totp_is_off: word("Two-step sign-in is not on. Set it up first.");
    mails_go_out: word("This installation sends mails: the person asks for a link on the sign-in page and gets it by mail.");
    identity_away: word("Your organisation's sign-in does not answer. Try again in a minute, or sign in with your password. If it stays away, tell your administrator.");
    identity_cancelled: word("You turned back at your organisation's sign-in, so you are not signed in. Try again, or use your password.");
    identity_not_proven: word("What your organisation's sign-in answered could not be checked, so you are not signed in. Try again; if it happens again, tell your administrator.");
    identity_over: word("This sign-in took too long, or was begun in another browser. Begin it again here.");
    identity_unknown: word("Your organisation knows you, Muster does not yet. Ask your consultant for an invitation; if you have a password here already, use that.");
    identity_inactive: word("Your account is suspended. Ask the person who manages it.");
    identity_linked: word("That sign-in belongs to another account already, or yours is linked to another one. End the older link first, then try again.");
    source_changed: word("The answer that you wanted to take over has changed since you saw it. Look at it again.");
    too_many_streams: word("You have as many streams of events open as one person may. Close some, for example tabs.");
    wait: plural("Too many wrong attempts. Try again in one second.", "Too many wrong attempts. Try again in {n} seconds.");
    fields: plural("One field cannot be taken as it is.", "{n} fields cannot be taken as they are.");
    file_too_large: phrase("The file is too large: at most {0} are taken. Nothing of it was kept.");
    storage_away: word("Files can be neither kept nor given out at present; nothing of yours was lost. Try again in a minute.");
    storage_full: word("Nothing of the file was kept. Tell your administrator, then send it again.");
    file_damaged: word("The file is not what was handed in any more, so it is given to nobody. Tell your administrator: it is in the backup.");
    stale: word("It was changed after you read it, so your change was not made. Read it again, then decide.");
    version_required: word("Say which version you mean to change: send the ETag you read as If-Match.");
    invalid_move: phrase("The task is “{0}”, and “{1}” is not possible from there. The allowed moves are listed.");
    invalid_document_move: phrase("The document is “{0}”, and “{1}” is not possible from there. The allowed moves are listed.");
    not_your_turn: phrase("It is not your turn: “{0}” comes first. You can approve when that is done.");
    no_approval_steps: word("No task rule asks for a review or an approval of this document. A firm administrator can turn one on under “Task rules”; then hand it in again.");
    not_in_review: word("The document is not in review, so there is nothing to complete yet. Hand it in first.");
    document_tampered: word("What is kept of this document is not what was handed in and approved: somebody changed it outside Muster. It is not given out and not approved. Tell whoever runs this installation; “muster audit verify” says more.");
    ignored: word("It is ignored, or stands under something that is. Restore that first; nothing was changed.");
    answer_required: word("This task is done by answering its question. Open the questionnaire and answer it.");
    evidence_required: word("This task needs evidence before it can be completed.");
    evidence_replaced: word("Another file came in the place of this one already. Decide about that one.");
    approval_required: word("This task is done by approving its document, and only by that.");
    author: word("You wrote this version, so somebody else has to review and approve it.");
    document_incomplete: word("Required questions are not answered yet. Their keys are listed under “missing”.");
    nothing_to_release: word("There is no draft to release, or it is just like the latest release. Change the template first.");
    draft_unfinished: word("The draft is not finished. All that stands in the way of its release is listed under “problems”.");
    not_newer: word("The plan has a newer release of this template already. A plan never goes back to an older one.");
    draft_there: word("This template has a draft already, and importing would replace it. Release or discard that draft first, then import again.");
    template_archived: word("This template is archived, so nothing new is made of it.");
    taken: word("Somebody else has taken this task. Ask them, or assign it anew.");
    no_mail_task: word("This task is not about sending a mail. Complete it in its own way.");
    no_mail_address: word("The customer has no e-mail address. Add one to the customer, then send the mail.");
    archived: word("This customer is archived, so nothing of it changes. A firm administrator can take it up again.");
    oneself: word("Nobody changes their own role or access. Ask another administrator, or another manager of this customer.");
    last_admin: word("Nobody else could run the firm then. Make somebody else an administrator first.");
    not_invited: word("This person has no invitation to send again: they have accepted already. They can sign in.");
    not_accepted: word("This person has not accepted their invitation yet, so there is no access to suspend. Remove them instead.");
    already_there: word("This person is one of the customer's people already. Change their roles instead.");
    code_taken: word("There is a standard with this code already. Use another code, or change that standard.");
    key_reused: word("This Idempotency-Key was used for another request. Use a new key for a new request.");
    key_in_flight: word("The same request is being worked on. Ask again in a moment.");
    cross_site: word("The request did not come from a page of this installation, so nothing was changed. Open Muster itself and try there.");
}

section! {
    /// What was just done, said on the next page.
    Said, SAID;
    mail_queued: word("Queued. The mail goes out in a moment.");
    mail_held: word("Held. The mail goes out once there is a mail server.");
    asked: word("They were asked.");
    document_submitted: word("The document was handed in. Its content is locked until somebody sends it back.");
    document_withdrawn: word("The document was taken back. It is a draft again.");
    document_reviewed: word("The review is complete.");
    document_approved: word("Your approval is recorded.");
    document_in_force: word("The document is approved and in force.");
    import_discarded: word("The file is thrown away. Nothing was imported.");
    document_sent_back: word("The document was sent back. Its author has a task for it.");
    link_revoked: word("The links are revoked. They open nothing any more.");
    handed_in: word("The evidence was handed in.");
    evidence_accepted: word("The evidence is accepted.");
    evidence_sent_back: word("The evidence was sent back.");
    evidence_linked: word("The evidence serves this task, too.");
    evidence_unlinked: word("The evidence was taken off the task.");
    token_revoked: word("The token is revoked. It opens nothing any more.");
    task_ignored: word("The task is ignored.");
    plan_ignored: word("The plan is ignored, with all below it.");
    template_ignored: word("The template is ignored, with all below it.");
    restored: word("It is back where it was.");
    saved: word("Saved.");
    draft_discarded: word("The draft is gone. What was released is as it was.");
    released: word("Released. It can be assigned from now on.");
    password_changed: word("Your password is changed. You are signed out everywhere else.");
    session_ended: word("That session has ended.");
    sessions_ended: word("You are signed out everywhere else.");
    totp_off: word("Two-step sign-in is off.");
    tasks_transferred: plural("One task was handed on.", "{n} tasks were handed on.");
    tasks_made: plural("One task was made.", "{n} tasks were made.");
}

section! {
    /// What is wrong with a field of a form, said beside it.
    Fields, FIELDS;
    blank: word("Fill this in.");
    email: word("Enter an address like name@example.org.");
    control: word("Take out the characters that cannot be seen, such as line breaks.");
    unknown: word("Choose one that still exists.");
    option: word("Choose one of the options.");
    date: word("Enter a day, for example 2027-03-31.");
    number: word("Enter a number.");
    taken: word("It belongs to somebody already.");
    common: word("This password is among the first to be guessed. Choose another.");
    short: word("Use at least 12 characters.");
    wrong: word("It is not right. Check it and try again.");
    again: word("Both passwords have to be the same.");
    other: phrase("It {0}.");
}
