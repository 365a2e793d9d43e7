//! The questionnaire of an assigned template, and answering it.

use std::collections::HashMap;

use muster_domain::{
    access::{Action, Actor},
    answers::{Answer, AnswerValue, Suggestion, missing_keys},
    documents::DocumentContent,
    ids::{PlanId, TaskId, TemplateId},
    plans::{Assignment, IgnoredKind, Plan},
    tasks::{TaskFilter, TaskScope, TaskSort, status_after_answer},
    templates::{Question, Release},
    upgrades::fitting,
};
use muster_store::{AnswerChange, CustomerReader, CustomerWriter, Slice};
use serde_json::Value;

use crate::{
    Conflict, Context, Error, FieldError, Result,
    audit::{AnswerIn, Notes as _},
    documents,
};

/// A template of a plan with its questions and what has been answered.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    /// The plan.
    pub plan: Plan,
    /// The template of the plan.
    pub assignment: Assignment,
    /// The release that the plan pins.
    pub release: Release,
    /// The answers by question key.
    pub answers: HashMap<String, Answer>,
    /// Answers given elsewhere that could be reused, by question key.
    pub suggestions: HashMap<String, Suggestion>,
    /// The questions' tasks, by question key.
    pub task_ids: HashMap<String, TaskId>,
    /// The documents made from it so far, the latest first.
    pub documents: Vec<muster_domain::documents::Document>,
}

impl Questionnaire {
    /// The required questions without an answer, in the template's order.
    pub fn missing(&self) -> Vec<&str> {
        let fits = |answer: &Answer| self.release.content.question(&answer.question_key).is_some_and(|one| answer.unfit_for(one).is_none());
        missing_keys(&self.release.content.questions, |key| self.answers.get(key).is_some_and(fits))
    }

    /// The document as the answers would make it now.
    pub fn filled(&self) -> DocumentContent {
        let answers = fitting(self.answers.values().cloned(), &self.release.content);
        documents::filled(&self.release.content, &answers)
    }
}

/// An answer to be given.
#[derive(Debug, Clone)]
pub struct AnswerRequest<'a> {
    /// The plan.
    pub plan_id: PlanId,
    /// The template.
    pub template_id: TemplateId,
    /// The key of the question.
    pub key: &'a str,
    /// The value; none reuses the suggestion.
    pub value: Option<&'a Value>,
    /// The version that it replaces, if the question has been answered before.
    pub expected: Option<i32>,
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

impl Context {
    /// The questionnaire of a template of a plan.
    pub async fn questionnaire(&self, actor: &Actor, plan: PlanId, template: TemplateId) -> Result<Questionnaire> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let assignment = reader.assignment(plan, template).await?;
        let release = reader.pinned_release(plan, template).await?;
        let answers = reader.answers(plan, template).await?;
        let suggestions = reader.suggestions(plan, template).await?;
        let filter =
            TaskFilter { scope: Some(TaskScope::Template), plan_id: Some(plan), template_id: Some(template), ..TaskFilter::default() };
        let tasks = reader.tasks(&filter, TaskSort::Hierarchy, Slice { limit: 1000, offset: 0 }).await?;
        let is_unanswered = |key: &str| !answers.iter().any(|answer| answer.question_key == key);
        Ok(Questionnaire {
            plan: reader.plan(plan).await?,
            documents: reader.documents(plan, template).await?,
            suggestions: suggestions
                .into_iter()
                .filter(|(suggestion, ..)| is_unanswered(&suggestion.question_key) && fits(&release, suggestion))
                .map(|(suggestion, ..)| (suggestion.question_key.clone(), suggestion))
                .collect(),
            answers: answers.into_iter().map(|answer| (answer.question_key.clone(), answer)).collect(),
            task_ids: tasks.items.into_iter().filter_map(|task| Some((task.question_key?, task.id))).collect(),
            assignment,
            release,
        })
    }

    /// Answers a question, and completes its task. The same value again changes nothing.
    ///
    /// # Errors
    /// [`Error::VersionRequired`] and [`Error::Stale`] where the question has been answered
    /// before and the request does not say so, or means another version.
    pub async fn answer(&self, actor: &Actor, request: &AnswerRequest<'_>) -> Result<AnswerSaved> {
        let customer = self.customer_of_plan(actor, request.plan_id).await?;
        keep_answer(self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?, request).await
    }
}

/// Keeps an answer in a writer of whoever may give it.
pub(crate) async fn keep_answer(mut writer: CustomerWriter, request: &AnswerRequest<'_>) -> Result<AnswerSaved> {
    let (plan, template, key) = (request.plan_id, request.template_id, request.key);
    refuse_ignored(&mut writer, plan, template).await?;
    let release = writer.pinned_release(plan, template).await?;
    let question = release.content.question(key).ok_or(Error::NotFound)?;
    let (value, reused_from) = resolve(&mut writer, request, question).await?;
    let before = answer_to(&mut writer, plan, template, key).await?;
    let is_new = before.is_none();
    let is_same = match (&before, request.expected) {
        (None, None) => false,
        (None, Some(_)) => return Err(Error::Stale { current: 0 }),
        (Some(_), None) => return Err(Error::VersionRequired),
        (Some(before), Some(expected)) if before.version != expected => return Err(Error::Stale { current: before.version }),
        (Some(before), Some(_)) => before.value == value,
    };
    let change = AnswerChange { question_key: key, reuse_key: question.reuse_key.as_deref(), value: &value, reused_from };
    if !is_same {
        let kept = match request.expected {
            None => writer.insert_answer(plan, template, &change).await?,
            Some(expected) => writer.update_answer(plan, template, &change, expected).await?,
        };
        if kept.is_none() {
            // Somebody else answered between our look and our write.
            let current = answer_to(&mut writer, plan, template, key).await?.map_or(0, |answer| answer.version);
            return Err(if request.expected.is_none() { Error::VersionRequired } else { Error::Stale { current } });
        }
    }
    let (task_id, is_moved) = complete_question_task(&mut writer, plan, template, key).await?;
    let answer = answer_to(&mut writer, plan, template, key).await?.ok_or(Error::NotFound)?;
    if !is_same {
        let place = &writer.assignment(plan, template).await?;
        let after = AnswerIn { place, answer: &answer };
        match &before {
            None => writer.note_made("answer.given", &after)?,
            Some(before) => writer.note_changed("answer.changed", &AnswerIn { place, answer: before }, &after)?,
        }
    }
    if is_same && !is_moved {
        writer.leave().await?
    } else {
        writer.commit().await?
    }
    Ok(AnswerSaved { answer, is_new, task_id })
}

/// Whether a suggested value answers the question here, too.
fn fits(release: &Release, suggestion: &Suggestion) -> bool {
    let question = release.content.question(&suggestion.question_key);
    question.is_some_and(|question| AnswerValue::parse(question, suggestion.value.as_json()).is_ok())
}

pub(crate) async fn refuse_ignored(writer: &mut CustomerReader, plan: PlanId, template: TemplateId) -> Result<()> {
    if writer.assignment(plan, template).await?.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan, template))));
    }
    if writer.plan(plan).await?.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan))));
    }
    Ok(())
}

/// The value to be kept, and where it was reused from if it was.
async fn resolve(
    writer: &mut CustomerWriter,
    request: &AnswerRequest<'_>,
    question: &Question,
) -> Result<(AnswerValue, Option<(PlanId, TemplateId)>)> {
    let parse = |value: &Value| AnswerValue::parse(question, value).map_err(|error| Error::field(FieldError::answer("/value", &error)));
    if let Some(value) = request.value {
        return Ok((parse(value)?, None));
    }
    let suggestions = writer.suggestions(request.plan_id, request.template_id).await?;
    let found = suggestions.into_iter().find(|(suggestion, ..)| suggestion.question_key == request.key);
    let (suggestion, plan, template) = found.ok_or(Error::NotFound)?;
    Ok((parse(suggestion.value.as_json())?, Some((plan, template))))
}

async fn answer_to(writer: &mut CustomerWriter, plan: PlanId, template: TemplateId, key: &str) -> Result<Option<Answer>> {
    Ok(writer.answers(plan, template).await?.into_iter().find(|answer| answer.question_key == key))
}

/// Gives the question's task the status that its answer brings, and says whether that was a change.
async fn complete_question_task(
    writer: &mut CustomerWriter,
    plan: PlanId,
    template: TemplateId,
    key: &str,
) -> Result<(Option<TaskId>, bool)> {
    let Some(task) = writer.lock_question_task(plan, template, key).await? else { return Ok((None, false)) };
    let status = status_after_answer(task.status, task.requires_evidence && !task.evidence_uploaded);
    if status != task.status {
        writer.set_task_status(task.id, status).await?;
        let after = writer.task(task.id).await?;
        writer.note_changed("task.completed", &task, &after)?;
    }
    Ok((Some(task.id), status != task.status))
}
