//! The grammar of placeholders.
//!
//! `{{key}}`, `{{table.column}}`, and behind a `|` what the question is like, in any order:
//! a type, `required` or `optional`, and rules with a value such as `label:…` or `evidence:…`.

use muster_domain::templates::{Column, QuestionKind, QuestionOption};
use unicode_normalization::UnicodeNormalization as _;

use crate::Problem;

/// A placeholder as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placeholder {
    /// The key of the question.
    pub(crate) key: String,
    /// The words that the key was made from, to make a label of.
    pub(crate) words: String,
    /// The column with its words, where it is one cell of a table.
    pub(crate) column: Option<(String, String)>,
    /// What is said of the question, or of the column.
    pub(crate) says: Says,
}

/// What a placeholder says of its question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Says {
    pub(crate) kind: Option<QuestionKind>,
    pub(crate) options: Vec<QuestionOption>,
    pub(crate) required: Option<bool>,
    /// Whether it needs evidence, and which.
    pub(crate) evidence: Option<Option<String>>,
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) example: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) reuse_key: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) columns: Vec<Column>,
    /// What a cell says of its whole table.
    pub(crate) table_label: Option<String>,
    pub(crate) table_optional: bool,
}

impl Says {
    /// Whether nothing is said.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Makes a key of words: lower-case letters, digits and underscores. Empty where nothing is left.
pub fn key_of(words: &str) -> String {
    let mut key = String::new();
    for character in words.replace('ß', "ss").nfkd().filter(|character| !unicode_normalization::char::is_combining_mark(*character)) {
        match character.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => key.push(letter),
            _ if key.is_empty() || key.ends_with('_') => {}
            _ => key.push('_'),
        }
    }
    key.trim_end_matches('_').to_owned()
}

/// The words of a key as a label: `data_owner` is `Data owner`.
pub fn label_of(words: &str) -> String {
    let text = words.replace('_', " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Placeholder {
    /// Reads what stands between the braces.
    pub(crate) fn parse(inside: &str) -> Result<Self, Problem> {
        let mut parts = inside.split('|').map(str::trim);
        let words = parts.next().unwrap_or_default();
        // `Ltd. name` is a key of several words, `table.column` is a cell.
        let cell = words.split_once('.').filter(|(_, column)| !column.starts_with(char::is_whitespace));
        let (words, column) = cell.map_or((words, None), |(table, column)| (table.trim(), Some(column.trim())));
        let key = valid_key(words, inside)?;
        let column = column.map(|words| valid_key(words, inside).map(|key| (key, words.to_owned()))).transpose()?;
        let shown = column.as_ref().map_or_else(|| key.clone(), |(column, _)| format!("{key}.{column}"));
        Ok(Self { words: words.to_owned(), says: says(&shown, parts)?, key, column })
    }
}

fn valid_key(words: &str, inside: &str) -> Result<String, Problem> {
    let key = key_of(words);
    if (1..=80).contains(&key.len()) { Ok(key) } else { Err(Problem::NoKey(crate::error::excerpt(inside))) }
}

/// Reads what is said of the question `key`.
pub(crate) fn says<'a>(key: &str, parts: impl Iterator<Item = &'a str>) -> Result<Says, Problem> {
    let mut says = Says::default();
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) =
            part.split_once(':').map_or((part, None), |(name, value)| (name, Some(value.trim()).filter(|value| !value.is_empty())));
        let rule = name.trim().to_lowercase().replace([' ', '-'], "_");
        apply(&mut says, key, &rule, part, value)?;
    }
    if says.kind.is_none() && !says.options.is_empty() {
        says.kind = Some(QuestionKind::Choice);
    }
    if says.kind.is_none() && !says.columns.is_empty() {
        says.kind = Some(QuestionKind::Table);
    }
    if says.kind.is_some_and(QuestionKind::has_options) && says.options.is_empty() {
        return Err(value_needed(key, "choice", "its choices, as in choice:yes,no"));
    }
    Ok(says)
}

fn apply(says: &mut Says, key: &str, rule: &str, part: &str, value: Option<&str>) -> Result<(), Problem> {
    let text = |needs| value.map(ToOwned::to_owned).ok_or_else(|| value_needed(key, rule, needs));
    let number = || value.and_then(|value| value.parse().ok()).ok_or_else(|| value_needed(key, rule, "a whole number"));
    if let Some(kind) = kind_of(rule) {
        match value {
            Some(list) if kind.has_options() => says.options = options(list),
            Some(_) => return Err(Problem::UnknownWord { key: key.to_owned(), word: part.to_owned() }),
            None => {}
        }
        says.kind = Some(kind);
        return Ok(());
    }
    match rule {
        "required" | "mandatory" if value.is_none() => says.required = Some(true),
        "optional" if value.is_none() => says.required = Some(false),
        "evidence" => says.evidence = Some(value.map(ToOwned::to_owned)),
        "label" | "question" => says.label = Some(text("the words of the question")?),
        "help" => says.help = Some(text("the words that help")?),
        "example" => says.example = Some(text("an example")?),
        "section" => says.section = Some(text("the heading")?),
        "reuse" => says.reuse_key = Some(text("the key of the fact, such as organisation.name")?),
        "unit" => says.unit = Some(text("the unit, such as days")?),
        "min" | "minimum" => says.minimum = Some(number()?),
        "max" | "maximum" => says.maximum = Some(number()?),
        "options" => says.options = options(&text("the choices")?),
        "columns" => says.columns = columns(key, &text("the columns, as in columns:Risk,Owner:person")?)?,
        "table_label" => says.table_label = Some(text("the words of the question")?),
        "table_optional" if value.is_none() => says.table_optional = true,
        _ => return Err(Problem::UnknownWord { key: key.to_owned(), word: part.to_owned() }),
    }
    Ok(())
}

fn value_needed(key: &str, rule: &str, needs: &'static str) -> Problem {
    Problem::Value { key: key.to_owned(), rule: rule.to_owned(), needs }
}

/// The kind that a word names.
pub(crate) fn kind_of(word: &str) -> Option<QuestionKind> {
    Some(match word {
        "text" | "short_text" | "string" | "field" | "line" => QuestionKind::Text,
        "long_text" | "longtext" | "textarea" | "paragraph" | "multiline" => QuestionKind::LongText,
        "choice" | "select" | "dropdown" | "radio" => QuestionKind::Choice,
        "choices" | "several" | "multiselect" | "checkboxes" => QuestionKind::Choices,
        "date" | "day" => QuestionKind::Date,
        "number" | "integer" => QuestionKind::Number,
        "yes_no" | "yesno" | "yes/no" | "boolean" | "checkbox" => QuestionKind::YesNo,
        "person" | "name" => QuestionKind::Person,
        "table" => QuestionKind::Table,
        "file" | "files" | "upload" | "image" => QuestionKind::File,
        _ => return None,
    })
}

/// Choices, parted by semicolons where there are any, else by commas.
fn options(list: &str) -> Vec<QuestionOption> {
    let mut found: Vec<QuestionOption> = Vec::new();
    for words in split(list) {
        if found.iter().all(|option| option.value != words) {
            found.push(QuestionOption { value: words.to_owned(), label: words.to_owned() });
        }
    }
    found
}

fn columns(key: &str, list: &str) -> Result<Vec<Column>, Problem> {
    let column = |words: &str| {
        let (label, kind) = words.rsplit_once(':').map_or((words, None), |(label, kind)| (label.trim(), Some(kind.trim())));
        let kind = match kind.map(|kind| (kind, kind_of(&kind.to_lowercase().replace([' ', '-'], "_")))) {
            None => QuestionKind::Text,
            Some((_, Some(kind))) if kind.fits_column() && !kind.has_options() => kind,
            Some((word, _)) => return Err(Problem::UnknownWord { key: key.to_owned(), word: word.to_owned() }),
        };
        Ok(Column { key: valid_key(label, words)?, label: label_of(label), kind, required: false, options: Vec::new() })
    };
    split(list).map(column).collect()
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    let separator = if list.contains(';') { ';' } else { ',' };
    list.split(separator).map(str::trim).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_placeholder_says() {
        let one =
            Placeholder::parse(" Review interval | choice: Every year, Every two years |required| evidence:Minutes |label:How often?")
                .unwrap();
        assert_eq!((one.key.as_str(), one.says.kind, one.says.required), ("review_interval", Some(QuestionKind::Choice), Some(true)));
        assert_eq!(one.says.options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>(), ["Every year", "Every two years"]);
        assert_eq!((one.says.evidence, one.says.label.as_deref()), (Some(Some("Minutes".into())), Some("How often?")));
        let cell = Placeholder::parse("risks.Treated by|date").unwrap();
        assert_eq!((cell.key.as_str(), cell.column.unwrap().0.as_str()), ("risks", "treated_by"));
        let table = Placeholder::parse("risks|columns:Risk,Owner:person,Due date:date").unwrap();
        assert_eq!(
            table.says.columns.iter().map(|one| (one.key.as_str(), one.kind.as_str())).collect::<Vec<_>>(),
            [("risk", "text"), ("owner", "person"), ("due_date", "date")]
        );
        assert!(Placeholder::parse("Größe der Firma").is_ok_and(|one| one.key == "grosse_der_firma" && one.says.is_nothing()));
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        let problem = |inside: &str| Placeholder::parse(inside).unwrap_err();
        assert_eq!(problem("a|colour"), Problem::UnknownWord { key: "a".into(), word: "colour".into() });
        assert_eq!(problem("a|text:b"), Problem::UnknownWord { key: "a".into(), word: "text:b".into() });
        assert!(matches!(problem("???"), Problem::NoKey(_)));
        assert!(matches!(problem("a|choice"), Problem::Value { .. }) && matches!(problem("a|number|min:b"), Problem::Value { .. }));
    }

    proptest! {
        #[test]
        fn a_key_is_a_key_or_nothing(words in "\\PC{0,60}") {
            let key = key_of(&words);
            prop_assert!(key.is_empty() || key.len() > 80 || muster_domain::templates::is_key(&key));
        }

        #[test]
        fn nothing_makes_it_panic(inside in "[a-z0-9A-Zé|:;,. {}#_-]{0,80}") {
            let _ = Placeholder::parse(&inside);
        }
    }
}
