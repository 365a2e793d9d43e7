//! One task beside the tree.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::{
    access::Action,
    clock::day_in,
    customers::Customer,
    evidence::Evidence,
    ids::TaskId,
    mail::MailState,
    people::Person,
    tasks::{CompletedBy, Task, TaskMove, TaskPlace, judge_move},
};

use crate::{
    format,
    pages::{
        evidence::{Block, Bounds, Shown, block},
        field_errors::FieldErrors,
        mail::{state_tone, state_word},
        surroundings::{level, may, person, priority, role_word, status, zone},
        tasks::done_at,
        visit::{Form, Visit},
        workspace::{Address, Drawer, DrawerPage, EditForm, Ignored, Move, Place, TaskMail},
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

/// What a task beside the tree is made from.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) t: &'static Text,
    pub(super) visit: &'a Visit,
    pub(super) address: &'a Address,
    pub(super) customer: &'a Customer,
    pub(super) people: &'a [Person],
    pub(super) task_mail: Option<MailState>,
    pub(super) task_evidence: &'a [Evidence],
    pub(super) bounds: Bounds,
    pub(super) today: Date,
    pub(super) zone: &'a TimeZone,
}

/// One task for the workspace that is open already: the rest of it is neither read nor sent.
pub(crate) async fn drawer_page(state: &AppState, visit: &Visit, address: &Address, task: TaskId) -> Result<DrawerPage, Problem> {
    let view = state.context.task_view(&visit.actor, address.customer, task).await?;
    let beside = Beside {
        t: visit.t,
        visit,
        address,
        customer: &view.customer,
        people: &view.people,
        task_mail: view.task_mail,
        task_evidence: &view.task_evidence,
        bounds: Bounds::of(state),
        today: day_in(visit.now, &view.customer.time_zone),
        zone: &zone(&view.customer.time_zone),
    };
    Ok(DrawerPage { t: visit.t, drawer: Some(beside.drawer(&view.task)) })
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
            path: path(task, place),
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
            close: format!("{}#t-{}", self.address.closed(), task.id),
            here: self.address.whole(),
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
        block(shown, task, self.task_evidence, &self.address.whole(), &["#workspace"])
    }

    fn edit(self, task: &Task) -> EditForm {
        let current = priority(task.priority).key();
        EditForm {
            title: Field::of(task.title.as_str()),
            description: Field::of(task.description.clone().unwrap_or_default()),
            assignee: Field::default(),
            assignees: self.assignees(task.assigned_to.as_ref()),
            due_date: Field::of(task.due_date.map(|due| due.to_string()).unwrap_or_default()),
            recurrences: self.recurrences(task),
            recurrence: Field::default(),
            priorities: Priority::ALL.map(|one| Choice::new(one.key(), one.word(self.t), current)).to_vec(),
            notes: Field::of(task.notes.clone().unwrap_or_default()),
            fixed_words: task.question_key.is_some(),
            unfolded: false,
        }
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

    /// People to give a task to, nobody first. Who has it now is among them even if they could not
    /// be given it any more.
    pub(super) fn assignees(self, current: Option<&Person>) -> Vec<Choice> {
        let chosen = current.map(|person| person.id.to_string()).unwrap_or_default();
        let people = self.people;
        let gone = current.filter(|person| people.iter().all(|other| other.id != person.id));
        let choices = people.iter().chain(gone).map(|person| Choice::new(person.id.to_string(), self.label(person), &chosen));
        std::iter::once(Choice::new("", self.t.common.nobody, &chosen)).chain(choices).collect()
    }

    fn label(self, person: &Person) -> String {
        if person.is_firm { person.name.clone() } else { self.t.task.person_of.with2(&person.name, &self.customer.name) }
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

fn path(task: &Task, place: TaskPlace) -> Vec<Place> {
    let step = |label: &Option<String>, anchor: Option<String>| Some(Place { label: label.clone()?, anchor: anchor? });
    let template = place.plan().zip(place.template());
    let steps = [
        step(&task.iso_code, place.plan().map(|plan| format!("plan-{plan}"))),
        step(&task.template_name, template.map(|(plan, template)| format!("template-{plan}-{template}"))),
        step(&task.document_name, place.document().map(|document| format!("document-{document}"))),
    ];
    steps.into_iter().flatten().collect()
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
