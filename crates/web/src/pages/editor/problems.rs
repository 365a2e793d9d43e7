//! What stands in the way of a release, in words, with what to do about it.

use muster_domain::templates::{ColumnFault, ContentProblem, ReleaseContent, SectionFault, mention};

use crate::text::Text;

/// A problem of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemRow {
    /// What is wrong.
    pub text: String,
    /// The line of the text where it stands.
    pub line: Option<usize>,
    /// What puts it right with one click.
    pub fix: Option<Fix>,
}

/// What can be done about a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is sent: `make:key`, `insert:key` or `question:key`.
    pub then: String,
    /// What the button says.
    pub label: String,
    /// What is written where the cursor stands, in a browser that can.
    pub snippet: Option<String>,
}

impl Fix {
    /// The key of the question whose form puts it right.
    pub(super) fn opens(&self) -> Option<&str> {
        self.then.strip_prefix("question:")
    }
}

/// The problems of a content, in their order.
pub(super) fn rows(content: &ReleaseContent, t: &Text) -> Vec<ProblemRow> {
    let row = |problem: &ContentProblem| ProblemRow { text: words(problem, t), line: problem.line(), fix: fix(problem, content, t) };
    content.problems().iter().map(row).collect()
}

fn fix(problem: &ContentProblem, content: &ReleaseContent, t: &Text) -> Option<Fix> {
    let w = &t.editor;
    let key = problem.key()?;
    let (then, label, snippet) = match problem {
        ContentProblem::PlaceholderWithoutQuestion { .. }
        | ContentProblem::TitleWithoutQuestion { .. }
        | ContentProblem::ConditionWithoutQuestion { .. } => ("make", w.make_question, None),
        ContentProblem::QuestionWithoutPlaceholder { .. } => ("insert", w.insert, content.question(key).map(mention)),
        _ => ("question", w.change_question, None),
    };
    Some(Fix { then: format!("{then}:{key}"), label: label.to_owned(), snippet })
}

fn words(problem: &ContentProblem, t: &Text) -> String {
    let w = &t.editor;
    let placeholder = |key: &str| format!("{{{{{key}}}}}");
    match problem {
        ContentProblem::KeyMalformed { key } => w.key_malformed.with(key),
        ContentProblem::KeyTwice { key } => w.key_twice.with(key),
        ContentProblem::LabelMissing { key } => w.label_missing.with(key),
        ContentProblem::OptionsMisplaced { key } => w.options_missing.with(key),
        ContentProblem::OptionsUnfit { key } => w.options_unfit.with(key),
        ContentProblem::PlaceholderWithoutQuestion { key, .. } => w.no_question.with(placeholder(key)),
        ContentProblem::TitleWithoutQuestion { key } => w.no_title_question.with(placeholder(key)),
        ContentProblem::QuestionWithoutPlaceholder { key } => w.no_placeholder.with(key),
        ContentProblem::TitleMissing => w.title_missing.to_owned(),
        ContentProblem::TitleUnfit => w.title_unfit.to_owned(),
        ContentProblem::TextUnfit { key } => w.text_unfit.with(key),
        ContentProblem::ColumnsMisplaced { key } => w.columns_missing.with(key),
        ContentProblem::ColumnUnfit { key, column, fault } => match fault {
            ColumnFault::KeyMalformed => w.column_key.with(key),
            ColumnFault::KeyTwice => w.column_twice.with2(column, key),
            ColumnFault::HeadingMissing => w.column_heading.with2(column, key),
            ColumnFault::KindUnfit => w.column_kind.with2(column, key),
            ColumnFault::OptionsMisplaced | ColumnFault::OptionsUnfit => w.column_options.with2(column, key),
        },
        ContentProblem::RangeMisplaced { key } => w.range_misplaced.with(key),
        ContentProblem::RangeEmpty { key } => w.range_empty.with(key),
        ContentProblem::ColumnUnknown { key, column, .. } => w.no_column.with2(placeholder(&format!("{key}.{column}")), column),
        ContentProblem::SectionFaulty { fault, .. } => match fault {
            SectionFault::Malformed => w.section_malformed,
            SectionFault::Unclosed => w.section_unclosed,
            SectionFault::Unopened => w.section_unopened,
        }
        .to_owned(),
        ContentProblem::ConditionWithoutQuestion { key, .. } => w.no_condition_question.with(key),
        ContentProblem::ConditionNotAnOption { key, value, .. } => w.no_option.with2(value, key),
        ContentProblem::TooMuch => w.too_much.to_owned(),
    }
}
