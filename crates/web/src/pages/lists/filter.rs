//! The filters of a list of tasks, as its address says them.

use jiff::civil::Date;
use muster_domain::{
    ids::{CustomerId, TaskId},
    tasks::{AssigneeFilter, DueFilter, StatusFilter, TaskFilter, TaskScope, TaskSort},
    views::ViewedList,
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
        Self::of_tasks(format!("/customers/{customer}/tasks"))
    }

    fn of_tasks(path: String) -> Self {
        let otherwise = TaskFilter { status: StatusFilter::Open, ..TaskFilter::default() };
        Self { path, otherwise, sort: TaskSort::DueDate }
    }

    /// My work as it opens: what is open and mine, or mine to take, the earliest due first.
    pub(crate) fn my_work() -> Self {
        let otherwise = TaskFilter { assignee: AssigneeFilter::Mine, status: StatusFilter::Open, ..TaskFilter::default() };
        Self { path: "/my-work".to_owned(), otherwise, sort: TaskSort::DueDate }
    }

    /// The list that a view is of. A view of every customer's tasks has no page of its own: without a
    /// customer whose list is open, the way leads to what everybody has.
    pub(crate) fn of_view(list: ViewedList, customer: Option<CustomerId>) -> Self {
        match (list, customer) {
            (ViewedList::MyWork, _) => Self::my_work(),
            (ViewedList::Tasks, Some(customer)) => Self::of_customer(customer),
            (ViewedList::Tasks, None) => Self::of_tasks("/my-work".to_owned()),
        }
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
    /// What was left out: names that no list has, and those whose value cannot be meant.
    pub(crate) left_out: Vec<String>,
}

/// Parameters that are read one after the other, with what turned out not to be meant.
struct Reading<'a> {
    parameters: &'a Parameters,
    known: Vec<&'a str>,
    not_meant: Vec<&'a str>,
}

impl<'a> Reading<'a> {
    /// A parameter as it is meant; none where it is absent, blank, or cannot be meant.
    fn get<T>(&mut self, name: &'static str, meant: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        self.known.push(name);
        let value = self.parameters.get(name)?;
        let meant = meant(value);
        if meant.is_none() {
            self.not_meant.push(name);
        }
        meant
    }

    /// Whether a switch is on.
    fn is_on(&mut self, name: &'static str) -> bool {
        let meant = |value: &str| match value {
            "1" | "true" | "on" | "yes" => Some(true),
            "0" | "false" | "off" | "no" => Some(false),
            _ => None,
        };
        self.get(name, meant).unwrap_or(false)
    }

    /// What was not understood.
    fn left_out(self) -> Vec<String> {
        let Self { parameters, known, not_meant } = self;
        let unknown = parameters.pairs().map(|(name, _)| name).filter(|name| !known.contains(name));
        let mut left_out: Vec<String> = not_meant.into_iter().chain(unknown).map(ToOwned::to_owned).collect();
        left_out.sort_unstable();
        left_out.dedup();
        left_out
    }
}

impl Wanted {
    pub(crate) fn read(list: List, parameters: &Parameters) -> Self {
        let mut said = Reading { parameters, known: Vec::new(), not_meant: Vec::new() };
        let day = |day: &str| day.parse::<Date>().ok().filter(|day| (1900..=2200).contains(&day.year()));
        let (from, until, due) = (said.get("due_from", day), said.get("due_until", day), said.get("due", due_word));
        let is_between = from.is_some() || until.is_some();
        if is_between && due.is_some() {
            said.not_meant.push("due");
        }
        let filter = TaskFilter {
            customer: said.get("customer", |id| id.parse().ok()),
            scope: said.get("level", |word| word.parse().ok()),
            plan_id: said.get("plan", |id| id.parse().ok()),
            template_id: said.get("template", |id| id.parse().ok()),
            status: said.get("status", status_word).unwrap_or(list.otherwise.status),
            assignee: said.get("assignee", assignee_word).unwrap_or(list.otherwise.assignee),
            due: if is_between { DueFilter::Between(from, until) } else { due.unwrap_or(DueFilter::Whenever) },
            needs_evidence: said.is_on("evidence"),
            waits_on_customer: said.is_on("waiting"),
            is_approval: said.is_on("approve"),
            words: said.get("q", |words| Some(words.chars().take(200).collect())),
        };
        Self {
            filter,
            sort: said.get("sort", TaskSort::of).unwrap_or(list.sort),
            page: said.get("page", |page| page.parse::<i64>().ok().filter(|page| (1..=1_000_000).contains(page))).unwrap_or(1),
            task: said.get("task", |id| id.parse().ok()),
            view: said.get("view", |id| Some(id.to_owned())),
            left_out: said.left_out(),
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

/// Where tasks stand that a word means.
fn status_word(word: &str) -> Option<StatusFilter> {
    Some(match word {
        "any" => StatusFilter::Any,
        "open" => StatusFilter::Open,
        "closed" => StatusFilter::Closed,
        status => StatusFilter::Is(status.parse().ok()?),
    })
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
        Wanted::read(List::of_customer(CustomerId(5)), &Parameters::of_query(query).unwrap())
    }

    #[test]
    fn an_address_comes_back_as_it_was() {
        let long = format!(
            "q=a+%26+b&status=any&assignee=7&due_from=2026-03-01&due_until=2026-04-02&evidence=1&waiting=1&approve=1&customer=3\
             &level=plan&plan={ID}&template={ID}&sort=title"
        );
        for query in ["", "status=closed", "assignee=my_roles&due=this_week", "status=on_hold&due=undated&sort=updated", &long] {
            let wanted = read(query);
            assert_eq!(wanted.query(), query);
            assert!(wanted.left_out.is_empty(), "{:?}", wanted.left_out);
        }
        let whole = read(&format!("due=overdue&view={ID}&page=3&task={ID}"));
        assert_eq!(whole.whole(), format!("/customers/5/tasks?due=overdue&view={ID}&page=3&task={ID}#task"));
        assert_eq!(whole.address(1, None), format!("/customers/5/tasks?due=overdue&view={ID}"));
    }

    #[test]
    fn what_cannot_be_meant_is_left_out() {
        let wanted = read("status=moon&assignee=x&due=soon&due_from=2026-02-30&level=sky&plan=1&sort=id;drop&page=-1&evidence=0");
        assert_eq!((wanted.query().as_str(), wanted.whole().as_str(), wanted.is_filtered()), ("", "/customers/5/tasks", false));
        assert_eq!(wanted.left_out, ["assignee", "due", "due_from", "level", "page", "plan", "sort", "status"]);
        assert_eq!(read("plan_id=1&q=&status=open&plan_id=2&x").left_out, ["plan_id", "x"]);
        let wanted = read("due=today&due_from=2026-03-01&evidence=banana&waiting=yes&approve=off");
        assert_eq!(wanted.query(), "due_from=2026-03-01&waiting=1");
        assert_eq!(wanted.left_out, ["due", "evidence"]);
    }
}
