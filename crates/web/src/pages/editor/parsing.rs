//! A question read from the fields of its form.

use muster_domain::{
    templates::{Column, Question, QuestionKind, QuestionOption, is_key},
    text::{Line, Prose},
};
use muster_service::Error;

use super::fields::Given;
use crate::input::Check;

impl Given {
    /// The question that these fields describe. What its kind has no use for is left out.
    pub(super) fn parse(&self) -> Result<Question, Error> {
        let mut check = Check::default();
        let kind: QuestionKind = check.required_word("/kind", self.text("kind")).unwrap_or(QuestionKind::Text);
        let label = check.text("/label", Line::<500>::parse_optional(Some(self.text("label")))).flatten();
        let label = label.map(|label| label.as_str().to_owned()).unwrap_or_default();
        let key = if self.text("key").is_empty() { slug(&label) } else { self.text("key").to_owned() };
        if !is_key(&key) {
            check.refuse("/key", "malformed", "must be lower-case letters, digits and underscores");
        }
        let line = |text: Option<Line<255>>| text.map(|text| text.as_str().to_owned());
        let section = check.text("/section", Line::<255>::parse_optional(Some(self.text("section")))).and_then(line);
        let reuse_key = check.text("/reuse_key", Line::<100>::parse_optional(Some(self.text("reuse_key")))).flatten();
        let unit = check.text("/unit", Line::<50>::parse_optional(Some(self.text("unit")))).flatten();
        let mut prose = |name: &str| {
            let text = check.text(&format!("/{name}"), Prose::parse_optional(Some(self.text(name)))).flatten();
            text.map(|text| text.as_str().to_owned())
        };
        let (help, example, evidence_description) = (prose("help"), prose("example"), prose("evidence_description"));
        let is_number = kind == QuestionKind::Number;
        let (minimum, maximum) = if is_number { self.limits(&mut check) } else { (None, None) };
        let question = Question {
            section,
            help,
            example,
            required: self.required,
            requires_evidence: self.requires_evidence,
            evidence_description,
            reuse_key: reuse_key.map(|text| text.as_str().to_owned()),
            options: if kind.has_options() { options(self.text("options").lines()) } else { Vec::new() },
            unit: unit.filter(|_| is_number).map(|text| text.as_str().to_owned()),
            minimum,
            maximum,
            columns: if kind == QuestionKind::Table { self.parse_columns(&mut check) } else { Vec::new() },
            ..Question::new(&key, &label, kind)
        };
        check.finish(Some(question))
    }

    fn limits(&self, check: &mut Check) -> (Option<i64>, Option<i64>) {
        let mut number = |name: &str| {
            let text = Some(self.text(name)).filter(|text| !text.is_empty())?;
            text.parse::<i64>().map_err(|_| check.refuse(&format!("/{name}"), "malformed", "must be a whole number")).ok()
        };
        let (minimum, maximum) = (number("minimum"), number("maximum"));
        if minimum.zip(maximum).is_some_and(|(least, most)| least > most) {
            check.refuse("/maximum", "malformed", "must not be below the minimum");
        }
        (minimum, maximum)
    }

    fn parse_columns(&self, check: &mut Check) -> Vec<Column> {
        let mut columns = Vec::new();
        for (index, given) in self.columns.iter().enumerate() {
            let label = check.text(&format!("/columns/{index}"), Line::<500>::parse_optional(Some(given.label.trim()))).flatten();
            let label = label.map(|label| label.as_str().to_owned()).unwrap_or_default();
            let key = if given.key.trim().is_empty() { slug(&label) } else { given.key.trim().to_owned() };
            let kind = given.kind.parse().unwrap_or(QuestionKind::Text);
            let options = if kind.has_options() { options(given.options.split(';')) } else { Vec::new() };
            columns.push(Column { key, label, kind, required: !given.required.is_empty(), options });
        }
        columns
    }
}

/// Options as they are typed: `value = words`, or the words alone where they make the value.
pub(super) fn options_as_lines(options: &[QuestionOption], between: &str) -> String {
    let line = |option: &QuestionOption| {
        let is_plain = slug(&option.label) == option.value && !option.label.contains(['=', ';']);
        if is_plain { option.label.clone() } else { format!("{} = {}", option.value, option.label) }
    };
    options.iter().map(line).collect::<Vec<_>>().join(between)
}

/// Options as they were typed.
fn options<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<QuestionOption> {
    let option = |(number, line): (usize, &str)| match line.split_once('=') {
        Some((value, label)) => QuestionOption { value: value.trim().to_owned(), label: label.trim().to_owned() },
        None => {
            let made = slug(line);
            let value = if made.is_empty() { format!("option_{number}") } else { made };
            QuestionOption { value, label: line.trim().to_owned() }
        }
    };
    (1..).zip(lines.map(str::trim).filter(|line| !line.is_empty())).map(option).collect()
}

/// A key made of words: `Which IT team?` as `which_it_team`. Empty where there is no letter that a
/// key can have.
fn slug(words: &str) -> String {
    let mut key = String::new();
    for letter in words.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(80);
    key.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(value: &str, label: &str) -> QuestionOption {
        QuestionOption { value: value.into(), label: label.into() }
    }

    #[test]
    fn options_come_back_as_they_were() {
        let given = vec![option("every_week", "Every week"), option("m", "Every month"), option("a", "x = y"), option("option_1", "شهري")];
        assert_eq!(options(options_as_lines(&given, "\n").lines()), given);
        assert_eq!(options("Every week\n\n m = Every month \nشهري".lines())[2], option("option_3", "شهري"));
    }

    #[test]
    fn a_question_comes_back_as_it_was() {
        let column =
            Column { key: "c".into(), label: "C".into(), kind: QuestionKind::Choice, required: false, options: vec![option("x", "Ex")] };
        let mut table = Question { help: Some("H\nI".into()), columns: vec![column], ..Question::new("t", "T?", QuestionKind::Table) };
        table.required = false;
        assert_eq!(Given::stored(&table).parse().unwrap(), table);
        let number =
            Question { unit: Some("days".into()), minimum: Some(1), maximum: Some(9), ..Question::new("n", "N?", QuestionKind::Number) };
        assert_eq!(Given::stored(&number).parse().unwrap(), number);
    }

    #[test]
    fn a_key_is_made_of_the_words() {
        let mut given = Given::blank();
        given.set("label", " Which IT-team, please? ");
        assert_eq!(given.parse().unwrap().key, "which_it_team_please");
        assert!(Given::blank().parse().is_err(), "neither words nor a key");
    }
}
