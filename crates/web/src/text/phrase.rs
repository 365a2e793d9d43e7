//! Sentences with something to fill in, and numbers that change the words around them.

use std::fmt::Display;

/// A sentence with gaps: `{0}`, `{1}`, `{2}`.
#[derive(Debug, Clone, Copy)]
pub struct Phrase(pub(super) &'static str);

impl Phrase {
    /// Fills the only gap.
    #[must_use]
    pub fn with(&self, first: impl Display) -> String {
        self.0.replace("{0}", &first.to_string())
    }

    /// Fills two gaps.
    #[must_use]
    pub fn with2(&self, first: impl Display, second: impl Display) -> String {
        fill(self.0, &[first.to_string(), second.to_string()])
    }

    /// Fills three gaps.
    #[must_use]
    pub fn with3(&self, first: impl Display, second: impl Display, third: impl Display) -> String {
        fill(self.0, &[first.to_string(), second.to_string(), third.to_string()])
    }
}

/// A piece of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Words of the sentence.
    Words(&'static str),
    /// A gap, by its number.
    Gap(usize),
}

impl Phrase {
    /// The sentence piece by piece, for a page that sets what fills the gaps apart.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut rest = self.0;
        while let Some((words, after)) = rest.split_once('{') {
            let Some((gap, after)) = after.split_once('}') else { break };
            parts.push(Part::Words(words));
            parts.push(Part::Gap(gap.parse().unwrap_or_default()));
            rest = after;
        }
        parts.push(Part::Words(rest));
        parts.retain(|part| *part != Part::Words(""));
        parts
    }
}

/// A sentence about a number: `{n}` is the number, `{0}` one more gap where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Plural {
    pub(super) one: &'static str,
    pub(super) other: &'static str,
}

impl Plural {
    /// Its sentences, for one and for more, for scripts that count by themselves: `{n}` is the number.
    #[must_use]
    pub const fn patterns(&self) -> (&'static str, &'static str) {
        (self.one, self.other)
    }
}

/// A number of things. Templates hand over numbers by reference, lists count in `usize`.
pub trait Count {
    /// The number.
    fn count(self) -> u64;
}

impl Count for u64 {
    fn count(self) -> u64 {
        self
    }
}

impl Count for u32 {
    fn count(self) -> u64 {
        u64::from(self)
    }
}

impl Count for usize {
    fn count(self) -> u64 {
        u64::try_from(self).unwrap_or(u64::MAX)
    }
}

impl<C: Count + Copy> Count for &C {
    fn count(self) -> u64 {
        (*self).count()
    }
}

impl Plural {
    /// The sentence for this number.
    #[must_use]
    pub fn n(&self, number: impl Count) -> String {
        let number = number.count();
        self.form(number).replace("{n}", &grouped(number))
    }

    /// The sentence for this number, with one more gap filled.
    #[must_use]
    pub fn n_with(&self, number: impl Count, first: impl Display) -> String {
        let number = number.count();
        fill(&self.form(number).replace("{n}", &grouped(number)), &[first.to_string()])
    }

    /// English knows two forms. A language with more keeps them in its own catalogue and chooses here.
    fn form(&self, number: u64) -> &'static str {
        if number == 1 { self.one } else { self.other }
    }
}

/// Fills the gaps in one pass, so that a value holding `{0}` stays as it is.
fn fill(pattern: &str, values: &[String]) -> String {
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let gap = from.as_bytes().get(1).and_then(|digit| usize::from(*digit).checked_sub(usize::from(b'0')));
        match (gap.and_then(|gap| values.get(gap)), from.as_bytes().get(2)) {
            (Some(value), Some(b'}')) => {
                text.push_str(value);
                rest = from.get(3..).unwrap_or_default();
            }
            _ => {
                text.push('{');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    text
}

/// 4812 as "4,812".
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_choose_their_words() {
        let tasks = Plural { one: "1 task", other: "{n} tasks" };
        assert_eq!(tasks.n(1_u32), "1 task");
        assert_eq!(tasks.n(0_u32), "0 tasks");
        assert_eq!(tasks.n(4812_u32), "4,812 tasks");
    }

    #[test]
    fn a_sentence_comes_in_parts() {
        let parts = Phrase("{0} took “{1}” up").parts();
        assert_eq!(parts, [Part::Gap(0), Part::Words(" took “"), Part::Gap(1), Part::Words("” up")]);
    }

    #[test]
    fn gaps_are_filled_once() {
        let phrase = Phrase("{0} of {1}");
        assert_eq!(phrase.with2("{1}", "x"), "{1} of x");
        assert_eq!(Phrase("a { b {0}").with2("c", "d"), "a { b c");
    }
}
