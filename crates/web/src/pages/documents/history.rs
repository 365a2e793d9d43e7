//! What was decided on a document, and its versions.

use jiff::Timestamp;
use muster_domain::{
    documents::{self, DecisionKind, Document, DocumentStatus, DocumentVersion, Step, StepKind, VersionChoice},
    tasks::Task,
};
use muster_service::{DocumentView, VersionSummary};

use super::{Approval, Decision, VersionRow, handlers::Shown};
use crate::{format, pages::surroundings::role_word, pages::visit::Visit, parts::Tone, text::Text};

/// The steps of a version's review and approval, with who decided or who is asked.
pub(super) fn approvals(visit: &Visit, from: &DocumentView, version: &DocumentVersion) -> Vec<Approval> {
    let t = visit.t;
    let round = &version.round;
    let moment = |at: Timestamp| Some(format::moment(at, &visit.zone(), t));
    let handed_in = Approval {
        role: String::new(),
        person: version.submitted_by.as_ref().map(|person| person.name.clone()),
        decision: Decision::HandedIn,
        at: moment(version.submitted_at),
        due: None,
        remark: None,
    };
    let mut log = vec![handed_in];
    let next = round.next().filter(|_| version.status == DocumentStatus::InReview).map(|step| step.position);
    for step in &round.steps {
        let passed = round.decisions.iter().find(|one| one.position == step.position && one.kind != DecisionKind::Rejected);
        match passed {
            Some(decision) => log.push(decided(step, decision, visit)),
            None if version.status == DocumentStatus::InReview => log.push(open(visit, from, step, next == Some(step.position))),
            None => {}
        }
    }
    let rejected = round.rejection().and_then(|one| Some((one, round.steps.iter().find(|step| step.position == one.position)?)));
    log.extend(rejected.map(|(decision, step)| decided(step, decision, visit)));
    log
}

fn decided(step: &Step, decision: &documents::Decision, visit: &Visit) -> Approval {
    Approval {
        role: step_word(step, visit.t),
        person: Some(decision.user_name.clone()),
        decision: match decision.kind {
            DecisionKind::Reviewed => Decision::Reviewed,
            DecisionKind::Approved => Decision::Approved,
            DecisionKind::Rejected => Decision::Rejected,
        },
        at: Some(format::moment(decision.at, &visit.zone(), visit.t)),
        due: None,
        remark: decision.remark.clone(),
    }
}

fn open(visit: &Visit, from: &DocumentView, step: &Step, is_next: bool) -> Approval {
    let task = task_of(from, step);
    Approval {
        role: step_word(step, visit.t),
        person: asked(visit.t, from, step),
        decision: if is_next { Decision::Current } else { Decision::Later },
        at: None,
        due: task.and_then(|task| task.due_date).map(|due| format::due(due, visit.today(), true, visit.t)),
        remark: None,
    }
}

fn task_of<'a>(from: &'a DocumentView, step: &Step) -> Option<&'a Task> {
    from.tasks.iter().find(|task| task.id == step.task_id)
}

/// Who is asked at a step: those who are named for it, or whoever has the task.
pub(super) fn asked(t: &Text, from: &DocumentView, step: &Step) -> Option<String> {
    if step.kind == StepKind::Approval {
        let named: Vec<&str> = named_for(from, step).collect();
        return (!named.is_empty()).then(|| named.join(t.document.or));
    }
    let task = task_of(from, step)?;
    let assigned = task.assigned_to.as_ref().map(|person| person.name.clone());
    assigned.or_else(|| task.assignee_role.map(|role| role_word(role, t).to_owned()))
}

/// The names of those who may decide at an approval step: the authors of the version do not.
pub(super) fn named_for<'a>(from: &'a DocumentView, step: &'a Step) -> impl Iterator<Item = &'a str> {
    let holds = move |steps: &[String]| steps.contains(&step.step);
    let may = from.approvers.iter().filter(move |(person, steps)| holds(steps) && !from.document.is_author(person.id));
    may.map(|(person, _)| person.name.as_str())
}

/// The word for a step: of those that ship, or as the firm's rule calls it.
pub(super) fn step_word(step: &Step, t: &Text) -> String {
    match step.step.as_str() {
        _ if step.kind == StepKind::Review => t.document.step_review.to_owned(),
        "manager" => t.names.manager.to_owned(),
        "ciso" => t.document.step_ciso.to_owned(),
        other => other.to_owned(),
    }
}

/// A version that was handed in, as the address has it.
pub(super) fn address(one: &VersionSummary) -> String {
    VersionChoice::Kept { number: one.which.number, round: Some(one.which.round) }.to_string()
}

/// What a version is called: with the time it was handed in, where it was so several times.
pub(super) fn label(one: &VersionSummary, all: &[VersionSummary], t: &Text) -> String {
    let is_last = !all.iter().any(|other| other.which.number == one.which.number && other.which.round > one.which.round);
    if is_last { t.document.version.with(one.which.number) } else { t.document.version_again.with2(one.which.number, one.which.round) }
}

/// The list of versions: the one that is being written, and all that were handed in.
pub(super) fn versions(visit: &Visit, from: &DocumentView, shown: Shown) -> Vec<VersionRow> {
    let (document, t) = (&from.document, visit.t);
    let draft = document.is_open().then(|| written(visit, document, shown));
    let latest = document.latest_number().filter(|_| !document.is_open());
    let row = |one: &VersionSummary| {
        let is_read = match shown.version {
            Some(VersionChoice::Kept { number, round }) => one.which.number == number && round.is_none_or(|round| round == one.which.round),
            _ => latest == Some(one.which),
        };
        let is_latest = latest == Some(one.which);
        let href =
            if is_latest { format!("/documents/{}", document.id) } else { format!("/documents/{}?version={}", document.id, address(one)) };
        let (icon, tone, state) = state(one.status, t);
        let day = |at: Timestamp| format::full(at.to_zoned(visit.zone()).date(), t);
        let at = one.superseded_at.or(one.decided_at).unwrap_or(one.submitted_at);
        VersionRow {
            label: label(one, &from.versions, t),
            href: (!is_read).then_some(href),
            title: one.note.clone().unwrap_or_default(),
            line: [state.to_owned(), day(at), one.written_by.clone()].join(t.common.separator),
            icon,
            tone,
        }
    };
    draft.into_iter().chain(from.versions.iter().map(row)).collect()
}

fn written(visit: &Visit, document: &Document, shown: Shown) -> VersionRow {
    let t = visit.t;
    let (icon, tone, state) = state(document.status, t);
    let author = document.written_by.as_ref().map(|person| person.name.clone());
    let day = format::full(document.written_at.to_zoned(visit.zone()).date(), t);
    let line: Vec<String> = [Some(state.to_owned()), Some(day), author].into_iter().flatten().collect();
    VersionRow {
        label: t.document.version.with(document.document_version),
        href: shown.version.is_some().then(|| format!("/documents/{}", document.id)),
        title: document.note.clone().unwrap_or_default(),
        line: line.join(t.common.separator),
        icon,
        tone,
    }
}

const fn state(status: DocumentStatus, t: &Text) -> (&'static str, Tone, &'static str) {
    let w = &t.document;
    match status {
        DocumentStatus::Draft => ("edit", Tone::Mute, w.state_draft),
        DocumentStatus::InReview => ("review", Tone::See, w.state_in_review),
        DocumentStatus::Approved => ("done", Tone::Ok, w.state_in_force),
        DocumentStatus::Rejected => ("reject", Tone::Bad, w.state_sent_back),
        DocumentStatus::Superseded => ("document", Tone::Mute, w.state_replaced),
    }
}
