//! The words of reminders. Titles and names are other people's, and are put in last.

use jiff::civil::Date;
use muster_domain::{
    account::Locale,
    documents::Document,
    evidence::Evidence,
    mail::Subject,
    tasks::Task,
    text::{Prose, TextError},
};
use muster_store::{RemindedTask, WeekFigures};

use crate::mail::Letter;

/// At the foot, instead of the usual words.
pub(super) const FOOT: &str = "Sent by {firm}. Which mails you get, you choose in your profile: {url}";

/// So many tasks stand in one mail; the rest is told by its number.
const LISTED: usize = 15;

const ASSIGNED_SUBJECT: &str = "New task: {title}";
const ASSIGNED: &str = "{name} has given you a task for {customer}:\n\n{title}{due}";
const MENTIONED_SUBJECT: &str = "You are mentioned: {title}";
const MENTIONED: &str = "{name} mentions you in a comment on a task of {customer}, \u{201c}{title}\u{201d}:\n\n{words}";
const SENT_BACK_SUBJECT: &str = "Sent back: {file}";
const SENT_BACK: &str = "{name} has sent back a file that you handed in for {customer}:\n\n{file}\n\nThe reason:\n{reason}";
const APPROVAL_SUBJECT: &str = "Your approval is wanted: {document}";
const APPROVAL: &str = "A document of {customer} waits for your approval:\n\n{document}, version {version}";
const DUE_SOON_SUBJECT: (&str, &str) = ("Due soon: {title}", "{n} tasks of {customer} are due soon");
const DUE_SOON: (&str, &str) = ("This task of {customer} is due soon:", "These tasks of {customer} are due soon:");
const OVERDUE_SUBJECT: (&str, &str) = ("Overdue: {title}", "{n} tasks of {customer} are overdue");
const OVERDUE: (&str, &str) = ("This task of {customer} is overdue:", "These tasks of {customer} are overdue:");
const MORE: &str = "\n\nand {n} more.";
const DUE: &str = "\n\nDue on {day}.";
const WEEK_SUBJECT: &str = "The week of {customer}";
const WEEK: &str = "How the work of {customer} stands:\n\n{lines}";
const OPEN_TASK: &str = "Open the task";
const OPEN_TASKS: &str = "Open my work";
const OPEN_EVIDENCE: &str = "Open the file";
const OPEN_DOCUMENT: &str = "Open the document";
const OPEN_WORKSPACE: &str = "Open the workspace";

fn letter(subject: &str, body: &str, label: &str, url: String) -> Result<Letter, TextError> {
    let subject: String = subject.chars().take(200).collect();
    let body: String = body.chars().take(Prose::MAX - 2000).collect();
    Ok(Letter { subject: Subject::parse(&subject)?, body: Prose::parse(&body)?, link: Some((label.to_owned(), url)) })
}

/// A day as the reader writes it.
fn told(day: Date, locale: Locale) -> String {
    let pattern = match locale {
        Locale::British => "%-d %b %Y",
        Locale::American => "%b %-d, %Y",
    };
    day.strftime(pattern).to_string()
}

pub(super) fn assigned(task: &Task, by: &str, locale: Locale, url: String) -> Result<Letter, TextError> {
    let due = task.due_date.map(|day| DUE.replace("{day}", &told(day, locale))).unwrap_or_default();
    let body = ASSIGNED.replace("{due}", &due).replace("{customer}", &task.customer_name).replace("{name}", by);
    letter(&ASSIGNED_SUBJECT.replace("{title}", &task.title), &body.replace("{title}", &task.title), OPEN_TASK, url)
}

pub(super) fn mentioned(task: &Task, by: &str, comment: &str, url: String) -> Result<Letter, TextError> {
    let body = MENTIONED.replace("{customer}", &task.customer_name).replace("{name}", by).replace("{title}", &task.title);
    letter(&MENTIONED_SUBJECT.replace("{title}", &task.title), &body.replace("{words}", comment), OPEN_TASK, url)
}

pub(super) fn sent_back(evidence: &Evidence, customer: &str, by: &str, reason: &str, url: String) -> Result<Letter, TextError> {
    let body = SENT_BACK.replace("{customer}", customer).replace("{name}", by).replace("{file}", &evidence.filename);
    letter(&SENT_BACK_SUBJECT.replace("{file}", &evidence.filename), &body.replace("{reason}", reason), OPEN_EVIDENCE, url)
}

pub(super) fn approval(document: &Document, customer: &str, url: String) -> Result<Letter, TextError> {
    let body = APPROVAL.replace("{version}", &document.document_version.to_string()).replace("{customer}", customer);
    letter(&APPROVAL_SUBJECT.replace("{document}", &document.name), &body.replace("{document}", &document.name), OPEN_DOCUMENT, url)
}

/// Tasks of one person and one kind. One task is opened itself, several in the reader's own list.
pub(super) fn dates(tasks: &[&RemindedTask], is_overdue: bool, customer: &str, urls: (String, String)) -> Result<Letter, TextError> {
    let (subjects, bodies) = if is_overdue { (OVERDUE_SUBJECT, OVERDUE) } else { (DUE_SOON_SUBJECT, DUE_SOON) };
    let is_one = tasks.len() == 1;
    let number = tasks.len().to_string();
    let subject = if is_one { subjects.0 } else { subjects.1 }.replace("{n}", &number).replace("{customer}", customer);
    let title = tasks.first().map(|task| task.title.as_str()).unwrap_or_default();
    let mut body = if is_one { bodies.0 } else { bodies.1 }.replace("{customer}", customer);
    body.push('\n');
    for task in tasks.iter().take(LISTED) {
        let path = if task.path.is_empty() { String::new() } else { format!(" ({})", task.path.join(", ")) };
        body.push_str(&format!("\n{}: {}{path}", told(task.due_date, task.to.locale), task.title));
    }
    if tasks.len() > LISTED {
        body.push_str(&MORE.replace("{n}", &(tasks.len() - LISTED).to_string()));
    }
    let (label, url) = if is_one { (OPEN_TASK, urls.0) } else { (OPEN_TASKS, urls.1) };
    letter(&subject.replace("{title}", title), &body, label, url)
}

pub(super) fn week(figures: &WeekFigures, customer: &str, url: String) -> Result<Letter, TextError> {
    let counted = |number: i64, one: &str, other: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{number} {other}")),
    };
    let lines = [
        counted(figures.completed, "task was completed in the last seven days.", "tasks were completed in the last seven days."),
        counted(figures.open, "task is open.", "tasks are open."),
        counted(figures.overdue, "task is overdue.", "tasks are overdue."),
        counted(figures.due, "task is due in the next seven days.", "tasks are due in the next seven days."),
        counted(figures.to_approve, "document is in review.", "documents are in review."),
        counted(figures.expiring, "piece of evidence expires within 30 days.", "pieces of evidence expire within 30 days."),
    ];
    let lines: Vec<String> = lines.into_iter().flatten().collect();
    let lines = if lines.is_empty() { "Nothing is open, and nothing expires soon.".to_owned() } else { lines.join("\n") };
    letter(
        &WEEK_SUBJECT.replace("{customer}", customer),
        &WEEK.replace("{lines}", &lines).replace("{customer}", customer),
        OPEN_WORKSPACE,
        url,
    )
}
