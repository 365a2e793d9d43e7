//! The questionnaire of an assigned template, and answering it.

mod keep;

use std::collections::{HashMap, HashSet};

use muster_domain::{
    access::{Action, Actor, Taking},
    answers::{Answer, AnswerValue, Suggestion, Use, missing_keys},
    documents::DocumentContent,
    evidence::Evidence,
    ids::{PlanId, TaskId, TemplateId},
    plans::{Assignment, Plan},
    tasks::{Task, TaskFilter, TaskScope, TaskSort},
    templates::{Question, Release},
};
use muster_store::{CustomerReader, Planned, Slice};

use crate::{Context, Error, Result, boxed, documents};

pub use self::keep::{AnswerRequest, AnswerSaved, Given, SourceRef};
pub(crate) use self::keep::{give, keep_answer, refuse_ignored};

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
    /// Answers given elsewhere that could be taken over, by question key.
    pub suggestions: HashMap<String, Suggestion>,
    /// The questions' tasks, by question key.
    pub tasks: HashMap<String, Task>,
    /// What was handed in for these tasks, the first that came in first.
    pub evidence: Vec<Evidence>,
    /// The questions that wait for evidence: some is needed, and none accepted.
    pub lack_evidence: HashSet<String>,
    /// Who was asked to answer by a link, by question key: their names.
    pub asked_by_link: HashMap<String, String>,
    /// The documents made from it so far, the latest first.
    pub documents: Vec<muster_domain::documents::Document>,
    /// The version of the customer's workspace at which all of this was read.
    pub workspace_version: i64,
}

impl Questionnaire {
    /// The required questions without an answer, or without the accepted evidence that it needs, in
    /// the template's order.
    pub fn missing(&self) -> Vec<&str> {
        missing_keys(&self.release.content.questions, |key| self.answers.contains_key(key) && !self.lack_evidence.contains(key))
    }

    /// The document as the answers would make it now.
    pub fn filled(&self) -> DocumentContent {
        let answers: Vec<Answer> = self.answers.values().cloned().collect();
        documents::filled(&self.release.content, &answers)
    }

    /// The task of a question.
    pub fn task_id(&self, key: &str) -> Option<TaskId> {
        self.tasks.get(key).map(|task| task.id)
    }
}

impl Context {
    /// The questionnaire of a template of a plan.
    #[boxed]
    pub async fn questionnaire(&self, actor: &Actor, plan: PlanId, template: TemplateId) -> Result<Questionnaire> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, self.now()).await?;
        let filter =
            TaskFilter { scope: Some(TaskScope::Template), plan_id: Some(plan), template_id: Some(template), ..TaskFilter::default() };
        let suggestions = reader.suggestions(plan, template, None, None).await?;
        let tasks = reader.tasks(&filter, &Taking::default(), TaskSort::Hierarchy, Slice { limit: 1000, offset: 0 }).await?;
        read(&mut reader, plan, template, tasks.items, suggestions).await
    }

    /// The questionnaire as far as one question needs it, for showing what an answer changed: all
    /// answers, but the task and the suggestion of this question only.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the template does not ask this.
    #[boxed]
    pub async fn asked_question(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str) -> Result<Questionnaire> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, self.now()).await?;
        let suggestions = reader.suggestions(plan, template, Some(key), None).await?;
        let task = reader.question_task(plan, template, key).await?;
        let asked = read(&mut reader, plan, template, task.into_iter().collect(), suggestions).await?;
        asked.release.content.question(key).ok_or(Error::NotFound)?;
        Ok(asked)
    }

    /// One question of a template of a plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the template does not ask this.
    #[boxed]
    pub async fn question(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str) -> Result<Question> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, self.now()).await?;
        let assignment = reader.assignment(plan, template).await?;
        Ok(reader.pinned_question(assignment.release_id, key).await?)
    }

    /// Where the customer is asked for the same fact as in a question, with the answers there; the
    /// question itself included. None where the question has no reuse key.
    #[boxed]
    pub async fn uses_of_answer(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str) -> Result<(Plan, Question, Vec<Use>)> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, self.now()).await?;
        let assignment = reader.assignment(plan, template).await?;
        let question = reader.pinned_question(assignment.release_id, key).await?;
        let uses = match &question.reuse_key {
            Some(reuse_key) => reader.uses(reuse_key).await?,
            None => Vec::new(),
        };
        Ok((reader.plan(plan).await?, question, uses))
    }
}

async fn read(
    reader: &mut CustomerReader,
    plan: PlanId,
    template: TemplateId,
    tasks: Vec<Task>,
    suggestions: Vec<Suggestion>,
) -> Result<Questionnaire> {
    let assignment = reader.assignment(plan, template).await?;
    let release = reader.pinned_release(plan, template).await?;
    let mut answers: HashMap<String, Answer> =
        reader.answers(plan, template).await?.into_iter().map(|answer| (answer.question_key.clone(), answer)).collect();
    // What the source says now is only offered where it answers the question here.
    for answer in answers.values_mut() {
        answer.newer_there = answer.newer_there.take().filter(|newer| fits(&release, &answer.question_key, &newer.value));
    }
    let serving: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    Ok(Questionnaire {
        evidence: reader.evidence_serving(&serving).await?,
        lack_evidence: reader.questions_lacking_evidence(plan, template).await?.into_iter().collect(),
        plan: reader.plan(plan).await?,
        documents: reader.documents(plan, template).await?,
        suggestions: suggestions
            .into_iter()
            .filter(|one| !answers.contains_key(&one.question_key) && fits(&release, &one.question_key, &one.value))
            .map(|one| (one.question_key.clone(), one))
            .collect(),
        asked_by_link: reader.asked_by_link(plan, template).await?.into_iter().collect(),
        workspace_version: reader.workspace_version().await?.0,
        tasks: tasks.into_iter().filter_map(|task| Some((task.question_key.clone()?, task))).collect(),
        answers,
        assignment,
        release,
    })
}

/// Whether a value from elsewhere answers the question here, too.
fn fits(release: &Release, key: &str, value: &AnswerValue) -> bool {
    release.content.question(key).is_some_and(|question| AnswerValue::parse(question, value.as_json()).is_ok())
}
