//! The content of a release, and what stands in the way of releasing it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Column, Piece, Question, QuestionKind, SectionFault, conditions, is_key, pieces, placeholders, section_faults};

/// What a release consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseContent {
    /// The title of the documents made from it.
    pub document_title: String,
    /// The questions, in the order in which they are asked.
    pub questions: Vec<Question>,
    /// The text of the document: Markdown with `{{key}}` placeholders.
    pub body: String,
}

/// Something that stands in the way of a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentProblem {
    /// A key that is empty or has other characters than lower-case letters, digits and `_`.
    #[error("the question key `{key}` must be lower-case letters, digits and underscores")]
    KeyMalformed {
        /// The key.
        key: String,
    },
    /// Two questions with the same key.
    #[error("the question key `{key}` is used twice")]
    KeyTwice {
        /// The key.
        key: String,
    },
    /// A question without words, or with more than a task's title can hold.
    #[error("the question `{key}` needs a label of 1 to 500 characters")]
    LabelMissing {
        /// The key.
        key: String,
    },
    /// A choice without options, or options where none belong.
    #[error("the question `{key}` must have options exactly when it is a choice")]
    OptionsMisplaced {
        /// The key.
        key: String,
    },
    /// A placeholder that no question fills.
    #[error("the text has the placeholder `{key}`, but there is no such question")]
    PlaceholderWithoutQuestion {
        /// The placeholder.
        key: String,
    },
    /// A question whose answer appears nowhere.
    #[error("the question `{key}` does not appear in the text")]
    QuestionWithoutPlaceholder {
        /// The key.
        key: String,
    },
    /// No document title, or one that is too long.
    #[error("the document title must have 1 to 500 characters")]
    TitleMissing,
    /// A text of a question that no column can hold.
    #[error("the question `{key}` has a section, reuse key or unit that is too long, or control characters")]
    TextUnfit {
        /// The key.
        key: String,
    },
    /// A table without columns, or columns where none belong.
    #[error("the question `{key}` must have columns exactly when it is a table")]
    ColumnsMisplaced {
        /// The key.
        key: String,
    },
    /// A column that cannot be used.
    #[error("the column `{column}` of the question `{key}` {problem}")]
    ColumnUnfit {
        /// The question.
        key: String,
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Limits where there is no number, or limits that leave no number.
    #[error("the question `{key}` must have a minimum and a maximum only when it is a number, the minimum not above the maximum")]
    RangeUnfit {
        /// The key.
        key: String,
    },
    /// A placeholder for a column that the table does not have.
    #[error("the text has the placeholder `{key}.{column}`, but that table has no such column")]
    ColumnUnknown {
        /// The question.
        key: String,
        /// The column.
        column: String,
    },
    /// A line that marks an optional section and cannot be understood.
    #[error("line {line} of the text {}", fault_words(*.fault))]
    SectionFaulty {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        fault: SectionFault,
    },
    /// A section that depends on something that is not asked.
    #[error("line {line} of the text depends on `{key}`, but there is no such question")]
    ConditionWithoutQuestion {
        /// The line, counted from 1.
        line: usize,
        /// The key.
        key: String,
    },
    /// A section that depends on an option that cannot be chosen.
    #[error("line {line} of the text depends on `{key}` being `{value}`, which is not one of its options")]
    ConditionNotAnOption {
        /// The line, counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// More than a release can hold, or control characters in the text.
    #[error("there may be at most 500 questions and 500,000 characters of text, without control characters")]
    TooMuch,
}

fn fault_words(fault: SectionFault) -> &'static str {
    match fault {
        SectionFault::Malformed => "begins an optional section with a condition that cannot be understood",
        SectionFault::Unclosed => "begins an optional section that does not end",
        SectionFault::Unopened => "ends an optional section that did not begin",
    }
}

impl Column {
    /// What is wrong with it among the columns before it.
    fn problem(&self, before: &[Self]) -> Option<&'static str> {
        if !is_key(&self.key) {
            Some("must have a key of lower-case letters, digits and underscores")
        } else if before.iter().any(|column| column.key == self.key) {
            Some("is there twice")
        } else if crate::text::Title::parse(&self.label).is_err() {
            Some("needs a heading of 1 to 500 characters")
        } else if !self.kind.fits_column() {
            Some("cannot be a table, files or several choices")
        } else if self.kind.has_options() == self.options.is_empty() {
            Some("must have options exactly when it is a choice")
        } else {
            None
        }
    }
}

impl Question {
    /// What is wrong with what its kind asks for.
    fn kind_problems(&self) -> Vec<ContentProblem> {
        let key = self.key.clone();
        let mut problems = Vec::new();
        if self.kind.has_options() == self.options.is_empty() {
            problems.push(ContentProblem::OptionsMisplaced { key: key.clone() });
        }
        let has_range = self.minimum.is_some() || self.maximum.is_some();
        let is_empty_range = self.minimum.zip(self.maximum).is_some_and(|(least, most)| least > most);
        if is_empty_range || (has_range && self.kind != QuestionKind::Number) {
            problems.push(ContentProblem::RangeUnfit { key: key.clone() });
        }
        if (self.kind == QuestionKind::Table) == self.columns.is_empty() || self.columns.len() > 20 {
            problems.push(ContentProblem::ColumnsMisplaced { key: key.clone() });
        }
        for (index, column) in self.columns.iter().enumerate() {
            if let Some(problem) = column.problem(&self.columns[..index]) {
                problems.push(ContentProblem::ColumnUnfit { key: key.clone(), column: column.key.clone(), problem });
            }
        }
        problems
    }

    /// Whether its texts can be stored and shown.
    fn has_fit_texts(&self) -> bool {
        let fits = |text: Option<&String>, most: usize| {
            text.is_none_or(|text| {
                text.chars().count() <= most && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            })
        };
        let options = self.options.iter().flat_map(|option| [&option.value, &option.label]);
        fits(self.section.as_ref(), 255)
            && fits(self.reuse_key.as_ref(), 100)
            && fits(self.unit.as_ref(), 50)
            && [&self.help, &self.example, &self.evidence_description].into_iter().all(|text| fits(text.as_ref(), 20_000))
            && options.into_iter().all(|text| fits(Some(text), 500))
    }
}

impl ReleaseContent {
    /// The question with a key.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// Everything that stands in the way of releasing this content.
    pub fn problems(&self) -> Vec<ContentProblem> {
        let mut problems = Vec::new();
        if crate::text::Title::parse(&self.document_title).is_err() {
            problems.push(ContentProblem::TitleMissing);
        }
        if self.questions.len() > 500 || self.body.chars().count() > 500_000 || self.body.contains('\0') {
            problems.push(ContentProblem::TooMuch);
        }
        let mut keys = HashSet::new();
        for question in &self.questions {
            let key = question.key.clone();
            if !is_key(&key) {
                problems.push(ContentProblem::KeyMalformed { key: key.clone() });
            }
            if !keys.insert(key.as_str().to_owned()) {
                problems.push(ContentProblem::KeyTwice { key: key.clone() });
            }
            if crate::text::Title::parse(&question.label).is_err() {
                problems.push(ContentProblem::LabelMissing { key: key.clone() });
            }
            if !question.has_fit_texts() {
                problems.push(ContentProblem::TextUnfit { key: key.clone() });
            }
            problems.extend(question.kind_problems());
        }
        problems.extend(self.placeholder_problems());
        problems.extend(self.section_problems());
        let used: HashSet<&str> = placeholders(&self.body).chain(conditions(&self.body).map(|(_, condition)| condition.key)).collect();
        for question in self.questions.iter().filter(|question| !used.contains(question.key.as_str())) {
            problems.push(ContentProblem::QuestionWithoutPlaceholder { key: question.key.clone() });
        }
        problems
    }

    fn placeholder_problems(&self) -> Vec<ContentProblem> {
        let (mut problems, mut seen) = (Vec::new(), HashSet::new());
        for piece in pieces(&self.body) {
            let (key, column) = match piece {
                Piece::Text(_) => continue,
                Piece::Placeholder(key) => (key, None),
                Piece::Cell { table, column } => (table, Some(column)),
            };
            if !seen.insert((key, column)) {
                continue;
            }
            let Some(question) = self.question(key) else {
                let missing = ContentProblem::PlaceholderWithoutQuestion { key: key.to_owned() };
                if !problems.contains(&missing) {
                    problems.push(missing);
                }
                continue;
            };
            if let Some(column) = column.filter(|column| question.columns.iter().all(|one| one.key != *column)) {
                problems.push(ContentProblem::ColumnUnknown { key: key.to_owned(), column: column.to_owned() });
            }
        }
        problems
    }

    fn section_problems(&self) -> Vec<ContentProblem> {
        let faults = section_faults(&self.body).into_iter().map(|(line, fault)| ContentProblem::SectionFaulty { line, fault });
        let unknown = conditions(&self.body).filter_map(|(line, condition)| {
            let key = condition.key.to_owned();
            let Some(question) = self.question(condition.key) else { return Some(ContentProblem::ConditionWithoutQuestion { line, key }) };
            let value = condition.value?;
            let is_offered = match question.kind {
                QuestionKind::Choice | QuestionKind::Choices => question.options.iter().any(|option| option.value == value),
                QuestionKind::YesNo => matches!(value, "yes" | "no"),
                _ => true,
            };
            (!is_offered).then(|| ContentProblem::ConditionNotAnOption { line, key, value: value.to_owned() })
        });
        faults.chain(unknown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::QuestionKind;

    #[test]
    fn problems_are_named() {
        let question = |key: &str, kind| Question::new(key, "Q?", kind);
        let content = ReleaseContent {
            document_title: "T".into(),
            questions: vec![question("a", QuestionKind::Text), question("a", QuestionKind::Choice), question("Bad", QuestionKind::Text)],
            body: "{{a}} {{z}} {{a.c}}\n{{#if none}}\n".into(),
        };
        let problems = content.problems();
        for expected in [
            ContentProblem::KeyTwice { key: "a".into() },
            ContentProblem::OptionsMisplaced { key: "a".into() },
            ContentProblem::KeyMalformed { key: "Bad".into() },
            ContentProblem::PlaceholderWithoutQuestion { key: "z".into() },
            ContentProblem::QuestionWithoutPlaceholder { key: "Bad".into() },
            ContentProblem::ColumnUnknown { key: "a".into(), column: "c".into() },
            ContentProblem::SectionFaulty { line: 2, fault: SectionFault::Unclosed },
            ContentProblem::ConditionWithoutQuestion { line: 2, key: "none".into() },
        ] {
            assert!(problems.contains(&expected), "{expected} in {problems:?}");
        }
    }
}
