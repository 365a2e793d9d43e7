//! The form of a question: its fields as they are stored and as they were typed.

use muster_domain::templates::{Column, Question, QuestionKind};

use super::{parsing::options_as_lines, view::kind_choices};
use crate::{
    pages::{field_errors::FieldErrors, visit::Form},
    parts::{Choice, Field},
    text::Text,
};

/// How many columns can be written at once beyond those that are there.
const SPARE_COLUMNS: usize = 3;

/// The fields of a question with what is wrong with them.
#[derive(Debug, Clone)]
pub struct QuestionForm {
    /// The question itself.
    pub label: Field,
    /// Its name in the text.
    pub key: Field,
    /// The heading under which it stands.
    pub section: Field,
    /// What helps to answer it.
    pub help: Field,
    /// An answer as it might be.
    pub example: Field,
    /// Kinds to choose from.
    pub kinds: Vec<Choice>,
    /// It has to be answered.
    pub required: bool,
    /// The answer has to be proved.
    pub requires_evidence: bool,
    /// With what.
    pub evidence_description: Field,
    /// Which other questions ask for the same fact.
    pub reuse_key: Field,
    /// What can be chosen, one in each line.
    pub options: Field,
    /// The unit of a number.
    pub unit: Field,
    /// The least number.
    pub minimum: Field,
    /// The greatest number.
    pub maximum: Field,
    /// Its place among the questions, counted from 1.
    pub position: Field,
    /// The columns of a table, with empty ones at the end.
    pub columns: Vec<ColumnForm>,
    /// What is wrong with the columns.
    pub columns_error: Option<String>,
}

/// The fields of a column.
#[derive(Debug, Clone, Default)]
pub struct ColumnForm {
    /// Its number, counted from 1.
    pub number: usize,
    /// Its heading.
    pub label: String,
    /// Its name in the text.
    pub key: String,
    /// Kinds to choose from.
    pub kinds: Vec<Choice>,
    /// Whether each row needs it.
    pub required: Vec<Choice>,
    /// What can be chosen, separated by semicolons.
    pub options: String,
}

impl QuestionForm {
    /// How many fields were refused.
    #[must_use]
    pub fn refused(&self) -> u32 {
        let fields = [
            &self.label,
            &self.key,
            &self.section,
            &self.help,
            &self.example,
            &self.evidence_description,
            &self.reuse_key,
            &self.options,
            &self.unit,
            &self.minimum,
            &self.maximum,
            &self.position,
        ];
        let count = fields.iter().filter(|field| field.error.is_some()).count() + usize::from(self.columns_error.is_some());
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// The fields as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Given {
    /// Name and value, in the order of the form.
    texts: Vec<(&'static str, String)>,
    pub(super) required: bool,
    pub(super) requires_evidence: bool,
    pub(super) columns: Vec<GivenColumn>,
}

/// The fields of a column as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GivenColumn {
    pub(super) label: String,
    pub(super) key: String,
    pub(super) kind: String,
    pub(super) required: String,
    pub(super) options: String,
}

/// The names of the fields that hold one text each, in the order of the form.
pub(super) const TEXTS: [&str; 12] =
    ["label", "key", "section", "help", "example", "kind", "evidence_description", "reuse_key", "options", "unit", "minimum", "maximum"];

impl Given {
    /// A question that is still to be written.
    pub(super) fn blank() -> Self {
        let kind = vec![("kind", QuestionKind::Text.as_str().to_owned())];
        Self { texts: kind, required: true, ..Self::default() }
    }

    /// A question as it is stored.
    pub(super) fn stored(question: &Question) -> Self {
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let values = [
            question.label.clone(),
            question.key.clone(),
            text(&question.section),
            text(&question.help),
            text(&question.example),
            question.kind.as_str().to_owned(),
            text(&question.evidence_description),
            text(&question.reuse_key),
            options_as_lines(&question.options, "\n"),
            text(&question.unit),
            number(question.minimum),
            number(question.maximum),
        ];
        let column = |column: &Column| GivenColumn {
            label: column.label.clone(),
            key: column.key.clone(),
            kind: column.kind.as_str().to_owned(),
            required: if column.required { "1" } else { "" }.to_owned(),
            options: options_as_lines(&column.options, "; "),
        };
        Self {
            texts: TEXTS.into_iter().zip(values).collect(),
            required: question.required,
            requires_evidence: question.requires_evidence,
            columns: question.columns.iter().map(column).collect(),
        }
    }

    /// A question as it was typed.
    pub(super) fn sent(form: &Form) -> Self {
        let clean = |name: &str| form.text(name).replace("\r\n", "\n");
        let column = |number: usize| {
            let field = |name: &str| clean(&format!("column-{number}-{name}"));
            GivenColumn {
                label: field("label"),
                key: field("key"),
                kind: field("kind"),
                required: field("required"),
                options: field("options"),
            }
        };
        Self {
            texts: TEXTS.into_iter().map(|name| (name, clean(name))).collect(),
            required: form.is_on("required"),
            requires_evidence: form.is_on("requires_evidence"),
            columns: (1..=20).map(column).filter(|column| !column.is_empty()).collect(),
        }
    }

    /// Puts a text into a field.
    pub(super) fn set(&mut self, name: &'static str, text: &str) {
        self.texts.retain(|(one, _)| *one != name);
        self.texts.push((name, text.to_owned()));
    }

    /// A field's text, without the space around it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(one, _)| *one == name).map(|(_, text)| text.trim()).unwrap_or_default()
    }

    /// The form with these fields, and what was wrong with them.
    pub(super) fn form(&self, position: String, errors: &FieldErrors, t: &Text) -> QuestionForm {
        let field = |name: &'static str| errors.field(name, self.text(name), t);
        let key = match errors.get("key") {
            Some(error) if error.code == "key-taken" => Field::refused(self.text("key"), t.editor.key_taken),
            Some(error) if error.code == "malformed" => Field::refused(self.text("key"), t.editor.key_refused),
            _ => field("key"),
        };
        QuestionForm {
            label: field("label"),
            key,
            section: field("section"),
            help: field("help"),
            example: field("example"),
            kinds: kind_choices(self.text("kind"), t),
            required: self.required,
            requires_evidence: self.requires_evidence,
            evidence_description: field("evidence_description"),
            reuse_key: field("reuse_key"),
            options: field("options"),
            unit: field("unit"),
            minimum: field("minimum"),
            maximum: field("maximum"),
            position: errors.field("position", position, t),
            columns: self.column_forms(t),
            columns_error: errors.get("columns").map(|_| t.editor.columns_refused.to_owned()),
        }
    }

    fn column_forms(&self, t: &Text) -> Vec<ColumnForm> {
        let spare = std::iter::repeat_n(GivenColumn { kind: "text".into(), required: "1".into(), ..GivenColumn::default() }, SPARE_COLUMNS);
        let form = |(number, column): (usize, GivenColumn)| {
            let kinds = kind_choices(&column.kind, t);
            let fits = |choice: &Choice| choice.value.parse::<QuestionKind>().is_ok_and(QuestionKind::fits_column);
            ColumnForm {
                number,
                kinds: kinds.into_iter().filter(fits).collect(),
                required: vec![Choice::new("1", t.common.required, &column.required), Choice::new("", t.common.optional, &column.required)],
                label: column.label,
                key: column.key,
                options: column.options,
            }
        };
        (1..=20).zip(self.columns.iter().cloned().chain(spare)).map(form).collect()
    }

    /// The same for a page that compares: each field's name, value and words.
    pub(super) fn compared(&self, t: &Text) -> Vec<(String, String, String)> {
        let w = &t.editor;
        let labels =
            [w.label, w.key, w.section, w.help, w.example, w.kind, w.evidence, w.reuse_key, w.options, w.unit, w.minimum, w.maximum];
        let text = |(name, label): (&str, &str)| (name.to_owned(), label.to_owned(), self.text(name).to_owned());
        let switch = |name: &str, label: &str, is_on: bool| (name.to_owned(), label.to_owned(), if is_on { "1" } else { "" }.to_owned());
        let mut fields: Vec<_> = TEXTS.into_iter().zip(labels).map(text).collect();
        fields.push(switch("required", w.required, self.required));
        fields.push(switch("requires_evidence", w.requires_evidence, self.requires_evidence));
        for (number, column) in (1..).zip(&self.columns) {
            let parts = [
                ("label", w.heading, &column.label),
                ("key", w.key, &column.key),
                ("kind", w.kind, &column.kind),
                ("required", w.required, &column.required),
                ("options", w.options, &column.options),
            ];
            let part = |(name, label, value): (&str, &str, &String)| {
                (format!("column-{number}-{name}"), w.column_field.with2(number, label), value.clone())
            };
            fields.extend(parts.map(part));
        }
        fields
    }
}

impl GivenColumn {
    fn is_empty(&self) -> bool {
        self.label.trim().is_empty() && self.key.trim().is_empty()
    }
}
