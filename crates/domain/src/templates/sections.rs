//! Optional sections of a document's text: they appear only when an answer says so.
//!
//! A section begins with a line that holds nothing but `{{#if ...}}` and ends with a line that holds
//! nothing but `{{/if}}`. Sections may stand inside each other.

use serde_json::Value;

use super::is_key;

/// When a section appears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition<'a> {
    /// The key of the question that decides.
    pub key: &'a str,
    /// What its answer has to be; none: any answer but "no".
    pub value: Option<&'a str>,
    /// The section appears when the answer is anything else.
    pub is_negated: bool,
}

/// What is wrong with a line that marks a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SectionFault {
    /// It reads like the beginning of a section, but its condition cannot be understood.
    #[error("begins an optional section with a condition that cannot be understood")]
    Malformed,
    /// A section that does not end.
    #[error("begins an optional section that does not end")]
    Unclosed,
    /// An end without a beginning.
    #[error("ends an optional section that did not begin")]
    Unopened,
}

/// A line that marks a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker<'a> {
    /// A section begins.
    If(Condition<'a>),
    /// A section ends.
    End,
    /// It was meant as a beginning.
    Malformed,
}

impl<'a> Condition<'a> {
    /// Reads `key`, `not key`, `key is value` or `key is not value`.
    fn parse(text: &'a str) -> Option<Self> {
        let (key, value, is_negated) = match text.split_once(" is ") {
            Some((key, value)) => match value.trim().strip_prefix("not ") {
                Some(value) => (key, Some(value.trim()), true),
                None => (key, Some(value.trim()), false),
            },
            None => match text.strip_prefix("not ") {
                Some(key) => (key, None, true),
                None => (text, None, false),
            },
        };
        let key = key.trim();
        (is_key(key) && value != Some("")).then_some(Self { key, value, is_negated })
    }

    /// Whether the section appears with this answer; no answer, and one that says "not applicable",
    /// count as "no".
    pub fn holds(&self, answer: Option<&Value>) -> bool {
        let is = match (self.value, answer) {
            (_, None | Some(Value::Null)) => false,
            (None, Some(Value::Bool(yes))) => *yes,
            (None, Some(Value::Array(items))) => !items.is_empty(),
            (None, Some(_)) => true,
            (Some(wanted), Some(Value::Bool(yes))) => wanted == if *yes { "yes" } else { "no" },
            (Some(wanted), Some(Value::String(text))) => wanted == text,
            (Some(wanted), Some(Value::Array(items))) => items.iter().any(|item| item.as_str() == Some(wanted)),
            (Some(wanted), Some(other)) => {
                let words = other.to_string();
                words == wanted
            }
        };
        is != self.is_negated
    }
}

/// What a line marks, if it marks something.
pub fn marker(line: &str) -> Option<Marker<'_>> {
    let inside = line.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    if inside == "/if" {
        return Some(Marker::End);
    }
    let condition = inside.strip_prefix("#if")?;
    Some(Condition::parse(condition.trim()).map_or(Marker::Malformed, Marker::If))
}

/// The conditions of a text with the numbers of their lines, counted from 1.
pub fn conditions(text: &str) -> impl Iterator<Item = (usize, Condition<'_>)> {
    (1..).zip(text.lines()).filter_map(|(line, text)| match marker(text) {
        Some(Marker::If(condition)) => Some((line, condition)),
        _ => None,
    })
}

/// What is wrong with the sections of a text, with the numbers of the lines, counted from 1.
pub fn section_faults(text: &str) -> Vec<(usize, SectionFault)> {
    let (mut open, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        match marker(line) {
            Some(Marker::If(_)) => open.push(number),
            Some(Marker::Malformed) => {
                open.push(number);
                faults.push((number, SectionFault::Malformed));
            }
            Some(Marker::End) if open.pop().is_none() => faults.push((number, SectionFault::Unopened)),
            _ => {}
        }
    }
    faults.extend(open.into_iter().map(|line| (line, SectionFault::Unclosed)));
    faults.sort_unstable_by_key(|fault| fault.0);
    faults
}

/// The text without its markers and without the sections whose condition does not hold. A section
/// whose condition cannot be understood appears.
pub fn visible_text(text: &str, holds: impl Fn(&Condition<'_>) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut open: Vec<bool> = Vec::new();
    for line in text.split_inclusive('\n') {
        match marker(line) {
            Some(Marker::If(condition)) => open.push(holds(&condition)),
            Some(Marker::Malformed) => open.push(true),
            Some(Marker::End) => {
                open.pop();
            }
            None if open.iter().all(|holds| *holds) => shown.push_str(line),
            None => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_are_read() {
        let read = |text| match marker(text) {
            Some(Marker::If(one)) => Some((one.key, one.value, one.is_negated)),
            _ => None,
        };
        assert_eq!(read("{{#if cloud}}"), Some(("cloud", None, false)));
        assert_eq!(read("  {{ #if not cloud }} "), Some(("cloud", None, true)));
        assert_eq!(read("{{#if rhythm is every week}}"), Some(("rhythm", Some("every week"), false)));
        assert_eq!(read("{{#if rhythm is not monthly}}\n"), Some(("rhythm", Some("monthly"), true)));
        assert_eq!(marker("{{#if Not a key}}"), Some(Marker::Malformed));
        assert_eq!(marker("{{/if}}"), Some(Marker::End));
        assert_eq!(marker("say {{#if a}}"), None);
    }

    #[test]
    fn sections_appear_when_an_answer_says_so() {
        let text = "a\n{{#if x}}\nb\n{{#if y is 2}}\nc\n{{/if}}\n{{/if}}\nd\n";
        let with = |x: Value, y: Value| visible_text(text, |one| one.holds(Some(if one.key == "x" { &x } else { &y })));
        assert_eq!(with(json!(true), json!(2)), "a\nb\nc\nd\n");
        assert_eq!(with(json!(true), json!(["3"])), "a\nb\nd\n");
        assert_eq!(with(json!(false), json!(2)), "a\nd\n");
    }

    #[test]
    fn what_decides() {
        let holds = |condition: &str, answer: Value| Condition::parse(condition).unwrap().holds(Some(&answer));
        assert!(holds("k", json!("text")) && !holds("k", json!(null)) && !holds("k", json!([])));
        assert!(holds("k is no", json!(false)) && holds("not k", json!(false)) && holds("k is a", json!(["b", "a"])));
        assert!(holds("k is not a", json!("b")) && holds("k is 14", json!(14)));
    }

    #[test]
    fn faults_are_found_with_their_lines() {
        let faults = section_faults("{{/if}}\n{{#if a}}\n{{#if ?}}\n{{/if}}\n");
        assert_eq!(faults, [(1, SectionFault::Unopened), (2, SectionFault::Unclosed), (3, SectionFault::Malformed)]);
    }

    proptest! {
        #[test]
        fn a_text_without_markers_stays_as_it_is(text in "[a-z{}#\n ]{0,60}") {
            prop_assume!(text.lines().all(|line| marker(line).is_none()));
            prop_assert_eq!(visible_text(&text, |_| false), text);
        }
    }
}
