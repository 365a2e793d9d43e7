//! Documents: saving a filled template and reading one here; writing at the latest version in
//! `writing`, handing it in and deciding in `review` and `decisions`, reading in force again in
//! `rereading`, files that stand as documents in `uploading`, and the check of everything that is kept in `verification`.

mod decisions;
mod reading;
mod rereading;
mod review;
mod uploading;
mod verification;
mod writing;

use muster_domain::{
    access::{Action, Actor},
    answers::{Answer, missing_keys},
    documents::{Document, DocumentContent, FillWords, VersionNumber},
    ids::{DocumentId, PlanId, TemplateId},
    plans::IgnoredKind,
    tasks::{Task, TaskPlace},
    templates::ReleaseContent,
    text::Title,
};
use muster_store::{CustomerReader, CustomerWriter, NewDocument};
use serde::{Deserialize, Serialize};

pub(crate) use self::rereading::still_holds;
pub use self::{
    decisions::CONFIRMATION_LIFETIME,
    reading::{ComparedTexts, DocumentView, VersionView},
    rereading::REREAD_AHEAD_DAYS,
    uploading::UploadedDocument,
    verification::DocumentReport,
    writing::NextVersion,
};
use crate::{
    Conflict, Context, Created, Error, Once, Result,
    answers::refuse_ignored,
    audit::Notes as _,
    generation::{Place, generate},
};

/// A document with the tasks that came with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentSaved {
    /// The document.
    pub document: Document,
    /// The tasks that were generated.
    pub generated_tasks: Vec<Task>,
}

/// How a filled template is saved.
#[derive(Debug, Clone, Copy, Default)]
pub struct DocumentRequest<'a> {
    /// The document's name; the release's title unless given.
    pub name: Option<&'a Title>,
    /// Save it although required answers are missing: a draft whose gaps show.
    pub is_draft: bool,
}

/// A release with answers in place.
pub(crate) fn filled(release: &ReleaseContent, answers: &[Answer]) -> DocumentContent {
    DocumentContent::fill(release, answers, FillWords::ENGLISH)
}

/// Refuses what lacks required answers, or accepted evidence of theirs.
async fn refuse_gaps(
    reader: &mut CustomerReader,
    (plan, template): (PlanId, TemplateId),
    release: &ReleaseContent,
    is_answered: impl Fn(&str) -> bool,
) -> Result<()> {
    let lacking = reader.questions_lacking_evidence(plan, template).await?;
    let missing = missing_keys(&release.questions, |key| is_answered(key) && !lacking.iter().any(|one| one == key));
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.into_iter().map(ToOwned::to_owned).collect();
    Err(Error::Conflict(Conflict::DocumentIncomplete { missing }))
}

/// What hides a document has to be restored before the document changes.
async fn refuse_hidden(reader: &mut CustomerReader, document: &Document) -> Result<()> {
    let (plan, template) = (document.plan_id, document.template_id);
    if reader.plan(plan).await?.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Plan(plan))));
    }
    if reader.assignment(plan, template).await?.ignored.is_some() {
        return Err(Error::Conflict(Conflict::Ignored(IgnoredKind::Assignment(plan, template))));
    }
    Ok(())
}

impl Context {
    /// Saves a filled template as a document, with the document-level tasks that the rules ask
    /// for. A template that has been saved already keeps its document.
    ///
    /// # Errors
    /// [`Conflict::DocumentIncomplete`] with the keys of the required questions without an answer,
    /// unless a draft with gaps is asked for.
    pub async fn save_document(
        &self,
        actor: &Actor,
        plan: PlanId,
        template: TemplateId,
        request: DocumentRequest<'_>,
        once: &Once,
    ) -> Result<Created<DocumentSaved>> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut writer = self.store.writer(actor, customer, Action::AnswerQuestion, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        refuse_ignored(&mut writer, plan, template).await?;
        let release = writer.pinned_release(plan, template).await?;
        let answers = writer.answers(plan, template).await?;
        if !request.is_draft {
            let is_answered = |key: &str| answers.iter().any(|answer| answer.question_key == key);
            refuse_gaps(&mut writer, (plan, template), &release.content, is_answered).await?;
        }
        let content = filled(&release.content, &answers);
        let id = DocumentId(self.ids.next());
        let name = request.name.map_or(release.content.document_title.as_str(), Title::as_str);
        let document = NewDocument { id, plan_id: plan, template_id: template, release_id: release.id, name, content: &content };
        let created = if writer.insert_document(&document).await? {
            let saved = self.saved(&mut writer, id, "document.saved").await?;
            Created { value: saved, is_new: true }
        } else {
            let document =
                writer.documents(plan, template).await?.into_iter().rfind(|one| one.content.file.is_none()).ok_or(Error::NotFound)?;
            Created { value: DocumentSaved { document, generated_tasks: Vec::new() }, is_new: false }
        };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// The tasks of a version that has just begun, and a note of it.
    async fn saved(&self, writer: &mut CustomerWriter, id: DocumentId, action: &'static str) -> Result<DocumentSaved> {
        let document = writer.document(id).await?;
        let first = VersionNumber { number: document.document_version, round: 1 };
        let generated_tasks = self.generate_for_document(writer, &document, first).await?;
        writer.note_made_with_tasks(action, &document, &generated_tasks)?;
        Ok(DocumentSaved { document, generated_tasks })
    }

    /// The tasks that the rules ask for when a version of a document begins or is handed in again.
    async fn generate_for_document(&self, writer: &mut CustomerWriter, document: &Document, version: VersionNumber) -> Result<Vec<Task>> {
        let (plan, template) = (document.plan_id, document.template_id);
        let standard = writer.plan(plan).await?.standard_id;
        let place = TaskPlace::Document(plan, template, document.id);
        generate(writer, &*self.ids, Place { place, standard: Some(standard), template: Some(template), version: Some(version) }, &[]).await
    }

    /// A writer for a document's customer, if the actor may do `action` there and see what becomes
    /// of it: a change is answered with the document.
    async fn document_writer(&self, actor: &Actor, id: DocumentId, action: Action<'_>) -> Result<CustomerWriter> {
        let at = self.now();
        let customer = self.store.locator(actor, at).await?.customer_of_document(id).await?;
        self.store.allow(actor, customer, Action::ReadWorkspace, at)?;
        Ok(self.store.writer(actor, customer, action, at).await?)
    }
}
