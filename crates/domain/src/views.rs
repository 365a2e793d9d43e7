//! Lists of tasks as a person likes to see them: filters under a name.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, ViewId},
    text::Line,
    words::word_enum,
};

/// The name of a view.
pub type ViewName = Line<60>;

/// The most views that a person keeps of one list: a row of chips, not a list of its own.
pub const MOST_VIEWS: i64 = 20;

/// The most bytes of a view's filters, as the address of the list has them.
pub const MOST_QUERY_BYTES: usize = 2000;

word_enum! {
    /// The list that a view is of.
    ViewedList {
        /// A person's own work, across customers.
        MyWork = "my_work",
        /// The tasks of a customer, of whichever.
        Tasks = "tasks",
    }
}

/// A view that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// The id.
    pub id: ViewId,
    /// Of which list.
    pub list: ViewedList,
    /// The only customer that it is for, such as where it names a plan, a template or a person of that
    /// customer.
    pub customer: Option<CustomerId>,
    /// What its person calls it.
    pub name: String,
    /// The filters, as the address of the list has them.
    pub query: String,
    /// The list opens with it.
    pub is_default: bool,
}
