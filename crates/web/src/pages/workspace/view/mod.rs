//! From what was read of a customer to the page that shows it.

mod adding;
mod drawer;
mod summary;
mod tree;

use jiff::{civil::Date, tz::TimeZone};
use muster_domain::{access::Action, clock::day_in, customers::CustomerStatus};
use muster_service::WorkspaceView;

pub(crate) use self::drawer::{Shelf, drawer_beside, drawer_page};
use self::{drawer::Beside, tree::Tree};
use super::{Address, Filters, Head, May, WorkspacePage, address::is_mine};
use crate::{
    format,
    layout::Layout,
    pages::{evidence::Bounds, surroundings, tasks::Eyes, visit::Visit},
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
    /// What the settings say about evidence.
    bounds: Bounds,
    /// The workspace without a task, and with it.
    close: String,
    here: String,
}

/// The workspace as a visitor asks for it. `sent` is true for the answer to a form, whose own
/// address is another one: then links name the workspace in full.
pub(crate) async fn workspace_page(state: &AppState, visit: &Visit, address: &Address, sent: bool) -> Result<WorkspacePage, Problem> {
    let view = state.context.workspace_view(&visit.actor, address.customer, address.task).await?;
    let mut layout = frame(state, visit, address).await?;
    if sent {
        layout.here = address.whole();
    }
    Ok(page_of(state, visit, address, &view, layout, sent))
}

/// The frame of the page, still without the customer's name.
pub(crate) async fn frame(state: &AppState, visit: &Visit, address: &Address) -> Result<Layout, Problem> {
    visit.layout(state, "", surroundings::customer_nav(visit), Some(address.customer.0)).await
}

/// The page of what was read.
pub(crate) fn page_of(
    state: &AppState,
    visit: &Visit,
    address: &Address,
    view: &WorkspaceView,
    layout: Layout,
    sent: bool,
) -> WorkspacePage {
    let layout = Layout { title: view.customer.name.clone(), ..layout };
    let path = if sent { format!("/customers/{}", address.customer) } else { String::new() };
    let scene = Scene {
        t: visit.t,
        visit,
        address,
        may: may(visit, address, view.customer.status == CustomerStatus::Archived),
        today: day_in(visit.now, &view.customer.time_zone),
        zone: surroundings::zone(&view.customer.time_zone),
        base: format!("{path}{}", address.query()),
        view,
        bounds: Bounds::of(state),
        close: address.closed(),
        here: address.whole(),
    };
    scene.page(layout)
}

/// What the visitor may do; with an archived customer nothing but reading.
fn may(visit: &Visit, address: &Address, is_archived: bool) -> May {
    let may = |action| !is_archived && surroundings::may(visit, address.customer, action);
    let shape = may(Action::ShapeWork);
    let always = |action| surroundings::may(visit, address.customer, action);
    May {
        assign: may(Action::AssignPlan),
        add: shape,
        ignore: shape,
        edit_customer: always(Action::EditCustomer),
        people: always(Action::ReadPeople),
        calendar: may(Action::ShareCalendar),
        read_audit: always(Action::ReadAudit),
    }
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
            drawer: self.view.task.as_ref().map(|task| self.beside().drawer(task)),
            today: format::full(self.today, self.t),
            version: self.view.workspace.versions.workspace,
        }
    }

    fn head(&self) -> Head {
        let customer = &self.view.customer;
        Head {
            id: customer.id.0,
            name: customer.name.clone(),
            about: customer.description.clone(),
            contact: customer.contact_person.clone(),
            archived: customer.status == CustomerStatus::Archived,
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
            roles_held: Some(&self.view.roles_held),
        }
    }

    fn beside(&self) -> Beside<'_> {
        let view = self.view;
        let (customer, people) = (&view.customer, view.people.as_slice());
        Beside {
            t: self.t,
            visit: self.visit,
            shelf: Shelf { close: &self.close, here: &self.here, nodes: "" },
            customer,
            people,
            task_mail: view.task_mail,
            task_evidence: &view.task_evidence,
            task_talk: &view.task_talk,
            bounds: self.bounds,
            today: self.today,
            zone: &self.zone,
        }
    }
}
