//! Changing a draft question by question.

use super::{Column, Condition, Marker, Piece, Question, QuestionKind, ReleaseContent, conditions, marker, pieces};

/// One change of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftChange {
    /// Another question, at a place counted from 0; at the end without one.
    Add {
        /// The question.
        question: Question,
        /// Its place.
        at: Option<usize>,
    },
    /// A question with the same key, or with another: then the text follows.
    Replace {
        /// The key that it has now.
        key: String,
        /// What takes its place.
        question: Question,
        /// Its new place, counted from 0; where it stands without one.
        at: Option<usize>,
    },
    /// A question one place up or down; where there is no such place it stays.
    Move {
        /// The question.
        key: String,
        /// Towards the beginning.
        is_up: bool,
    },
    /// One question less. The text keeps its placeholders: they are then named as problems.
    Remove {
        /// The question.
        key: String,
    },
    /// A question for a placeholder or condition of the text that has none.
    Ask {
        /// The key.
        key: String,
    },
    /// The question's placeholder at the end of the text.
    Mention {
        /// The question.
        key: String,
    },
}

/// Why a draft was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// Another question has the key.
    #[error("is the key of another question")]
    KeyTaken,
    /// There is no question with the key.
    #[error("is the key of no question")]
    NoSuchQuestion,
}

impl ReleaseContent {
    /// Makes one change.
    ///
    /// # Errors
    /// [`ChangeRefusal`]; then nothing was changed.
    pub fn change(&mut self, change: DraftChange) -> Result<(), ChangeRefusal> {
        match change {
            DraftChange::Add { question, at } => {
                self.refuse_taken(&question.key)?;
                self.insert(question, at);
            }
            DraftChange::Replace { key, question, at } => self.replace(&key, question, at)?,
            DraftChange::Move { key, is_up } => {
                let from = self.place(&key)?;
                let to = if is_up { from.saturating_sub(1) } else { (from + 1).min(self.questions.len() - 1) };
                self.questions.swap(from, to);
            }
            DraftChange::Remove { key } => drop(self.questions.remove(self.place(&key)?)),
            DraftChange::Ask { key } => {
                self.refuse_taken(&key)?;
                let question = self.question_for(&key);
                self.insert(question, None);
            }
            DraftChange::Mention { key } => {
                let place = self.place(&key)?;
                let text = self.body.trim_end().to_owned();
                let gap = if text.is_empty() { "" } else { "\n\n" };
                self.body = format!("{text}{gap}{}\n", mention(&self.questions[place]));
            }
        }
        Ok(())
    }

    fn place(&self, key: &str) -> Result<usize, ChangeRefusal> {
        self.position(key).ok_or(ChangeRefusal::NoSuchQuestion)
    }

    fn refuse_taken(&self, key: &str) -> Result<(), ChangeRefusal> {
        if self.question(key).is_some() { Err(ChangeRefusal::KeyTaken) } else { Ok(()) }
    }

    fn insert(&mut self, question: Question, at: Option<usize>) {
        let at = at.unwrap_or(self.questions.len()).min(self.questions.len());
        self.questions.insert(at, question);
    }

    fn replace(&mut self, key: &str, question: Question, at: Option<usize>) -> Result<(), ChangeRefusal> {
        let from = self.place(key)?;
        if question.key != key {
            self.refuse_taken(&question.key)?;
            self.body = renamed(&self.body, key, &question.key);
        }
        self.questions.remove(from);
        self.insert(question, Some(at.unwrap_or(from)));
        Ok(())
    }

    /// A question as the text lets suppose it: a table where the text names its columns, yes or no
    /// where it only decides about a section, otherwise a short text.
    fn question_for(&self, key: &str) -> Question {
        let mut columns: Vec<Column> = Vec::new();
        let mut is_shown = false;
        for piece in pieces(&self.body) {
            match piece {
                Piece::Placeholder(one) if one == key => is_shown = true,
                Piece::Cell { table, column } if table == key && columns.iter().all(|one| one.key != column) => columns.push(Column {
                    key: column.to_owned(),
                    label: in_words(column),
                    kind: QuestionKind::Text,
                    required: true,
                    options: Vec::new(),
                }),
                _ => {}
            }
        }
        let decides = conditions(&self.body).any(|(_, condition)| condition.key == key && condition.value.is_none());
        let kind = match (columns.is_empty(), is_shown, decides) {
            (false, ..) => QuestionKind::Table,
            (true, false, true) => QuestionKind::YesNo,
            _ => QuestionKind::Text,
        };
        Question { columns, ..Question::new(key, &in_words(key), kind) }
    }
}

/// A key in words: `it_team` as "It team".
fn in_words(key: &str) -> String {
    let words = key.replace('_', " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What to write into the text so that the answer stands there: the placeholder; for a table with
/// columns, a Markdown table whose second row repeats for each row of the answer.
pub fn mention(question: &Question) -> String {
    let key = &question.key;
    if question.kind != QuestionKind::Table || question.columns.is_empty() {
        return format!("{{{{{key}}}}}");
    }
    let row = |cell: fn(&str, &Column) -> String| -> String {
        let cells: Vec<String> = question.columns.iter().map(|column| cell(key, column)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let headings = row(|_, column| column.label.replace('|', "\\|"));
    let rule = row(|_, _| "---".to_owned());
    let cells = row(|key, column| format!("{{{{{key}.{}}}}}", column.key));
    format!("{headings}\n{rule}\n{cells}")
}

/// The text with the placeholders and conditions of one key under another.
fn renamed(body: &str, old: &str, new: &str) -> String {
    body.split_inclusive('\n').map(|line| if line.contains(old) { renamed_line(line, old, new) } else { line.to_owned() }).collect()
}

fn renamed_line(line: &str, old: &str, new: &str) -> String {
    if let Some(Marker::If(condition)) = marker(line) {
        if condition.key != old {
            return line.to_owned();
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = &line[line.trim_end().len()..];
        return format!("{indent}{{{{#if {}}}}}{end}", condition_words(&Condition { key: new, ..condition }));
    }
    let written = |piece| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Placeholder(key) => format!("{{{{{}}}}}", if key == old { new } else { key }),
        Piece::Cell { table, column } => format!("{{{{{}.{column}}}}}", if table == old { new } else { table }),
    };
    pieces(line).into_iter().map(written).collect()
}

fn condition_words(condition: &Condition<'_>) -> String {
    let Condition { key, value, is_negated } = condition;
    match (value, is_negated) {
        (None, false) => (*key).to_owned(),
        (None, true) => format!("not {key}"),
        (Some(value), false) => format!("{key} is {value}"),
        (Some(value), true) => format!("{key} is not {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(keys: &[&str], body: &str) -> ReleaseContent {
        let questions = keys.iter().map(|key| Question::new(key, "Q?", QuestionKind::Text)).collect();
        ReleaseContent { document_title: "T".into(), questions, body: body.into() }
    }

    fn keys(content: &ReleaseContent) -> Vec<&str> {
        content.questions.iter().map(|question| question.key.as_str()).collect()
    }

    #[test]
    fn questions_move_within_their_bounds() {
        let mut draft = content(&["a", "b", "c"], "");
        let mut go = |key: &str, is_up| {
            draft.change(DraftChange::Move { key: key.into(), is_up }).unwrap();
            keys(&draft).concat()
        };
        assert_eq!(go("b", true), "bac");
        assert_eq!(go("b", true), "bac");
        assert_eq!(go("a", false), "bca");
        assert_eq!(go("a", false), "bca");
        assert_eq!(draft.change(DraftChange::Move { key: "z".into(), is_up: true }), Err(ChangeRefusal::NoSuchQuestion));
    }

    #[test]
    fn a_renamed_question_keeps_its_places_in_the_text() {
        let mut draft =
            content(&["old", "older"], "{{ old }} {{older}} {{old.a}}\n  {{#if not old}}\nold\n{{/if}}\n{{#if old is not x}}\n{{/if}}\n");
        let question = Question::new("new", "N?", QuestionKind::Text);
        draft.change(DraftChange::Replace { key: "old".into(), question, at: Some(5) }).unwrap();
        assert_eq!(draft.body, "{{new}} {{older}} {{new.a}}\n  {{#if not new}}\nold\n{{/if}}\n{{#if new is not x}}\n{{/if}}\n");
        assert_eq!(keys(&draft), ["older", "new"]);
        let taken = Question::new("older", "N?", QuestionKind::Text);
        let before = draft.clone();
        assert_eq!(draft.change(DraftChange::Replace { key: "new".into(), question: taken, at: None }), Err(ChangeRefusal::KeyTaken));
        assert_eq!(draft, before);
    }

    #[test]
    fn a_placeholder_makes_its_question() {
        let mut draft =
            content(&[], "{{team_name}}\n{{#if cloud}}\n{{/if}}\n| {{rows.system}} | {{rows.end_date}} |\n{{#if how is x}}\n{{/if}}");
        for key in ["team_name", "cloud", "rows", "how"] {
            draft.change(DraftChange::Ask { key: key.into() }).unwrap();
        }
        let kinds: Vec<_> = draft.questions.iter().map(|question| question.kind).collect();
        assert_eq!(kinds, [QuestionKind::Text, QuestionKind::YesNo, QuestionKind::Table, QuestionKind::Text]);
        assert_eq!(draft.questions[0].label, "Team name");
        assert_eq!(draft.questions[2].columns[1].label, "End date");
        assert_eq!(draft.change(DraftChange::Ask { key: "rows".into() }), Err(ChangeRefusal::KeyTaken));
    }

    #[test]
    fn a_question_is_mentioned_at_the_end() {
        let mut draft = content(&["a"], "Text.\n\n");
        draft.change(DraftChange::Mention { key: "a".into() }).unwrap();
        assert_eq!(draft.body, "Text.\n\n{{a}}\n");
        let mut table = content(&[], "{{t.x}} {{t.y}}");
        table.change(DraftChange::Ask { key: "t".into() }).unwrap();
        table.body.clear();
        table.change(DraftChange::Mention { key: "t".into() }).unwrap();
        assert_eq!(table.body, "| X | Y |\n| --- | --- |\n| {{t.x}} | {{t.y}} |\n");
        assert_eq!(table.problems(), []);
    }

    #[test]
    fn a_removed_question_leaves_its_placeholder_as_a_problem() {
        let mut draft = content(&["a"], "{{a}}");
        draft.change(DraftChange::Remove { key: "a".into() }).unwrap();
        assert_eq!(draft.problems()[0].code(), "placeholder-without-question");
    }
}
