//! Writing at the latest version: editing it, taking over the latest answers, beginning the next one.

use muster_domain::{
    access::{Action, Actor},
    documents::{Document, DocumentChange, DocumentMove, DocumentStatus, judge_document_move},
    ids::DocumentId,
    people::Person,
    tasks::TaskType,
    templates::{Release, SectionFault, placeholders, section_faults},
    text::{Prose, Title, is_blank},
};
use muster_store::CustomerWriter;

use super::{DocumentSaved, filled, refuse_gaps, refuse_hidden};
use crate::{Context, Created, Error, FieldError, Result, audit::Notes as _, boxed, plans::check_version};

/// How the next version begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct NextVersion<'a> {
    /// What will be new in it.
    pub note: Option<&'a Prose>,
    /// Begin it although required answers are missing.
    pub is_draft: bool,
}

impl Context {
    /// Changes the latest version, if nobody changed it since `expected`. A version that was sent
    /// back becomes a draft again by it. When the document has to be read again may be changed at
    /// any time: it is no part of what is approved.
    ///
    /// # Errors
    /// [`Error::Document`] where it is in review or approved.
    #[boxed]
    pub async fn edit_document(&self, actor: &Actor, id: DocumentId, change: &DocumentChange, expected: i32) -> Result<Document> {
        let mut writer = self.document_writer(actor, id, Action::AnswerQuestion).await?;
        let before = writer.lock_document(id).await?;
        check_version(before.version, Some(expected))?;
        refuse_hidden(&mut writer, &before).await?;
        if change.changes_content() {
            judge_document_move(before.status, DocumentMove::Edit)?;
        }
        let after = edited(&before, change);
        if after == before {
            writer.leave().await?;
            return Ok(before);
        }
        if change.body.is_some() {
            let release = writer.release(before.template_id, before.release_id).await?;
            check_body(&after, &release)?;
        }
        let after = if change.changes_content() { written_by(after, actor) } else { after };
        keep(writer, &before, &after, "document.edited").await
    }

    /// Fills the latest version with the latest answers, from the release that the plan pins now. What
    /// was written into the text beyond the answers stays.
    #[boxed]
    pub async fn refresh_document(&self, actor: &Actor, id: DocumentId, expected: Option<i32>) -> Result<Document> {
        let mut writer = self.document_writer(actor, id, Action::AnswerQuestion).await?;
        let before = writer.lock_document(id).await?;
        check_version(before.version, expected)?;
        refuse_hidden(&mut writer, &before).await?;
        judge_document_move(before.status, DocumentMove::Refresh)?;
        refuse_file(&before)?;
        let after = refilled(&mut writer, &before).await?;
        if after == before {
            writer.leave().await?;
            return Ok(before);
        }
        keep(writer, &before, &written_by(after, actor), "document.refreshed").await
    }

    /// Begins the next version of an approved document, from the latest answers, with its tasks.
    /// The approved one stays in force until the new one is approved. What was written into the
    /// text stays. A version that has been begun already is given as it is.
    pub async fn begin_version(&self, actor: &Actor, id: DocumentId, next: NextVersion<'_>) -> Result<Created<DocumentSaved>> {
        let mut writer = self.document_writer(actor, id, Action::AnswerQuestion).await?;
        let before = writer.lock_document(id).await?;
        refuse_hidden(&mut writer, &before).await?;
        // Whoever asks twice, or at the same time as somebody else, gets the one that was begun.
        if before.is_open() && before.in_force.is_some() {
            writer.leave().await?;
            return Ok(Created { value: DocumentSaved { document: before, generated_tasks: Vec::new() }, is_new: false });
        }
        judge_document_move(before.status, DocumentMove::NewVersion)?;
        let after = if before.content.file.is_some() { before.clone() } else { refilled(&mut writer, &before).await? };
        if !next.is_draft && after.content.file.is_none() {
            let release = writer.release(after.template_id, after.release_id).await?;
            let is_answered = |key: &str| after.content.answers.contains_key(key);
            refuse_gaps(&mut writer, (after.plan_id, after.template_id), &release.content, is_answered).await?;
        }
        let after = Document {
            status: DocumentStatus::Draft,
            document_version: before.document_version + 1,
            round: 0,
            note: next.note.map(|note| note.as_str().to_owned()),
            author_ids: vec![actor.user_id()],
            written_by: Some(Person { id: actor.user_id(), name: actor.name().to_owned(), is_firm: actor.is_firm() }),
            written_at: writer.at(),
            ..after
        };
        writer.update_document(&after).await?;
        let saved = self.saved(&mut writer, id, "document.version_begun").await?;
        complete_tasks(&mut writer, id, &[TaskType::REREAD_DOCUMENT]).await?;
        writer.commit().await?;
        Ok(Created { value: saved, is_new: true })
    }
}

/// Completes the open tasks of a document that are of some types: what they asked for has been done.
pub(super) async fn complete_tasks(writer: &mut CustomerWriter, id: DocumentId, types: &[&str]) -> Result<()> {
    for task in writer.open_document_tasks(id, types).await? {
        let before = writer.lock_task(task).await?;
        writer.set_task_status(task, muster_domain::tasks::TaskStatus::Completed).await?;
        let after = writer.task(task).await?;
        writer.note_changed("task.completed", &before, &after)?;
    }
    Ok(())
}

pub(super) async fn keep(mut writer: CustomerWriter, before: &Document, after: &Document, action: &'static str) -> Result<Document> {
    writer.update_document(after).await?;
    let after = writer.document(before.id).await?;
    writer.note_changed(action, before, &after)?;
    writer.commit().await?;
    Ok(after)
}

/// Whoever writes at a version is one of its authors, and it is a draft from then on.
pub(super) fn written_by(mut document: Document, actor: &Actor) -> Document {
    document.status = DocumentStatus::Draft;
    if !document.is_author(actor.user_id()) {
        document.author_ids.push(actor.user_id());
    }
    document
}

fn edited(before: &Document, change: &DocumentChange) -> Document {
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = name.as_str().to_owned();
    }
    if let Some(body) = &change.body {
        after.content.body.clone_from(body);
    }
    if let Some(number) = &change.document_number {
        after.document_number = number.as_ref().map(|number| number.as_str().to_owned());
    }
    if let Some(note) = &change.note {
        after.note = note.as_ref().map(|note| note.as_str().to_owned());
    }
    after.classification = change.classification.unwrap_or(after.classification);
    after.review_interval_months = change.review_interval_months.unwrap_or(after.review_interval_months);
    after.next_review_on = change.next_review_on.unwrap_or(after.next_review_on);
    after
}

/// The document from the pinned release and the latest answers; an edited text stays as it is.
async fn refilled(writer: &mut CustomerWriter, before: &Document) -> Result<Document> {
    let (plan, template) = (before.plan_id, before.template_id);
    let release = writer.pinned_release(plan, template).await?;
    let answers = writer.answers(plan, template).await?;
    let mut content = filled(&release.content, &answers);
    if before.deviates {
        content.body.clone_from(&before.content.body);
    }
    Ok(Document { release_id: release.id, release_number: release.number, content, ..before.clone() })
}

fn refuse_file(document: &Document) -> Result<()> {
    match document.content.file {
        None => Ok(()),
        Some(_) => Err(Error::field(FieldError::new(
            "/body",
            "uploaded-file",
            "cannot be written: the document is a file; upload another one instead",
        ))),
    }
}

/// A text that can be a document's: with something in it, its sections whole, and only placeholders
/// of questions that the template has.
fn check_body(document: &Document, release: &Release) -> Result<()> {
    refuse_file(document)?;
    let body = &document.content.body;
    let refuse = |code, message: String| Err(Error::field(FieldError::new("/body", code, message)));
    if is_blank(body) {
        return refuse("blank", "must not be blank".to_owned());
    }
    if body.chars().count() > DocumentChange::MAX_BODY {
        return refuse("too-long", format!("must have at most {} characters", DocumentChange::MAX_BODY));
    }
    if body.chars().any(|one| one.is_control() && !matches!(one, '\n' | '\t' | '\r')) {
        return refuse("control-character", "must not contain control characters".to_owned());
    }
    if let Some((line, fault)) = section_faults(body).first() {
        let what = match fault {
            SectionFault::Malformed => "has a condition that cannot be understood",
            SectionFault::Unclosed => "begins a section that does not end",
            SectionFault::Unopened => "ends a section that did not begin",
        };
        return refuse("section", format!("is not whole: line {line} {what}"));
    }
    let unknown = placeholders(body).into_iter().find(|key| release.content.question(key).is_none());
    match unknown {
        Some(key) => refuse("unknown-placeholder", format!("takes an answer that the template does not ask for: {{{{{key}}}}}")),
        None => Ok(()),
    }
}

/// The name that a task carries, cut to what a title may have.
pub(super) fn task_title(words: &str, document: &Document) -> String {
    let title: String = format!("{words} {}", document.name).chars().take(500).collect();
    Title::parse(&title).map_or(title, |title| title.as_str().to_owned())
}
