//! Files of questions: an answer that names evidence, and a file that answers its question.

use muster_domain::{
    access::{Action, Actor, Respondent},
    answers::AnswerValue,
    evidence::Evidence,
    ids::{EvidenceId, PlanId, TaskId, TemplateId},
    templates::{Question, QuestionKind},
};
use muster_store::CustomerWriter;
use serde_json::{Value, json};

use super::hand_in::{HandedInFile, KeptFile, check_references, follow_noted, note_file};
use crate::{
    AnswerRequest, Conflict, Context, Error, FieldError, Given, Result,
    answers::{give, refuse_ignored},
};

/// A question of a template of a plan.
type Place<'a> = (PlanId, TemplateId, &'a str);

/// How often a file is put beside what others hand in at the same moment.
const TRIES: usize = 5;

impl Context {
    /// Hands in a file for a question: as evidence of its task and, where files answer it, as its answer.
    ///
    /// # Errors
    /// As for [`Context::add_evidence`]; [`Error::NotFound`] where the template does not ask this.
    pub async fn add_file_to_question(&self, actor: &Actor, place: Place<'_>, file: HandedInFile) -> Result<Evidence> {
        let customer = self.customer_of_plan(actor, place.0).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        check_references(&mut reader, &[], file.replaces).await?;
        drop(reader);
        let kept = self.keep_file(customer, file).await?;
        let mut tries = 1;
        loop {
            let writer = self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?;
            match note_for_question(writer, &kept, place).await {
                // Somebody else answered at the same moment.
                Err(Error::Stale { .. } | Error::VersionRequired) if tries < TRIES => tries += 1,
                noted => return noted,
            }
        }
    }

    /// The same for a respondent, for a question that was delegated to them.
    pub async fn respond_with_file(&self, respondent: &Respondent, place: Place<'_>, file: HandedInFile) -> Result<Evidence> {
        // What stands in the place of what is for those who see all of it to say.
        let kept = self.keep_file(respondent.customer(), HandedInFile { replaces: None, ..file }).await?;
        let writer = self.store.respondent_writer(respondent, place, self.now()).await?;
        match note_for_question(writer, &kept, place).await {
            Err(Error::Conflict(Conflict::Ignored(_))) => Err(Error::NotFound),
            noted => noted,
        }
    }
}

/// Notes a file for a question's task, and names it in the answer where files answer the question.
/// Evidence is held before the answer, and the answer before the task, as everywhere.
async fn note_for_question(mut writer: CustomerWriter, kept: &KeptFile, (plan, template, key): Place<'_>) -> Result<Evidence> {
    refuse_ignored(&mut writer, plan, template).await?;
    let release = writer.assignment(plan, template).await?.release_id;
    let question = writer.pinned_question(release, key).await?;
    let task = writer.question_task(plan, template, key).await?.map(|task| task.id);
    let noted = note_file(&mut writer, kept, task.as_slice()).await?;
    if question.kind == QuestionKind::File {
        let before = writer.answer(plan, template, key).await?;
        let value = with_file(before.as_ref().map(|answer| &answer.value), kept);
        let request = AnswerRequest {
            plan_id: plan,
            template_id: template,
            key,
            given: Given::Value(&value),
            expected: before.map(|answer| answer.version),
        };
        give(&mut writer, &request).await?;
    }
    let evidence = follow_noted(&mut writer, &noted).await?;
    writer.commit().await?;
    Ok(evidence)
}

/// The files of an answer with one more, or with one in the place of another.
fn with_file(before: Option<&AnswerValue>, kept: &KeptFile) -> Value {
    let file = json!({ "id": kept.id, "filename": kept.filename.as_str() });
    let mut files = before.and_then(|value| value.as_json().as_array()).cloned().unwrap_or_default();
    let replaced = kept.replaces.map(|id| Value::from(id.to_string()));
    match files.iter_mut().find(|one| replaced.is_some() && one.get("id") == replaced.as_ref()) {
        Some(old) => *old = file,
        None => files.push(file),
    }
    Value::Array(files)
}

/// The evidence that an answer names.
fn named(value: &AnswerValue) -> Vec<EvidenceId> {
    let ids = value.as_json().as_array().into_iter().flatten().filter_map(|file| file.get("id")?.as_str()?.parse().ok());
    ids.collect()
}

/// Looks at the files that answer a question: each has to be evidence of the customer, and is called
/// what it is called there. A respondent names what they handed in themselves, or what is named already.
pub(crate) async fn checked_files(
    writer: &mut CustomerWriter,
    question: &Question,
    value: AnswerValue,
    before: Option<&AnswerValue>,
) -> Result<AnswerValue> {
    if question.kind != QuestionKind::File {
        return Ok(value);
    }
    let unknown = || Error::field(FieldError::unknown_reference("/value"));
    let known = before.map(named).unwrap_or_default();
    let mut files = Vec::new();
    for id in named(&value) {
        let evidence = writer.evidence(id).await.map_err(|error| match error {
            muster_store::Error::NotFound => unknown(),
            other => other.into(),
        })?;
        let is_theirs = |respondent| evidence.respondent.as_ref().is_some_and(|one| one.id == respondent);
        if writer.acting_respondent().is_some_and(|respondent| !is_theirs(respondent) && !known.contains(&id)) {
            return Err(unknown());
        }
        files.push(json!({ "id": id, "filename": evidence.filename }));
    }
    Ok(AnswerValue::stored(Value::Array(files)))
}

/// Lets the files that answer a question serve its held task.
pub(crate) async fn link_files(writer: &mut CustomerWriter, question: &Question, value: &AnswerValue, task: TaskId) -> Result<()> {
    if question.kind != QuestionKind::File {
        return Ok(());
    }
    let mut is_new = false;
    for id in named(value) {
        is_new |= writer.link_evidence(id, task).await?;
    }
    if is_new {
        writer.refresh_evidence_of_task(task).await?;
    }
    Ok(())
}
