//! Giving an answer, and taking it back. The question's task follows.

use muster_domain::{
    access::{Action, Actor},
    answers::{Answer, AnswerError, AnswerSource, AnswerValue},
    ids::{PlanId, TaskId, TemplateId},
    plans::{Assignment, IgnoredKind},
    tasks::{Task, TaskStatus, status_after_answer, status_after_withdrawal},
    templates::Question,
    text::Prose,
};
use muster_store::{AnswerChange, CustomerReader, CustomerWriter};
use serde_json::Value;

use crate::{
    Conflict, Context, Error, FieldError, Result,
    audit::{AnswerIn, Notes as _},
    boxed,
    evidence::{checked_files, link_files, without_expired_evidence},
};

/// An answer to be given.
#[derive(Debug, Clone)]
pub struct AnswerRequest<'a> {
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// The key of the question.
    pub key: &'a str,
    /// What is said.
    pub given: Given<'a>,
    /// The version that it replaces, if the question has been answered before.
    pub expected: Option<i32>,
}

/// What somebody says to a question.
#[derive(Debug, Clone)]
pub enum Given<'a> {
    /// A value.
    Value(&'a Value),
    /// That it does not apply, and why.
    NotApplicable(&'a Prose),
    /// What they said elsewhere.
    Reused(SourceRef),
}

/// An answer elsewhere, as somebody saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceRef {
    /// The plan it stands in.
    pub plan_id: PlanId,
    /// The template it stands in.
    pub template_id: TemplateId,
    /// The version that they saw.
    pub version: i32,
}

/// An answer that has been kept.
#[derive(Debug, Clone)]
pub struct AnswerSaved {
    /// The answer.
    pub answer: Answer,
    /// Whether it is the first to its question.
    pub is_new: bool,
    /// The question's task.
    pub task_id: Option<TaskId>,
}

/// What is to be kept.
struct Resolved {
    value: AnswerValue,
    not_applicable_reason: Option<String>,
    reused_from: Option<AnswerSource>,
}

impl Context {
    /// Answers a question, and completes its task. The same again changes nothing.
    ///
    /// # Errors
    /// [`Error::VersionRequired`] and [`Error::Stale`] where the question has been answered
    /// before and the request does not say so, or means another version;
    /// [`Conflict::SourceChanged`] where what is taken over is not what was seen.
    #[boxed]
    pub async fn answer(&self, actor: &Actor, request: &AnswerRequest<'_>) -> Result<AnswerSaved> {
        let customer = self.customer_of_plan(actor, request.plan_id).await?;
        keep_answer(self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?, request).await
    }

    /// Takes an answer back: the question is open again, and so is its task. What stood there is in
    /// the audit log.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the question has no answer; [`Error::VersionRequired`] and
    /// [`Error::Stale`] where it is not said which, or another than the one that is there is meant.
    #[boxed]
    pub async fn withdraw_answer(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str, expected: Option<i32>) -> Result<()> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut writer = self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?;
        let place = &answerable(&mut writer, plan, template).await?;
        let before = writer.answer(plan, template, key).await?.ok_or(Error::NotFound)?;
        let expected = expected.ok_or(Error::VersionRequired)?;
        if before.version != expected || !writer.withdraw_answer(plan, template, key, expected).await? {
            let current = writer.answer(plan, template, key).await?.map_or(0, |answer| answer.version);
            return Err(Error::Stale { current });
        }
        let nothing = Answer {
            value: AnswerValue::stored(Value::Null),
            not_applicable_reason: None,
            reused_from: None,
            version: before.version + 1,
            ..before.clone()
        };
        writer.note_changed("answer.withdrawn", &AnswerIn { place, answer: &before }, &AnswerIn { place, answer: &nothing })?;
        if let Some(task) = writer.lock_question_task(plan, template, key).await? {
            follow(&mut writer, &task, status_after_withdrawal(task.status), "task.reopened").await?;
        }
        Ok(writer.commit().await?)
    }
}

/// Keeps an answer in a writer of whoever may give it.
pub(crate) async fn keep_answer(mut writer: CustomerWriter, request: &AnswerRequest<'_>) -> Result<AnswerSaved> {
    let (saved, is_changed) = give(&mut writer, request).await?;
    if is_changed {
        writer.commit().await?;
    } else {
        writer.leave().await?;
    }
    Ok(saved)
}

/// Gives an answer in a writer that goes on with something else, and says whether that was a change.
pub(crate) async fn give(writer: &mut CustomerWriter, request: &AnswerRequest<'_>) -> Result<(AnswerSaved, bool)> {
    let (plan, template, key) = (request.plan_id, request.template_id, request.key);
    let place = &answerable(writer, plan, template).await?;
    let question = writer.pinned_question(place.release_id, key).await?;
    let before = writer.answer(plan, template, key).await?;
    let mut given = resolve(writer, request, &question).await?;
    given.value = checked_files(writer, &question, given.value, before.as_ref().map(|answer| &answer.value)).await?;
    let is_same = judge(before.as_ref(), request.expected, &given)?;
    if !is_same {
        write(writer, request, &question, &given).await?;
    }
    let (task_id, is_moved) = complete_question_task(writer, (plan, template, &question), &given).await?;
    let answer = writer.answer(plan, template, key).await?.ok_or(Error::NotFound)?;
    if !is_same {
        let after = AnswerIn { place, answer: &answer };
        match &before {
            None => writer.note_made("answer.given", &after)?,
            Some(before) => writer.note_changed("answer.changed", &AnswerIn { place, answer: before }, &after)?,
        }
    }
    Ok((AnswerSaved { answer, is_new: before.is_none(), task_id }, !is_same || is_moved))
}

/// Whether what is there says the same already; refuses what is meant for another version.
fn judge(before: Option<&Answer>, expected: Option<i32>, given: &Resolved) -> Result<bool> {
    match (before, expected) {
        (None, None) => Ok(false),
        (None, Some(_)) => Err(Error::Stale { current: 0 }),
        (Some(_), None) => Err(Error::VersionRequired),
        (Some(before), Some(expected)) if before.version != expected => Err(Error::Stale { current: before.version }),
        (Some(before), Some(_)) => Ok(before.value == given.value && before.not_applicable_reason == given.not_applicable_reason),
    }
}

async fn write(writer: &mut CustomerWriter, request: &AnswerRequest<'_>, question: &Question, given: &Resolved) -> Result<()> {
    let (plan, template) = (request.plan_id, request.template_id);
    let change = AnswerChange {
        question_key: request.key,
        reuse_key: question.reuse_key.as_deref(),
        value: &given.value,
        not_applicable_reason: given.not_applicable_reason.as_deref(),
        reused_from: given.reused_from.as_ref(),
    };
    let kept = match request.expected {
        None => writer.insert_answer(plan, template, &change).await?,
        Some(expected) => writer.update_answer(plan, template, &change, expected).await?,
    };
    if kept.is_some() {
        return Ok(());
    }
    // Somebody else answered between our look and our write.
    let current = writer.answer(plan, template, request.key).await?.map_or(0, |answer| answer.version);
    Err(if request.expected.is_none() { Error::VersionRequired } else { Error::Stale { current } })
}

/// The template of a plan, refused where it or the plan is ignored.
async fn answerable(writer: &mut CustomerReader, plan: PlanId, template: TemplateId) -> Result<Assignment> {
    let assignment = writer.assignment(plan, template).await?;
    if assignment.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan, template))));
    }
    if writer.plan(plan).await?.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan))));
    }
    Ok(assignment)
}

/// Refuses work on a template that is ignored, or whose plan is.
pub(crate) async fn refuse_ignored(writer: &mut CustomerReader, plan: PlanId, template: TemplateId) -> Result<()> {
    answerable(writer, plan, template).await.map(drop)
}

/// What is to be kept, and where it was taken over from if it was.
async fn resolve(writer: &mut CustomerWriter, request: &AnswerRequest<'_>, question: &Question) -> Result<Resolved> {
    let parse = |value: &Value| AnswerValue::parse(question, value).map_err(|error| Error::field(refused_value(&error)));
    match &request.given {
        Given::Value(value) => Ok(Resolved { value: parse(value)?, not_applicable_reason: None, reused_from: None }),
        Given::NotApplicable(reason) => Ok(Resolved {
            value: AnswerValue::stored(Value::Null),
            not_applicable_reason: Some(reason.as_str().to_owned()),
            reused_from: None,
        }),
        Given::Reused(source) => {
            let from = Some((source.plan_id, source.template_id));
            let found = writer.suggestions(request.plan_id, request.template_id, Some(request.key), from).await?.pop();
            let found = found.ok_or_else(|| Error::field(FieldError::unknown_reference("/reused_from")))?;
            if found.source.version != source.version {
                return Err(Error::Conflict(Conflict::SourceChanged));
            }
            Ok(Resolved { value: parse(found.value.as_json())?, not_applicable_reason: None, reused_from: Some(found.source) })
        }
    }
}

/// A value that was refused, named at its cell where it is a table's.
fn refused_value(error: &AnswerError) -> FieldError {
    match error {
        AnswerError::Cell { row, key, error, .. } => FieldError::answer(format!("/value/{}/{key}", row.saturating_sub(1)), error),
        other => FieldError::answer("/value", other),
    }
}

/// Gives the question's task the status that its answer brings, and says whether that was a change.
/// What does not apply needs no evidence.
async fn complete_question_task(
    writer: &mut CustomerWriter,
    (plan, template, question): (PlanId, TemplateId, &Question),
    given: &Resolved,
) -> Result<(Option<TaskId>, bool)> {
    let Some(task) = writer.lock_question_task(plan, template, &question.key).await? else { return Ok((None, false)) };
    link_files(writer, question, &given.value, task.id).await?;
    let task = writer.task(task.id).await?;
    let task = without_expired_evidence(writer, task).await?;
    let misses_evidence = task.requires_evidence && !task.evidence_uploaded && given.not_applicable_reason.is_none();
    let status = status_after_answer(task.status, misses_evidence);
    let action = match (task.status, status) {
        (_, TaskStatus::Completed) => "task.completed",
        (TaskStatus::Completed, _) => "task.reopened",
        _ => "task.started",
    };
    let is_moved = follow(writer, &task, status, action).await?;
    Ok((Some(task.id), is_moved))
}

/// Brings a locked task to a status, and says whether that was a change.
async fn follow(writer: &mut CustomerWriter, task: &Task, status: TaskStatus, action: &'static str) -> Result<bool> {
    if status == task.status {
        return Ok(false);
    }
    writer.set_task_status(task.id, status).await?;
    let after = writer.task(task.id).await?;
    writer.note_changed(action, task, &after)?;
    Ok(true)
}
