//! Search: reading what is asked, forgiving a slip of the finger, and showing where it was found.
//!
//! Words are cut here as `dna_app.search_vector` cuts texts in the database: small letters without
//! accents, everything that is neither letter nor digit a gap.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::{
    ids::{CustomerId, DocumentId, EvidenceId, PlanId, TaskId, TemplateId},
    words::word_enum,
};

/// More words than this are not looked at.
const WORDS: usize = 10;
/// A longer word is cut, here and among the words that are in use.
pub const LONGEST_WORD: usize = 40;
/// Shorter words are not corrected: too many others are near them.
const SHORTEST_CORRECTED: usize = 4;
/// How many characters of a text stand around what was found.
const AROUND: usize = 60;
/// How many characters of a text are shown at most.
const EXCERPT: usize = 200;

word_enum! {
    /// What was found.
    HitKind {
        /// A customer.
        Customer = "customer",
        /// A task, of any level.
        Task = "task",
        /// The task of a question.
        Question = "question",
        /// An answer.
        Answer = "answer",
        /// A document.
        Document = "document",
        /// Evidence.
        Evidence = "evidence",
        /// A comment on a task.
        Comment = "comment",
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// That customer's name.
    pub customer_name: String,
    /// Its title or name; of an answer the question, of a comment the task.
    pub title: String,
    /// Its text, where it has one besides the title.
    pub text: String,
    /// Where it stands: the standard's code, the template's and the document's name, as far as it goes.
    pub path: Vec<String>,
    /// The task: itself, or the one that it belongs to.
    pub task_id: Option<TaskId>,
    /// The plan.
    pub plan_id: Option<PlanId>,
    /// The template.
    pub template_id: Option<TemplateId>,
    /// The key of the question.
    pub question_key: Option<String>,
    /// The document.
    pub document_id: Option<DocumentId>,
    /// The evidence.
    pub evidence_id: Option<EvidenceId>,
}

/// The words that are looked for: all of them have to be there, each as the beginning of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// Reads what was typed; none where it has no letter or digit.
    pub fn read(typed: &str) -> Option<Self> {
        let words: Vec<String> = words(typed).take(WORDS).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// The same with a word replaced, as by [`closest`].
    #[must_use]
    pub fn with(&self, mut replace: impl FnMut(&str) -> Option<String>) -> Self {
        Self(self.0.iter().map(|word| replace(word).unwrap_or_else(|| word.clone())).collect())
    }

    /// The query in PostgreSQL's notation. Words are letters and digits only, so nothing in them can be
    /// mistaken for it.
    pub fn query(&self) -> String {
        self.0.iter().map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & ")
    }

    /// A text in parts, each with whether it is one of the words: for a title, which is shown whole.
    pub fn marked(&self, text: &str) -> Vec<(String, bool)> {
        let mut parts: Vec<(String, bool)> = Vec::new();
        for piece in pieces(text) {
            let is_found = self.begins(piece);
            match parts.last_mut() {
                Some((last, was_found)) if *was_found == is_found => last.push_str(piece),
                _ => parts.push((piece.to_owned(), is_found)),
            }
        }
        parts
    }

    /// The part of a long text around the first of the words, in parts as of [`SearchWords::marked`].
    /// Empty where none of them is in it.
    pub fn excerpt(&self, text: &str) -> Vec<(String, bool)> {
        let Some(at) = pieces_at(text).find(|(_, piece)| self.begins(piece)).map(|(at, _)| at) else { return Vec::new() };
        let before: Vec<usize> = text[..at].char_indices().map(|(place, _)| place).rev().take(AROUND).collect();
        let start = before.last().copied().unwrap_or(at);
        // From the beginning of a word, unless it is the beginning of the text.
        let start = if start == 0 { 0 } else { text[start..at].find(char::is_whitespace).map_or(at, |gap| start + gap) };
        let end = text[start..].char_indices().nth(EXCERPT).map_or(text.len(), |(place, _)| start + place);
        let mut parts = self.marked(text[start..end].trim());
        if start > 0 {
            parts.insert(0, ("… ".to_owned(), false));
        }
        if end < text.len() {
            parts.push((" …".to_owned(), false));
        }
        parts
    }

    fn begins(&self, piece: &str) -> bool {
        let piece: String = folded(piece).collect();
        !piece.is_empty() && self.0.iter().any(|word| piece.starts_with(word.as_str()))
    }
}

/// The words of a text.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    pieces(text).map(|piece| folded(piece).take(LONGEST_WORD).collect::<String>()).filter(|word| !word.is_empty())
}

/// A word under each of which it can be found although a letter of it is wrong, missing, too many, or
/// changed places with its neighbour: itself, and itself without one letter. Two words that are one
/// such slip apart have a form in common.
pub fn forms(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let without = |place: usize| letters.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, letter)| *letter).collect();
    (0..letters.len()).map(without).chain([word.to_owned()]).collect()
}

/// Whether a word is worth keeping among those that slips are corrected by, or worth correcting.
pub fn is_correctable(word: &str) -> bool {
    (SHORTEST_CORRECTED..=LONGEST_WORD).contains(&word.chars().count()) && !word.chars().any(|sign| sign.is_ascii_digit())
}

/// Of words that share a form with `word`, the one that is nearest to it: one slip away. Of several the
/// one that keeps its first letter, then the first by the alphabet.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().filter(|one| *one != word && strsim::osa_distance(one, word) == 1);
    near.min_by_key(|one| (one.chars().next() != word.chars().next(), *one))
}

/// The letters of a piece as they are compared.
fn folded(piece: &str) -> impl Iterator<Item = char> + '_ {
    piece.nfkd().filter(|sign| !is_mark(*sign) && !is_gap(*sign)).flat_map(char::to_lowercase).map(|sign| match sign {
        'ø' => 'o',
        'ł' => 'l',
        'đ' => 'd',
        'ς' => 'σ',
        other => other,
    })
}

/// A text in words and what is between them; together they are the text.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    pieces_at(text).map(|(_, piece)| piece)
}

fn pieces_at(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let is_word = !is_gap(rest.chars().next()?);
        let end = rest.find(|sign| is_gap(sign) == is_word).unwrap_or(rest.len());
        let found = (at, &rest[..end]);
        at += end;
        Some(found)
    })
}

const fn is_mark(sign: char) -> bool {
    matches!(sign, '\u{300}'..='\u{36F}')
}

/// The gaps of `dna_app.search_vector`.
const fn is_gap(sign: char) -> bool {
    matches!(sign, '\0'..='/' | ':'..='@' | '['..='`' | '{'..='\u{BF}' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{303F}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(typed: &str) -> SearchWords {
        SearchWords::read(typed).unwrap()
    }

    #[test]
    fn words_are_folded_and_cut_at_signs() {
        assert_eq!(read("  Prüfe die Zugriffs-Rechte (A.5.18)  ").words(), ["prufe", "die", "zugriffs", "rechte", "a", "5", "18"]);
        assert_eq!(read("ПОЛИТИКА").words(), ["политика"]);
        assert_eq!(SearchWords::read(" -- '!"), None);
        assert_eq!(read("o'brien & \\ | :*").query(), "'o':* & 'brien':*");
    }

    #[test]
    fn what_was_found_is_marked() {
        let parts = read("zugriff").marked("Über Zugriffe reden");
        assert_eq!(parts, [("Über ".to_owned(), false), ("Zugriffe".to_owned(), true), (" reden".to_owned(), false)]);
        let long = format!("{} firewall {}", "first ".repeat(40), "last ".repeat(80));
        let excerpt = read("fire").excerpt(&long);
        assert_eq!(excerpt.first().unwrap().0, "… ");
        assert!(excerpt.iter().any(|(text, is_found)| *is_found && text == "firewall"));
        assert!(excerpt.iter().map(|(text, _)| text.chars().count()).sum::<usize>() < 220);
        assert!(read("other").excerpt(&long).is_empty());
    }

    #[test]
    fn one_slip_is_forgiven() {
        for slip in ["fierwall", "firewal", "firewalll", "firevall", "irewall"] {
            assert!(!forms(slip).is_disjoint(&forms("firewall")), "{slip}");
            assert_eq!(closest(slip, ["firewall", "register"]), Some("firewall"), "{slip}");
        }
        assert_eq!(closest("firewall", ["firewall"]), None);
        assert_eq!(closest("flrewqll", ["firewall"]), None);
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in ".{0,80}", text in ".{0,300}") {
            if let Some(words) = SearchWords::read(&typed) {
                let together: String = words.marked(&text).into_iter().map(|(part, _)| part).collect();
                prop_assert_eq!(together, text.clone());
                let _ = words.excerpt(&text);
                prop_assert!(words.words().iter().all(|word| word.chars().all(|sign| !is_gap(sign))));
            }
        }

        #[test]
        fn any_single_slip_shares_a_form(word in "[a-z]{4,12}", place in 0_usize..12, letter in proptest::char::range('a', 'z')) {
            let mut letters: Vec<char> = word.chars().collect();
            let place = place % letters.len();
            letters[place] = letter;
            let slip: String = letters.into_iter().collect();
            prop_assert!(!forms(&slip).is_disjoint(&forms(&word)));
        }
    }
}
