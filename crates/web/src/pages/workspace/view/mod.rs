//! From what was read of a customer to the page that shows it.

mod adding;
mod drawer;
mod summary;
mod tree;

use jiff::{civil::Date, tz::TimeZone};
use muster_domain::{access::Action, clock::day_in, people::Person};
use muster_service::WorkspaceView;

use self::tree::Tree;
use super::{Address, Filters, Head, May, WorkspacePage, address::is_mine};
use crate::{
    format,
    layout::Layout,
    pages::{surroundings, tasks::Eyes, visit::Visit},
    parts::Choice,
    problem::Problem,
    state::AppState,
    text::Text,
};

/// What the parts of the page are made from.
struct Scene<'a> {
    t: &'static Text,
    visit: &'a Visit,
    address: &'a Address,
    view: &'a WorkspaceView,
    may: May,
    /// The customer's day.
    today: Date,
    /// The customer's zone, in which moments are told.
    zone: TimeZone,
    /// What addresses of tasks begin with.
    base: String,
}

/// The workspace as a visitor asks for it. `sent` is true for the answer to a form, whose own
/// address is another one: then links name the workspace in full.
pub(crate) async fn workspace_page(state: &AppState, visit: &Visit, address: &Address, sent: bool) -> Result<WorkspacePage, Problem> {
    let view = state.context.workspace_view(&visit.actor, address.customer, address.task).await?;
    let nav = surroundings::customer_nav(visit);
    let mut layout = visit.layout(state, view.customer.name.as_str(), nav, Some(address.customer.0)).await?;
    if sent {
        layout.here = address.whole();
    }
    let path = if sent { format!("/customers/{}", address.customer) } else { String::new() };
    let scene = Scene {
        t: visit.t,
        visit,
        address,
        may: may(visit, address),
        today: day_in(visit.now, &view.customer.time_zone),
        zone: surroundings::zone(&view.customer.time_zone),
        base: format!("{path}{}", address.query()),
        view: &view,
    };
    Ok(scene.page(layout))
}

fn may(visit: &Visit, address: &Address) -> May {
    let may = |action| surroundings::may(visit, address.customer, action);
    let shape = may(Action::ShapeWork);
    May { assign: may(Action::AssignPlan), add: shape, ignore: shape, edit_customer: may(Action::EditCustomer) }
}

impl Scene<'_> {
    fn page(&self, layout: Layout) -> WorkspacePage {
        let adding = self.adding();
        let mut tree = Tree::new(self, adding.as_ref().map(|form| form.node.as_str()));
        let tasks = tree.customer();
        let plans = tree.plans();
        let ignored_plans = tree.ignored_plans();
        WorkspacePage {
            layout,
            customer: self.head(),
            may: self.may,
            summary: self.summary(),
            filters: self.filters(tree.shown()),
            tasks,
            plans,
            ignored_plans,
            ignored: surroundings::length(&self.view.ignored),
            adding,
            drawer: self.view.task.as_ref().map(|task| self.drawer(task)),
            today: format::full(self.today, self.t),
        }
    }

    fn head(&self) -> Head {
        let customer = &self.view.customer;
        Head {
            id: customer.id.0,
            name: customer.name.clone(),
            about: customer.description.clone(),
            contact: customer.contact_person.clone(),
        }
    }

    fn filters(&self, shown: u32) -> Filters {
        let (address, reader) = (self.address, self.visit.actor.user_id());
        let mine = self.view.workspace.all_tasks().filter(|(_, task)| is_mine(task, reader)).count();
        Filters {
            mine: address.mine,
            mine_count: u32::try_from(mine).unwrap_or(u32::MAX),
            overdue: address.overdue,
            evidence: address.evidence,
            open: address.open,
            level: address.level,
            task: address.status,
            q: address.words.clone(),
            shown,
            query: self.base.clone(),
        }
    }

    fn eyes(&self) -> Eyes<'_> {
        Eyes {
            t: self.t,
            today: self.today,
            is_firm: self.visit.actor.is_firm(),
            may_change: surroundings::may(self.visit, self.address.customer, Action::CHANGE_TASK),
            base: &self.base,
            current: self.address.task,
        }
    }

    /// People to give a task to, nobody first. Who has it now is among them even if they could not
    /// be given it any more.
    fn assignees(&self, current: Option<&Person>) -> Vec<Choice> {
        let chosen = current.map(|person| person.id.to_string()).unwrap_or_default();
        let people = &self.view.people;
        let gone = current.filter(|person| people.iter().all(|other| other.id != person.id));
        let choices = people.iter().chain(gone).map(|person| Choice::new(person.id.to_string(), self.label(person), &chosen));
        std::iter::once(Choice::new("", self.t.common.nobody, &chosen)).chain(choices).collect()
    }

    fn label(&self, person: &Person) -> String {
        if person.is_firm { person.name.clone() } else { self.t.task.person_of.with2(&person.name, &self.view.customer.name) }
    }
}
