//! Comments on tasks, and the people that they name.
//!
//! A person who is named is kept as `@[7]`, by number: whoever marries or corrects their name is
//! still meant. What people read has the name instead.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CommentId, TaskId, UserId},
    people::Person,
};

/// A comment on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The id.
    pub id: CommentId,
    /// The task.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author: Person,
    /// When.
    pub written_at: Timestamp,
    /// What it says, with people as they are kept.
    pub stored: String,
    /// The people that it names, each once.
    pub mentions: Vec<Person>,
}

/// A piece of a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words.
    Text(&'a str),
    /// Somebody who is named.
    Person(&'a Person),
}

impl Comment {
    /// What it says, piece by piece.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let (mut pieces, mut rest, mut from) = (Vec::new(), self.stored.as_str(), 0);
        while let Some(at) = rest.get(from..).and_then(|tail| tail.find("@[")).map(|at| at + from) {
            let known =
                stored_mention(&rest[at..]).and_then(|(id, length)| Some((self.mentions.iter().find(|person| person.id == id)?, length)));
            match known {
                None => from = at + 2,
                Some((person, length)) => {
                    if at > 0 {
                        pieces.push(Piece::Text(&rest[..at]));
                    }
                    pieces.push(Piece::Person(person));
                    rest = &rest[at + length..];
                    from = 0;
                }
            }
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// What it says, as people read it.
    pub fn text(&self) -> String {
        let word = |piece: Piece<'_>| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Person(person) => format!("@{}", person.name),
        };
        self.pieces().into_iter().map(word).collect()
    }
}

/// Reads `@[7]` at the beginning of a text: the number, and how many bytes it takes.
fn stored_mention(text: &str) -> Option<(UserId, usize)> {
    let inner = text.strip_prefix("@[")?;
    let end = inner.find(']').filter(|end| *end <= 10)?;
    inner.get(..end)?.parse().ok().map(|id| (UserId(id), end + 3))
}

/// Finds the people whom a text names, as `@Name` or `@[7]`, and gives the text as it is kept. The
/// longest name that fits is meant; a name that several people have means none of them, because
/// nobody can be asked: `@[7]` says which.
pub fn with_mentions(written: &str, people: &[Person]) -> (String, Vec<UserId>) {
    let (mut stored, mut named, mut rest) = (String::new(), Vec::new(), written);
    while let Some(at) = rest.find('@') {
        let is_word_before = rest[..at].chars().next_back().or_else(|| stored.chars().next_back()).is_some_and(char::is_alphanumeric);
        stored.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = if is_word_before { None } else { mention_at(rest, people) };
        match found {
            Some((id, length)) => {
                stored.push_str(&format!("@[{id}]"));
                if !named.contains(&id) {
                    named.push(id);
                }
                rest = &rest[length..];
            }
            None => {
                stored.push('@');
                rest = &rest[1..];
            }
        }
    }
    stored.push_str(rest);
    (stored, named)
}

/// Who is named at the beginning of a text, and how many bytes that takes.
fn mention_at(text: &str, people: &[Person]) -> Option<(UserId, usize)> {
    if let Some(found) = stored_mention(text) {
        return people.iter().any(|person| person.id == found.0).then_some(found);
    }
    let after = &text[1..];
    let fitting = people.iter().filter_map(|person| Some((person.id, length_of(after, &person.name)?)));
    let all: Vec<(UserId, usize)> = fitting.collect();
    let longest = all.iter().map(|(_, length)| *length).max()?;
    let mut meant = all.into_iter().filter(|(_, length)| *length == longest);
    match (meant.next(), meant.next()) {
        (Some((id, length)), None) => Some((id, length + 1)),
        _ => None,
    }
}

/// How many bytes a name takes at the beginning of a text, whatever its case; none where it does not
/// stand there, or goes on.
fn length_of(text: &str, name: &str) -> Option<usize> {
    let mut letters = text.char_indices();
    let mut end = 0;
    for wanted in name.chars() {
        let (at, found) = letters.next()?;
        if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
        end = at + found.len_utf8();
    }
    let goes_on = text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (!goes_on && !name.is_empty()).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(id: i32, name: &str) -> Person {
        Person { id: UserId(id), name: name.into(), is_firm: false }
    }

    fn people() -> Vec<Person> {
        vec![person(1, "Ana"), person(2, "Ana Lopez"), person(3, "Jörg Weiß"), person(4, "Sam Lee"), person(5, "Sam Lee")]
    }

    fn comment(written: &str) -> Comment {
        let (stored, named) = with_mentions(written, &people());
        let mentions = people().into_iter().filter(|person| named.contains(&person.id)).collect();
        Comment {
            id: CommentId(uuid::Uuid::from_u128(1)),
            task_id: TaskId(uuid::Uuid::from_u128(2)),
            author: person(9, "A"),
            written_at: Timestamp::UNIX_EPOCH,
            stored,
            mentions,
        }
    }

    #[test]
    fn the_longest_name_is_meant() {
        let named = |text: &str| with_mentions(text, &people()).1.into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(named("@Ana, and @ana lopez! Also @JÖRG WEISS"), [1, 2]);
        assert_eq!(named("(@jörg weiß) @Ana @Ana"), [3, 1]);
        assert_eq!(named("@Anabel, ana@Ana, me@ana.example"), [0i32; 0]);
        assert_eq!(named("@Sam Lee could be two; @[5] is one, @[77] nobody"), [5]);
    }

    #[test]
    fn a_name_is_kept_as_a_number_and_shown_as_a_name() {
        let one = comment("Hi @ana lopez, see @[5] and [1] @[99]");
        assert_eq!(one.stored, "Hi @[2], see @[5] and [1] @[99]");
        assert_eq!(one.text(), "Hi @Ana Lopez, see @Sam Lee and [1] @[99]");
    }

    proptest! {
        #[test]
        fn words_are_never_lost(written in "[@a-zA-Z0-9ö\\[\\] .]{0,60}") {
            let one = comment(&written);
            let plain = |text: &str| text.to_lowercase().replace("@[1]", "@ana").replace("@[2]", "@ana lopez").replace("@[4]", "@sam lee").replace("@[5]", "@sam lee").replace("@[3]", "@jörg weiß");
            prop_assert_eq!(plain(&one.text()), plain(&written));
        }
    }
}
