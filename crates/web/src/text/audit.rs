//! Words of the audit log. Each action of the log has its line in [`ACTIONS`]; a test looks for those that have none.

use super::{phrase::Phrase, section};

section! {
    /// The pages of the audit log.
    Audit, AUDIT;
    title: word("Audit log");
    about: phrase("Who did what for {0}, the latest first. Nothing here can be changed or removed.");
    firm_title: word("Audit log of the firm");
    firm_about: word("What concerns no single customer: people and sign-ins, the library, the outbox. Each customer has a log of its own, reached from its workspace.");
    entries: plural("1 entry", "{n} entries");
    matching: plural("1 entry matches", "{n} entries match");
    unsigned: word("not signed yet");
    signed: phrase("signed up to entry {0}, {1}");
    export: word("Download the log");
    checkpoints: word("Download signed checkpoints");
    filters: word("Filter entries");
    who: word("Who");
    what: word("What was done");
    everything: word("Everything");
    all_of: phrase("{0}: all");
    subject: word("To what");
    from: word("From");
    to: word("To");
    show: word("Show");
    entry: phrase("Entry {0}");
    changes: plural("1 detail", "{n} details");
    field: word("Detail");
    before: word("Before");
    after: word("After");
    value: word("Value");
    nothing: word("nothing");
    redacted: word("not kept");
    somebody: word("Somebody");
    other: word("Other");
    unknown_action: phrase("{0} did something that has no words here yet: {2}, on “{1}”");
    empty_title: word("Nothing has happened yet");
    empty: word("What people do stands here as soon as they do it.");
    none_title: word("No entry matches");
    none: word("No entry fits all of these filters. Take one away, or clear them.");
    check: word("How to check this log");
    check_chain: word("Every entry carries the hash of the one before it, and the end of the log is signed regularly. Changing, removing or moving an entry breaks that, and checking finds the place.");
    check_file: word("The download can be checked on any machine that has Muster, without a database. Keep the public key outside this installation, in a file:");
    check_database: word("Whoever runs this installation checks all its logs, and holds them against checkpoints that were kept outside:");
    check_honest: word("Without a copy outside, of a download or of checkpoints, whoever runs this installation and has its key could rewrite everything unnoticed. Keep one.");
    check_file_command: word("muster audit verify --file audit.jsonl --key muster.pub");
    check_database_command: word("muster audit verify --against checkpoints.jsonl --key muster.pub");
    key: word("Public key");
    no_key: word("This installation has no key: nothing is signed.");
}

/// Whose log an action stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    /// A customer's.
    Customer,
    /// The firm's.
    Firm,
    /// Either.
    Both,
}

/// An action of the log in words.
#[derive(Debug, Clone, Copy)]
pub struct ActionWords {
    /// The word of the log, such as `task.completed`.
    pub action: &'static str,
    /// Whose log it stands in.
    pub log: In,
    /// What to choose in the filter.
    pub label: &'static str,
    /// The sentence: `{0}` is who, `{1}` to what.
    pub sentence: Phrase,
}

const fn customer(action: &'static str, label: &'static str, sentence: &'static str) -> ActionWords {
    ActionWords { action, log: In::Customer, label, sentence: Phrase(sentence) }
}

const fn firm(action: &'static str, label: &'static str, sentence: &'static str) -> ActionWords {
    ActionWords { action, log: In::Firm, label, sentence: Phrase(sentence) }
}

const fn both(action: &'static str, label: &'static str, sentence: &'static str) -> ActionWords {
    ActionWords { action, log: In::Both, label, sentence: Phrase(sentence) }
}

/// Every action that the program notes. What stands before the dot is its group, named in [`GROUPS`].
pub(super) const ACTIONS: &[ActionWords] = &[
    customer("customer.created", "Created", "{0} created the customer “{1}”"),
    customer("customer.changed", "Changed", "{0} changed the details of “{1}”"),
    customer("customer.archived", "Archived", "{0} archived the customer “{1}”"),
    customer("customer.calendar_made", "Calendar link made", "{0} made a link to the calendar of “{1}”"),
    customer("customer.calendar_revoked", "Calendar link ended", "{0} ended their link to the calendar of “{1}”"),
    customer("customer.unarchived", "Taken out of the archive", "{0} took the customer “{1}” out of the archive"),
    customer("plan.assigned", "Assigned", "{0} assigned the plan “{1}”"),
    customer("plan.changed", "Changed", "{0} changed the plan “{1}”"),
    customer("plan.ignored", "Ignored", "{0} ignored the plan “{1}”"),
    customer("plan.restored", "Restored", "{0} restored the plan “{1}”"),
    customer("template.assigned", "Assigned", "{0} assigned the template “{1}”"),
    customer("template.upgraded", "Upgraded", "{0} brought the template “{1}” to a newer release"),
    customer("template.ignored", "Ignored", "{0} ignored the template “{1}”"),
    customer("template.restored", "Restored", "{0} restored the template “{1}”"),
    firm("template.created", "Created", "{0} created the template “{1}”"),
    firm("template.imported", "Imported", "{0} imported the template “{1}”"),
    firm("template.changed", "Changed", "{0} changed the template “{1}”"),
    firm("template.drafted", "Drafted", "{0} saved the draft of the template “{1}”"),
    firm("template.draft_discarded", "Draft discarded", "{0} discarded the draft of the template “{1}”"),
    firm("template.released", "Released", "{0} released the template “{1}”"),
    firm("template.archived", "Archived", "{0} archived the template “{1}”"),
    customer("answer.given", "Given", "{0} answered “{1}”"),
    customer("answer.withdrawn", "Taken back", "{0} took the answer to “{1}” back"),
    customer("answer.changed", "Changed", "{0} changed the answer to “{1}”"),
    customer("question.delegated", "Delegated", "{0} delegated the question “{1}”"),
    customer("respondent.revoked", "Link revoked", "{0} revoked the link of “{1}”"),
    customer("evidence.handed_in", "Handed in", "{0} handed in the evidence “{1}”"),
    customer("evidence.replaced", "Replaced", "{0} replaced the evidence “{1}”"),
    customer("evidence.linked", "Linked to a task", "{0} linked the evidence “{1}” to a further task"),
    customer("evidence.unlinked", "Taken off a task", "{0} took the evidence “{1}” off a task"),
    customer("evidence.renewal_due", "Has to be renewed", "{0} asked for the evidence “{1}” to be renewed"),
    customer("evidence.accepted", "Accepted", "{0} accepted the evidence “{1}”"),
    customer("evidence.sent_back", "Sent back", "{0} sent back the evidence “{1}”"),
    customer("document.saved", "Saved", "{0} saved the document “{1}”"),
    customer("document.uploaded", "Uploaded", "{0} uploaded the document “{1}”"),
    customer("document.edited", "Edited", "{0} edited the document “{1}”"),
    customer("document.refreshed", "Filled with the latest answers", "{0} took the latest answers over into the document “{1}”"),
    customer("document.version_begun", "New version begun", "{0} began a new version of the document “{1}”"),
    customer("document.submitted", "Handed in", "{0} handed the document “{1}” in for review and approval"),
    customer("document.withdrawn", "Taken back", "{0} took the document “{1}” back out of review"),
    customer("document.reviewed", "Reviewed", "{0} reviewed the document “{1}”"),
    customer("document.step_approved", "Approved in part", "{0} approved the document “{1}”; further approvals follow"),
    customer("document.approved", "Approved", "{0} approved the document “{1}”: the new version is in force"),
    customer("document.export_kept", "File kept", "{0} kept a file of the approved document “{1}”"),
    customer("document.rejected", "Sent back", "{0} sent the document “{1}” back"),
    customer("document.reread_due", "Has to be read again", "{0} asked for the document “{1}” to be read again"),
    customer("document.reread", "Read again", "{0} read the document “{1}” again: it still holds"),
    customer("task.answered_before", "Answered before", "{0} answered the task “{1}” in the older program"),
    customer("task.placed", "Placed", "{0} said where the task “{1}” from the older program belongs"),
    customer("task.added", "Added", "{0} added the task “{1}”"),
    customer("task.changed", "Changed", "{0} changed the task “{1}”"),
    customer("task.taken", "Taken", "{0} took the task “{1}”"),
    customer("task.started", "Started", "{0} started the task “{1}”"),
    customer("task.submitted", "Sent for review", "{0} sent the task “{1}” for review"),
    customer("task.completed", "Completed", "{0} completed the task “{1}”"),
    customer("task.held", "Put on hold", "{0} put the task “{1}” on hold"),
    customer("task.blocked", "Blocked", "{0} marked the task “{1}” as blocked"),
    customer("task.evidence_expired", "Evidence has ended", "{0} noted that the accepted evidence of the task “{1}” has ended"),
    customer("task.reopened", "Reopened", "{0} reopened the task “{1}”"),
    customer("task.cancelled", "Cancelled", "{0} cancelled the task “{1}”"),
    customer("task.recurred", "Came back", "{0} had the task “{1}” come back by completing the one before"),
    customer("task.ignored", "Ignored", "{0} ignored the task “{1}”"),
    customer("task.restored", "Restored", "{0} restored the task “{1}”"),
    customer("member.added", "Added", "{0} gave “{1}” access"),
    customer("member.invited", "Invited", "{0} invited “{1}”"),
    customer("member.invited_again", "Invited again", "{0} invited “{1}” again"),
    customer("member.assigned", "Assigned", "{0} assigned “{1}” to this customer"),
    customer("member.accepted", "Invitation accepted", "{0} accepted the invitation of “{1}”"),
    customer("member.changed", "Changed", "{0} changed the access of “{1}”"),
    customer("member.suspended", "Suspended", "{0} suspended the access of “{1}”"),
    customer("member.resumed", "Resumed", "{0} gave “{1}” their access back"),
    customer("member.removed", "Removed", "{0} removed the access of “{1}”"),
    customer("tasks.transferred", "Transferred", "{0} transferred the open tasks of “{1}”"),
    customer("task_rule.applied", "Applied", "{0} applied the task rule “{1}”"),
    firm("task_rule.created", "Created", "{0} created the task rule “{1}”"),
    firm("task_rule.changed", "Changed", "{0} changed the task rule “{1}”"),
    firm("standard.created", "Created", "{0} added the standard “{1}”"),
    firm("library.imported", "Imported", "{0} imported a library"),
    both("mail.queued", "Written", "{0} had the mail “{1}” sent"),
    both("mail.sent", "Accepted by the mail server", "{0} handed the mail “{1}” to the mail server"),
    both("mail.given_up", "Given up", "{0} gave the mail “{1}” up: it could not be delivered"),
    firm("mail.retried", "Tried again", "{0} had the mail “{1}” tried again"),
    firm("user.added", "Added", "{0} added the person “{1}”"),
    firm("user.invited", "Invited", "{0} invited “{1}” to the firm"),
    firm("user.invited_again", "Invited again", "{0} invited “{1}” to the firm again"),
    firm("user.accepted", "Invitation accepted", "{0} accepted the invitation of “{1}” to the firm"),
    firm("user.changed", "Changed", "{0} changed the person “{1}”"),
    firm("user.suspended", "Suspended", "{0} suspended the person “{1}”"),
    firm("user.resumed", "Resumed", "{0} let the person “{1}” sign in again"),
    firm("user.removed", "Removed", "{0} removed “{1}” from the firm"),
    firm("user.became_first_admin", "Became the first administrator", "{0} set up the installation and became its first administrator"),
    firm("user.signed_in", "Signed in", "{0} signed in"),
    firm("user.signed_out", "Signed out", "{0} signed out"),
    firm("user.sign_in_failed", "Sign-in failed", "{0} tried to sign in as “{1}” and was refused"),
    firm("user.sign_in_unknown", "Sign-in with an unknown address", "{0} tried to sign in with an address that nobody has"),
    firm("password.replaced", "Replaced", "{0} gave “{1}” a new password"),
    firm("account.changed", "Profile changed", "{0} changed their profile"),
    firm("account.calendar_made", "Calendar link made", "{0} made a link to their calendar"),
    firm("account.calendar_revoked", "Calendar link ended", "{0} ended the link to their calendar"),
    firm("account.unsubscribed", "Mails stopped", "{0} stopped a kind of mail by the link in it"),
    firm("account.password_changed", "Password changed", "{0} changed their password"),
    firm("account.password_reset", "Password reset", "{0} set a new password by a link"),
    firm("account.reset_link_made", "Reset link made", "{0} made a link that sets a new password for “{1}”"),
    firm("account.session_ended", "Session ended", "{0} ended one of their sessions"),
    firm("account.sessions_ended", "All sessions ended", "{0} ended all their other sessions"),
    firm("account.totp_on", "Second step turned on", "{0} turned the second sign-in step on"),
    firm("account.totp_off", "Second step turned off", "{0} turned the second sign-in step off"),
    firm("account.recovery_codes_made", "Recovery codes made", "{0} made new recovery codes"),
    firm("identity.linked", "Linked", "{0} signs in with the identity provider from now on"),
    firm("identity.unlinked", "Link ended", "{0} no longer signs in with the identity provider"),
    firm("token.created", "Created", "{0} created the access token “{1}”"),
    firm("token.revoked", "Revoked", "{0} revoked the access token “{1}”"),
    firm("firm.changed", "Changed", "{0} changed the settings of the firm"),
    firm("firm.logo_changed", "Logo changed", "{0} changed the logo of the firm"),
    firm("firm.totp_required", "Second step required", "{0} changed for whom the second sign-in step is required"),
    firm("setup_link.made", "Made", "{0} made a link to set up this installation"),
    firm("demo.loaded", "Loaded", "{0} loaded the demo"),
    both("audit.exported", "Exported", "{0} downloaded the audit log of “{1}”"),
    firm("audit.key_added", "Key added", "{0} began to sign the audit logs with a new key"),
];

/// What comes before the dot of an action, in the order of the filter, with the icon of its entries.
pub(super) const GROUPS: &[(&str, &str, &str)] = &[
    ("task", "Tasks", "check"),
    ("answer", "Answers", "edit"),
    ("question", "Delegated questions", "user"),
    ("respondent", "Respondents", "user"),
    ("evidence", "Evidence", "clip"),
    ("document", "Documents", "document"),
    ("template", "Templates", "template"),
    ("plan", "Plans", "plan"),
    ("customer", "Customer", "customer"),
    ("member", "Members", "user"),
    ("tasks", "Transfers of tasks", "reuse"),
    ("mail", "Mails", "comment"),
    ("user", "People and sign-ins", "user"),
    ("account", "Accounts", "user"),
    ("identity", "Identity provider", "key"),
    ("password", "Passwords", "key"),
    ("token", "Access tokens", "key"),
    ("firm", "Settings of the firm", "settings"),
    ("standard", "Standards", "library"),
    ("task_rule", "Task rules", "rule"),
    ("library", "Library", "library"),
    ("setup_link", "Setup links", "key"),
    ("demo", "Demo", "import"),
    ("audit", "Audit log", "lock"),
];

/// Names of what an entry tells in detail. A name that is missing here is made of the log's own.
pub(super) const DETAILS: &[(&str, &str)] = &[
    ("iso_code", "Standard"),
    ("iso_codes", "Standards"),
    ("iso_name", "Name of the standard"),
    ("scope", "Level"),
    ("task_type", "Kind of task"),
    ("assigned_to", "Assigned to"),
    ("assignee_role", "Falls to"),
    ("evidence_uploaded", "Evidence is accepted"),
    ("is_answered", "Answered"),
    ("is_active", "In use"),
    ("is_hidden", "Hidden"),
    ("ignored", "Ignored because"),
    ("release_number", "Release"),
    ("latest_release", "Latest release"),
    ("question_key", "Question"),
    ("value", "Answer"),
    ("due_offset_days", "Days until due"),
    ("recurrence", "Comes back"),
    ("counted_by", "Counted by the day"),
    ("quiet_hours", "Quiet hours"),
    ("expires_on", "Last day"),
    ("generated_tasks", "Tasks made by it"),
    ("tasks", "Tasks made"),
    ("filename", "File"),
    ("sha256", "Fingerprint of the file"),
    ("size", "Size in bytes"),
    ("media_type", "Kind of file"),
    ("url", "Address"),
    ("task_ids", "Tasks that it serves"),
    ("replaced_by", "Replaced by"),
    ("covers_from", "Covers from"),
    ("covers_to", "Covers to"),
    ("valid_until", "Valid until"),
    ("received_at", "Handed in at"),
    ("uploaded_by", "Handed in by"),
    ("decided_by", "Decided by"),
    ("decision_reason", "Sent back because"),
    ("replaced_by", "Replaced by"),
    ("content_sha256", "Fingerprint of the text"),
    ("network", "From the network address"),
    ("to", "Recipient"),
    ("email", "Email"),
    ("issuer", "Identity provider"),
];

/// Words for values that the log keeps as words of its own.
pub(super) const VALUES: &[(&str, &str)] = &[
    ("pending", "Open"),
    ("under_review", "In review"),
    ("completed", "Done"),
    ("admin", "Administrator"),
    ("member", "No role in the firm"),
    ("rejected", "Sent back"),
];
