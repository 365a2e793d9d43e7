//! Bringing a template of a plan to a newer release: what that changes, decided without a database.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    answers::{Answer, AnswerValue},
    ids::TaskId,
    tasks::{Task, TaskStatus, status_after_withdrawal},
    templates::{Question, QuestionAspect, QuestionChange, Release, ReleaseChanges},
    words::word_enum,
};

word_enum! {
    /// What becomes of a task whose question is not asked any more.
    DroppedTask {
        /// It is ignored, with the reason; it can be restored.
        Ignore = "ignore",
        /// It stays as it is, for a person to end.
        Keep = "keep",
    }
}

/// What people decided about tasks of dropped questions that were worked on, by question key.
pub type Decisions = BTreeMap<String, DroppedTask>;

/// The reason for which an upgrade ignores tasks, before the number of the release.
const DROPPED: &str = "dropped in release ";

/// The reason for which the tasks of questions that a release dropped are ignored.
pub fn dropped_reason(release: i32) -> String {
    format!("{DROPPED}{release}")
}

/// Whether a task was ignored because a release dropped its question.
pub fn was_dropped(task: &Task) -> bool {
    let number = task.ignored.as_ref().and_then(|ignored| ignored.reason.strip_prefix(DROPPED));
    number.is_some_and(|number| number.parse::<i32>().is_ok())
}

/// Why a task counts as worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkedOn {
    /// It has been started, handed in, put on hold or done.
    Moved,
    /// Somebody has it.
    Assigned,
    /// Evidence belongs to it.
    Evidence,
    /// Somebody wrote notes.
    Notes,
}

/// Why a task counts as worked on; none for one that nobody has touched.
pub fn worked_on(task: &Task) -> Option<WorkedOn> {
    match task.status {
        TaskStatus::InProgress | TaskStatus::UnderReview | TaskStatus::Completed | TaskStatus::OnHold | TaskStatus::Blocked => {
            Some(WorkedOn::Moved)
        }
        _ if task.assigned_to.is_some() => Some(WorkedOn::Assigned),
        _ if task.evidence_uploaded => Some(WorkedOn::Evidence),
        _ if task.notes.is_some() => Some(WorkedOn::Notes),
        _ => None,
    }
}

/// A question that the newer release asks and the older did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedQuestion {
    /// The question.
    pub question: Question,
    /// Its place in the release, counted from 1.
    pub position: i32,
    /// The task that it had before an earlier release dropped it, which is restored.
    pub restores: Option<TaskId>,
    /// Whether an answer is there from before that still fits.
    pub is_answered: bool,
}

/// A question that the newer release asks otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedQuestion {
    /// As it was.
    pub before: Question,
    /// As it is.
    pub after: Question,
    /// In what the two differ.
    pub aspects: Vec<QuestionAspect>,
}

/// A question that the newer release does not ask any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedQuestion {
    /// The question.
    pub question: Question,
    /// Whether it was answered. The answer is kept, and is there again if the question comes back.
    pub is_answered: bool,
    /// Its task, unless that is ignored already.
    pub task: Option<LeftTask>,
}

/// The task of a question that is not asked any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftTask {
    /// The task.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: TaskStatus,
    /// Why it counts as worked on; then a person decides on it.
    pub worked_on: Option<WorkedOn>,
    /// What becomes of it.
    pub fate: DroppedTask,
}

/// An answer that the question as it is now would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfitAnswer {
    /// The key of the question.
    pub key: String,
    /// The question.
    pub label: String,
    /// The answer, in words as it was given.
    pub answer: String,
    /// Why it does not fit, to be read after "it".
    pub why: String,
    /// The version of the answer.
    pub version: i32,
    /// The question's task, where it is done and has to be done again.
    pub reopens: Option<TaskId>,
}

/// How a task follows its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskUpdate {
    /// The task.
    pub id: TaskId,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// Whether it needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<String>,
    /// The place of its question, counted from 1.
    pub position: i32,
}

/// What bringing one plan to a newer release does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upgrade {
    /// Questions that are new; each gets a task, or its old one back.
    pub added: Vec<AddedQuestion>,
    /// Questions that are asked otherwise.
    pub changed: Vec<ChangedQuestion>,
    /// Questions that are not asked any more.
    pub dropped: Vec<DroppedQuestion>,
    /// How many answers stay as they are.
    pub kept_answers: usize,
    /// Answers that have to be given again.
    pub unfit: Vec<UnfitAnswer>,
    /// Whether the document's title or text is another.
    pub has_new_text: bool,
    /// How open tasks follow their questions.
    pub updates: Vec<TaskUpdate>,
}

impl Answer {
    /// Why it does not answer a question as it is asked now; none where it does.
    pub fn unfit_for(&self, question: &Question) -> Option<String> {
        if self.not_applicable_reason.is_some() {
            return None;
        }
        AnswerValue::parse(question, self.value.as_json()).err().map(|error| error.to_string())
    }
}

impl Upgrade {
    /// What it does to go from one release to a newer one, with the answers and the question tasks
    /// that are there. Without a decision, a task that was worked on is kept.
    pub fn plan(before: &Release, after: &Release, answers: &[Answer], tasks: &[Task], decisions: &Decisions) -> Self {
        let tasks: HashMap<&str, &Task> = tasks.iter().filter_map(|task| Some((task.question_key.as_deref()?, task))).collect();
        let answers: HashMap<&str, &Answer> = answers.iter().map(|answer| (answer.question_key.as_str(), answer)).collect();
        let changes = ReleaseChanges::between(&before.content, &after.content);
        let mut upgrade = Self { has_new_text: changes.title.is_some() || changes.has_changed_text(), ..Self::default() };
        for change in changes.questions {
            match change {
                QuestionChange::Added(question) => upgrade.add(question, after, &tasks, &answers),
                QuestionChange::Removed(question) => upgrade.drop(question, &tasks, &answers, decisions),
                QuestionChange::Changed { before, after, aspects } => upgrade.changed.push(ChangedQuestion { before, after, aspects }),
            }
        }
        for (position, question) in (1..).zip(&after.content.questions) {
            let task = tasks.get(question.key.as_str()).copied();
            if let Some(task) = task {
                upgrade.updates.extend(update(task, before.content.question(&question.key), question, position));
            }
            match answers.get(question.key.as_str()).map(|answer| (answer, answer.unfit_for(question))) {
                None => {}
                Some((_, None)) => upgrade.kept_answers += 1,
                Some((answer, Some(why))) => upgrade.unfit.push(UnfitAnswer {
                    key: question.key.clone(),
                    label: question.label.clone(),
                    answer: in_words(answer),
                    why,
                    version: answer.version,
                    reopens: task.filter(|task| status_after_withdrawal(task.status) != task.status).map(|task| task.id),
                }),
            }
        }
        upgrade
    }

    fn add(&mut self, question: Question, after: &Release, tasks: &HashMap<&str, &Task>, answers: &HashMap<&str, &Answer>) {
        let index = after.content.questions.iter().position(|one| one.key == question.key).unwrap_or_default();
        self.added.push(AddedQuestion {
            position: i32::try_from(index + 1).unwrap_or(i32::MAX),
            restores: tasks.get(question.key.as_str()).filter(|task| was_dropped(task)).map(|task| task.id),
            is_answered: answers.get(question.key.as_str()).is_some_and(|answer| answer.unfit_for(&question).is_none()),
            question,
        });
    }

    fn drop(&mut self, question: Question, tasks: &HashMap<&str, &Task>, answers: &HashMap<&str, &Answer>, decisions: &Decisions) {
        let task = tasks.get(question.key.as_str()).filter(|task| task.ignored.is_none()).map(|task| {
            let touched = worked_on(task);
            let otherwise = if touched.is_some() { DroppedTask::Keep } else { DroppedTask::Ignore };
            let fate = touched.and_then(|_| decisions.get(&question.key)).copied().unwrap_or(otherwise);
            LeftTask { id: task.id, title: task.title.clone(), status: task.status, worked_on: touched, fate }
        });
        self.dropped.push(DroppedQuestion { is_answered: answers.contains_key(question.key.as_str()), question, task });
    }

    /// Whether the decisions name only tasks that are to be decided on.
    pub fn strangers<'a>(&self, decisions: &'a Decisions) -> Option<&'a str> {
        let is_to_decide = |key: &str| {
            let dropped = self.dropped.iter().find(|dropped| dropped.question.key == key);
            dropped.and_then(|dropped| dropped.task.as_ref()).is_some_and(|task| task.worked_on.is_some())
        };
        decisions.keys().map(String::as_str).find(|key| !is_to_decide(key))
    }
}

/// How a task follows its question: a title or description that a person has changed stays theirs,
/// and what is done stays as it was done.
fn update(task: &Task, before: Option<&Question>, after: &Question, position: i32) -> Option<TaskUpdate> {
    let was = before.unwrap_or(after);
    let is_open = task.status.is_open();
    // What its question was before it was dropped is not known any more.
    let is_back = before.is_none() && was_dropped(task);
    let follow = |is_theirs: bool| is_open && (is_back || !is_theirs);
    Some(TaskUpdate {
        id: task.id,
        title: if follow(task.title != was.label) { after.label.clone() } else { task.title.clone() },
        description: if follow(task.description != was.help) { after.help.clone() } else { task.description.clone() },
        requires_evidence: if follow(task.requires_evidence != was.requires_evidence) {
            after.requires_evidence
        } else {
            task.requires_evidence
        },
        evidence_description: if follow(task.evidence_description != was.evidence_description) {
            after.evidence_description.clone()
        } else {
            task.evidence_description.clone()
        },
        position,
    })
}

/// An answer as it was given, short.
fn in_words(answer: &Answer) -> String {
    let text = match answer.value.as_json() {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) if items.iter().all(serde_json::Value::is_string) => {
            items.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests;
