//! What was wrong with a form, told beside its fields.

use muster_service::{Error, FieldError};

use crate::{parts::Field, text::Text};

/// The refusals of a form. Each is taken out where its field is shown; what is left over was
/// wrong with a field that the form does not show.
pub(crate) struct Refused {
    errors: Vec<FieldError>,
    t: &'static Text,
}

impl Refused {
    /// The refusals of a form.
    pub(crate) fn new(errors: Vec<FieldError>, t: &'static Text) -> Self {
        Self { errors, t }
    }

    /// The field at a pointer, with what was typed; `blank` is said where nothing was.
    pub(crate) fn field(&mut self, pointer: &str, typed: &str, blank: &str) -> Field {
        let Some(at) = self.errors.iter().position(|error| error.pointer == pointer) else { return Field::of(typed) };
        let error = self.errors.swap_remove(at);
        self.errors.retain(|other| other.pointer != pointer);
        let said = if error.code == "blank" { blank.to_owned() } else { self.t.refusals.this.with(error.message) };
        Field::refused(typed, said)
    }

    /// What to tell instead of showing the form, where a refusal has no field to stand beside.
    pub(crate) fn leftover(self) -> Result<(), Error> {
        if self.errors.is_empty() { Ok(()) } else { Err(Error::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ENGLISH;

    #[test]
    fn every_refusal_is_told_once_or_left_over() {
        let errors = || vec![FieldError::new("/title", "blank", "must not be blank"), FieldError::unknown_reference("/plan_id")];
        let mut refused = Refused::new(errors(), &ENGLISH);
        assert_eq!(refused.field("/title", " ", "Say it."), Field::refused(" ", "Say it."));
        assert_eq!(refused.field("/notes", "x", ""), Field::of("x"));
        assert!(refused.leftover().is_err());
        let mut refused = Refused::new(errors(), &ENGLISH);
        refused.field("/title", "", "");
        assert_eq!(refused.field("/plan_id", "1", "").error.unwrap(), "This does not exist.");
        assert!(refused.leftover().is_ok());
    }
}
