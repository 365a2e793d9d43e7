//! Evidence of questions: an answer that names evidence, and a file or a link that answers its question.

use muster_domain::{
    access::{Action, Actor, Respondent},
    answers::AnswerValue,
    evidence::Evidence,
    ids::{EvidenceId, PlanId, TaskId, TemplateId},
    templates::{Question, QuestionKind},
};
use muster_store::CustomerWriter;
use serde_json::{Value, json};

use super::hand_in::{HandedInPiece, KeptPiece, check_references, follow_noted, note_piece};
use crate::{
    AnswerRequest, Conflict, Context, Created, Error, FieldError, Given, Once, Result,
    answers::{give, refuse_ignored},
};

/// A question of a template of a plan.
type Place<'a> = (PlanId, TemplateId, &'a str);

/// How often a file is put beside what others hand in at the same moment.
const TRIES: usize = 5;

impl Context {
    /// Hands in files and links for a question: as evidence of its task and, where files answer it, as
    /// its answer.
    ///
    /// # Errors
    /// As for [`Context::add_evidence`]; [`Error::NotFound`] where the template does not ask this.
    pub async fn add_evidence_to_question(
        &self,
        actor: &Actor,
        place: Place<'_>,
        pieces: Vec<HandedInPiece>,
        once: &Once,
    ) -> Result<Created<Vec<Evidence>>> {
        let customer = self.customer_of_plan(actor, place.0).await?;
        self.store.allow(actor, customer, Action::AnswerQuestion, self.now())?;
        let mut reader = self.store.reader(actor, customer, Action::AddEvidence, self.now()).await?;
        let replaced: Vec<EvidenceId> = pieces.iter().filter_map(|piece| piece.replaces).collect();
        check_references(&mut reader, &[], &replaced).await?;
        drop(reader);
        let kept = self.keep_pieces(customer, pieces).await?;
        let mut tries = 1;
        loop {
            let writer = self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?;
            match note_for_question(writer, &kept, place, once).await {
                // Somebody else answered at the same moment.
                Err(Error::Stale { .. } | Error::VersionRequired) if tries < TRIES => tries += 1,
                noted => return noted,
            }
        }
    }

    /// The same for a respondent, for a question that was delegated to them.
    pub async fn respond_with_evidence(
        &self,
        respondent: &Respondent,
        place: Place<'_>,
        pieces: Vec<HandedInPiece>,
    ) -> Result<Vec<Evidence>> {
        // What stands in the place of what is for those who see all of it to say.
        let pieces = pieces.into_iter().map(|piece| HandedInPiece { replaces: None, ..piece }).collect();
        let kept = self.keep_pieces(respondent.customer(), pieces).await?;
        let writer = self.store.respondent_writer(respondent, place, self.now()).await?;
        match note_for_question(writer, &kept, place, &Once::unkeyed()).await {
            Err(Error::Conflict(Conflict::Ignored(_))) => Err(Error::NotFound),
            noted => Ok(noted?.value),
        }
    }
}

/// Notes pieces for a question's task, and names them in the answer where files answer the question.
/// Evidence is held before the answer, and the answer before the task, as everywhere.
async fn note_for_question(
    mut writer: CustomerWriter,
    kept: &[KeptPiece],
    (plan, template, key): Place<'_>,
    once: &Once,
) -> Result<Created<Vec<Evidence>>> {
    if let Some(before) = once.answered(&mut writer).await? {
        writer.leave().await?;
        return Ok(before);
    }
    refuse_ignored(&mut writer, plan, template).await?;
    let release = writer.assignment(plan, template).await?.release_id;
    let question = writer.pinned_question(release, key).await?;
    let task = writer.question_task(plan, template, key).await?.map(|task| task.id);
    let mut noted = Vec::new();
    for piece in kept {
        noted.push(note_piece(&mut writer, piece, task.as_slice()).await?);
    }
    if question.kind == QuestionKind::File {
        let before = writer.answer(plan, template, key).await?;
        let value = with_pieces(before.as_ref().map(|answer| &answer.value), kept);
        let request = AnswerRequest {
            plan_id: plan,
            template_id: template,
            key,
            given: Given::Value(&value),
            expected: before.map(|answer| answer.version),
        };
        give(&mut writer, &request).await?;
    }
    let created = Created { value: follow_noted(&mut writer, &noted).await?, is_new: true };
    once.keep(&mut writer, &created).await?;
    writer.commit().await?;
    Ok(created)
}

/// The files of an answer with more of them, or with one in the place of another.
fn with_pieces(before: Option<&AnswerValue>, kept: &[KeptPiece]) -> Value {
    let mut files = before.and_then(|value| value.as_json().as_array()).cloned().unwrap_or_default();
    for piece in kept {
        let file = json!({ "id": piece.id, "filename": piece.name });
        let replaced = piece.replaces.map(|id| Value::from(id.to_string()));
        match files.iter_mut().find(|one| replaced.is_some() && one.get("id") == replaced.as_ref()) {
            Some(old) => *old = file,
            None => files.push(file),
        }
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
        let today = writer.today().await?;
        writer.refresh_evidence_of_task(task, today).await?;
    }
    Ok(())
}
