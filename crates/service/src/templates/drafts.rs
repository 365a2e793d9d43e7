//! Drafts of templates: saving, changing, discarding and releasing them.
//!
//! A draft has no version of its own: the template's counts every change of either, so that
//! nobody releases a draft that they have not seen.

use muster_domain::{
    access::Actor,
    audit::AuditNote,
    ids::{ReleaseId, TemplateId},
    templates::{ChangeRefusal, ContentProblem, DraftChange, ReleaseContent, Template},
    text::Prose,
};
use muster_store::LibraryWriter;
use serde::{Deserialize, Serialize};

use super::TemplateDetail;
use crate::{
    Conflict, Context, Created, Error, FieldError, Once, Result,
    audit::{Audited as _, DraftedTemplate, Notes as _},
    boxed,
};

/// What is to be done to a draft, all or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftEdit {
    /// The document's title and text, where they were sent.
    pub text: Option<(String, String)>,
    /// A change of the questions, made after the text.
    pub change: Option<DraftChange>,
}

/// The number of a release that has just been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct ReleaseNumber(i32);

impl Context {
    /// Saves the draft of a template, if nobody changed the template since `expected`. Without a
    /// draft one begins from the latest release.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what cannot be saved; everything else that is wrong is kept, and shown as
    /// the draft's problems.
    #[boxed]
    pub async fn edit_draft(&self, actor: &Actor, id: TemplateId, edit: DraftEdit, expected: i32) -> Result<Template> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        writer.touch_template(id, expected).await?;
        let detail = detail(&mut writer, id).await?;
        let mut content = detail.working_content();
        edit.make(&mut content)?;
        self.write_draft(&mut writer, id, &content).await?;
        writer.note_made("template.drafted", &DraftedTemplate { template: &detail.template, content: &content })?;
        writer.commit().await?;
        Ok(detail.template)
    }

    pub(super) async fn write_draft(&self, writer: &mut LibraryWriter, id: TemplateId, content: &ReleaseContent) -> Result<()> {
        let problems = content.unstorable();
        if !problems.is_empty() {
            return Err(Error::Invalid(problems.iter().map(|problem| field_error(problem, content)).collect()));
        }
        Ok(writer.write_draft(ReleaseId(self.ids.next()), id, content, None).await?)
    }

    /// Takes the draft of a template away: the latest release is what there is again.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no draft; [`Error::VersionRequired`] without a version.
    #[boxed]
    pub async fn discard_draft(&self, actor: &Actor, id: TemplateId, expected: Option<i32>) -> Result<Template> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        let before = detail(&mut writer, id).await?;
        let draft = before.draft().ok_or(Error::NotFound)?;
        writer.touch_template(id, expected.ok_or(Error::VersionRequired)?).await?;
        writer.discard_draft(id).await?;
        let gone = DraftedTemplate { template: &before.template, content: &draft.content };
        let state = Some(gone.state()?.to_string());
        writer.note(AuditNote { action: "template.draft_discarded", subject: gone.subject(), before: state, after: None });
        let template = writer.template(id).await?;
        writer.commit().await?;
        Ok(template)
    }

    /// Releases the draft of a template. From then on it can be assigned and does not change.
    /// `expected` is the version that was read, where the caller wants to be sure of it.
    ///
    /// # Errors
    /// [`Conflict::NothingToRelease`], [`Conflict::DraftUnfinished`].
    #[boxed]
    pub async fn release_template(
        &self,
        actor: &Actor,
        id: TemplateId,
        note: Option<&Prose>,
        expected: Option<i32>,
        once: &Once,
    ) -> Result<Created<i32>> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        if let Some(before) = once.answered::<Created<ReleaseNumber>>(&mut writer).await? {
            writer.leave().await?;
            return Ok(Created { value: before.value.0, is_new: before.is_new });
        }
        writer.lock_template(id).await?;
        let before = detail(&mut writer, id).await?;
        refuse_unfinished(&before, expected)?;
        let number = writer.release_draft(id, note.map(Prose::as_str)).await?.ok_or(Error::Conflict(Conflict::NothingToRelease))?;
        let after = writer.template(id).await?;
        writer.note_changed("template.released", &before.template, &after)?;
        once.keep(&mut writer, &Created { value: ReleaseNumber(number), is_new: true }).await?;
        writer.commit().await?;
        Ok(Created { value: number, is_new: true })
    }
}

async fn detail(writer: &mut LibraryWriter, id: TemplateId) -> Result<TemplateDetail> {
    Ok(TemplateDetail { template: writer.template(id).await?, releases: writer.releases(id).await? })
}

fn refuse_unfinished(detail: &TemplateDetail, expected: Option<i32>) -> Result<()> {
    let current = detail.template.version;
    if expected.is_some_and(|expected| expected != current) {
        return Err(Error::Stale { current });
    }
    let draft = detail.draft().ok_or(Error::Conflict(Conflict::NothingToRelease))?;
    if detail.latest_release().is_some_and(|latest| latest.content == draft.content) {
        return Err(Error::Conflict(Conflict::NothingToRelease));
    }
    let problems = draft.content.problems();
    if problems.is_empty() { Ok(()) } else { Err(Error::Conflict(Conflict::DraftUnfinished { problems })) }
}

impl DraftEdit {
    /// Makes the edit in a content.
    fn make(self, content: &mut ReleaseContent) -> Result<()> {
        if let Some((title, body)) = self.text {
            (content.document_title, content.body) = (title, body);
        }
        let Some(change) = self.change else { return Ok(()) };
        content.change(change).map_err(|refusal| match refusal {
            ChangeRefusal::KeyTaken => Error::field(FieldError::new("/key", "key-taken", refusal.to_string())),
            ChangeRefusal::NoSuchQuestion => Error::NotFound,
        })
    }
}

/// Where in the content a problem stands.
fn field_error(problem: &ContentProblem, content: &ReleaseContent) -> FieldError {
    let pointer = match (problem, problem.key().and_then(|key| content.position(key))) {
        (ContentProblem::TitleUnfit, _) => "/content/document_title".to_owned(),
        (ContentProblem::TooMuch, _) => "/content".to_owned(),
        (_, Some(at)) => format!("/content/questions/{at}"),
        (_, None) => "/content/questions".to_owned(),
    };
    FieldError::new(pointer, problem.code(), problem.to_string())
}
