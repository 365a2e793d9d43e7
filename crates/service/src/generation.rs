//! The one place where tasks are made by the system, at all four levels.
//!
//! What is made follows from the firm's task rules and from the questions of the pinned release.
//! Exactly once: the store's unique key lets the same source make one task at one place, whatever
//! is retried or done by two people at once.

use jiff::{Span, civil::Date};
use muster_domain::{
    clock,
    customers::CustomerStatus,
    documents::VersionNumber,
    ids::{IdSource, StandardId, TaskId, TemplateId},
    rules::TaskRule,
    tasks::{Priority, Task, TaskPlace, TaskScope, TaskType},
    templates::Question,
};
use muster_store::{CustomerWriter, GeneratedTask, GenerationSource};

use crate::{Result, audit::Notes as _, error::Error};

/// What a place needs to be known by for its rules.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Where the tasks go.
    pub(crate) place: TaskPlace,
    /// The plan's standard.
    pub(crate) standard: Option<StandardId>,
    /// The template, at template and document level.
    pub(crate) template: Option<TemplateId>,
    /// The version of the document and the time that it is handed in; none elsewhere.
    pub(crate) version: Option<VersionNumber>,
}

/// Which time a rule's task comes at a place. Elsewhere than at documents it comes once. Reviews and
/// approvals come anew each time a document is handed in, everything else with each version; the
/// first of all has no name.
pub(crate) fn occurrence(rule: &TaskRule, version: Option<VersionNumber>) -> String {
    let decides = [TaskType::REVIEW_DOCUMENT, TaskType::APPROVE_DOCUMENT].contains(&rule.task_type.as_str());
    match version {
        Some(VersionNumber { number, round }) if decides && (number, round) > (1, 1) => format!("{number}.{round}"),
        Some(VersionNumber { number, .. }) if number > 1 => number.to_string(),
        _ => String::new(),
    }
}

/// Makes the tasks of a place: those of its questions, in their order, and those of the rules
/// that apply there. Gives the tasks that were not there before, in the order of the hierarchy.
pub(crate) async fn generate(writer: &mut CustomerWriter, ids: &dyn IdSource, at: Place, questions: &[Question]) -> Result<Vec<Task>> {
    let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
    let rules = writer.applicable_rules(at.place.scope(), at.standard, at.template).await?;
    let mut tasks: Vec<GeneratedTask> = Vec::with_capacity(questions.len() + rules.len());
    for (position, question) in (1..).zip(questions) {
        tasks.push(from_question(question, at.place, position, TaskId(ids.next())));
    }
    // Tasks of rules come after all questions.
    let after = if at.place.scope() == TaskScope::Template { 500_000 } else { 0 };
    for rule in &rules {
        let task = from_rule(rule, at.place, after, today, TaskId(ids.next()))?;
        tasks.push(GeneratedTask { occurrence: occurrence(rule, at.version), ..task });
    }
    let made = writer.insert_generated_tasks(&tasks).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

/// Makes the tasks of single questions at the places that they have in their release, where they are
/// not there yet: those that a newer release brings.
pub(crate) async fn generate_for_questions(
    writer: &mut CustomerWriter,
    ids: &dyn IdSource,
    place: TaskPlace,
    questions: &[(i32, &Question)],
) -> Result<Vec<Task>> {
    let tasks: Vec<GeneratedTask> =
        questions.iter().map(|(position, question)| from_question(question, place, *position, TaskId(ids.next()))).collect();
    let made = writer.insert_generated_tasks(&tasks).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

/// Makes the task of one rule at one place, where it is not there yet.
pub(crate) async fn generate_for_rule(writer: &mut CustomerWriter, ids: &dyn IdSource, rule: &TaskRule, place: TaskPlace) -> Result<usize> {
    let today = clock::day_in(writer.at(), &writer.customer().await?.time_zone);
    let after = if place.scope() == TaskScope::Template { 500_000 } else { 0 };
    let task = from_rule(rule, place, after, today, TaskId(ids.next()))?;
    let version = match place.document() {
        Some(document) => Some(writer.document(document).await?.upcoming()),
        None => None,
    };
    let task = GeneratedTask { occurrence: occurrence(rule, version), ..task };
    Ok(writer.insert_generated_tasks(&[task]).await?.len())
}

/// Makes the task for the renewal of evidence, where it is not there yet.
pub(crate) async fn generate_renewal(writer: &mut CustomerWriter, task: GeneratedTask) -> Result<Vec<Task>> {
    let made = writer.insert_generated_tasks(&[task]).await?;
    if made.is_empty() { Ok(Vec::new()) } else { Ok(writer.tasks_by_ids(&made).await?) }
}

/// Makes the next of a task that has just been completed, if it comes back: once, however often it is
/// reopened and completed again. It is due as long after the day that the completed one was due on as
/// its pattern says, whenever it was completed; where it was due on no day, it counts from today in the
/// customer's zone. Nothing comes of what is ignored, of an archived customer, and of a rule that is off.
pub(crate) async fn come_back(writer: &mut CustomerWriter, ids: &dyn IdSource, done: &Task) -> Result<()> {
    let Some(pattern) = done.recurrence.as_ref().filter(|_| done.may_recur() && done.ignored.is_none() && !done.is_hidden) else {
        return Ok(());
    };
    let customer = writer.customer().await?;
    let (source, rule_is_on, position) = writer.source_of_task(done.id).await?;
    if customer.status == CustomerStatus::Archived || rule_is_on == Some(false) {
        return Ok(());
    }
    let from = done.due_date.unwrap_or_else(|| clock::day_in(writer.at(), &customer.time_zone));
    let Some(next) = pattern.next(from, done.counted_by) else { return Ok(()) };
    let people = writer.assignable_people().await?;
    let assignee = done.assigned_to.as_ref().filter(|person| people.iter().any(|one| one.id == person.id));
    let task = GeneratedTask {
        id: TaskId(ids.next()),
        place: done.place(),
        source: source.map_or(GenerationSource::HandMade(done.id), GenerationSource::AsBefore),
        occurrence: format!("after:{}", done.id),
        title: done.title.clone(),
        description: done.description.clone(),
        task_type: done.task_type.clone(),
        priority: done.priority,
        requires_evidence: done.requires_evidence,
        evidence_description: done.evidence_description.clone(),
        due_date: Some(next.day),
        recurrence: Some(pattern.clone()),
        counted_by: next.counted_by,
        assigned_to: assignee.map(|person| person.id),
        assignee_role: done.assignee_role,
        approval_step: None,
        position,
    };
    for made in writer.insert_generated_tasks(&[task]).await? {
        let made = writer.task(made).await?;
        writer.note_made("task.recurred", &made)?;
    }
    Ok(())
}

fn from_question(question: &Question, place: TaskPlace, position: i32, id: TaskId) -> GeneratedTask {
    GeneratedTask {
        id,
        place,
        source: GenerationSource::Question(question.key.clone()),
        title: question.label.clone(),
        description: question.help.clone(),
        task_type: TaskType::stored(TaskType::ANSWER_QUESTION),
        priority: Priority::Medium,
        requires_evidence: question.requires_evidence,
        evidence_description: question.evidence_description.clone(),
        occurrence: String::new(),
        due_date: None,
        recurrence: None,
        counted_by: None,
        assigned_to: None,
        assignee_role: Some(muster_domain::people::AssigneeRole::Contributor),
        approval_step: None,
        position,
    }
}

fn from_rule(rule: &TaskRule, place: TaskPlace, after: i32, today: Date, id: TaskId) -> Result<GeneratedTask> {
    let due = |days: i32| today.checked_add(Span::new().days(days)).map_err(Error::internal);
    Ok(GeneratedTask {
        id,
        place,
        source: GenerationSource::Rule(rule.id),
        title: rule.title.clone(),
        description: rule.description.clone(),
        task_type: rule.task_type.clone(),
        priority: rule.priority,
        requires_evidence: rule.requires_evidence,
        evidence_description: rule.evidence_description.clone(),
        occurrence: String::new(),
        due_date: rule.due_offset_days.map(due).transpose()?,
        recurrence: rule.recurrence.clone(),
        counted_by: None,
        assigned_to: None,
        assignee_role: rule.assignee_role,
        approval_step: rule.approval_step.clone(),
        position: after + rule.position,
    })
}
