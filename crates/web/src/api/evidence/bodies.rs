//! Evidence as the API tells it.

use muster_domain::evidence::{Evidence, EvidenceContent, EvidenceGap};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::bodies::TaskBody;

/// A file or a link that was handed in as evidence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evidence)]
pub(super) struct EvidenceBody {
    pub(super) id: Uuid,
    customer_id: i32,
    /// A name, never a path; of a link its label.
    filename: String,
    /// Of the content as it was handed in; none of a link.
    sha256: Option<String>,
    /// In bytes; none of a link.
    size: Option<i64>,
    /// None of a link.
    media_type: Option<String>,
    /// Where a link leads; none of a file.
    url: Option<String>,
    /// record, policy, screenshot, certificate, report, contract or other.
    kind: &'static str,
    /// pending, accepted or rejected.
    status: &'static str,
    /// Where it stands in the register: waiting, accepted, sent_back or replaced.
    state: &'static str,
    /// The first day that it tells of.
    #[schema(value_type = Option<String>, format = Date)]
    covers_from: Option<String>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    covers_to: Option<String>,
    /// The last day on which it shows anything.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<String>,
    note: Option<String>,
    /// The tasks that it serves, as far as one may see them.
    task_ids: Vec<Uuid>,
    #[schema(value_type = String, format = DateTime)]
    received_at: String,
    uploaded_by: Option<i32>,
    uploaded_by_name: Option<String>,
    /// The respondent who handed it in, where it was nobody with an account; the name is theirs then.
    respondent_id: Option<Uuid>,
    decided_by: Option<i32>,
    decided_by_name: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<String>,
    /// Why it was sent back.
    decision_reason: Option<String>,
    /// The evidence that came in its place.
    replaced_by: Option<Uuid>,
    /// Counts the decisions about it.
    version: i32,
}

impl From<Evidence> for EvidenceBody {
    fn from(from: Evidence) -> Self {
        let state = from.state().as_str();
        let (file, url) = match from.content {
            EvidenceContent::File(file) => (Some(file), None),
            EvidenceContent::Link { url } => (None, Some(url)),
        };
        Self {
            id: from.id.0,
            customer_id: from.customer_id.0,
            filename: from.filename,
            sha256: file.as_ref().map(|file| file.sha256.clone()),
            size: file.as_ref().map(|file| file.size),
            media_type: file.map(|file| file.media_type),
            url,
            kind: from.details.kind.as_str(),
            status: from.status.as_str(),
            state,
            covers_from: from.details.covers_from.map(|date| date.to_string()),
            covers_to: from.details.covers_to.map(|date| date.to_string()),
            valid_until: from.details.valid_until.map(|date| date.to_string()),
            note: from.details.note,
            task_ids: from.task_ids.into_iter().map(|id| id.0).collect(),
            received_at: from.received_at.to_string(),
            uploaded_by: from.uploaded_by.as_ref().map(|person| person.id.0),
            respondent_id: from.respondent.as_ref().map(|one| one.id.0),
            uploaded_by_name: from.uploaded_by.map(|person| person.name).or(from.respondent.map(|one| one.name)),
            decided_by: from.decided_by.as_ref().map(|person| person.id.0),
            decided_by_name: from.decided_by.map(|person| person.name),
            decided_at: from.decided_at.map(|at| at.to_string()),
            decision_reason: from.decision_reason,
            replaced_by: from.replaced_by.map(|id| id.0),
            version: from.version,
        }
    }
}

/// A file to be handed in, as multipart/form-data.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; it is read piece by piece")]
pub(super) struct EvidenceForm {
    /// The file. Its name and its content have to say the same kind; that of pages, programs, pictures with
    /// scripts and office files with macros is not accepted.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// A task that it serves; may be repeated.
    #[schema(value_type = Vec<Uuid>)]
    task_id: Option<Vec<Uuid>>,
    /// record, policy, screenshot, certificate, report, contract or other; other unless given.
    kind: Option<String>,
    /// The first day that it tells of.
    #[schema(value_type = Option<String>, format = Date)]
    covers_from: Option<String>,
    /// The last one.
    #[schema(value_type = Option<String>, format = Date)]
    covers_to: Option<String>,
    /// The last day on which it shows anything.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<String>,
    /// Words about it.
    note: Option<String>,
    /// The evidence that it comes in the place of.
    replaces: Option<Uuid>,
    /// The SHA-256 of the file, as 64 hexadecimal digits: where what arrived has another, nothing is kept.
    sha256: Option<String>,
}

/// A task that needs evidence and has none that is accepted and still valid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvidenceGap)]
pub(super) struct GapBody {
    /// The task.
    task: TaskBody,
    /// What is there in its place: missing (nothing), waiting, sent_back or expired.
    reason: &'static str,
    /// The last day of what expired last.
    #[schema(value_type = Option<String>, format = Date)]
    expired_on: Option<String>,
}

impl From<EvidenceGap> for GapBody {
    fn from(from: EvidenceGap) -> Self {
        Self { task: from.task.into(), reason: from.reason.as_str(), expired_on: from.expired_on.map(|date| date.to_string()) }
    }
}
