//! What was refused in a form, told beside its fields.

use muster_service::{Error, FieldError};

use crate::{parts::Field, problem::Problem, text::Text};

/// The refusals of a form. A form that was not sent yet has none.
#[derive(Debug, Default)]
pub(crate) struct FieldErrors {
    fields: Vec<FieldError>,
}

impl FieldErrors {
    /// The refused fields of an error; any other error is no matter of the form.
    pub(crate) fn of(error: Error) -> Result<Self, Problem> {
        match error {
            Error::Invalid(fields) => Ok(Self { fields }),
            other => Err(other.into()),
        }
    }

    /// These refusals, if each has a field among `shown` to stand beside; otherwise they are told
    /// instead of the form.
    pub(crate) fn beside(fields: Vec<FieldError>, shown: &[&str]) -> Result<Self, Error> {
        let is_shown = |error: &FieldError| shown.iter().any(|name| is_of(error, name));
        if fields.iter().all(is_shown) { Ok(Self { fields }) } else { Err(Error::Invalid(fields)) }
    }

    /// The refusal of a field, or of something in it.
    pub(crate) fn get(&self, name: &str) -> Option<&FieldError> {
        self.fields.iter().find(|error| is_of(error, name))
    }

    /// How many fields were refused.
    pub(crate) fn count(&self) -> usize {
        self.fields.len()
    }

    /// Why a field was refused, in words.
    pub(crate) fn word(&self, name: &str, t: &Text) -> Option<String> {
        self.get(name).map(|error| words(error, t))
    }

    /// A field with what was typed, and why it was refused.
    pub(crate) fn field(&self, name: &str, value: impl Into<String>, t: &Text) -> Field {
        Field { value: value.into(), error: self.word(name, t) }
    }

    /// The same, with words of its own for a field that was left empty.
    pub(crate) fn field_or(&self, name: &str, value: impl Into<String>, blank: &str, t: &Text) -> Field {
        match self.get(name) {
            Some(error) if error.code == "blank" => Field::refused(value, blank),
            _ => self.field(name, value, t),
        }
    }
}

/// Whether an error is about a field, or about something in it.
fn is_of(error: &FieldError, name: &str) -> bool {
    error.pointer.strip_prefix('/').and_then(|rest| rest.split('/').next()) == Some(name)
}

fn words(error: &FieldError, t: &Text) -> String {
    let words = &t.fields;
    match (error.code, error.pointer.as_str()) {
        ("blank", _) => words.blank.to_owned(),
        ("control-character", _) => words.control.to_owned(),
        ("malformed", "/email") => words.email.to_owned(),
        ("unknown-reference", _) => words.unknown.to_owned(),
        ("not-an-option", _) => words.option.to_owned(),
        ("malformed", pointer) if pointer.ends_with("_date") || pointer.ends_with("_on") => words.date.to_owned(),
        ("malformed", pointer) if pointer.ends_with("_days") || pointer.ends_with("_months") => words.number.to_owned(),
        ("taken", _) => words.taken.to_owned(),
        ("common", _) => words.common.to_owned(),
        ("wrong", _) => words.wrong.to_owned(),
        ("too-short", "/password" | "/new_password") => words.short.to_owned(),
        ("code-taken", _) => t.library.code_taken.to_owned(),
        ("not-the-same", _) => words.again.to_owned(),
        _ => words.other.with(&error.message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;

    #[test]
    fn each_field_has_its_own_refusal() {
        let refused = FieldErrors::of(Error::Invalid(vec![
            FieldError::new("/name", "blank", "must not be blank"),
            FieldError::new("/templates/3", "unknown-reference", "does not exist"),
            FieldError::new("/phone", "too-long", "must have at most 50 characters"),
        ]));
        let refused = refused.unwrap();
        assert_eq!(refused.field("name", " ", &ENGLISH), Field::refused(" ", ENGLISH.fields.blank));
        assert_eq!(refused.word("templates", &ENGLISH).as_deref(), Some(ENGLISH.fields.unknown));
        assert_eq!(refused.word("phone", &ENGLISH).as_deref(), Some("It must have at most 50 characters."));
        assert_eq!(refused.field("template", "x", &ENGLISH), Field::of("x"));
        assert_eq!(refused.field_or("name", " ", "Say it.", &ENGLISH), Field::refused(" ", "Say it."));
    }

    #[test]
    fn a_refusal_without_a_field_is_not_lost() {
        let errors = || vec![FieldError::new("/title", "blank", ""), FieldError::unknown_reference("/plan_id")];
        assert!(FieldErrors::beside(errors(), &["title", "notes"]).is_err());
        assert!(FieldErrors::beside(errors(), &["title", "plan_id"]).is_ok());
    }

    #[test]
    fn other_errors_are_no_matter_of_the_form() {
        assert!(FieldErrors::of(Error::NotFound).is_err());
    }
}
