//! Plain types and pure rules of Muster.
//!
//! Nothing here reads a clock, draws an id, talks to a database or knows HTTP: time and ids are
//! passed in, decisions come out as values. The crate depends on none of our other crates.

pub mod access;
pub mod account;
pub mod answers;
pub mod audit;
pub mod calendar;
pub mod clock;
pub mod customers;
pub mod differences;
pub mod documents;
pub mod events;
pub mod evidence;
pub mod firm;
pub mod ids;
pub mod legacy;
pub mod mail;
pub mod network;
pub mod people;
pub mod plans;
pub mod progress;
pub mod recurrence;
pub mod reminders;
pub mod respondents;
pub mod rules;
pub mod tasks;
pub mod templates;
pub mod text;
pub mod tokens;
pub mod upgrades;
pub mod workspace;

mod words;
pub use words::UnknownWord;
