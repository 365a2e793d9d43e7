//! Evidence as its pages show it.

use jiff::tz::TimeZone;
use muster_domain::{
    access::{Action, Actor, Decision, decide, decide_on_evidence, decide_on_linking, decide_on_unlinking},
    evidence::{self, Evidence, EvidenceContent, EvidenceFile, EvidenceKind, EvidenceState, EvidenceStatus, LinkAddress},
    tasks::Task,
    templates::{Question, QuestionKind},
};
use muster_service::{Error, FieldError};

use super::{Block, EvidencePage, File, Preview, RefusedPage, Said, ServedTask, State, Until, Upload, Version};
use crate::{
    format,
    layout::Layout,
    pages::{field_errors::FieldErrors, surroundings::may, visit::Visit},
    parts::{Choice, Crumb, Field},
    problem::Problem,
    state::AppState,
    text::Text,
};

/// What the settings say about evidence.
#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    /// The most bytes of a file.
    pub(crate) file: u64,
    /// So many days before its last day evidence is said to end.
    pub(crate) renewal_days: i32,
}

impl Bounds {
    /// The bounds as they are in force.
    pub(crate) fn of(state: &AppState) -> Self {
        Self { file: state.context.file_limit(), renewal_days: state.context.renewal_days() }
    }
}

/// Who looks at evidence, and how days and moments are told to them.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    /// The person; none where it is a respondent.
    pub(crate) actor: Option<&'a Actor>,
    /// The day it is for them.
    pub(crate) today: jiff::civil::Date,
    /// Their zone.
    pub(crate) zone: &'a TimeZone,
    /// What the settings say.
    pub(crate) bounds: Bounds,
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
            url: one.content.url().map(ToOwned::to_owned),
            has_page: self.actor.is_some(),
            size: size(one, t),
            until: self.until(one),
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

    /// The last day of evidence. How near it is matters as long as it counts.
    pub(crate) fn until(self, one: &Evidence) -> Option<Until> {
        let (last, e) = (one.details.valid_until?, &self.t.evidence);
        let day = format::full(last, self.t);
        let counts = matches!(one.state(), EvidenceState::Waiting | EvidenceState::Accepted);
        let is_near = last <= self.today.saturating_add(jiff::Span::new().days(self.bounds.renewal_days));
        let (text, tone) = match (one.has_expired(self.today), is_near) {
            (true, _) => (e.ended.with(day), counts.then_some("bad")),
            (false, true) => (e.valid_to.with(day), counts.then_some("warn")),
            (false, false) => (e.valid_to.with(day), None),
        };
        Some(Until { text, iso: last.to_string(), tone })
    }
}

/// "1.2 MB"; of a link the machine that it leads to.
pub(super) fn size(one: &Evidence, t: &Text) -> String {
    match &one.content {
        EvidenceContent::File(file) => format::size(u64::try_from(file.size).unwrap_or_default(), t),
        EvidenceContent::Link { url } => LinkAddress::parse(url).map_or_else(|_| url.clone(), |url| url.machine().to_owned()),
    }
}

/// The state as a page shows it.
pub(super) const fn state(stored: EvidenceState) -> State {
    match stored {
        EvidenceState::Waiting => State::Waiting,
        EvidenceState::Accepted => State::Accepted,
        EvidenceState::SentBack => State::SentBack,
        EvidenceState::Replaced => State::Replaced,
    }
}

/// The word for a kind.
pub(super) const fn kind_word(kind: EvidenceKind, t: &Text) -> &'static str {
    let e = &t.evidence;
    match kind {
        EvidenceKind::Record => e.record,
        EvidenceKind::Policy => e.policy,
        EvidenceKind::Screenshot => e.screenshot,
        EvidenceKind::Certificate => e.certificate,
        EvidenceKind::Report => e.report,
        EvidenceKind::Contract => e.contract,
        EvidenceKind::Other => e.other_kind,
    }
}

/// The kinds to choose from.
pub(super) fn kinds(current: &str, t: &Text) -> Vec<Choice> {
    let current = if current.is_empty() { EvidenceKind::unsaid().as_str() } else { current };
    EvidenceKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_word(*kind, t), current)).collect()
}

pub(super) fn handed_in_by(one: &Evidence, t: &Text) -> String {
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
            link_action: Some(format!("/customers/{}/evidence/links", task.customer_id)),
            takes_several: true,
            task_ids: vec![task.id.to_string()],
            kinds: kinds("", shown.t),
            next: next.to_owned(),
            limit: format::size(shown.bounds.file, shown.t),
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
        link_action: if is_file { Some(format!("{base}/questions/{}/links", question.key)) } else { upload.link_action },
        task_ids: if is_file { Vec::new() } else { upload.task_ids },
        ..upload
    });
    Some(Block { upload, ..block })
}

/// What the page of one piece of evidence is made from.
pub(super) struct Known<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) versions: &'a [Evidence],
    pub(super) tasks: &'a [Task],
}

/// The page of one piece of evidence.
pub(super) fn page(visit: &Visit, shown: Shown<'_>, layout: Layout, crumbs: Vec<Crumb>, known: &Known<'_>, reason: Field) -> EvidencePage {
    let (t, e, one) = (visit.t, &visit.t.evidence, known.evidence);
    let file = shown.file(one);
    let decision = decide_on_evidence(&visit.actor, one.customer_id, one.uploaded_by.as_ref().map(|by| by.id), shown.today);
    let is_seen = |task: &Task| task.ignored.is_none() && !task.is_hidden;
    let may_replace = one.replaced_by.is_none() && may(visit, one.customer_id, Action::AddEvidence) && known.tasks.iter().all(is_seen);
    let may_unlink = decide_on_unlinking(&visit.actor, one.customer_id, one, shown.today) == Decision::Allow;
    let may_link = one.replaced_by.is_none() && decide_on_linking(&visit.actor, one.customer_id, one, shown.today) == Decision::Allow;
    let served = |task: &Task| ServedTask {
        href: format!("/customers/{}?task={}#task", task.customer_id, task.id),
        title: task.title.clone(),
        place: place_of(task, t),
        unlink: (may_unlink && is_seen(task)).then(|| format!("/evidence/{}/tasks/{}/unlink", one.id, task.id)),
    };
    EvidencePage {
        layout,
        crumbs,
        facts: facts(shown, one, &file),
        fingerprint: one.content.file().map(|file| file.sha256.clone()),
        note: one.details.note.clone(),
        decision: one.decided_at.map(|at| {
            let word = if one.status == EvidenceStatus::Accepted { e.accepted } else { e.rejected };
            let by = one.decided_by.as_ref().map_or(e.somebody, |person| person.name.as_str());
            e.decided.with3(word, by, format::moment(at, shown.zone, t).text)
        }),
        preview: one.content.file().and_then(EvidenceFile::preview).map(|shown| match shown {
            evidence::Preview::Image => Preview::Picture,
            evidence::Preview::Pdf | evidence::Preview::Text => Preview::Frame,
        }),
        versions: versions(shown, known),
        tasks: known.tasks.iter().map(served).collect(),
        link_more: may_link.then(|| format!("/evidence/{}/tasks", one.id)),
        newer: one.replaced_by.map(|id| format!("/evidence/{id}")),
        is_own: one.replaced_by.is_none() && decision == Decision::Forbid(muster_domain::access::Denial::OwnEvidence),
        reason,
        replace: may_replace.then(|| Upload {
            action: format!("/customers/{}/evidence", one.customer_id),
            link_action: Some(format!("/customers/{}/evidence/links", one.customer_id)),
            replaces: Some(one.id.to_string()),
            kinds: kinds(one.details.kind.as_str(), t),
            limit: format::size(shown.bounds.file, t),
            has_details: true,
            ..Upload::default()
        }),
        file,
    }
}

/// All versions, where there are several.
fn versions(shown: Shown<'_>, known: &Known<'_>) -> Vec<Version> {
    if known.versions.len() < 2 {
        return Vec::new();
    }
    let version = |one: &Evidence| Version {
        href: (one.id != known.evidence.id).then(|| format!("/evidence/{}", one.id)),
        name: one.filename.clone(),
        state: state(one.state()),
        by: shown.t.evidence.by.with2(handed_in_by(one, shown.t), format::moment(one.received_at, shown.zone, shown.t).text),
    };
    known.versions.iter().map(version).collect()
}

/// Where a task stands: "ISO 27001:2022 · Asset register".
pub(super) fn place_of(task: &Task, t: &Text) -> String {
    let names = [&task.iso_code, &task.template_name, &task.document_name];
    let path: Vec<&str> = names.into_iter().filter_map(|name| name.as_deref()).collect();
    if path.is_empty() { t.workspace.customer_tasks.to_owned() } else { path.join(t.common.separator) }
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
    let content = match &one.content {
        EvidenceContent::File(stored) => vec![(e.size, file.size.clone()), (e.media_type, stored.media_type.clone())],
        EvidenceContent::Link { url } => vec![(e.address, url.clone())],
    };
    let known = [(e.kind, kind_word(details.kind, t).to_owned()), (e.handed_in, handed_in)];
    let valid = details.valid_until.map(|date| (e.valid_until, day(date)));
    known.into_iter().chain(content).chain(covers).chain(valid).collect()
}

/// A file that was not taken, with the form as it was filled in; any other error is no matter of it.
pub(crate) fn refused_page(
    error: Error,
    layout: Layout,
    crumbs: Vec<Crumb>,
    upload: Upload,
    is_link: bool,
    t: &'static Text,
) -> Result<RefusedPage, Problem> {
    let errors = match error {
        Error::Invalid(errors) => errors,
        other => return Err(other.into()),
    };
    let why = why(&errors, t);
    let fields = FieldErrors::beside(errors, &["file", "url", "label", "note", "covers_from", "covers_to", "valid_until"])?;
    let with = |name: &str, field: Field| Field { error: fields.word(name, t), ..field };
    let said = Said {
        url: with("url", upload.said.url),
        label: with("label", upload.said.label),
        note: with("note", upload.said.note),
        covers_from: with("covers_from", upload.said.covers_from),
        covers_to: with("covers_to", upload.said.covers_to),
        valid_until: with("valid_until", upload.said.valid_until),
    };
    Ok(RefusedPage { layout, crumbs, why, is_link, upload: Upload { said, ..upload } })
}

fn why(errors: &[FieldError], t: &Text) -> String {
    match errors.iter().find(|error| error.pointer == "/file") {
        Some(error) if error.code == "blank" => t.evidence.choose_file.to_owned(),
        Some(error) => t.fields.other.with(&error.message),
        None => t.common.check_fields.n(errors.len()),
    }
}

/// What was typed, to be shown again.
pub(super) fn typed<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Said {
    let field = |name: &str| Field::of(get(name).unwrap_or_default());
    Said {
        url: field("url"),
        label: field("label"),
        note: field("note"),
        covers_from: field("covers_from"),
        covers_to: field("covers_to"),
        valid_until: field("valid_until"),
    }
}
