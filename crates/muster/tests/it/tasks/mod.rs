//! Tasks.

mod bulk;
mod comments;
mod edit;
mod lists;
mod moves;
mod overdue;
mod places;
mod views;
mod views_api;
