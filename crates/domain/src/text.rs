//! Text as people type it, parsed once into types with private fields.
//!
//! The rules follow the bad-input battery: no NUL and no other control characters, not blank
//! (zero-width characters count as blank), at most so many characters (not bytes). Text is kept
//! in Unicode normalisation form C, so that the same words compare equal however they were typed.

use serde::{Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

/// Why a text was refused. The words shown to people are made from this by whoever renders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing visible in it.
    #[error("must not be blank")]
    Blank,
    /// Longer than allowed.
    #[error("must have at most {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// A NUL or another control character.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// Not of the form that this field asks for.
    #[error("must be {expected}")]
    Malformed {
        /// What is expected, for example "an e-mail address".
        expected: &'static str,
    },
}

impl TextError {
    /// A stable code for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong { .. } => "too-long",
            Self::ControlCharacter => "control-character",
            Self::Malformed { .. } => "malformed",
        }
    }
}

/// Characters that take no room on the screen: a title made of them only is blank.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether a text shows nothing at all.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

fn normalised(text: &str, max: usize, allow_lines: bool) -> Result<String, TextError> {
    let allowed = |character: char| allow_lines && matches!(character, '\n' | '\r' | '\t');
    if text.chars().any(|character| character.is_control() && !allowed(character)) {
        return Err(TextError::ControlCharacter);
    }
    let text: String = text.trim().nfc().filter(|character| *character != '\r').collect();
    if text.chars().count() > max {
        return Err(TextError::TooLong { max });
    }
    Ok(text)
}

/// Reads an optional text: blank counts as absent.
fn optional<T>(text: Option<&str>, parse: impl Fn(&str) -> Result<T, TextError>) -> Result<Option<T>, TextError> {
    match text.map(parse) {
        None | Some(Err(TextError::Blank)) => Ok(None),
        Some(parsed) => parsed.map(Some),
    }
}

/// One visible line of at most `MAX` characters: a name, a title, a heading.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// Reads a required line.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = normalised(text, MAX, false)?;
        if is_blank(&text) { Err(TextError::Blank) } else { Ok(Self(text)) }
    }

    /// Reads an optional line: blank counts as absent.
    pub fn parse_optional(text: Option<&str>) -> Result<Option<Self>, TextError> {
        optional(text, Self::parse)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> std::fmt::Display for Line<MAX> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<const MAX: usize> Serialize for Line<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The title of a task (`varchar(500)` in the original schema).
pub type Title = Line<500>;
/// The name of a customer, a standard, a template or a person.
pub type Name = Line<255>;
/// A short word or code, such as a standard's code.
pub type Code = Line<50>;

/// Running text of at most 20,000 characters: a description, a note, a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose(String);

impl Prose {
    /// The most characters in one running text.
    pub const MAX: usize = 20_000;

    /// Reads a required text.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = normalised(text, Self::MAX, true)?;
        if is_blank(&text) { Err(TextError::Blank) } else { Ok(Self(text)) }
    }

    /// Reads an optional text: blank counts as absent.
    pub fn parse_optional(text: Option<&str>) -> Result<Option<Self>, TextError> {
        optional(text, Self::parse)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address, lower-cased: people do not tell addresses apart by case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Reads an address. Only what every mail system needs is checked: one `@`, something before
    /// it, a dotted name behind it, no spaces. Whether it exists, only a mail can tell.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = normalised(text, 254, false)?.to_lowercase();
        if is_blank(&text) {
            return Err(TextError::Blank);
        }
        let malformed = TextError::Malformed { expected: "an e-mail address" };
        let (local, domain) = text.rsplit_once('@').ok_or(malformed)?;
        let bad = |part: &str| {
            part.is_empty() || part.chars().any(|c| is_invisible(c) || matches!(c, '@' | ',' | ';' | '<' | '>' | '"' | '(' | ')'))
        };
        let dotted = domain == "localhost" || (domain.contains('.') && domain.split('.').all(|label| !label.is_empty()));
        if bad(local) || bad(domain) || !dotted { Err(malformed) } else { Ok(Self(text)) }
    }

    /// Reads an optional address: blank counts as absent.
    pub fn parse_optional(text: Option<&str>) -> Result<Option<Self>, TextError> {
        optional(text, Self::parse)
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_titles_are_refused_however_they_are_written() {
        for blank in ["", "   ", "\u{200B}\u{200B}", "\u{FEFF}", "\u{2060} \u{3164}"] {
            assert_eq!(Title::parse(blank), Err(TextError::Blank), "{blank:?}");
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(Title::parse(&"ä".repeat(500)).is_ok());
        assert_eq!(Title::parse(&"a".repeat(501)), Err(TextError::TooLong { max: 500 }));
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(Title::parse("a\0b"), Err(TextError::ControlCharacter));
        assert_eq!(Title::parse("a\nb"), Err(TextError::ControlCharacter));
        assert_eq!(Prose::parse("a\r\nb").unwrap().as_str(), "a\nb");
    }

    #[test]
    fn addresses() {
        assert_eq!(Email::parse(" Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
        for bad in ["ada", "@example.com", "ada@", "ada@example", "a b@example.com", "a@b@example.com,c@d.e", "ada@.com"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_settles(text in ".{0,600}") {
            if let Ok(title) = Title::parse(&text) {
                prop_assert_eq!(Title::parse(title.as_str()).unwrap(), title.clone());
                prop_assert!(title.as_str().chars().count() <= 500);
            }
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()).unwrap(), email);
            }
        }
    }
}
