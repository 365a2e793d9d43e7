//! Words of the mail of a task, and of the outbox.

use super::section;

section! {
    /// The mail of a task, and the outbox.
    Mail, MAIL;
    title: word("Send mail");
    about: phrase("To {0}");
    subject: word("Subject");
    body: word("Text");
    body_hint: word("Greeting and closing are added. An empty line begins a paragraph.");
    blank: word("Write a few words.");
    preview: word("Preview");
    show: word("Show preview");
    send: word("Send");
    to_task: word("Back to the task");
    open: word("Write and send the mail");
    look: word("Look at the mail");
    no_server: word("This installation has no mail server. The mail is held and goes out once one is set.");
    failed: phrase("The mail could not be delivered: {0}. Correct what is wrong, then send it again.");
    state: word("Mail");
    queued: word("Queued");
    held: word("Held: no mail server");
    sending: word("Being sent");
    sent: word("Accepted by the mail server");
    gave_up: word("Not delivered");
    dropped: word("Not needed any more");
    outbox: word("Outbox");
    outbox_about: word("Mails that wait, that went out, and that could not be delivered. The latest stand first.");
    outbox_empty_title: word("No mails");
    outbox_empty: word("Mails stand here as soon as one is sent.");
    to: word("To");
    when: word("Queued at");
    attempts: word("Attempts");
    why: word("Last problem");
    retry: word("Try again");
    newer: word("Newer mails");
    older: word("Older mails");
}
