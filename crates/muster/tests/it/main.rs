//! The one integration-test binary: the full router in-process on a real PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod access;
mod account;
mod answers;
mod app;
mod audit;
mod bad_input;
mod calendar;
mod cluster;
mod connections;
mod customers;
mod documents;
mod events;
mod evidence;
mod exchange;
mod generation;
mod idempotency;
mod identity_provider;
mod isolation;
mod legacy;
mod mail;
mod metrics;
mod pages;
mod people;
mod plans;
mod portfolio;
mod program;
mod ready;
mod recurrence;
mod respondents;
mod rules;
mod schema;
mod search;
mod sessions;
mod setup;
mod spreadsheets;
mod tasks;
mod templates;
mod tokens;
mod workspace;
