//! Words of delegating questions, and of those who answer by a link.

use super::section;

section! {
    /// Delegating questions, and those who answer by a link.
    Respondents, RESPONDENTS;
    delegate: word("Ask somebody else");
    delegate_about: word("Choose somebody of this programme, or write down anybody else: they get a link to this question and need no account.");
    member: word("Somebody with an account");
    nobody_here: word("Nobody; write down somebody else");
    name: word("Name");
    email: word("Email");
    note: word("A few words to them");
    days: word("The link is good for");
    day_count: plural("1 day", "{n} days");
    send: word("Ask them");
    answered_as: phrase("{0} (respondent)");
    title: word("Respondents");
    about: word("People without an account who answer single questions by a link. They see these questions and nothing else.");
    none_title: word("Nobody was asked yet");
    none: word("Open a questionnaire and choose “Ask somebody else” below a question.");
    made_title: word("Pass the link on now");
    made: phrase("This installation has no mail server, so give the link to {0} yourself. It is shown this once.");
    link: word("Link");
    questions: word("Questions");
    answered_of: phrase("{0} of {1} answered");
    asked_by: word("Asked by");
    ends: word("Link ends");
    ended: word("Has ended");
    revoked: word("Revoked");
    used: word("Last came");
    never: word("Never");
    revoke: word("Revoke");
    confirm: word("All their links end now and for good. What they answered stays.");
    confirm_button: word("Revoke the links");
    page_title: phrase("Questions about {0}");
    intro: phrase("{0} asks you, {1}, to answer for {2}.");
    somebody: word("Somebody");
    intro_hint: word("Each answer is saved by itself, and you can change it until the link ends. You see only the questions that are meant for you.");
    until: phrase("The link is good until {0} (UTC).");
    state: phrase("{0} of {1} answered");
    all_done: word("Everything is answered. Thank you; you can close this page.");
    nothing_title: word("Nothing to answer");
    nothing: word("The questions have been withdrawn. There is nothing left to do.");
    says: phrase("Said to you: “{0}”");
    gone_title: word("This link does not work any more");
    gone: word("It may have ended or been withdrawn. Ask the person who sent it to you for a new one.");
}
