//! Mails: their words, and the one layout that all of them have.

use muster_domain::{
    mail::{Mail, Mailbox, Subject},
    people::MemberRole,
    tasks::{Task, TaskScope},
    text::{Prose, TextError},
};

/// The words of mails that the system proposes; people may change them before sending.
mod words {
    /// The subject of the first mail to a customer.
    pub const WELCOME_SUBJECT: &str = "Welcome to {firm}";
    /// The first mail to a customer.
    pub const WELCOME: &str = "We look forward to working with {customer}.\n\n\
        In the next days we agree with you on the standards that you want to follow and on the people who take part. \
        From then on you find your plans, your open tasks and your documents in one place, and always see what comes next.\n\n\
        If you have a question, answer this mail.";
    /// What a mail about any other task says, until somebody writes more.
    pub const ABOUT_TASK: &str = "This is about: {title}.";
    /// The subject of the mail that lets somebody set a new password.
    pub const RESET_SUBJECT: &str = "Set a new password for {firm}";
    /// The mail that lets somebody set a new password.
    pub const RESET: &str = "Somebody asked for a new password for your account. With the link below you set it. \
        The link works once, within an hour.\n\n\
        If it was not you, you need not do anything: your password stays as it is.";
    /// What its link is called.
    pub const RESET_LINK: &str = "Set a new password";
    /// The subject of an invitation.
    pub const INVITATION_SUBJECT: &str = "Invitation to {place}";
    /// An invitation, with what it is for.
    pub const INVITATION_AS: &str = "{name} invites you to {place}, as {roles}.\n\n\
        Open the link to accept. It is good once, and for a week.";
    /// An invitation to the firm.
    pub const INVITATION: &str = "{name} invites you to {place}.\n\nOpen the link to accept. It is good once, and for a week.";
    /// What the link of an invitation is called.
    pub const INVITATION_LINK: &str = "Accept the invitation";
    /// The subject of a mail that delegates a question.
    pub const DELEGATION_SUBJECT: &str = "A question about {customer}";
    /// A mail that delegates a question.
    pub const DELEGATION: &str = "{name} asks you to answer this question for {customer}:\n\n{question}\n\n\
        Open the link to answer it. You need no account, and you see only the questions that are meant for you.";
    /// What the link of such a mail is called.
    pub const DELEGATION_LINK: &str = "Answer the question";
    /// Before the text, where a person is known.
    pub const GREETING: &str = "Dear {name},";
    /// Before the text, where none is.
    pub const GREETING_ANYBODY: &str = "Good day,";
    /// After the text.
    pub const CLOSING: &str = "Kind regards";
    /// At the foot.
    pub const FOOT: &str = "Sent by {firm}.";
}

/// What a mail says, before it is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it is about.
    pub subject: Subject,
    /// The text between greeting and closing.
    pub body: Prose,
    /// What the reader is asked to open: what it is called, and its address.
    pub link: Option<(String, String)>,
}

/// Who signs a mail.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// The person.
    pub name: &'a str,
    /// The firm.
    pub firm: &'a str,
}

/// What the mail of a task says unless a person writes something else. Names are put in as they
/// are; a subject is cut to its length.
pub fn proposed(task: &Task, firm: &str) -> Result<Letter, TextError> {
    let is_welcome = task.scope == TaskScope::Customer && task.auto_generated;
    let (subject, body) = if is_welcome {
        (words::WELCOME_SUBJECT.replace("{firm}", firm), words::WELCOME.replace("{customer}", &task.customer_name))
    } else {
        (task.title.clone(), words::ABOUT_TASK.replace("{title}", &task.title))
    };
    let subject: String = subject.chars().take(200).collect();
    Ok(Letter { subject: Subject::parse(&subject)?, body: Prose::parse(&body)?, link: None })
}

/// The mail that lets somebody set a new password, by a link.
pub fn password_reset(firm: &str, url: &str) -> Result<Letter, TextError> {
    let subject: String = words::RESET_SUBJECT.replace("{firm}", firm).chars().take(200).collect();
    let link = Some((words::RESET_LINK.to_owned(), url.to_owned()));
    Ok(Letter { subject: Subject::parse(&subject)?, body: Prose::parse(words::RESET)?, link })
}

/// A mail that delegates a question to somebody without an account.
pub fn delegation_letter(name: &str, customer: &str, question: &str, note: Option<&Prose>, url: &str) -> Result<Letter, TextError> {
    let subject: String = words::DELEGATION_SUBJECT.replace("{customer}", customer).chars().take(200).collect();
    let body = words::DELEGATION.replace("{name}", name).replace("{customer}", customer).replace("{question}", question);
    let body = match note {
        Some(note) => format!("{body}\n\n{}", note.as_str()),
        None => body,
    };
    let body: String = body.chars().take(Prose::MAX).collect();
    let link = Some((words::DELEGATION_LINK.to_owned(), url.to_owned()));
    Ok(Letter { subject: Subject::parse(&subject)?, body: Prose::parse(&body)?, link })
}

/// An invitation. `roles` are what somebody becomes for a customer; none for the firm.
pub fn invitation_letter(name: &str, place: &str, roles: &[MemberRole], url: &str) -> Result<Letter, TextError> {
    let roles = roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    let body = if roles.is_empty() { words::INVITATION } else { words::INVITATION_AS };
    let subject: String = words::INVITATION_SUBJECT.replace("{place}", place).chars().take(200).collect();
    // The role first: names are other people's words and are put in last.
    let body = body.replace("{roles}", &roles).replace("{place}", place).replace("{name}", name);
    let link = Some((words::INVITATION_LINK.to_owned(), url.to_owned()));
    Ok(Letter { subject: Subject::parse(&subject)?, body: Prose::parse(&body)?, link })
}

/// Lays a letter out, as text and as a page with the same words.
pub fn compose(to: Mailbox, letter: Letter, signed: Signature<'_>) -> Result<Mail, TextError> {
    compose_with_foot(to, letter, signed, &words::FOOT.replace("{firm}", signed.firm))
}

/// The same with words of its own at the foot.
pub fn compose_with_foot(to: Mailbox, letter: Letter, signed: Signature<'_>, foot: &str) -> Result<Mail, TextError> {
    let greeting = match &to.name {
        Some(name) => words::GREETING.replace("{name}", name.as_str()),
        None => words::GREETING_ANYBODY.to_owned(),
    };
    let body = letter.body.as_str();
    let link = letter.link.as_ref().map(|(label, url)| format!("{label}:\n{url}\n\n")).unwrap_or_default();
    let text = format!("{greeting}\n\n{body}\n\n{link}{}\n{}\n\n-- \n{foot}\n", words::CLOSING, signed.name);
    let html = page(&letter, &greeting, signed, foot);
    // The layout may make the longest text a little longer than a text may be.
    let text: String = text.chars().take(Prose::MAX).collect();
    Ok(Mail { to, subject: letter.subject, text: Prose::parse(&text)?, html, unsubscribe: None })
}

/// One column, the reader's own font and colours, nothing that has to be loaded.
fn page(letter: &Letter, greeting: &str, signed: Signature<'_>, foot: &str) -> String {
    let paragraphs: String = letter
        .body
        .as_str()
        .split("\n\n")
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(|one| format!("<p>{}</p>\n", escaped(one).replace('\n', "<br>\n")))
        .collect();
    // The address stands there too: some programs show no links, and some people want to see where one leads.
    let link = letter.link.as_ref().map(|(label, url)| {
        let (label, url) = (escaped(label), escaped(url));
        format!("<p><a href=\"{url}\"><b>{label}</b></a></p>\n<p style=\"font-size:14px;overflow-wrap:anywhere\">{url}</p>\n")
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body style=\"margin:0;padding:24px;font-family:sans-serif;font-size:16px;line-height:1.5\">\n\
         <div style=\"max-width:36em;margin:0 auto\">\n<p>{}</p>\n{paragraphs}{}<p>{}<br>\n{}</p>\n\
         <hr style=\"border:0;border-top:1px solid #999\">\n<p style=\"font-size:14px\">{}</p>\n</div>\n</body>\n</html>\n",
        escaped(letter.subject.as_str()),
        escaped(greeting),
        link.unwrap_or_default(),
        words::CLOSING,
        escaped(signed.name),
        escaped(foot)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use muster_domain::text::{Email, Name};

    use super::*;

    #[test]
    fn both_forms_say_the_same_and_mark_up_stays_text() {
        let to = Mailbox { name: Some(Name::parse("Ada <b>").unwrap()), address: Email::parse("a@b.example").unwrap() };
        let letter = Letter { subject: Subject::parse("Hello").unwrap(), body: Prose::parse("One\ntwo\n\n<script>").unwrap(), link: None };
        let mail = compose(to, letter, Signature { name: "Eve", firm: "F & G" }).unwrap();
        assert_eq!(mail.text.as_str(), "Dear Ada <b>,\n\nOne\ntwo\n\n<script>\n\nKind regards\nEve\n\n-- \nSent by F & G.");
        for part in ["<p>Dear Ada &lt;b&gt;,</p>", "<p>One<br>\ntwo</p>", "<p>&lt;script&gt;</p>", "Sent by F &amp; G."] {
            assert!(mail.html.contains(part), "{part}: {}", mail.html);
        }
        assert!(!mail.html.contains("<script>"));
    }
    #[test]
    fn a_link_stands_in_both_forms() {
        let to = Mailbox { name: None, address: Email::parse("a@b.example").unwrap() };
        let link = Some(("Do it".to_owned(), "https://muster.example/x?a=1&b=2".to_owned()));
        let letter = Letter { subject: Subject::parse("Hello").unwrap(), body: Prose::parse("One").unwrap(), link };
        let mail = compose(to, letter, Signature { name: "F", firm: "F" }).unwrap();
        assert!(mail.text.as_str().contains("One\n\nDo it:\nhttps://muster.example/x?a=1&b=2\n\nKind regards"), "{}", mail.text.as_str());
        assert!(mail.html.contains("<a href=\"https://muster.example/x?a=1&amp;b=2\"><b>Do it</b></a>"), "{}", mail.html);
    }
}
