//! A document as its page shows it.

use jiff::{Timestamp, civil::Date};
use muster_domain::{
    access::Action as Right,
    documents::{Document, DocumentContent, DocumentMove, DocumentStatus, DocumentVersion, Integrity, StepKind, VersionChoice},
    tasks::{CompletedBy, Task, TaskMove, TaskStatus},
};
use muster_paper::{Comparison, Marks, Paper, compare};
use muster_service::{ComparedTexts, DocumentView, VersionView};

use super::{Actions, Compare, DocumentPage, ExportMenu, Note, Stale, decide, edit::classification, handlers::Shown, history};
use crate::{
    format,
    layout::Layout,
    pages::{
        surroundings::{document_status, may, person, priority, status},
        visit::Visit,
    },
    parts::{Action, Choice, Crumb, Progress, TaskRow},
    recurrence,
    text::Text,
};

/// What the page is made from.
pub(super) struct Source<'a> {
    /// The document with all around it.
    pub(super) from: &'a DocumentView,
    /// The version that is read, where it is not the latest.
    pub(super) read: Option<&'a VersionView>,
    /// The two texts that are compared.
    pub(super) compared: Option<&'a ComparedTexts>,
    /// What was asked for.
    pub(super) shown: Shown,
    /// Whether approving needs a password or a code.
    pub(super) needs_proof: bool,
    /// Whether PDF files can be made now.
    pub(super) has_pdf: bool,
}

impl Source<'_> {
    /// The version that is read as it was handed in; none of a draft.
    fn version(&self) -> Option<&DocumentVersion> {
        let latest = self.from.handed_in.as_ref().filter(|_| !self.from.document.is_open());
        self.read.map(|view| &view.version).or(latest)
    }

    fn content(&self) -> &DocumentContent {
        self.version().map_or(&self.from.document.content, |version| &version.content)
    }

    fn integrity(&self) -> Integrity {
        self.read.map_or(self.from.integrity, |view| view.integrity)
    }
}

pub(super) fn page(visit: &Visit, layout: Layout, source: &Source<'_>) -> DocumentPage {
    let (t, document, tasks) = (visit.t, &source.from.document, &source.from.tasks);
    let version = source.version();
    let comparison = source.compared.map(|texts| compared(texts, t));
    let counted = tasks.iter().filter(|task| task.status != TaskStatus::Cancelled && task.ignored.is_none());
    let (done, total) = counted.fold((0, 0), |(done, total), task| (done + u32::from(task.status == TaskStatus::Completed), total + 1));
    let is_latest = source.read.is_none();
    // A document that was sent back shows why, until it is handed in again.
    let decided = version.or(source.from.handed_in.as_ref().filter(|_| document.status == DocumentStatus::Rejected));
    DocumentPage {
        layout,
        crumbs: crumbs(visit, document),
        id: document.id.to_string(),
        name: version.map_or(&document.name, |version| &version.name).clone(),
        status: document_status(source.read.map_or(document.status, |view| view.version.status)),
        about: about(visit, source),
        notes: notes(visit, source),
        stale: if is_latest { stale(visit, source.from) } else { None },
        actions: if is_latest { actions(visit, document) } else { Actions::default() },
        compare: choices(visit, source, comparison.as_ref()),
        colophon: colophon(visit, source),
        html: comparison.map_or_else(|| html(source.content(), t), |found| found.html),
        file: source.content().file.as_ref().map(|file| (file.file_name.clone(), file_address(source))),
        decision: if is_latest { decide::form(visit, source.from, source.needs_proof) } else { None },
        tasks: tasks.iter().filter(|task| is_shown(task)).map(|task| row(visit, task)).collect(),
        progress: Progress::new(done, total),
        approvals: decided.map(|version| history::approvals(visit, source.from, version)).unwrap_or_default(),
        versions: history::versions(visit, source.from, source.shown),
        facts: facts(visit, source),
        export: export(source),
        fingerprint: version.map(|version| version.content_sha256.to_string()),
    }
}

/// What the version that is read can be taken out as.
fn export(source: &Source<'_>) -> Option<ExportMenu> {
    let document = &source.from.document;
    let version = source.version().map_or(document.document_version, |version| version.which.number);
    let menu = ExportMenu { id: document.id.to_string(), version: version.to_string(), has_pdf: source.has_pdf };
    source.content().file.is_none().then_some(menu)
}

/// Steps of rounds that are over are in the history, not among what there is to do.
fn is_shown(task: &Task) -> bool {
    task.ignored.is_none() && task.status != TaskStatus::Cancelled
}

/// Where the file of a document is taken from.
fn file_address(source: &Source<'_>) -> String {
    let version = source.shown.version.map(|version| format!("?version={version}")).unwrap_or_default();
    format!("/api/v1/documents/{}/file{version}", source.from.document.id)
}

/// The text as it was saved. What was left unanswered then stays visibly so.
fn html(content: &DocumentContent, t: &Text) -> String {
    if content.file.is_some() { String::new() } else { muster_paper::html(&paper(content, t), Marks::Gaps) }
}

fn paper(content: &DocumentContent, t: &Text) -> Paper {
    Paper::of(content, &|_, _| t.questionnaire.no_answer.to_owned())
}

fn compared(texts: &ComparedTexts, t: &Text) -> Comparison {
    compare(&paper(&texts.before, t), &paper(&texts.after, t))
}

pub(super) fn crumbs(visit: &Visit, document: &Document) -> Vec<Crumb> {
    let workspace = format!("/customers/{}", document.customer_id);
    let mut crumbs = visit.way_to(document.customer_id, &document.customer_name);
    crumbs.push(Crumb::to(&document.iso_code, format!("{workspace}#plan-{}", document.plan_id)));
    crumbs.push(Crumb::to(&document.template_name, format!("{workspace}#template-{}-{}", document.plan_id, document.template_id)));
    crumbs.push(Crumb::here(&document.name));
    crumbs
}

fn day(instant: Timestamp, visit: &Visit) -> Date {
    instant.to_zoned(visit.zone()).date()
}

/// Version, author, and whom it waits for until when.
fn about(visit: &Visit, source: &Source<'_>) -> Vec<String> {
    let (t, document) = (visit.t, &source.from.document);
    let number = source.version().map_or(document.document_version, |version| version.which.number);
    let author = match source.version() {
        Some(version) => Some(version.written_by.clone()).filter(|name| !name.is_empty()),
        None => document.written_by.as_ref().map(|person| person.name.clone()),
    };
    let mut about = vec![t.document.version.with(number)];
    about.extend(author.map(|author| t.document.written_by.with(author)));
    let next = source.version().filter(|version| version.status == DocumentStatus::InReview).and_then(|version| version.round.next());
    if let Some(step) = next.filter(|_| source.read.is_none()) {
        let whom = history::asked(t, source.from, step).unwrap_or_else(|| history::step_word(step, t));
        let due = source.from.tasks.iter().find(|task| task.id == step.task_id).and_then(|task| task.due_date);
        about.push(match due {
            Some(due) => t.document.waiting_until.with2(whom, format::full(due, t)),
            None => t.document.waiting.with(whom),
        });
    }
    about
}

fn notes(visit: &Visit, source: &Source<'_>) -> Vec<Note> {
    let (t, document) = (visit.t, &source.from.document);
    let w = &t.document;
    let here = format!("/documents/{}", document.id);
    let note = |tone, icon, text: String, link| Note { tone, icon, text, link };
    let mut notes = Vec::new();
    if source.integrity() == Integrity::Tampered {
        notes.push(note("bad", "late", w.tampered.to_owned(), None));
    }
    if let Some(view) = source.read {
        let text = w.reading_other.with2(view.version.which.number, document.document_version);
        notes.push(note("info", "document", text, Some((here, w.to_latest.to_owned()))));
        return notes;
    }
    if let Some(in_force) = document.in_force.filter(|one| one.number != document.document_version) {
        let text = w.in_force_meanwhile.with2(in_force.number, format::full(day(in_force.approved_at, visit), t));
        let link = format!("{here}?version={}.{}", in_force.number, in_force.round);
        notes.push(note("info", "done", text, Some((link, w.read_that.to_owned()))));
    }
    if document.is_author(visit.actor.user_id()) && document.status == DocumentStatus::InReview {
        notes.push(note("info", "user", w.you_wrote_it.to_owned(), None));
    }
    notes.extend(nobody_named(visit, source.from));
    if document.deviates {
        let link = format!("{here}?view=changes&from=template");
        notes.push(note("info", "edit", w.deviates.with(document.release_number), Some((link, w.show_deviation.to_owned()))));
    }
    notes
}

/// Steps at which nobody could decide, and who can help that.
fn nobody_named(visit: &Visit, from: &DocumentView) -> Option<Note> {
    let (t, document) = (visit.t, &from.document);
    let round = &from.handed_in.as_ref().filter(|_| document.status == DocumentStatus::InReview)?.round;
    let is_open = |step: &&muster_domain::documents::Step| step.kind == StepKind::Approval && !round.is_passed(step);
    let step = round.steps.iter().filter(is_open).find(|step| history::named_for(from, step).next().is_none())?;
    let people = format!("/customers/{}/people", document.customer_id);
    let may_see = may(visit, document.customer_id, Right::ReadPeople);
    Some(Note {
        tone: "warn",
        icon: "late",
        text: t.document.nobody_named.with(history::step_word(step, t)),
        link: may_see.then(|| (people, t.document.to_people.to_owned())),
    })
}

/// What answers say otherwise, and what to do about it.
fn stale(visit: &Visit, from: &DocumentView) -> Option<Stale> {
    let (t, document) = (visit.t, &from.document);
    let w = &t.document;
    if !document.out_of_date || from.changes.is_empty() {
        return None;
    }
    let may_write = may(visit, document.customer_id, Right::AnswerQuestion);
    let changes = from.changes.iter().map(|one| (one.label.clone(), one.before.clone(), one.after.clone())).collect();
    let (about, action) = match document.status {
        DocumentStatus::Approved => (w.out_of_date_approved, Some(("versions", w.start_version.with(document.document_version + 1)))),
        DocumentStatus::InReview => (w.out_of_date_in_review, None),
        _ => (w.out_of_date_draft, Some(("refresh", w.refresh.to_owned()))),
    };
    Some(Stale { about: about.to_owned(), changes, action: action.filter(|_| may_write) })
}

fn actions(visit: &Visit, document: &Document) -> Actions {
    let is_possible = |attempted: DocumentMove| attempted.apply(document.status).is_some();
    let may = |right| may(visit, document.customer_id, right);
    Actions {
        questionnaire: document
            .content
            .file
            .is_none()
            .then(|| format!("/plans/{}/templates/{}/questionnaire", document.plan_id, document.template_id)),
        may_edit: may(Right::AnswerQuestion),
        may_submit: is_possible(DocumentMove::Submit) && may(Right::SubmitDocument),
        may_withdraw: is_possible(DocumentMove::Withdraw) && may(Right::SubmitDocument),
        next_version: (is_possible(DocumentMove::NewVersion) && may(Right::AnswerQuestion)).then_some(document.document_version + 1),
    }
}

/// What the text that is read can be compared with.
fn choices(visit: &Visit, source: &Source<'_>, found: Option<&Comparison>) -> Option<Compare> {
    let (t, from) = (visit.t, source.from);
    if source.content().file.is_some() {
        return None;
    }
    let read = source.version().map(|version| version.which);
    let others = from.versions.iter().filter(|one| Some(one.which) != read);
    let current = source.compared.map(|texts| texts.with.to_string()).unwrap_or_default();
    let mut with: Vec<Choice> =
        others.map(|one| Choice::new(history::address(one), history::label(one, &from.versions, t), &current)).collect();
    with.push(Choice::new(VersionChoice::Template.to_string(), t.document.template_text.with(from.document.release_number), &current));
    if source.read.is_some() && from.document.is_open() {
        with.insert(
            0,
            Choice::new(VersionChoice::Latest.to_string(), t.document.draft_text.with(from.document.document_version), &current),
        );
    }
    let number = read.map_or(from.document.document_version, |which| which.number);
    let sections = found.map(|found| found.sections.iter().map(|one| (format!("#{}", one.id), one.title.clone())).collect());
    Some(Compare {
        version: source.shown.version.map(|version| version.to_string()),
        is_on: found.is_some(),
        label: t.document.compare_with.with(number),
        with,
        count: found.map(|found| t.document.changes.n(found.changes.len())).unwrap_or_default(),
        sections: sections.unwrap_or_default(),
    })
}

fn colophon(visit: &Visit, source: &Source<'_>) -> Vec<String> {
    let (t, document) = (visit.t, &source.from.document);
    let version = source.version();
    let (number, at) = match version {
        Some(version) => (version.which.number, version.submitted_at),
        None => (document.document_version, document.updated_at),
    };
    let words = t.dates.at.with2(t.document.version.with(number), format::full(day(at, visit), t));
    let name = version.map_or(&document.customer_name, |version| &version.branding.customer_name);
    let reference = version.map_or(&document.document_number, |version| &version.document_number);
    let class = classification(version.map_or(document.classification, |version| version.classification), t);
    [Some(name.clone()), reference.clone(), Some(class.to_owned()), Some(words)].into_iter().flatten().collect()
}

fn facts(visit: &Visit, source: &Source<'_>) -> Vec<(String, String)> {
    let (t, document) = (visit.t, &source.from.document);
    let words = &t.document;
    let release_number = source.version().map_or(document.release_number, |version| version.release_number);
    let release = t.dates.at.with2(&document.template_name, words.release.with(release_number));
    let mut facts = vec![
        (words.plan, document.iso_code.clone()),
        (words.template, release),
        (words.created, format::full(day(document.created_at, visit), t)),
        (words.completion, t.common.percent.with(document.completion_percentage)),
    ];
    facts.extend(document.next_review_on.map(|on| (words.next_review, format::full(on, t))));
    facts.extend(document.review_interval_months.map(|months| (words.review_interval, words.months.n(months.unsigned_abs()))));
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn row(visit: &Visit, task: &Task) -> TaskRow {
    let href = format!("/customers/{}?task={}#task", task.customer_id, task.id);
    let lacks_evidence = task.lacks_evidence();
    let may_change = may(visit, task.customer_id, Right::ChangeTask { approval_step: task.approval_step.as_deref() });
    // Reviews and approvals are decided above; revising ends by handing the document in.
    let is_decided_here = task.is_review() || task.task_type.completed_by() == CompletedBy::Approval;
    let action = if !may_change || is_decided_here {
        Action::None
    } else if lacks_evidence {
        Action::Go(href.clone())
    } else {
        [TaskMove::Complete, TaskMove::Reopen, TaskMove::Start]
            .iter()
            .find(|one| one.apply(task.status).is_some())
            .map_or(Action::None, |one| Action::Move(one.as_str()))
    };
    TaskRow {
        id: task.id.to_string(),
        title: task.title.clone(),
        status: status(task.status, visit.actor.is_firm() && task.waits_on_customer()),
        priority: priority(task.priority),
        needs_evidence: lacks_evidence,
        assignee: task.assigned_to.as_ref().map(person),
        due: task.due_date.map(|due| format::due(due, visit.today(), task.status.is_open(), visit.t)),
        recurs: task.recurrence.as_ref().filter(|_| task.status.is_open()).map(|pattern| recurrence::comes_back(pattern, visit.t)),
        note: None,
        place: None,
        action,
        href,
        current: false,
        pick: false,
        cell: None,
    }
}
