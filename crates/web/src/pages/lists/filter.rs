//! The filters of a list of tasks, as its address says them.

use jiff::civil::Date;
use muster_domain::{
    ids::{CustomerId, TaskId},
    tasks::{AssigneeFilter, DueFilter, StatusFilter, TaskFilter, TaskScope, TaskSort},
};

use crate::{
    input::task_lists::{assignee_word, due_word},
    request::Parameters,
};

/// The most rows on one page.
pub(crate) const PAGE: i64 = 100;

/// A list and what it shows unless something else is asked for.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// Its address, without filters.
    pub(crate) path: String,
    /// The filters.
    pub(crate) otherwise: TaskFilter,
    /// The order.
    pub(crate) sort: TaskSort,
}

impl List {
    /// A customer's list as it opens: what is open, the earliest due first.
    pub(crate) fn of_customer(customer: CustomerId) -> Self {
        let otherwise = TaskFilter { status: StatusFilter::Open, ..TaskFilter::default() };
        Self { path: format!("/customers/{customer}/tasks"), otherwise, sort: TaskSort::DueDate }
    }

    /// My work as it opens: what is open and mine, or mine to take, the earliest due first.
    pub(crate) fn my_work() -> Self {
        let otherwise = TaskFilter { assignee: AssigneeFilter::Mine, status: StatusFilter::Open, ..TaskFilter::default() };
        Self { path: "/my-work".to_owned(), otherwise, sort: TaskSort::DueDate }
    }
}

/// What a visitor wants to see of a list. What an address says that cannot be meant is left out: a
/// link that somebody shortened still works.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    list: List,
    /// The filters.
    pub(crate) filter: TaskFilter,
    /// The order.
    pub(crate) sort: TaskSort,
    /// The page, from 1 on.
    pub(crate) page: i64,
    /// The task beside the list.
    pub(crate) task: Option<TaskId>,
    /// The view that the filters are of: its id, or `none`.
    pub(crate) view: Option<String>,
}

impl Wanted {
    pub(crate) fn read(list: List, parameters: &Parameters) -> Self {
        let get = |name: &str| parameters.get(name);
        let is_on = |name: &str| get(name).is_some_and(|value| !matches!(value, "0" | "false" | "off" | "no"));
        let day = |name: &str| get(name).and_then(|day| day.parse::<Date>().ok()).filter(|day| (1900..=2200).contains(&day.year()));
        let (from, until) = (day("due_from"), day("due_until"));
        let due = match get("due").and_then(due_word) {
            _ if from.is_some() || until.is_some() => DueFilter::Between(from, until),
            Some(due) => due,
            None => DueFilter::Whenever,
        };
        let status = match get("status") {
            Some("any") => Some(StatusFilter::Any),
            Some("open") => Some(StatusFilter::Open),
            Some("closed") => Some(StatusFilter::Closed),
            word => word.and_then(|word| word.parse().ok()).map(StatusFilter::Is),
        };
        let filter = TaskFilter {
            customer: get("customer").and_then(|id| id.parse().ok()),
            scope: get("level").and_then(|word| word.parse().ok()),
            plan_id: get("plan").and_then(|id| id.parse().ok()),
            template_id: get("template").and_then(|id| id.parse().ok()),
            status: status.unwrap_or(list.otherwise.status),
            assignee: get("assignee").and_then(assignee_word).unwrap_or(list.otherwise.assignee),
            due,
            needs_evidence: is_on("evidence"),
            waits_on_customer: is_on("waiting"),
            is_approval: is_on("approve"),
            words: get("q").map(|words| words.chars().take(200).collect()),
        };
        Self {
            filter,
            sort: get("sort").and_then(TaskSort::of).unwrap_or(list.sort),
            page: get("page").and_then(|page| page.parse().ok()).filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1),
            task: get("task").and_then(|id| id.parse().ok()),
            view: get("view").map(ToOwned::to_owned),
            list,
        }
    }

    /// Whether any filter is set.
    pub(crate) fn is_filtered(&self) -> bool {
        self.filter != self.list.otherwise
    }

    /// Whether it names what only one customer has: a plan, a template, a person.
    pub(crate) fn is_of_one_customer(&self) -> bool {
        let filter = &self.filter;
        filter.plan_id.is_some() || filter.template_id.is_some() || matches!(filter.assignee, AssigneeFilter::Person(_))
    }

    /// The list without filters.
    pub(crate) fn path(&self) -> &str {
        &self.list.path
    }

    /// The filters and the order as a query, without `?`; empty where nothing is asked for.
    pub(crate) fn query(&self) -> String {
        let (filter, otherwise) = (&self.filter, &self.list.otherwise);
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                query.append_pair(name, &value);
            }
        };
        add("q", filter.words.clone());
        add("status", (filter.status != otherwise.status).then(|| filter.status.as_str().to_owned()));
        add("assignee", (filter.assignee != otherwise.assignee).then(|| assignee_value(filter.assignee)));
        match filter.due {
            DueFilter::Between(from, until) => {
                add("due_from", from.map(|day| day.to_string()));
                add("due_until", until.map(|day| day.to_string()));
            }
            due => add("due", due_value(due).map(ToOwned::to_owned)),
        }
        for (name, is_set) in [("evidence", filter.needs_evidence), ("waiting", filter.waits_on_customer), ("approve", filter.is_approval)]
        {
            add(name, is_set.then(|| "1".to_owned()));
        }
        add("customer", filter.customer.map(|id| id.to_string()));
        add("level", filter.scope.map(|level| TaskScope::as_str(level).to_owned()));
        add("plan", filter.plan_id.map(|id| id.to_string()));
        add("template", filter.template_id.map(|id| id.to_string()));
        add("sort", (self.sort != self.list.sort).then(|| self.sort.as_str().to_owned()));
        query.finish()
    }

    /// The address of a page of the list, with or without a task beside it.
    pub(crate) fn address(&self, page: i64, task: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(self.query());
        if let Some(view) = &self.view {
            query.append_pair("view", view);
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        if let Some(task) = task {
            query.append_pair("task", task);
        }
        let query = query.finish();
        let (mark, fragment) = (if query.is_empty() { "" } else { "?" }, if task.is_some() { "#task" } else { "" });
        format!("{}{mark}{query}{fragment}", self.list.path)
    }

    /// This page of the list without the task.
    pub(crate) fn closed(&self) -> String {
        self.address(self.page, None)
    }

    /// This page of the list as it is.
    pub(crate) fn whole(&self) -> String {
        self.address(self.page, self.task.map(|id| id.to_string()).as_deref())
    }
}

/// The word of an assignee in addresses and forms.
pub(crate) fn assignee_value(filter: AssigneeFilter) -> String {
    match filter {
        AssigneeFilter::Anybody => "anybody".to_owned(),
        AssigneeFilter::Me => "me".to_owned(),
        AssigneeFilter::MyRoles => "my_roles".to_owned(),
        AssigneeFilter::Mine => "mine".to_owned(),
        AssigneeFilter::Nobody => "nobody".to_owned(),
        AssigneeFilter::Person(id) => id.to_string(),
    }
}

/// The word of a due date in addresses and forms; none for any date, and for days that are named.
pub(crate) const fn due_value(filter: DueFilter) -> Option<&'static str> {
    match filter {
        DueFilter::Whenever | DueFilter::Between(..) => None,
        DueFilter::Overdue => Some("overdue"),
        DueFilter::Today => Some("today"),
        DueFilter::ThisWeek => Some("this_week"),
        DueFilter::Later => Some("later"),
        DueFilter::Undated => Some("undated"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0197f3a2-77c1-7d42-9a55-0d5b1f0c2b11";

    fn read(query: &str) -> Wanted {
        Wanted::read(List::of_customer(CustomerId(5)), &Parameters::of_query(query))
    }

    #[test]
    fn an_address_comes_back_as_it_was() {
        let long = format!(
            "q=a+%26+b&status=any&assignee=7&due_from=2026-03-01&due_until=2026-04-02&evidence=1&waiting=1&approve=1&customer=3\
             &level=plan&plan={ID}&template={ID}&sort=title"
        );
        for query in ["", "status=closed", "assignee=my_roles&due=this_week", "status=on_hold&due=undated&sort=updated", &long] {
            assert_eq!(read(query).query(), query);
        }
        let whole = read(&format!("due=overdue&view={ID}&page=3&task={ID}"));
        assert_eq!(whole.whole(), format!("/customers/5/tasks?due=overdue&view={ID}&page=3&task={ID}#task"));
        assert_eq!(whole.address(1, None), format!("/customers/5/tasks?due=overdue&view={ID}"));
    }

    #[test]
    fn what_cannot_be_meant_is_left_out() {
        let wanted = read("status=moon&assignee=x&due=soon&due_from=2026-02-30&level=sky&plan=1&sort=id;drop&page=-1&evidence=0");
        assert_eq!((wanted.query().as_str(), wanted.whole().as_str(), wanted.is_filtered()), ("", "/customers/5/tasks", false));
    }
}
