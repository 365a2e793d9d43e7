//! Telling people who look at a customer's work that something has changed, and who else is there.
//!
//! A writer's commit sends a hint through the database. One connection of each process hears all of
//! them ([`Context::run_events`]) and hands each to the streams of its customer, which a [`Hub`]
//! keeps in memory. A stream ([`Watch`]) holds no connection; it looks again at what its person may
//! see before it tells them anything, and by itself twice a minute.

mod across;
mod hub;
mod run;
mod watch;

pub(crate) use self::hub::Hub;
pub use self::{
    across::{NewsAcross, WatchAcross},
    watch::{News, Watch, Watcher},
};
