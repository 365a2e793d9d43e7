//! The list of what is ignored of a customer.

use muster_domain::{
    access::Action,
    ids::CustomerId,
    plans::{IgnoredItem, IgnoredKind},
};

use super::{IgnoredPage, IgnoredRow, restore_action};
use crate::{
    format,
    pages::{
        surroundings::{customer_crumbs, customer_nav, level, may, zone},
        visit::Visit,
    },
    problem::Problem,
    state::AppState,
};

pub(super) async fn list_page(state: &AppState, visit: &Visit, id: CustomerId) -> Result<IgnoredPage, Problem> {
    let customer = state.context.customer(&visit.actor, id).await?;
    let items = state.context.ignored_items(&visit.actor, id).await?;
    let (title, zone) = (visit.t.ignoring.list_title, zone(&customer.time_zone));
    let row = |item: IgnoredItem| {
        let level = level(item.place.scope());
        IgnoredRow {
            level,
            kind: match item.kind {
                IgnoredKind::Task(_) => level.task_word(visit.t),
                IgnoredKind::Plan(_) | IgnoredKind::Assignment(..) => level.word(visit.t),
            }
            .to_owned(),
            path: (!item.path.is_empty()).then(|| item.path.join(visit.t.common.separator)),
            restore: restore_action(item.kind),
            at: format::moment(item.ignored.at, &zone, visit.t),
            by: item.ignored.by.unwrap_or_else(|| visit.t.task.somebody.to_owned()),
            reason: item.ignored.reason,
            name: item.title,
        }
    };
    Ok(IgnoredPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(id.0)).await?,
        crumbs: customer_crumbs(visit, id, &customer.name, title),
        customer_id: id.0,
        rows: items.into_iter().map(row).collect(),
        may_restore: may(visit, id, Action::ShapeWork),
        customer: customer.name,
    })
}
