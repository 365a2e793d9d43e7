//! What a visitor wants to see of a workspace, as its address says it.

use jiff::civil::Date;
use muster_domain::{
    ids::{CustomerId, TaskId, UserId},
    tasks::{TaskScope, TaskStatus},
    workspace::WorkspaceTask,
};

use crate::{
    pages::surroundings::level,
    parts::{Level, Status},
    request::form_pairs,
};

/// The filters, the task beside the tree and the place of the form for a new task. What an
/// address says that cannot be meant is left out: a link that somebody shortened still works.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// Whose workspace.
    pub(crate) customer: CustomerId,
    /// Words in the title.
    pub(crate) words: String,
    /// Only the reader's tasks.
    pub(crate) mine: bool,
    /// Only those past their due date.
    pub(crate) overdue: bool,
    /// Only those that need evidence.
    pub(crate) evidence: bool,
    /// Only those that are not done.
    pub(crate) open: bool,
    /// Only this level.
    pub(crate) level: Option<Level>,
    /// Only what waits on the customer, or what is in review.
    pub(crate) status: Option<Status>,
    /// The task beside the tree.
    pub(crate) task: Option<TaskId>,
    /// The node at which a task is to be added.
    pub(crate) add: Option<String>,
}

impl Address {
    /// The workspace of a customer as it opens.
    pub(crate) fn new(customer: CustomerId) -> Self {
        Self {
            customer,
            words: String::new(),
            mine: false,
            overdue: false,
            evidence: false,
            open: false,
            level: None,
            status: None,
            task: None,
            add: None,
        }
    }

    /// Reads the parameters of an address. `task` is an id, or the word of a filter, or both.
    pub(crate) fn read<'a>(customer: CustomerId, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut address = Self::new(customer);
        for (name, value) in pairs.map(|(name, value)| (name, value.trim())).filter(|(_, value)| !value.is_empty()) {
            match name {
                "q" => value.clone_into(&mut address.words),
                "mine" => address.mine = is_on(value),
                "overdue" => address.overdue = is_on(value),
                "evidence" => address.evidence = is_on(value),
                "open" => address.open = is_on(value),
                "level" => address.level = value.parse::<TaskScope>().ok().map(level),
                "task" if value == Status::Waiting.key() => address.status = Some(Status::Waiting),
                "task" if value == Status::Review.key() => address.status = Some(Status::Review),
                "task" => address.task = value.parse().ok().or(address.task),
                "add" => address.add = Some(value.to_owned()),
                _ => {}
            }
        }
        address
    }

    /// The address that a form wants to come back to; another customer's or another page's says nothing.
    pub(crate) fn of_form(customer: CustomerId, next: &str) -> Self {
        let whole = next.split('#').next().unwrap_or_default();
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        match form_pairs(query.as_bytes()) {
            Some(pairs) if path == format!("/customers/{customer}") => {
                Self::read(customer, pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            }
            _ => Self::new(customer),
        }
    }

    /// Whether an address leads to the workspace of a customer itself, not to another of its pages.
    pub(crate) fn is_workspace(customer: CustomerId, next: &str) -> bool {
        next.split(['?', '#']).next() == Some(format!("/customers/{customer}").as_str())
    }

    /// Whether any filter is set.
    pub(crate) fn is_filtered(&self) -> bool {
        self.mine || self.overdue || self.evidence || self.open || self.level.is_some() || self.status.is_some() || !self.words.is_empty()
    }

    /// Whether the filters leave a task of a level.
    pub(crate) fn leaves(&self, at: Level, task: &WorkspaceTask, reader: UserId, today: Date) -> bool {
        (!self.mine || is_mine(task, reader))
            && (!self.overdue || task.is_overdue(today))
            && (!self.evidence || task.lacks_evidence())
            && (!self.open || task.status.is_open())
            && self.level.is_none_or(|level| level == at)
            && match self.status {
                Some(Status::Waiting) => task.waits_on_customer(),
                Some(Status::Review) => task.status == TaskStatus::UnderReview,
                _ => true,
            }
            && (self.words.is_empty() || task.title.to_lowercase().contains(&self.words.to_lowercase()))
    }

    /// The filters as a query to which more can be added: `?`, or `?mine=1&`.
    pub(crate) fn query(&self) -> String {
        let filters = self.filters();
        if filters.is_empty() { "?".to_owned() } else { format!("?{filters}&") }
    }

    /// The workspace with its filters, without task and form.
    pub(crate) fn closed(&self) -> String {
        let filters = self.filters();
        let mark = if filters.is_empty() { "" } else { "?" };
        format!("/customers/{}{mark}{filters}", self.customer)
    }

    /// The whole address, leading to what is open in it.
    pub(crate) fn whole(&self) -> String {
        let mut more = form_urlencoded::Serializer::new(self.filters());
        let mut fragment = "";
        if let Some(task) = &self.task {
            more.append_pair("task", &task.to_string());
            fragment = "#task";
        }
        if let Some(node) = &self.add {
            more.append_pair("add", node);
            fragment = "#add";
        }
        let query = more.finish();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/customers/{}{mark}{query}{fragment}", self.customer)
    }

    fn filters(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let switches = [("mine", self.mine), ("overdue", self.overdue), ("evidence", self.evidence), ("open", self.open)];
        for (name, _) in switches.iter().filter(|(_, is_set)| *is_set) {
            query.append_pair(name, "1");
        }
        if let Some(level) = self.level {
            query.append_pair("level", level.key());
        }
        if let Some(status) = self.status {
            query.append_pair("task", status.key());
        }
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        query.finish()
    }
}

/// Whether somebody has a task.
pub(crate) fn is_mine(task: &WorkspaceTask, reader: UserId) -> bool {
    task.assigned_to.as_ref().is_some_and(|person| person.id == reader)
}

fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "no")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11";

    fn read(next: &str) -> Address {
        Address::of_form(CustomerId(5), next)
    }

    #[test]
    fn an_address_comes_back_as_it_was() {
        for address in [
            "/customers/5".to_owned(),
            "/customers/5?mine=1&overdue=1&evidence=1&open=1&level=plan&task=waiting&q=a+%26+b".to_owned(),
            format!("/customers/5?task=review&task={ID}#task"),
            format!("/customers/5?mine=1&task={ID}&add=plan%3A{ID}#add"),
        ] {
            assert_eq!(read(&address).whole(), address);
        }
    }

    #[test]
    fn what_cannot_be_meant_is_left_out() {
        assert_eq!(read("/customers/5?level=moon&task=soon&overdue=0&q=++&x=y").whole(), "/customers/5");
        assert_eq!(read("/customers/6?mine=1").whole(), "/customers/5");
        assert_eq!(read("/my-work?mine=1").whole(), "/customers/5");
        assert_eq!(read("/customers/5?q=%FF").whole(), "/customers/5");
    }

    #[test]
    fn a_query_can_be_added_to() {
        let address = read(&format!("/customers/5?open=1&task={ID}#task"));
        assert_eq!((address.query().as_str(), address.closed().as_str()), ("?open=1&", "/customers/5?open=1"));
        assert_eq!((Address::new(CustomerId(5)).query().as_str(), address.is_filtered()), ("?", true));
    }
}
