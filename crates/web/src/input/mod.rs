//! What people and programs send, parsed once into the domain's types.
//!
//! The JSON API and the pages' forms take the same fields, so both parse them here; every refusal
//! names its field, and all fields are looked at before anything is refused.

pub mod account;
pub mod answers;
pub mod audit;
pub mod customers;
pub mod documents;
pub mod evidence;
pub mod firm;
pub mod imports;
pub mod mail;
pub mod people;
pub mod plans;
pub mod respondents;
pub mod rules;
pub mod spreadsheets;
pub mod task_lists;
pub mod tasks;
pub mod templates;
pub mod tokens;
pub mod upgrades;
pub mod views;

use std::{fmt::Display, str::FromStr};

use jiff::civil::Date;
use muster_domain::{
    people::Password,
    text::{Prose, TextError},
};
use muster_service::{Error, FieldError};

/// Collects the refusals of a body's fields.
#[derive(Default)]
pub struct Check(Vec<FieldError>);

impl Check {
    /// Keeps a parsed text, or notes its refusal.
    pub fn text<T>(&mut self, pointer: &str, parsed: Result<T, TextError>) -> Option<T> {
        parsed.map_err(|error| self.0.push(FieldError::text(pointer, error))).ok()
    }

    /// A required text: absent counts as blank.
    pub fn required<T>(&mut self, pointer: &str, given: Option<&str>, parse: impl Fn(&str) -> Result<T, TextError>) -> Option<T> {
        self.text(pointer, parse(given.unwrap_or_default()))
    }

    /// One of some words; absent or blank is none.
    pub fn word<T: FromStr<Err: Display>>(&mut self, pointer: &str, given: Option<&str>) -> Option<T> {
        let given = given.map(str::trim).filter(|text| !text.is_empty())?;
        given.parse().map_err(|error: T::Err| self.refuse(pointer, "not-an-option", error.to_string())).ok()
    }

    /// One of some words, which has to be given.
    pub fn required_word<T: FromStr<Err: Display>>(&mut self, pointer: &str, given: &str) -> Option<T> {
        given.trim().parse().map_err(|error: T::Err| self.refuse(pointer, "not-an-option", error.to_string())).ok()
    }

    /// A date as `YYYY-MM-DD`; absent or blank is none.
    pub fn date(&mut self, pointer: &str, given: Option<&str>) -> Option<Date> {
        let given = given.map(str::trim).filter(|text| !text.is_empty())?;
        let is_plain = given.len() == 10 && given.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = given.parse::<Date>().ok().filter(|date| is_plain && (1900..=2200).contains(&date.year()));
        if date.is_none() {
            self.refuse(pointer, "malformed", "must be a date between 1900 and 2200, written YYYY-MM-DD");
        }
        date
    }

    /// An id; what cannot be one is told like one that does not exist.
    pub fn id<T: FromStr>(&mut self, pointer: &str, given: Option<&str>) -> Option<T> {
        let given = given.map(str::trim).filter(|text| !text.is_empty())?;
        let id = given.parse().ok();
        if id.is_none() {
            self.0.push(FieldError::unknown_reference(pointer));
        }
        id
    }

    /// A new password.
    pub fn password(&mut self, pointer: &str, typed: &str) -> Option<Password> {
        Password::parse(typed).map_err(|error| self.0.push(FieldError::password(pointer, error))).ok()
    }

    /// Keeps what was read, or notes its refusal.
    pub fn read<T>(&mut self, read: Result<T, FieldError>) -> Option<T> {
        read.map_err(|error| self.0.push(error)).ok()
    }

    /// Notes a refusal.
    pub fn refuse(&mut self, pointer: &str, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldError::new(pointer, code, message));
    }

    /// The value, if nothing was refused.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Error::Invalid(self.0)),
        }
    }
}

/// Reads the one field that ignoring asks for.
pub fn reason(given: Option<&str>) -> Result<Prose, Error> {
    let mut check = Check::default();
    let reason = check.required("/reason", given, Prose::parse);
    check.finish(reason)
}
