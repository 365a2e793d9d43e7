//! A view's fields.

use muster_domain::{
    ids::CustomerId,
    views::{MOST_QUERY_BYTES, SavedView, ViewName, ViewedList},
};
use muster_service::{Error, FieldError, NewView, ViewChange};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::{
    pages::lists::{List, Wanted},
    request::{Parameters, sent},
};

/// A view to be kept.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTaskView {
    /// The list that it is of: my_work or tasks.
    #[schema(required, example = "tasks")]
    pub list: Option<String>,
    /// The only customer whose tasks it is for; null for those of whichever. It has to be given where the
    /// filters name a plan, a template or a person.
    pub customer_id: Option<i32>,
    /// What it is called.
    #[schema(required, max_length = 60, example = "Late and urgent")]
    pub name: Option<String>,
    /// The filters and the order, as the address of the list has them after its question mark; none unless
    /// given.
    #[schema(max_length = 2000, example = "due=overdue&sort=priority")]
    pub query: Option<String>,
    /// Whether the list opens with it, instead of the one that it opened with before.
    pub is_default: Option<bool>,
}

/// A change of a view: what is not sent stays as it is, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskViewPatch {
    /// What it is called.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 60)]
    pub name: Option<Option<String>>,
    /// The filters and the order, as the address of the list has them after its question mark.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<String>, max_length = 2000)]
    pub query: Option<Option<String>>,
    /// Whether the list opens with it, instead of the one that it opened with before.
    pub is_default: Option<bool>,
}

impl NewTaskView {
    /// Parses the fields.
    pub fn parse(&self) -> Result<NewView, Error> {
        let mut check = Check::default();
        let list: Option<ViewedList> = check.required_word("/list", self.list.as_deref().unwrap_or_default());
        let customer = self.customer_id.map(CustomerId);
        if list == Some(ViewedList::MyWork) && customer.is_some() {
            check.refuse("/customer_id", "not-an-option", "must not be given: my work is that of all customers");
        }
        let name = check.required("/name", self.name.as_deref(), ViewName::parse);
        let query = list.and_then(|list| understood(&mut check, list, customer, self.query.as_deref().unwrap_or_default()));
        let view = (|| Some(NewView { list: list?, customer, name: name?, query: query?, is_default: self.is_default.unwrap_or(false) }))();
        check.finish(view)
    }
}

impl TaskViewPatch {
    /// Parses the fields, for the view that they change.
    pub fn parse(&self, view: &SavedView) -> Result<ViewChange, Error> {
        let mut check = Check::default();
        let name = self.name.as_ref().and_then(|name| check.required("/name", name.as_deref(), ViewName::parse));
        let given = self.query.as_ref().map(|query| query.as_deref().unwrap_or_default());
        let query = given.and_then(|query| understood(&mut check, view.list, view.customer, query));
        check.finish(Some(ViewChange { name, query, is_default: self.is_default }))
    }
}

/// Reads the list whose views are asked for.
pub fn viewed_list(parameters: &Parameters) -> Result<ViewedList, Error> {
    let mut check = Check::default();
    let list = check.required_word("/list", parameters.get("list").unwrap_or_default());
    check.finish(list)
}

/// Filters as their list reads them, so that what is kept is what was meant. What the list does not
/// understand is left out, as in its address.
pub(crate) fn read_filters(list: ViewedList, customer: Option<CustomerId>, query: &str) -> Result<Wanted, FieldError> {
    let too_long = || FieldError::new("/query", "too-long", format!("must have at most {MOST_QUERY_BYTES} bytes"));
    let query = query.trim();
    let query = query.strip_prefix('?').unwrap_or(query);
    if query.len() > MOST_QUERY_BYTES {
        return Err(too_long());
    }
    let parameters = Parameters::of_query(query).ok_or_else(|| FieldError::new("/query", "malformed", "cannot be read as a query"))?;
    let wanted = Wanted::read(List::of_view(list, customer), &parameters);
    // Written anew, letters of other alphabets take more bytes than they came with.
    if wanted.query().len() > MOST_QUERY_BYTES { Err(too_long()) } else { Ok(wanted) }
}

/// The same for programs: they are told what would be left out, because nobody looks at what they have
/// kept.
fn understood(check: &mut Check, list: ViewedList, customer: Option<CustomerId>, query: &str) -> Option<String> {
    let wanted = check.read(read_filters(list, customer, query))?;
    if !wanted.left_out.is_empty() {
        let names = wanted.left_out.join("`, `");
        check.refuse("/query", "not-an-option", format!("is not understood by this list: `{names}`"));
        return None;
    }
    if list == ViewedList::Tasks && customer.is_none() && wanted.is_of_one_customer() {
        let message = "names a plan, a template or a person, so the view has to be that of a customer";
        check.refuse("/query", "of-one-customer", message);
        return None;
    }
    Some(wanted.query())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(body: &serde_json::Value) -> Vec<(String, &'static str)> {
        let parsed = serde_json::from_value::<NewTaskView>(body.clone()).unwrap().parse();
        match parsed {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| (error.pointer, error.code)).collect(),
            other => panic!("{body} was taken: {other:?}"),
        }
    }

    #[test]
    fn a_view_is_taken_as_its_list_reads_it() {
        let body = serde_json::json!({ "list": "tasks", "name": " Late ", "query": "?status=open&sort=title&due=overdue&page=2" });
        let view = serde_json::from_value::<NewTaskView>(body).unwrap().parse().unwrap();
        assert_eq!((view.name.as_str(), view.query.as_str(), view.is_default), ("Late", "due=overdue&sort=title", false));
        assert_eq!((view.list, view.customer), (ViewedList::Tasks, None));
        // What a list shows by itself is not said again, and another list shows something else.
        assert_eq!(read_filters(ViewedList::Tasks, None, "assignee=mine").unwrap().query(), "assignee=mine");
        assert_eq!(read_filters(ViewedList::MyWork, None, "assignee=mine&due=today&x=y").unwrap().query(), "due=today");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = |query: &str| refusals(&serde_json::json!({ "list": "tasks", "name": "N", "query": query }));
        let at = |pointer: &str, code: &'static str| (pointer.to_owned(), code);
        assert_eq!(refusals(&serde_json::json!({})), [at("/list", "not-an-option"), at("/name", "blank")]);
        let of_my_work = serde_json::json!({ "list": "my_work", "customer_id": 1, "name": "N", "query": "due=soon" });
        assert_eq!(refusals(&of_my_work), [at("/customer_id", "not-an-option"), at("/query", "not-an-option")]);
        assert_eq!(wrong("plan_id=1"), [at("/query", "not-an-option")]);
        assert_eq!(wrong("q=%FF"), [at("/query", "malformed")]);
        assert_eq!(wrong("assignee=7"), [at("/query", "of-one-customer")]);
        assert_eq!(wrong(&"x".repeat(2001)), [at("/query", "too-long")]);
        assert_eq!(wrong(&format!("q={}", "\u{10348}".repeat(200))), [at("/query", "too-long")]);
    }
}
