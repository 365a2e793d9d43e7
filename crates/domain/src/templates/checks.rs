//! Looking a draft through for problems.

use std::collections::HashSet;

use super::{
    Column, ColumnFault, ContentProblem, Piece, Question, QuestionKind, QuestionOption, ReleaseContent, conditions, is_key, pieces,
    placeholders, section_faults,
};
use crate::text::{Title, is_blank};

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
    use crate::templates::SectionFault;

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
        let titled =
            |title: &str| ReleaseContent { document_title: title.into(), ..content(vec![question("a", QuestionKind::Text)], "{{z}}") };
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
