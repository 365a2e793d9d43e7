//! Evidence as its pages show it.

use jiff::tz::TimeZone;
use muster_domain::{
    access::{Action, Actor, Decision, decide, decide_on_evidence},
    evidence::{Evidence, EvidenceStatus},
    tasks::Task,
    templates::{Question, QuestionKind},
};
use muster_service::{Error, FieldError};

use super::{Block, EvidencePage, File, RefusedPage, Said, State, Upload};
use crate::{
    format,
    layout::Layout,
    pages::{field_errors::FieldErrors, surroundings::may, visit::Visit},
    parts::{Crumb, Field},
    problem::Problem,
    request::UploadForm,
    text::Text,
};

/// Who looks at evidence, and how days and moments are told to them.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The person; none where it is a respondent.
    pub(crate) actor: Option<&'a Actor>,
    /// The day it is for them.
    pub(crate) today: jiff::civil::Date,
    /// Their zone.
    pub(crate) zone: &'a TimeZone,
    /// The most bytes of a file.
    pub(crate) limit: u64,
    /// The words of their language.
    pub(crate) t: &'static Text,
}

impl Shown<'_> {
    /// A file as a list shows it.
    pub(crate) fn file(self, one: &Evidence) -> File {
        let t = self.t;
        let decision = |actor: &Actor| decide_on_evidence(actor, one.customer_id, one.uploaded_by.as_ref().map(|by| by.id), self.today);
        File {
            id: one.id.to_string(),
            name: one.filename.clone(),
            has_page: self.actor.is_some(),
            size: format::size(u64::try_from(one.size).unwrap_or_default(), t),
            by: t.evidence.by.with2(handed_in_by(one, t), format::recent(one.received_at, self.today, self.zone, t).text),
            state: match one.status {
                EvidenceStatus::Pending => State::Waiting,
                EvidenceStatus::Accepted => State::Accepted,
                EvidenceStatus::Rejected => State::SentBack,
            },
            reason: one.decision_reason.clone(),
            version: one.version,
            may_decide: one.replaced_by.is_none() && self.actor.is_some_and(|actor| decision(actor) == Decision::Allow),
        }
    }
}

fn handed_in_by(one: &Evidence, t: &Text) -> String {
    let respondent = || one.respondent.as_ref().map(|respondent| t.evidence.respondent.with(&respondent.name));
    one.uploaded_by.as_ref().map(|person| person.name.clone()).or_else(respondent).unwrap_or_else(|| t.evidence.somebody.to_owned())
}

/// The evidence of a task: none where there is none, and none is asked for or may be added.
/// `changes` are the selectors of what an upload or a decision changes of the page, its target first.
pub(crate) fn block(shown: Shown<'_>, task: &Task, evidence: &[Evidence], next: &str, changes: &[&str]) -> Option<Block> {
    let serving: Vec<&Evidence> = evidence.iter().filter(|one| one.task_ids.contains(&task.id)).collect();
    let is_away = task.ignored.is_some() || task.is_hidden;
    let may_add = |actor: &Actor| decide(actor, task.customer_id, Action::AddEvidence, shown.today) == Decision::Allow;
    let may_add = !is_away && shown.actor.is_some_and(may_add);
    let is_needed = task.lacks_evidence();
    if serving.is_empty() && !is_needed && !(may_add && task.status.is_open()) {
        return None;
    }
    Some(Block {
        id: task.id.to_string(),
        is_needed,
        wanted: task.evidence_description.clone(),
        files: serving.into_iter().map(|one| shown.file(one)).collect(),
        upload: may_add.then(|| Upload {
            action: format!("/customers/{}/evidence", task.customer_id),
            task_ids: vec![task.id.to_string()],
            next: next.to_owned(),
            limit: format::size(shown.limit, shown.t),
            has_details: true,
            ..Upload::default()
        }),
        next: next.to_owned(),
        changes: changes.iter().map(|selector| (*selector).to_owned()).collect(),
    })
}

/// The evidence of a question: what its task has. Where files are its answer, handing one in answers it.
pub(crate) fn question_block(shown: Shown<'_>, question: &Question, task: &Task, evidence: &[Evidence], base: &str) -> Option<Block> {
    let is_file = question.kind == QuestionKind::File;
    let is_wanted = is_file || question.requires_evidence || evidence.iter().any(|one| one.task_ids.contains(&task.id));
    let place = format!("#q-{}", question.key);
    let next = format!("{base}/questionnaire?keep={}{place}", question.key);
    let block = block(shown, task, evidence, &next, &[&place, "#progress", "#preview-text", "#document"]).filter(|_| is_wanted)?;
    let upload = block.upload.map(|upload| Upload {
        action: if is_file { format!("{base}/questions/{}/files", question.key) } else { upload.action },
        task_ids: if is_file { Vec::new() } else { upload.task_ids },
        ..upload
    });
    Some(Block { upload, ..block })
}

/// The page of one file.
pub(super) fn page(
    visit: &Visit,
    shown: Shown<'_>,
    layout: Layout,
    crumbs: Vec<Crumb>,
    one: &Evidence,
    tasks: &[Task],
    reason: Field,
) -> EvidencePage {
    let (t, e) = (visit.t, &visit.t.evidence);
    let file = shown.file(one);
    let decision = decide_on_evidence(&visit.actor, one.customer_id, one.uploaded_by.as_ref().map(|by| by.id), shown.today);
    let may_replace = one.replaced_by.is_none()
        && may(visit, one.customer_id, Action::AddEvidence)
        && tasks.iter().all(|task| task.ignored.is_none() && !task.is_hidden);
    EvidencePage {
        layout,
        crumbs,
        facts: facts(shown, one, &file),
        fingerprint: one.sha256.clone(),
        note: one.details.note.clone(),
        decision: one.decided_at.map(|at| {
            let word = if one.status == EvidenceStatus::Accepted { e.accepted } else { e.rejected };
            let by = one.decided_by.as_ref().map_or(e.somebody, |person| person.name.as_str());
            e.decided.with3(word, by, format::moment(at, shown.zone, t).text)
        }),
        tasks: tasks.iter().map(|task| (format!("/customers/{}?task={}#task", task.customer_id, task.id), task.title.clone())).collect(),
        newer: one.replaced_by.map(|id| format!("/evidence/{id}")),
        is_own: one.replaced_by.is_none() && decision == Decision::Forbid(muster_domain::access::Denial::OwnEvidence),
        reason,
        replace: may_replace.then(|| Upload {
            action: format!("/customers/{}/evidence", one.customer_id),
            replaces: Some(one.id.to_string()),
            limit: format::size(shown.limit, t),
            has_details: true,
            ..Upload::default()
        }),
        file,
    }
}

fn facts(shown: Shown<'_>, one: &Evidence, file: &File) -> Vec<(&'static str, String)> {
    let (t, e, details) = (shown.t, &shown.t.evidence, &one.details);
    let day = |date: jiff::civil::Date| format::full(date, t);
    let covers = match (details.covers_from, details.covers_to) {
        (None, None) => None,
        (from, to) => {
            let end = |date: Option<jiff::civil::Date>| date.map_or_else(|| e.open_end.to_owned(), day);
            Some((e.covers_from, e.covers.with2(end(from), end(to))))
        }
    };
    let handed_in = e.by.with2(handed_in_by(one, t), format::moment(one.received_at, shown.zone, t).text);
    let known = [(e.handed_in, handed_in), (e.size, file.size.clone()), (e.kind, one.media_type.clone())];
    let valid = details.valid_until.map(|date| (e.valid_until, day(date)));
    known.into_iter().chain(covers).chain(valid).collect()
}

/// A file that was not taken, with the form as it was filled in; any other error is no matter of it.
pub(crate) fn refused_page(
    error: Error,
    layout: Layout,
    crumbs: Vec<Crumb>,
    upload: Upload,
    t: &'static Text,
) -> Result<RefusedPage, Problem> {
    let errors = match error {
        Error::Invalid(errors) => errors,
        other => return Err(other.into()),
    };
    let why = why(&errors, t);
    let fields = FieldErrors::beside(errors, &["file", "note", "covers_from", "covers_to", "valid_until"])?;
    let with = |name: &str, field: Field| Field { error: fields.word(name, t), ..field };
    let said = Said {
        note: with("note", upload.said.note),
        covers_from: with("covers_from", upload.said.covers_from),
        covers_to: with("covers_to", upload.said.covers_to),
        valid_until: with("valid_until", upload.said.valid_until),
    };
    Ok(RefusedPage { layout, crumbs, why, upload: Upload { said, ..upload } })
}

fn why(errors: &[FieldError], t: &Text) -> String {
    match errors.iter().find(|error| error.pointer == "/file") {
        Some(error) if error.code == "blank" => t.evidence.choose_file.to_owned(),
        Some(error) => t.fields.other.with(&error.message),
        None => t.common.check_fields.n(errors.len()),
    }
}

/// What was typed beside a file, to be shown again.
pub(super) fn typed(form: &UploadForm) -> Said {
    let field = |name: &str| Field::of(form.get(name).unwrap_or_default());
    Said { note: field("note"), covers_from: field("covers_from"), covers_to: field("covers_to"), valid_until: field("valid_until") }
}
