//! One task beside the tree.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::{
    access::Action,
    clock::day_in,
    comments::{Comment, Piece},
    customers::Customer,
    evidence::Evidence,
    ids::{CustomerId, TaskId},
    mail::MailState,
    people::Person,
    tasks::{CompletedBy, Task, TaskMove, TaskPlace, judge_move},
};

use muster_service::TaskTalk;

use crate::{
    format,
    pages::{
        audit::{Entry, entry_beside},
        evidence::{Block, Bounds, Shown, block},
        field_errors::FieldErrors,
        mail::{state_tone, state_word},
        surroundings::{assignee_choices, level, may, person, priority, role_word, status, zone},
        tasks::done_at,
        visit::{Form, Visit},
        workspace::{Address, Drawer, DrawerPage, EditForm, Ignored, Link, Move, Place, SaidHere, Talk, TaskMail},
    },
    parts::{Choice, Field, Priority, Status},
    problem::Problem,
    recurrence,
    state::AppState,
    text::Text,
};

/// The moves in the order in which they are offered; the first that is allowed is the most natural.
const MOVES: [TaskMove; 7] =
    [TaskMove::Complete, TaskMove::Start, TaskMove::Submit, TaskMove::Reopen, TaskMove::Hold, TaskMove::Block, TaskMove::Cancel];

/// The page that a task stands beside.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    /// The page without the task.
    pub(crate) close: &'a str,
    /// The page with the task, to come back to after a form.
    pub(crate) here: &'a str,
    /// The page with the tree of the task's customer; empty where it is this one.
    pub(crate) nodes: &'a str,
}

/// What a task beside the tree is made from.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) t: &'static Text,
    pub(super) visit: &'a Visit,
    pub(super) shelf: Shelf<'a>,
    pub(super) customer: &'a Customer,
    pub(super) people: &'a [Person],
    pub(super) task_mail: Option<MailState>,
    pub(super) task_evidence: &'a [Evidence],
    pub(super) task_talk: &'a TaskTalk,
    pub(super) bounds: Bounds,
    pub(super) today: Date,
    pub(super) zone: &'a TimeZone,
}

/// One task for the workspace that is open already: the rest of it is neither read nor sent.
pub(crate) async fn drawer_page(state: &AppState, visit: &Visit, address: &Address, task: TaskId) -> Result<DrawerPage, Problem> {
    let (close, here) = (address.closed(), address.whole());
    let shelf = Shelf { close: &close, here: &here, nodes: "" };
    Ok(DrawerPage { t: visit.t, drawer: Some(drawer_beside(state, visit, shelf, address.customer, task).await?) })
}

/// One task of a customer, beside whichever page.
pub(crate) async fn drawer_beside(
    state: &AppState,
    visit: &Visit,
    shelf: Shelf<'_>,
    customer: CustomerId,
    task: TaskId,
) -> Result<Drawer, Problem> {
    let view = state.context.task_view(&visit.actor, customer, task).await?;
    let beside = Beside {
        t: visit.t,
        visit,
        shelf,
        customer: &view.customer,
        people: &view.people,
        task_mail: view.task_mail,
        task_evidence: &view.task_evidence,
        task_talk: &view.task_talk,
        bounds: Bounds::of(state),
        today: day_in(visit.now, &view.customer.time_zone),
        zone: &zone(&view.customer.time_zone),
    };
    Ok(beside.drawer(&view.task))
}

impl Beside<'_> {
    pub(super) fn drawer(self, task: &Task) -> Drawer {
        let (t, place) = (self.t, task.place());
        let is_away = task.ignored.is_some() || task.is_hidden;
        let step = task.approval_step.as_deref();
        let may_change = !is_away && may(self.visit, task.customer_id, Action::ChangeTask { approval_step: step });
        let may_ignore = may(self.visit, task.customer_id, Action::ShapeWork);
        let done_at = done_at(place, &task.task_type, task.question_key.as_deref());
        let is_question = task.question_key.is_some();
        let waits = self.visit.actor.is_firm() && task.waits_on_customer();
        Drawer {
            id: task.id.to_string(),
            version: task.version.into(),
            level: level(task.scope),
            question: is_question,
            path: path(task, place, self.shelf.nodes),
            title: task.title.clone(),
            description: task.description.clone(),
            status: if is_away { Status::Ignored } else { status(task.status, waits) },
            assignee: task.assigned_to.as_ref().map(person),
            role: task.assignee_role.map(|role| role_word(role, t).to_owned()),
            may_take: may_change && task.status.is_open() && task.assigned_to.is_none(),
            due: task.due_date.map(|due| format::due(due, self.today, task.status.is_open() && !is_away, t)),
            recurs: task.recurrence.as_ref().map(|pattern| recurrence::words(pattern, t)),
            priority: priority(task.priority),
            notes: task.notes.clone(),
            evidence: self.evidence(task),
            completed: self.completed(task),
            ignored: self.ignored(task),
            created: self.moment(task.created_at),
            done_hint: done_at.is_some().then(|| done_hint(task, t)),
            done_at,
            mail: self.mail(task, is_away),
            moves: if may_change { moves(task) } else { Vec::new() },
            edit: may_change.then(|| self.edit(task)),
            may_ignore: may_ignore && !is_away,
            may_restore: may_ignore && task.ignored.is_some(),
            talk: self.talk(task),
            history: self.history(),
            links: links(task, place, t),
            close: format!("{}#t-{}", self.shelf.close, task.id),
            here: self.shelf.here.to_owned(),
        }
    }

    fn mail(self, task: &Task, is_away: bool) -> Option<TaskMail> {
        let known = self.task_mail;
        let may_send = !is_away && (known.is_some() || task.status.is_open()) && may(self.visit, task.customer_id, Action::SendMail);
        let mail = TaskMail {
            state: known.map(|state| (state_word(state, self.t), state_tone(state))),
            page: may_send.then(|| format!("/tasks/{}/mail", task.id)),
        };
        (task.task_type.is_mail() && (mail.state.is_some() || mail.page.is_some())).then_some(mail)
    }

    fn evidence(self, task: &Task) -> Option<Block> {
        let shown = Shown { actor: Some(&self.visit.actor), today: self.visit.today(), zone: self.zone, bounds: self.bounds, t: self.t };
        block(shown, task, self.task_evidence, self.shelf.here, &["#workspace"])
    }

    fn edit(self, task: &Task) -> EditForm {
        let current = priority(task.priority).key();
        EditForm {
            title: Field::of(task.title.as_str()),
            description: Field::of(task.description.clone().unwrap_or_default()),
            assignee: Field::default(),
            assignees: self.assignees(task.assigned_to.as_ref()),
            due_date: Field::of(task.due_date.map(|due| due.to_string()).unwrap_or_default()),
            stored_due: task.due_date.map(|due| due.to_string()).unwrap_or_default(),
            recurrences: self.recurrences(task),
            recurrence: Field::default(),
            priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(self.t), current)).to_vec(),
            notes: Field::of(task.notes.clone().unwrap_or_default()),
            fixed_words: task.question_key.is_some(),
            unfolded: false,
        }
    }

    fn talk(self, task: &Task) -> Talk {
        let may = may(self.visit, task.customer_id, Action::Comment);
        let piece = |piece: Piece<'_>| match piece {
            Piece::Text(text) => (text.to_owned(), false),
            Piece::Person(person) => (format!("@{}", person.name), true),
        };
        let said = |comment: &Comment| SaidHere {
            author: person(&comment.author),
            at: format::moment(comment.written_at, self.zone, self.t),
            pieces: comment.pieces().into_iter().map(piece).collect(),
        };
        let others = self.people.iter().filter(|one| one.id != self.visit.actor.user_id());
        let names = others.map(|one| Choice::new(format!("@[{}]", one.id), one.name.as_str(), "-"));
        Talk {
            comments: self.task_talk.comments.iter().map(said).collect(),
            may,
            body: Field::default(),
            people: if may { std::iter::once(Choice::new("", self.t.talk.mention_nobody, "")).chain(names).collect() } else { Vec::new() },
        }
    }

    fn history(self) -> Vec<Entry> {
        self.task_talk.history.iter().map(|entry| entry_beside(entry, self.zone, self.t)).collect()
    }

    fn recurrences(self, task: &Task) -> Vec<Choice> {
        let current = task.recurrence.as_ref().map(ToString::to_string).unwrap_or_default();
        if task.may_recur() { recurrence::choices(&current, self.t) } else { Vec::new() }
    }

    fn completed(self, task: &Task) -> Option<(String, String)> {
        let by = task.completed_by.as_ref().map_or(self.t.task.somebody, |person| person.name.as_str());
        task.completed_at.map(|at| (by.to_owned(), self.moment(at)))
    }

    fn ignored(self, task: &Task) -> Option<Ignored> {
        task.ignored.as_ref().map(|ignored| Ignored {
            by: ignored.by.clone().unwrap_or_else(|| self.t.task.somebody.to_owned()),
            at: self.moment(ignored.at),
            reason: ignored.reason.clone(),
        })
    }

    /// People to give a task to, nobody first.
    pub(super) fn assignees(self, current: Option<&Person>) -> Vec<Choice> {
        assignee_choices(self.people, current, &self.customer.name, self.t)
    }

    fn moment(self, at: Timestamp) -> String {
        format::moment(at, self.zone, self.t).text
    }
}

fn done_hint(task: &Task, t: &'static Text) -> &'static str {
    match task.task_type.completed_by() {
        CompletedBy::Approval => t.task.approval_about,
        CompletedBy::Answer => t.task.question_about,
        CompletedBy::Person | CompletedBy::Evidence => t.task.document_about,
    }
}

fn path(task: &Task, place: TaskPlace, nodes: &str) -> Vec<Place> {
    let step = |label: &Option<String>, anchor: Option<String>| {
        let href = anchor.map(|anchor| format!("{nodes}#{anchor}"));
        Some(Place { label: label.clone()?, href: href? })
    };
    let template = place.plan().zip(place.template());
    let steps = [
        step(&task.iso_code, place.plan().map(|plan| format!("plan-{plan}"))),
        step(&task.template_name, template.map(|(plan, template)| format!("template-{plan}-{template}"))),
        step(&task.document_name, place.document().map(|document| format!("document-{document}"))),
    ];
    steps.into_iter().flatten().collect()
}

/// What else the task belongs to: its document, its questionnaire.
fn links(task: &Task, place: TaskPlace, t: &Text) -> Vec<Link> {
    let document =
        place.document().map(|id| Link { icon: "document", label: t.talk.document.to_owned(), href: format!("/documents/{id}") });
    let question = task.question_key.as_deref().map(|key| format!("#q-{key}")).unwrap_or_default();
    let questionnaire = place.plan().zip(place.template()).filter(|_| place.document().is_none()).map(|(plan, template)| Link {
        icon: "edit",
        label: t.talk.questionnaire.to_owned(),
        href: format!("/plans/{plan}/templates/{template}/questionnaire{question}"),
    });
    document.into_iter().chain(questionnaire).collect()
}

fn moves(task: &Task) -> Vec<Move> {
    let state = task.state();
    MOVES.into_iter().filter(|one| judge_move(&state, *one).is_ok()).map(Move::from).collect()
}

impl From<TaskMove> for Move {
    fn from(one: TaskMove) -> Self {
        match one {
            TaskMove::Start => Self::Start,
            TaskMove::Submit => Self::Submit,
            TaskMove::Complete => Self::Complete,
            TaskMove::Reopen => Self::Reopen,
            TaskMove::Hold => Self::Hold,
            TaskMove::Block => Self::Block,
            TaskMove::Cancel => Self::Cancel,
        }
    }
}

impl EditForm {
    /// The form with what was typed, and with what was wrong with it.
    pub(crate) fn typed(self, form: &Form, errors: &FieldErrors, t: &Text) -> Self {
        let choose = |mut choices: Vec<Choice>, name: &str| {
            let chosen = form.get(name);
            for choice in choices.iter_mut().filter(|_| chosen.is_some()) {
                choice.chosen = Some(choice.value.as_str()) == chosen;
            }
            choices
        };
        let field = |name: &str, stored: Field| match form.get(name) {
            Some(typed) => errors.field_or(name, typed, t.task.title_blank, t),
            None => stored,
        };
        Self {
            title: field("title", self.title),
            description: field("description", self.description),
            due_date: field("due_date", self.due_date),
            stored_due: self.stored_due,
            notes: field("notes", self.notes),
            assignee: field("assigned_to", self.assignee),
            assignees: choose(self.assignees, "assigned_to"),
            recurrences: choose(self.recurrences, "recurrence"),
            recurrence: Field { error: errors.get("recurrence").map(|_| t.recurs.refused.to_owned()), ..Field::default() },
            priorities: choose(self.priorities, "priority"),
            fixed_words: self.fixed_words,
            unfolded: true,
        }
    }
}
