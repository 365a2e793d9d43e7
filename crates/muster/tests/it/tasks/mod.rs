//! Tasks.

mod edit;
mod moves;
mod places;
