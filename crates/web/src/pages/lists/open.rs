//! A list that a browser has open already, and that asks for one row of it: a list may show a hundred tasks, and one of
//! them was changed.

use muster_domain::{ids::CustomerId, workspace::ListedTask};

use super::{List, Wanted, listed_row};
use crate::{
    pages::{visit::Visit, work},
    parts::TaskRow,
    request::Parameters,
};

/// An open list, as its address tells it.
pub(crate) struct OpenList {
    wanted: Wanted,
    is_my_work: bool,
}

impl OpenList {
    /// The list that an address leads to: of this customer's tasks, or of the reader's own work. Another page is none.
    pub(crate) fn at(address: &str, customer: CustomerId) -> Option<Self> {
        let whole = address.split('#').next().unwrap_or_default();
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        let (mine, theirs) = (List::my_work(), List::of_customer(customer));
        let is_my_work = path == mine.path;
        let list = [mine, theirs].into_iter().find(|list| list.path == path)?;
        Some(Self { wanted: Wanted::read(list, &Parameters::of_query(query)?), is_my_work })
    }

    /// The row of a task in it, whatever its filters say: it stands there. Nothing of an archived customer can be picked.
    pub(crate) fn row(&self, visit: &Visit, one: &ListedTask, is_archived: bool) -> TaskRow {
        let row = if self.is_my_work { work::row(visit, &self.wanted, one) } else { listed_row(visit, &self.wanted, one, false) };
        TaskRow { pick: row.pick && !is_archived, ..row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_which_list_is_open() {
        let at = |address: &str| OpenList::at(address, CustomerId(5)).map(|list| (list.is_my_work, list.wanted.whole()));
        assert_eq!(at("/my-work"), Some((true, "/my-work".to_owned())));
        assert_eq!(at("/my-work?due=overdue&page=2#task"), Some((true, "/my-work?due=overdue&page=2".to_owned())));
        assert_eq!(at("/customers/5/tasks?q=a+b"), Some((false, "/customers/5/tasks?q=a+b".to_owned())));
        for elsewhere in ["", "/", "/customers/5", "/customers/6/tasks", "/my-work/", "https://evil.example/my-work"] {
            assert_eq!(at(elsewhere), None, "{elsewhere}");
        }
    }
}
