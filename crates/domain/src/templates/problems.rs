//! What stands in the way of releasing a draft, and what of it cannot even be saved.

use super::SectionFault;

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
