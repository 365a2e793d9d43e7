//! Saving a filled template as a document, and reading it.

use muster_domain::{
    access::{Action, Actor},
    answers::{Answer, missing_keys},
    documents::{Document, DocumentContent, FillWords},
    ids::{DocumentId, PlanId, TemplateId},
    tasks::{Task, TaskFilter, TaskPlace, TaskScope, TaskSort},
    templates::ReleaseContent,
    text::Title,
};
use muster_store::{NewDocument, Slice};
use serde::{Deserialize, Serialize};

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

/// A release with answers in place.
pub(crate) fn filled(release: &ReleaseContent, answers: &[Answer]) -> DocumentContent {
    DocumentContent::fill(release, answers, FillWords::ENGLISH)
}

impl Context {
    /// Saves a filled template as a document, with the document-level tasks that the rules ask
    /// for. A template that has been saved already keeps its document.
    ///
    /// # Errors
    /// [`Conflict::DocumentIncomplete`] with the keys of the required questions without an answer.
    pub async fn save_document(
        &self,
        actor: &Actor,
        plan: PlanId,
        template: TemplateId,
        name: Option<&Title>,
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
        let lacking = writer.questions_lacking_evidence(plan, template).await?;
        let is_done = |key: &str| answers.iter().any(|answer| answer.question_key == key) && !lacking.iter().any(|one| one == key);
        let missing = missing_keys(&release.content.questions, is_done);
        if !missing.is_empty() {
            let missing = missing.into_iter().map(ToOwned::to_owned).collect();
            return Err(Error::Conflict(Conflict::DocumentIncomplete { missing }));
        }
        let content = filled(&release.content, &answers);
        let id = DocumentId(self.ids.next());
        let name = name.map_or(release.content.document_title.as_str(), Title::as_str);
        let document = NewDocument { id, plan_id: plan, template_id: template, release_id: release.id, name, content: &content };
        let created = if writer.insert_document(&document).await? {
            let standard = writer.plan(plan).await?.standard_id;
            let place =
                Place { place: TaskPlace::Document(plan, template, id), standard: Some(standard), template: Some(template), version: None };
            let generated_tasks = generate(&mut writer, &*self.ids, place, &[]).await?;
            let document = writer.document(id).await?;
            writer.note_made_with_tasks("document.saved", &document, &generated_tasks)?;
            Created { value: DocumentSaved { document, generated_tasks }, is_new: true }
        } else {
            let document = writer.documents(plan, template).await?.into_iter().next().ok_or(Error::NotFound)?;
            Created { value: DocumentSaved { document, generated_tasks: Vec::new() }, is_new: false }
        };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// A document with its tasks.
    pub async fn document(&self, actor: &Actor, id: DocumentId) -> Result<(Document, Vec<Task>)> {
        let customer = self.store.locator(actor, self.now()).await?.customer_of_document(id).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let document = reader.document(id).await?;
        let filter = TaskFilter {
            scope: Some(TaskScope::Document),
            plan_id: Some(document.plan_id),
            template_id: Some(document.template_id),
            ..TaskFilter::default()
        };
        let tasks = reader.tasks(&filter, TaskSort::Hierarchy, Slice { limit: 1000, offset: 0 }).await?;
        Ok((document, tasks.items.into_iter().filter(|task| task.document_id == Some(id)).collect()))
    }
}
