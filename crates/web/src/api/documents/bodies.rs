//! Documents and versions as the API tells them.

use jiff::Timestamp;
use muster_domain::{
    documents::{ChangedAnswer, Decision, Document, DocumentContent, DocumentVersion, Integrity, Round},
    people::Person,
};
use muster_service::{DocumentSaved, DocumentView, VersionSummary, VersionView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::bodies::{TaskBody, tasks};

/// A document: its latest version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub(super) struct DocumentBody {
    #[serde(flatten)]
    document: DocumentFields,
    /// Its review and approval, as far as the version has been handed in.
    approval: Option<RoundBody>,
    /// Whether what is shown is what was handed in and approved: `intact` or `tampered`.
    integrity: &'static str,
    /// SHA-256 of what was handed in, in hexadecimal digits.
    content_sha256: Option<String>,
    /// What answers say otherwise now.
    changes: Vec<ChangeBody>,
    /// Its tasks.
    tasks: Vec<TaskBody>,
}

/// What is told of a document wherever it is told of.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentFields {
    /// The id.
    id: Uuid,
    /// Whose it is.
    customer_id: i32,
    /// The customer's name.
    customer_name: String,
    /// The plan.
    plan_id: Uuid,
    /// The standard's code.
    iso_code: String,
    /// The template.
    template_id: Uuid,
    /// The template's name.
    template_name: String,
    /// The number of the release it came from.
    release: i32,
    /// The name.
    name: String,
    /// The number under which the organisation keeps it.
    document_number: Option<String>,
    /// public, internal, confidential or strictly_confidential.
    classification: &'static str,
    /// draft, in_review, approved, rejected or superseded.
    status: &'static str,
    /// The moves that are possible from there.
    allowed_moves: Vec<&'static str>,
    /// The number of the latest version.
    document_version: i32,
    /// How often this version has been handed in.
    round: i32,
    /// The version that is valid; it stays so while a newer one is written.
    in_force: Option<InForceBody>,
    /// What is new in this version.
    note: Option<String>,
    /// Whether the text was changed beyond what the answers do.
    deviates: bool,
    /// How much of the template is answered, rounded down.
    completion_percentage: i32,
    /// Whether an answer has changed since.
    out_of_date: bool,
    /// After how many months it has to be read again.
    review_interval_months: Option<i32>,
    /// The day by which it has to be read again.
    #[schema(value_type = Option<String>, format = Date)]
    next_review_on: Option<String>,
    #[serde(flatten)]
    content: ContentBody,
    /// Everybody who wrote at this version: none of them reviews or approves it.
    author_ids: Vec<i32>,
    /// Who began this version.
    written_by: Option<i32>,
    /// Their name.
    written_by_name: Option<String>,
    /// When this version was begun.
    #[schema(value_type = String, format = DateTime)]
    written_at: String,
    /// Who saved the document first.
    created_by: Option<i32>,
    /// Their name.
    created_by_name: Option<String>,
    /// Counts the changes (`If-Match`).
    version: i32,
    /// When it was saved first.
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

/// Text and answers.
#[derive(Debug, Serialize, ToSchema)]
struct ContentBody {
    /// The heading.
    title: String,
    /// Markdown with placeholders.
    body: String,
    /// The answers that were used.
    answers: Vec<UsedAnswer>,
    /// The keys of the questions without an answer.
    unanswered: Vec<String>,
    /// The file, where it is one that somebody uploaded.
    file: Option<FileBody>,
}

/// A file that stands as a document.
#[derive(Debug, Serialize, ToSchema)]
struct FileBody {
    /// SHA-256 of its bytes.
    sha256: String,
    /// Its name.
    file_name: String,
    /// What it is.
    media_type: String,
    /// How many bytes it has.
    size: i64,
}

/// An answer as the document holds it.
#[derive(Debug, Serialize, ToSchema)]
struct UsedAnswer {
    /// The key of the question.
    key: String,
    /// The question.
    label: String,
    /// The value.
    value: serde_json::Value,
    /// What stands in the text.
    words: String,
    /// The version of the answer that was used.
    version: i32,
}

/// The version that is valid.
#[derive(Debug, Serialize, ToSchema)]
struct InForceBody {
    /// Its number.
    version: i32,
    /// Which time that it was handed in was approved.
    round: i32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    approved_at: String,
}

/// An answer that says something else now.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeBody {
    /// The key of the question.
    key: String,
    /// The question.
    label: String,
    /// What the document says.
    before: Option<String>,
    /// What the answer is now; null where it was taken back.
    after: Option<String>,
}

/// The review and approval of a version that was handed in.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoundBody {
    /// The steps, in their order.
    steps: Vec<StepBody>,
    /// How it was sent back, if it was.
    rejection: Option<DecisionBody>,
}

/// A step of review and approval.
#[derive(Debug, Serialize, ToSchema)]
struct StepBody {
    /// Its place in the order, from 1.
    position: i32,
    /// review or approval.
    kind: &'static str,
    /// The approval step, such as `manager`; `review` for a review.
    step: String,
    /// The task's title.
    title: String,
    /// The task that stands for it.
    task_id: Uuid,
    /// Whether it is the one that is next.
    is_next: bool,
    /// The decision, once there is one.
    decision: Option<DecisionBody>,
}

/// What somebody decided.
#[derive(Debug, Serialize, ToSchema)]
struct DecisionBody {
    /// reviewed, approved or rejected.
    decision: &'static str,
    /// The step.
    step: String,
    /// Who.
    user_id: i32,
    /// Their name as it was.
    user_name: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: String,
    /// SHA-256 of what was decided on.
    content_sha256: String,
    /// Why it was sent back, or what was said.
    remark: Option<String>,
}

/// A document that has just been saved.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SavedDocument {
    #[serde(flatten)]
    document: DocumentFields,
    /// The tasks of the document; they come with reading it.
    tasks: Vec<TaskBody>,
    /// The tasks that were generated.
    generated_tasks: Vec<TaskBody>,
}

/// A version in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentVersionSummary)]
pub(super) struct SummaryBody {
    /// The version, from 1.
    version: i32,
    /// Which time it was handed in, from 1; 0 of the one that is being written.
    round: i32,
    /// draft (also: taken back out of review), in_review, approved, rejected or superseded.
    status: &'static str,
    /// What is new.
    note: Option<String>,
    /// Who began it, by name.
    written_by_name: Option<String>,
    /// When it was handed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    submitted_at: Option<String>,
    /// By whom.
    submitted_by_name: Option<String>,
    /// When it was approved, sent back or taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<String>,
    /// When a newer version took its place.
    #[schema(value_type = Option<String>, format = DateTime)]
    superseded_at: Option<String>,
    /// SHA-256 of its content.
    content_sha256: Option<String>,
}

/// A version as it was handed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DocumentVersion)]
pub(super) struct VersionBody {
    /// The document.
    document_id: Uuid,
    /// The version.
    version: i32,
    /// Which time it was handed in.
    round: i32,
    /// draft (taken back), in_review, approved, rejected or superseded.
    status: &'static str,
    /// Whether it is what was handed in and approved: `intact` or `tampered`.
    integrity: &'static str,
    /// SHA-256 of its content, as it was kept.
    content_sha256: String,
    /// The name as it stood.
    name: String,
    /// The number as it stood.
    document_number: Option<String>,
    /// The classification as it stood.
    classification: &'static str,
    /// The number of the release it came from.
    release: i32,
    /// The firm's name as it stood.
    firm_name: String,
    /// The customer's name as it stood.
    customer_name: String,
    /// SHA-256 of the logo as it stood.
    logo_sha256: Option<String>,
    /// What is new.
    note: Option<String>,
    /// Who began it.
    written_by_name: String,
    /// Who handed it in.
    submitted_by_name: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    submitted_at: String,
    /// When it was approved, sent back or taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<String>,
    #[serde(flatten)]
    content: ContentBody,
    /// Its review and approval.
    approval: RoundBody,
}

const fn word(integrity: Integrity) -> &'static str {
    match integrity {
        Integrity::Intact => "intact",
        Integrity::Tampered => "tampered",
    }
}

fn name(person: Option<&Person>) -> Option<String> {
    person.map(|person| person.name.clone())
}

fn moment(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

impl From<Document> for DocumentFields {
    fn from(document: Document) -> Self {
        let allowed = muster_domain::documents::DocumentMove::allowed_from(document.status);
        Self {
            id: document.id.0,
            customer_id: document.customer_id.0,
            customer_name: document.customer_name,
            plan_id: document.plan_id.0,
            iso_code: document.iso_code,
            template_id: document.template_id.0,
            template_name: document.template_name,
            release: document.release_number,
            name: document.name,
            document_number: document.document_number,
            classification: document.classification.as_str(),
            status: document.status.as_str(),
            allowed_moves: allowed.into_iter().map(muster_domain::documents::DocumentMove::as_str).collect(),
            document_version: document.document_version,
            round: document.round,
            in_force: document.in_force.map(|one| InForceBody {
                version: one.number,
                round: one.round,
                approved_at: one.approved_at.to_string(),
            }),
            note: document.note,
            deviates: document.deviates,
            completion_percentage: document.completion_percentage,
            out_of_date: document.out_of_date,
            review_interval_months: document.review_interval_months,
            next_review_on: document.next_review_on.map(|day| day.to_string()),
            content: document.content.into(),
            author_ids: document.author_ids.into_iter().map(|id| id.0).collect(),
            written_by: document.written_by.as_ref().map(|person| person.id.0),
            written_by_name: name(document.written_by.as_ref()),
            written_at: document.written_at.to_string(),
            created_by: document.created_by.as_ref().map(|person| person.id.0),
            created_by_name: name(document.created_by.as_ref()),
            version: document.version,
            created_at: document.created_at.to_string(),
            updated_at: document.updated_at.to_string(),
        }
    }
}

impl From<DocumentContent> for ContentBody {
    fn from(content: DocumentContent) -> Self {
        let answers = content.answers.into_iter().map(|(key, answer)| UsedAnswer {
            key,
            label: answer.label,
            value: answer.value,
            words: answer.words,
            version: answer.version,
        });
        let file = content.file.map(|file| FileBody {
            sha256: file.sha256,
            file_name: file.file_name,
            media_type: file.media_type,
            size: file.size,
        });
        Self {
            title: content.title,
            body: content.body,
            answers: answers.collect(),
            unanswered: content.unanswered.into_keys().collect(),
            file,
        }
    }
}

impl From<&Decision> for DecisionBody {
    fn from(decision: &Decision) -> Self {
        Self {
            decision: decision.kind.as_str(),
            step: decision.step.clone(),
            user_id: decision.user_id.0,
            user_name: decision.user_name.clone(),
            at: decision.at.to_string(),
            content_sha256: decision.content_sha256.clone(),
            remark: decision.remark.clone(),
        }
    }
}

impl From<&Round> for RoundBody {
    fn from(round: &Round) -> Self {
        let next = round.next().filter(|_| round.rejection().is_none()).map(|step| step.position);
        let passed = |position| {
            let mut decisions = round.decisions.iter();
            decisions.find(|one| one.position == position && one.kind != muster_domain::documents::DecisionKind::Rejected)
        };
        let steps = round.steps.iter().map(|step| StepBody {
            position: step.position,
            kind: step.kind.as_str(),
            step: step.step.clone(),
            title: step.title.clone(),
            task_id: step.task_id.0,
            is_next: next == Some(step.position),
            decision: passed(step.position).map(Into::into),
        });
        Self { steps: steps.collect(), rejection: round.rejection().map(Into::into) }
    }
}

impl From<ChangedAnswer> for ChangeBody {
    fn from(change: ChangedAnswer) -> Self {
        Self { key: change.key, label: change.label, before: change.before, after: change.after }
    }
}

impl From<DocumentView> for DocumentBody {
    fn from(view: DocumentView) -> Self {
        let handed_in: Option<&DocumentVersion> = view.handed_in.as_ref();
        Self {
            approval: handed_in.map(|version| (&version.round).into()),
            integrity: word(view.integrity),
            content_sha256: handed_in.map(|version| version.content_sha256.to_string()),
            changes: view.changes.into_iter().map(Into::into).collect(),
            tasks: tasks(view.tasks),
            document: view.document.into(),
        }
    }
}

impl From<DocumentSaved> for SavedDocument {
    fn from(saved: DocumentSaved) -> Self {
        Self { document: saved.document.into(), tasks: Vec::new(), generated_tasks: tasks(saved.generated_tasks) }
    }
}

impl SummaryBody {
    /// The version that is being written.
    pub(super) fn of_draft(document: &Document) -> Self {
        Self {
            version: document.document_version,
            round: 0,
            status: document.status.as_str(),
            note: document.note.clone(),
            written_by_name: name(document.written_by.as_ref()),
            submitted_at: None,
            submitted_by_name: None,
            decided_at: None,
            superseded_at: None,
            content_sha256: None,
        }
    }
}

impl From<VersionSummary> for SummaryBody {
    fn from(one: VersionSummary) -> Self {
        Self {
            version: one.which.number,
            round: one.which.round,
            status: one.status.as_str(),
            note: one.note,
            written_by_name: Some(one.written_by),
            submitted_at: Some(one.submitted_at.to_string()),
            submitted_by_name: name(one.submitted_by.as_ref()),
            decided_at: moment(one.decided_at),
            superseded_at: moment(one.superseded_at),
            content_sha256: Some(one.content_sha256.to_string()),
        }
    }
}

impl From<VersionView> for VersionBody {
    fn from(view: VersionView) -> Self {
        let version = view.version;
        Self {
            document_id: version.document_id.0,
            version: version.which.number,
            round: version.which.round,
            status: version.status.as_str(),
            integrity: word(view.integrity),
            content_sha256: version.content_sha256.to_string(),
            name: version.name,
            document_number: version.document_number,
            classification: version.classification.as_str(),
            release: version.release_number,
            firm_name: version.branding.firm_name,
            customer_name: version.branding.customer_name,
            logo_sha256: version.branding.logo_sha256,
            note: version.note,
            written_by_name: version.written_by,
            submitted_by_name: name(version.submitted_by.as_ref()),
            submitted_at: version.submitted_at.to_string(),
            decided_at: moment(version.decided_at),
            content: version.content.into(),
            approval: (&version.round).into(),
        }
    }
}
