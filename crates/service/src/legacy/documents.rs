//! Documents with their history, as documents with versions.

use std::collections::HashMap;

use muster_domain::{
    documents::{Branding, Classification, DocumentContent, DocumentStatus, FillWords, FilledAnswer, Frozen, Step, StepKind},
    ids::TaskId,
    legacy::{content_texts, document_status},
};
use muster_store::{LegacyApproval, LegacyDatabase, LegacyError, LegacyVersion, OriginalDocument, PlacedDocument, Remark};
use serde_json::{Value, json};
use uuid::Uuid;

use super::library::{LaidOut, Library, remark};

/// An approval that was laid out, for the audit log.
#[derive(Debug, Clone)]
pub(super) struct Approved {
    pub(super) document: Uuid,
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) by: (i32, String),
    /// In microseconds since 1970.
    pub(super) at: i64,
}

/// Lays out the documents of a customer. Gives the approvals among them.
pub(super) async fn lay_out(
    db: &mut LegacyDatabase,
    library: &Library,
    customer: i32,
    remarks: &mut Vec<Remark>,
) -> Result<Vec<Approved>, LegacyError> {
    let originals = db.original_documents(customer).await?;
    if originals.is_empty() {
        return Ok(Vec::new());
    }
    let branding = db.branding(customer).await?;
    let mut approvals = Vec::new();
    for original in &originals {
        let row = original.id.to_string();
        let Some(plan_id) = original.plan_id else {
            let text = "The document's plan belongs to another customer or is not there. The document stays as it was in `muster_upgrade.original_rows`.";
            remarks.push(remark("customer_documents", &row, "document_without_plan", text.to_owned()));
            continue;
        };
        let template_id = original.template_id.unwrap_or(library.template_of_none);
        let Some(template) = library.template(template_id) else {
            return Err(LegacyError::Corrupt(format!("the document {row} names a template that is not there")));
        };
        remarks.extend(told_of(original));
        approvals.extend(one(db, customer, original, (plan_id, template_id, template), &branding).await?);
    }
    Ok(approvals)
}

/// What a person should know of a document.
fn told_of(original: &OriginalDocument) -> Vec<Remark> {
    let row = original.id.to_string();
    let told = |kind: &str, text: String| remark("customer_documents", &row, kind, text);
    let mut remarks = Vec::new();
    if original.template_id.is_none() {
        remarks.push(told(
            "document_without_template",
            format!("The document had no template; it stands under “{}”.", super::TEMPLATE_OF_NONE),
        ));
    }
    let status = text(&original.row, "status");
    match (status.as_deref(), document_status(status.as_deref())) {
        (Some("pending_review"), _) => remarks.push(told(
            "review_to_be_repeated",
            "The document was in review. It is a draft now: hand it in again, so that the people named here review it.".to_owned(),
        )),
        (Some(word), (becomes, false)) => {
            remarks.push(told("unknown_word", format!("The status `{word}` is not on the list; it becomes {}.", becomes.as_str())))
        }
        _ => {}
    }
    remarks
}

async fn one(
    db: &mut LegacyDatabase,
    customer: i32,
    original: &OriginalDocument,
    (plan_id, template_id, template): (Uuid, Uuid, &LaidOut),
    branding: &Branding,
) -> Result<Option<Approved>, LegacyError> {
    let row = &original.row;
    let status = document_status(text(row, "status").as_deref()).0;
    let number = number(row, "document_version").and_then(|number| i32::try_from(number).ok()).unwrap_or(1).max(1);
    let name = text(row, "document_name").unwrap_or_else(|| "Without a name".to_owned());
    let mut rounds: HashMap<i32, i32> = HashMap::new();
    let mut history = Vec::new();
    for kept in &original.history {
        let version = self::number(kept, "version").and_then(|number| i32::try_from(number).ok()).unwrap_or(1).max(1);
        let round = rounds.entry(version).and_modify(|round| *round += 1).or_insert(1);
        history.push((version, *round, kept));
    }
    let earlier = rounds.get(&number).copied().unwrap_or_default();
    let document = PlacedDocument {
        id: original.id,
        plan_id,
        template_id,
        release_id: template.release_id,
        status: status.as_str(),
        number,
        round: if status == DocumentStatus::Approved { earlier + 1 } else { earlier },
        content: content(template, &name, row.get("content").unwrap_or(&Value::Null)),
        note: text(row, "notes"),
        name,
    };
    db.lay_out_document(customer, &document).await?;
    for (number, round, kept) in history {
        let content = content(template, &document.name, kept.get("content").unwrap_or(&Value::Null));
        let author = self::number(kept, "changed_by");
        let written =
            Written { number, round, content: &content, author, at: text(kept, "changed_at"), note: text(kept, "change_summary") };
        let version = version(&document, template, branding, written, None);
        db.lay_out_version(customer, &version).await?;
    }
    if status != DocumentStatus::Approved {
        return Ok(None);
    }
    let written = Written {
        number,
        round: document.round,
        content: &document.content,
        author: self::number(row, "updated_by").or(self::number(row, "created_by")),
        at: text(row, "updated_at"),
        note: document.note.clone(),
    };
    let at = ["approved_at", "reviewed_at", "updated_at"].into_iter().find_map(|name| text(row, name));
    let approval = approval(original.id, self::number(row, "approved_by"), at);
    let version = version(&document, template, branding, written, Some(approval));
    let done = db.lay_out_version(customer, &version).await?;
    let sha256 = version.sha256.to_string();
    Ok(done.map(|(at, id, person)| Approved { document: document.id, name: document.name.clone(), sha256, by: (id, person), at }))
}

/// What somebody wrote, and when, as the older program kept it.
struct Written<'a> {
    number: i32,
    round: i32,
    content: &'a DocumentContent,
    author: Option<i64>,
    at: Option<String>,
    note: Option<String>,
}

fn version<'a>(
    document: &'a PlacedDocument,
    template: &LaidOut,
    branding: &'a Branding,
    written: Written<'a>,
    approval: Option<LegacyApproval>,
) -> LegacyVersion<'a> {
    let frozen = Frozen {
        version: written.number,
        release: template.release_number,
        name: &document.name,
        number: None,
        classification: Classification::Internal,
        branding,
        content: written.content,
    };
    LegacyVersion {
        document,
        release_number: template.release_number,
        number: written.number,
        round: written.round,
        content: written.content,
        branding,
        sha256: frozen.sha256(),
        author: written.author,
        written_at: written.at,
        note: written.note,
        approval,
    }
}

/// The approval of the older program: one step, which it passes.
fn approval(document: Uuid, by: Option<i64>, at: Option<String>) -> LegacyApproval {
    let step = "older program";
    // No task stands for it.
    let steps = [Step {
        position: 1,
        kind: StepKind::Approval,
        step: step.to_owned(),
        title: super::APPROVED_BEFORE.to_owned(),
        task_id: TaskId(document),
    }];
    LegacyApproval { by, at, steps: json!(steps), step, remark: super::APPROVED_BEFORE.to_owned() }
}

/// What a document says: the template's text with what stood in the document's sections. What the
/// template has no place for stands at the end, under its title.
fn content(template: &LaidOut, name: &str, stored: &Value) -> DocumentContent {
    let mut content = DocumentContent::fill(&template.content, &[], FillWords::ENGLISH);
    content.title = name.to_owned();
    let mut more = 0;
    for one in content_texts(stored) {
        let question =
            template.question_named(&one.id).or_else(|| template.question_named(&one.title)).or_else(|| template.content.question(&one.id));
        let (key, label) = match question {
            Some(question) => (question.key.clone(), question.label.clone()),
            None => {
                more += 1;
                let key = format!("older_{more}");
                let title: String = one.title.split_whitespace().collect::<Vec<_>>().join(" ");
                content.body.push_str(&format!("\n### {{{{{key}_title}}}}\n\n{{{{{key}}}}}\n"));
                content.answers.insert(format!("{key}_title"), filled(&title, &title));
                (key, title)
            }
        };
        content.unanswered.remove(&key);
        content.answers.insert(key, filled(&label, &one.text));
    }
    content
}

fn filled(label: &str, words: &str) -> FilledAnswer {
    FilledAnswer {
        label: label.to_owned(),
        value: Value::from(words),
        words: words.to_owned(),
        version: 1,
        table: None,
        not_applicable_reason: None,
    }
}

pub(super) fn text(row: &Value, name: &str) -> Option<String> {
    row.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
}

pub(super) fn number(row: &Value, name: &str) -> Option<i64> {
    row.get(name).and_then(Value::as_i64)
}
