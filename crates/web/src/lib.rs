//! JSON API and pages of Muster.
//!
//! A page is a struct with a template beside it: handlers fill the struct, the template turns it into HTML, and the
//! struct's samples are rendered by tests and by the gallery (`cargo run -p muster-web --features samples --example
//! gallery`). Templates hold no words of their own, they take them from [`text`].

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod admission;
mod api;
pub mod assets;
mod download;
mod filters;
pub mod format;
mod guard;
mod input;
pub mod layout;
mod metrics;
pub mod pages;
pub mod parts;
mod problem;
mod ready;
pub mod recurrence;
mod request;
mod routes;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod session;
mod state;
pub mod text;

pub use api::openapi_text;
pub use routes::router;
pub use state::{AppState, Draining};
