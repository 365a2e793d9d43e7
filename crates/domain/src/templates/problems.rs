//! What stands in the way of releasing a draft, and what of it cannot even be saved.

use std::collections::HashSet;

use super::{
    Column, Piece, Question, QuestionKind, QuestionOption, ReleaseContent, SectionFault, conditions, is_key, pieces, placeholders,
    section_faults,
};
use crate::text::{Title, is_blank};

/// Something that stands in the way of a release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentProblem {
    /// A key that is empty or has other characters than lower-case letters, digits and `_`.
    #[error("the question key `{key}` must be lower-case letters, digits and underscores, at most 80")]
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
    /// A question without words.
    #[error("the question `{key}` needs a label")]
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
    /// Options of which two have the same value, or one has no value or no words.
    #[error("the question `{key}` must have options with words and with values that differ")]
    OptionsUnfit {
        /// The key.
        key: String,
    },
    /// A placeholder that no question fills.
    #[error("line {line} of the text has the placeholder `{key}`, but there is no such question")]
    PlaceholderWithoutQuestion {
        /// The line where it stands first, counted from 1.
        line: usize,
        /// The placeholder.
        key: String,
    },
    /// A placeholder of the document's title that no question fills.
    #[error("the document title has the placeholder `{key}`, but there is no such question")]
    TitleWithoutQuestion {
        /// The placeholder.
        key: String,
    },
    /// A question whose answer appears nowhere.
    #[error("the question `{key}` does not appear in the text")]
    QuestionWithoutPlaceholder {
        /// The key.
        key: String,
    },
    /// No document title.
    #[error("the document needs a title")]
    TitleMissing,
    /// A document title that no column can hold.
    #[error("the document title must have at most 500 characters, in one line, without control characters")]
    TitleUnfit,
    /// A text of a question that no column can hold.
    #[error("the question `{key}` has a text that is too long, or control characters")]
    TextUnfit {
        /// The key.
        key: String,
    },
    /// A table without columns, or columns where none belong.
    #[error("the question `{key}` must have columns, 20 at most, exactly when it is a table")]
    ColumnsMisplaced {
        /// The key.
        key: String,
    },
    /// A column that cannot be used.
    #[error("the column `{column}` of the question `{key}` {fault}")]
    ColumnUnfit {
        /// The question.
        key: String,
        /// The column.
        column: String,
        /// What is wrong with it.
        fault: ColumnFault,
    },
    /// A minimum or maximum where there is no number.
    #[error("the question `{key}` may have a minimum and a maximum only when it is a number")]
    RangeMisplaced {
        /// The key.
        key: String,
    },
    /// Limits that leave no number.
    #[error("the question `{key}` must have a minimum that is not above the maximum")]
    RangeEmpty {
        /// The key.
        key: String,
    },
    /// A placeholder for a column that the table does not have.
    #[error("line {line} of the text has the placeholder `{key}.{column}`, but that table has no such column")]
    ColumnUnknown {
        /// The line where it stands first, counted from 1.
        line: usize,
        /// The question.
        key: String,
        /// The column.
        column: String,
    },
    /// A line that marks an optional section and cannot be understood.
    #[error("line {line} of the text {fault}")]
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

/// What is wrong with a column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ColumnFault {
    /// Its key is empty or has other characters.
    #[error("must have a key of lower-case letters, digits and underscores")]
    KeyMalformed,
    /// Another column has the key.
    #[error("is there twice")]
    KeyTwice,
    /// It has no heading.
    #[error("needs a heading of 1 to 500 characters")]
    HeadingMissing,
    /// Its cells cannot be of this kind.
    #[error("cannot be a table, files or several choices")]
    KindUnfit,
    /// A choice without options, or options where none belong.
    #[error("must have options exactly when it is a choice")]
    OptionsMisplaced,
    /// Options of which two have the same value, or one has no value or no words.
    #[error("must have options with words and with values that differ")]
    OptionsUnfit,
}

impl ContentProblem {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::KeyMalformed { .. } => "key-malformed",
            Self::KeyTwice { .. } => "key-twice",
            Self::LabelMissing { .. } => "label-missing",
            Self::OptionsMisplaced { .. } => "options-misplaced",
            Self::OptionsUnfit { .. } => "options-unfit",
            Self::PlaceholderWithoutQuestion { .. } => "placeholder-without-question",
            Self::TitleWithoutQuestion { .. } => "title-without-question",
            Self::QuestionWithoutPlaceholder { .. } => "question-without-placeholder",
            Self::TitleMissing => "title-missing",
            Self::TitleUnfit => "title-unfit",
            Self::TextUnfit { .. } => "text-unfit",
            Self::ColumnsMisplaced { .. } => "columns-misplaced",
            Self::ColumnUnfit { .. } => "column-unfit",
            Self::RangeMisplaced { .. } => "range-misplaced",
            Self::RangeEmpty { .. } => "range-empty",
            Self::ColumnUnknown { .. } => "column-unknown",
            Self::SectionFaulty { fault: SectionFault::Malformed, .. } => "section-malformed",
            Self::SectionFaulty { fault: SectionFault::Unclosed, .. } => "section-unclosed",
            Self::SectionFaulty { fault: SectionFault::Unopened, .. } => "section-unopened",
            Self::ConditionWithoutQuestion { .. } => "condition-without-question",
            Self::ConditionNotAnOption { .. } => "condition-not-an-option",
            Self::TooMuch => "too-much",
        }
    }

    /// Whether a draft with it cannot be saved: the columns of the database could not hold it, or it
    /// could not be told apart when it is read again. Everything else may wait until the release.
    pub const fn keeps_from_saving(&self) -> bool {
        matches!(
            self,
            Self::KeyMalformed { .. }
                | Self::KeyTwice { .. }
                | Self::TitleUnfit
                | Self::TextUnfit { .. }
                | Self::RangeEmpty { .. }
                | Self::TooMuch
        )
    }

    /// The question it is about.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::KeyMalformed { key }
            | Self::KeyTwice { key }
            | Self::LabelMissing { key }
            | Self::OptionsMisplaced { key }
            | Self::OptionsUnfit { key }
            | Self::PlaceholderWithoutQuestion { key, .. }
            | Self::TitleWithoutQuestion { key }
            | Self::QuestionWithoutPlaceholder { key }
            | Self::TextUnfit { key }
            | Self::ColumnsMisplaced { key }
            | Self::ColumnUnfit { key, .. }
            | Self::RangeMisplaced { key }
            | Self::RangeEmpty { key }
            | Self::ColumnUnknown { key, .. }
            | Self::ConditionWithoutQuestion { key, .. }
            | Self::ConditionNotAnOption { key, .. } => Some(key),
            Self::TitleMissing | Self::TitleUnfit | Self::SectionFaulty { .. } | Self::TooMuch => None,
        }
    }

    /// The column of a table it is about.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::ColumnUnfit { column, .. } | Self::ColumnUnknown { column, .. } => Some(column),
            _ => None,
        }
    }

    /// The line of the text where it stands, counted from 1.
    pub const fn line(&self) -> Option<usize> {
        match self {
            Self::PlaceholderWithoutQuestion { line, .. }
            | Self::ColumnUnknown { line, .. }
            | Self::SectionFaulty { line, .. }
            | Self::ConditionWithoutQuestion { line, .. }
            | Self::ConditionNotAnOption { line, .. } => Some(*line),
            _ => None,
        }
    }
}

/// Whether a text has at most so many characters and none that cannot be stored or seen.
fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether options can be chosen among: each has words, and a value that no other has.
fn are_fit(options: &[QuestionOption]) -> bool {
    let mut values = HashSet::new();
    options.iter().all(|option| !is_blank(&option.label) && !is_blank(&option.value) && values.insert(option.value.as_str()))
}

impl Column {
    /// What is wrong with it among the columns before it.
    fn fault(&self, before: &[Self]) -> Option<ColumnFault> {
        if !is_key(&self.key) {
            Some(ColumnFault::KeyMalformed)
        } else if before.iter().any(|column| column.key == self.key) {
            Some(ColumnFault::KeyTwice)
        } else if Title::parse(&self.label).is_err() {
            Some(ColumnFault::HeadingMissing)
        } else if !self.kind.fits_column() {
            Some(ColumnFault::KindUnfit)
        } else if self.kind.has_options() == self.options.is_empty() {
            Some(ColumnFault::OptionsMisplaced)
        } else if !are_fit(&self.options) {
            Some(ColumnFault::OptionsUnfit)
        } else {
            None
        }
    }

    fn has_fit_texts(&self) -> bool {
        let options = self.options.iter().flat_map(|option| [&option.value, &option.label]);
        [&self.key, &self.label].into_iter().chain(options).all(|text| fits(text, 500))
    }
}

impl Question {
    /// What is wrong with it alone.
    fn problems(&self) -> Vec<ContentProblem> {
        let key = || self.key.clone();
        let mut problems = Vec::new();
        let mut note = |is_wrong: bool, problem: ContentProblem| {
            if is_wrong {
                problems.push(problem);
            }
        };
        note(!is_key(&self.key), ContentProblem::KeyMalformed { key: key() });
        note(is_blank(&self.label), ContentProblem::LabelMissing { key: key() });
        note(!self.has_fit_texts(), ContentProblem::TextUnfit { key: key() });
        note(self.kind.has_options() == self.options.is_empty(), ContentProblem::OptionsMisplaced { key: key() });
        note(!are_fit(&self.options), ContentProblem::OptionsUnfit { key: key() });
        let has_range = self.minimum.is_some() || self.maximum.is_some();
        note(has_range && self.kind != QuestionKind::Number, ContentProblem::RangeMisplaced { key: key() });
        let is_empty_range = self.minimum.zip(self.maximum).is_some_and(|(least, most)| least > most);
        note(is_empty_range, ContentProblem::RangeEmpty { key: key() });
        let has_odd_columns = (self.kind == QuestionKind::Table) == self.columns.is_empty() || self.columns.len() > 20;
        note(has_odd_columns, ContentProblem::ColumnsMisplaced { key: key() });
        for (index, column) in self.columns.iter().enumerate() {
            if let Some(fault) = column.fault(&self.columns[..index]) {
                note(true, ContentProblem::ColumnUnfit { key: key(), column: column.key.clone(), fault });
            }
        }
        problems
    }

    /// Whether its texts can be stored and shown.
    fn has_fit_texts(&self) -> bool {
        let optional = |text: &Option<String>, most| text.as_ref().is_none_or(|text| fits(text, most));
        let mut options = self.options.iter().flat_map(|option| [&option.value, &option.label]);
        fits(&self.label, 500)
            && !self.label.contains(['\n', '\r'])
            && optional(&self.section, 255)
            && optional(&self.reuse_key, 100)
            && optional(&self.unit, 50)
            && [&self.help, &self.example, &self.evidence_description].into_iter().all(|text| optional(text, 20_000))
            && options.all(|text| fits(text, 500))
            && self.columns.iter().all(Column::has_fit_texts)
    }
}

impl ReleaseContent {
    /// Everything that stands in the way of releasing this content.
    pub fn problems(&self) -> Vec<ContentProblem> {
        let mut problems = self.title_problems();
        if self.questions.len() > 500 || !fits(&self.body, 500_000) {
            problems.push(ContentProblem::TooMuch);
        }
        let mut keys = HashSet::new();
        for question in &self.questions {
            if !keys.insert(question.key.as_str()) {
                problems.push(ContentProblem::KeyTwice { key: question.key.clone() });
            }
            problems.extend(question.problems());
        }
        problems.extend(self.placeholder_problems());
        problems.extend(self.section_problems());
        problems.extend(self.unused_questions());
        problems
    }

    /// What keeps this content from being saved as a draft.
    pub fn unstorable(&self) -> Vec<ContentProblem> {
        self.problems().into_iter().filter(ContentProblem::keeps_from_saving).collect()
    }

    fn title_problems(&self) -> Vec<ContentProblem> {
        if is_blank(&self.document_title) {
            vec![ContentProblem::TitleMissing]
        } else if Title::parse(&self.document_title).is_err() {
            vec![ContentProblem::TitleUnfit]
        } else {
            Vec::new()
        }
    }

    /// The placeholders of the text with their lines: the key, and the column where it is a cell.
    fn placeholders_by_line(&self) -> impl Iterator<Item = (usize, &str, Option<&str>)> {
        let on_line = |(line, text)| {
            pieces(text).into_iter().filter_map(move |piece| match piece {
                Piece::Text(_) => None,
                Piece::Placeholder(key) => Some((line, key, None)),
                Piece::Cell { table, column } => Some((line, table, Some(column))),
            })
        };
        (1..).zip(self.body.lines()).flat_map(on_line)
    }

    fn placeholder_problems(&self) -> Vec<ContentProblem> {
        let (mut problems, mut seen, mut missing) = (Vec::new(), HashSet::new(), HashSet::new());
        for (line, key, column) in self.placeholders_by_line() {
            if !seen.insert((key, column)) {
                continue;
            }
            match self.question(key) {
                None if missing.insert(key) => problems.push(ContentProblem::PlaceholderWithoutQuestion { line, key: key.to_owned() }),
                // Told before, with the line where it stands first.
                None => {}
                Some(question) => {
                    if let Some(column) = column.filter(|column| question.columns.iter().all(|one| one.key != *column)) {
                        problems.push(ContentProblem::ColumnUnknown { line, key: key.to_owned(), column: column.to_owned() });
                    }
                }
            }
        }
        for key in placeholders(&self.document_title) {
            if self.question(key).is_none() && missing.insert(key) {
                problems.push(ContentProblem::TitleWithoutQuestion { key: key.to_owned() });
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

    fn unused_questions(&self) -> Vec<ContentProblem> {
        let shown = self.placeholders_by_line().map(|(_, key, _)| key).chain(placeholders(&self.document_title));
        let used: HashSet<&str> = shown.chain(conditions(&self.body).map(|(_, condition)| condition.key)).collect();
        let unused = self.questions.iter().filter(|question| !used.contains(question.key.as_str()));
        unused.map(|question| ContentProblem::QuestionWithoutPlaceholder { key: question.key.clone() }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(key: &str, kind: QuestionKind) -> Question {
        Question::new(key, "Q?", kind)
    }

    fn content(questions: Vec<Question>, body: &str) -> ReleaseContent {
        ReleaseContent { document_title: "T".into(), questions, body: body.into() }
    }

    #[test]
    fn problems_are_named() {
        let problems = content(
            vec![question("a", QuestionKind::Text), question("a", QuestionKind::Choice), question("Bad", QuestionKind::Text)],
            "{{a}}\n{{z}} {{a.c}} {{z.y}}\n{{#if none}}\n",
        )
        .problems();
        for expected in [
            ContentProblem::KeyTwice { key: "a".into() },
            ContentProblem::OptionsMisplaced { key: "a".into() },
            ContentProblem::KeyMalformed { key: "Bad".into() },
            ContentProblem::PlaceholderWithoutQuestion { line: 2, key: "z".into() },
            ContentProblem::QuestionWithoutPlaceholder { key: "Bad".into() },
            ContentProblem::ColumnUnknown { line: 2, key: "a".into(), column: "c".into() },
            ContentProblem::SectionFaulty { line: 3, fault: SectionFault::Unclosed },
            ContentProblem::ConditionWithoutQuestion { line: 3, key: "none".into() },
        ] {
            assert_eq!(problems.iter().filter(|one| **one == expected).count(), 1, "{expected} in {problems:?}");
        }
    }

    #[test]
    fn the_title_counts_as_text() {
        let titled = |title: &str| ReleaseContent { document_title: title.into(), ..content(vec![question("a", QuestionKind::Text)], "{{z}}") };
        let codes = |content: ReleaseContent| content.problems().iter().map(ContentProblem::code).collect::<Vec<_>>();
        assert_eq!(codes(titled("For {{a}}")), ["placeholder-without-question"]);
        assert_eq!(
            codes(titled("For {{b}} {{z}}")),
            ["placeholder-without-question", "title-without-question", "question-without-placeholder"]
        );
    }

    #[test]
    fn what_is_unfinished_may_be_saved() {
        let mut table = question("rows", QuestionKind::Table);
        table.label = String::new();
        table.minimum = Some(1);
        let unfinished = content(vec![table, question("pick", QuestionKind::Choice)], "{{nobody}}\n{{/if}}\n{{rows.x}}");
        let unfinished = ReleaseContent { document_title: String::new(), ..unfinished };
        let codes: Vec<_> = unfinished.problems().iter().map(ContentProblem::code).collect();
        for code in ["title-missing", "label-missing", "range-misplaced", "columns-misplaced", "options-misplaced"] {
            assert!(codes.contains(&code), "{code} in {codes:?}");
        }
        for code in ["placeholder-without-question", "question-without-placeholder", "section-unopened", "column-unknown"] {
            assert!(codes.contains(&code), "{code} in {codes:?}");
        }
        assert_eq!(unfinished.unstorable(), []);
    }

    #[test]
    fn what_the_columns_cannot_hold_may_not_be_saved() {
        let with = |change: fn(&mut Question)| {
            let mut one = question("a", QuestionKind::Text);
            change(&mut one);
            content(vec![one], "{{a}}").unstorable().iter().map(ContentProblem::code).collect::<Vec<_>>()
        };
        assert_eq!(with(|_| ()), [""; 0]);
        assert_eq!(with(|one| one.key = "A b".into()), ["key-malformed"]);
        assert_eq!(with(|one| one.label = "x".repeat(501)), ["text-unfit"]);
        assert_eq!(with(|one| one.section = Some("x".repeat(256))), ["text-unfit"]);
        assert_eq!(with(|one| one.help = Some("\0".into())), ["text-unfit"]);
        assert_eq!(with(|one| (one.minimum, one.maximum) = (Some(2), Some(1))), ["range-empty"]);
        let column = Column { key: "k".into(), label: "\u{0}".into(), kind: QuestionKind::Text, required: true, options: Vec::new() };
        let mut table = question("a", QuestionKind::Table);
        table.columns = vec![column];
        assert_eq!(content(vec![table], "{{a}}").unstorable(), [ContentProblem::TextUnfit { key: "a".into() }]);
        assert_eq!(content(Vec::new(), "x\u{0}").unstorable(), [ContentProblem::TooMuch]);
        let long = ReleaseContent { document_title: "x".repeat(501), ..content(Vec::new(), "") };
        assert_eq!(long.unstorable(), [ContentProblem::TitleUnfit]);
    }
}
