//! Writing library files, as a person would: fields in the order of the starter library, what says
//! nothing left out, texts of several lines as blocks.
//!
//! Every other text is written as JSON writes it, which YAML reads alike: so no text can be
//! mistaken for a number, a date or mark-up.

use std::fmt::Write as _;

use muster_domain::templates::{Column, Question, QuestionOption, ReleaseContent};

use super::files::{RuleFile, StandardFile, TemplateFile};

/// A text in quotation marks.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text as a block, where a block gives the same text back: it must end in one line break, and
/// neither begin with a blank nor hold what a block would change.
fn block(text: &str, indent: &str) -> Option<String> {
    let lines = text.strip_suffix('\n')?;
    let is_plain = |line: &str| line.is_empty() || !line.chars().all(char::is_whitespace);
    let is_fit = !lines.is_empty()
        && !lines.ends_with('\n')
        && !lines.starts_with([' ', '\n', '\t'])
        && lines.split('\n').all(is_plain)
        && !lines.chars().any(|one| (one.is_control() && one != '\n') || matches!(one, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'));
    is_fit.then(|| {
        let lines: Vec<String> =
            lines.split('\n').map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }).collect();
        format!("|\n{}\n", lines.join("\n"))
    })
}

/// A file while it is written.
#[derive(Default)]
struct Yaml(String);

impl Yaml {
    /// A line of a list entry or object. Writing to a text cannot fail.
    fn line(&mut self, start: &str, name: &str, value: &str) {
        let _ = writeln!(self.0, "{start}{name}: {value}");
    }

    fn text(&mut self, start: &str, name: &str, value: &str) {
        self.line(start, name, &quoted(value));
    }

    fn maybe(&mut self, start: &str, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(start, name, value);
        }
    }

    fn question(&mut self, question: &Question) {
        const IN: &str = "    ";
        self.text("  - ", "key", &question.key);
        self.maybe(IN, "section", question.section.as_deref());
        self.text(IN, "label", &question.label);
        self.maybe(IN, "help", question.help.as_deref());
        self.maybe(IN, "example", question.example.as_deref());
        self.line(IN, "kind", question.kind.as_str());
        self.line(IN, "required", &question.required.to_string());
        if question.requires_evidence {
            self.line(IN, "requires_evidence", "true");
        }
        self.maybe(IN, "evidence_description", question.evidence_description.as_deref());
        self.maybe(IN, "reuse_key", question.reuse_key.as_deref());
        self.options(IN, &question.options);
        self.maybe(IN, "unit", question.unit.as_deref());
        for (name, limit) in [("minimum", question.minimum), ("maximum", question.maximum)] {
            if let Some(limit) = limit {
                self.line(IN, name, &limit.to_string());
            }
        }
        if !question.columns.is_empty() {
            self.0.push_str("    columns:\n");
            question.columns.iter().for_each(|column| self.column(column));
        }
    }

    fn column(&mut self, column: &Column) {
        const IN: &str = "        ";
        self.text("      - ", "key", &column.key);
        self.text(IN, "label", &column.label);
        self.line(IN, "kind", column.kind.as_str());
        self.line(IN, "required", &column.required.to_string());
        self.options(IN, &column.options);
    }

    fn options(&mut self, start: &str, options: &[QuestionOption]) {
        if options.is_empty() {
            return;
        }
        let _ = writeln!(self.0, "{start}options:");
        for option in options {
            let _ = writeln!(self.0, "{start}  - {{value: {}, label: {}}}", quoted(&option.value), quoted(&option.label));
        }
    }
}

/// The file of a template.
pub(super) fn template(file: &TemplateFile) -> String {
    let mut yaml = Yaml::default();
    let ReleaseContent { document_title, questions, body } = file.content();
    yaml.text("", "key", &file.key);
    yaml.text("", "name", &file.name);
    yaml.maybe("", "reference", file.reference.as_deref());
    yaml.maybe("", "description", file.description.as_deref());
    let codes: Vec<String> = file.iso_codes.iter().map(|code| quoted(code)).collect();
    yaml.line("", "iso_codes", &format!("[{}]", codes.join(", ")));
    yaml.text("", "document_title", &document_title);
    yaml.0.push_str(if questions.is_empty() { "questions: []\n" } else { "questions:\n" });
    questions.iter().for_each(|question| yaml.question(question));
    match block(&body, "  ") {
        Some(text) => {
            let _ = write!(yaml.0, "body: {text}");
        }
        None => yaml.text("", "body", &body),
    }
    yaml.0
}

/// The file of the standards.
pub(super) fn standards(standards: &[StandardFile]) -> String {
    let mut yaml = Yaml(if standards.is_empty() { "standards: []\n" } else { "standards:\n" }.to_owned());
    for standard in standards {
        yaml.text("  - ", "code", &standard.code);
        yaml.text("    ", "name", &standard.name);
        yaml.maybe("    ", "description", standard.description.as_deref());
        yaml.line("    ", "display_order", &standard.display_order.to_string());
        yaml.maybe("    ", "color", standard.color.as_deref());
    }
    yaml.0
}

/// The file of the task rules.
pub(super) fn task_rules(rules: &[RuleFile]) -> String {
    const IN: &str = "    ";
    let mut yaml = Yaml(if rules.is_empty() { "task_rules: []\n" } else { "task_rules:\n" }.to_owned());
    for rule in rules {
        yaml.text("  - ", "key", &rule.key);
        yaml.line(IN, "level", rule.level.as_str());
        yaml.maybe(IN, "iso_code", rule.iso_code.as_deref());
        yaml.maybe(IN, "template", rule.template.as_deref());
        yaml.text(IN, "title", &rule.title);
        yaml.maybe(IN, "description", rule.description.as_deref());
        yaml.text(IN, "task_type", &rule.task_type);
        yaml.line(IN, "priority", rule.priority.as_str());
        yaml.line(IN, "requires_evidence", &rule.requires_evidence.to_string());
        yaml.maybe(IN, "evidence_description", rule.evidence_description.as_deref());
        if let Some(days) = rule.due_offset_days {
            yaml.line(IN, "due_offset_days", &days.to_string());
        }
        yaml.maybe(IN, "recurrence", rule.recurrence.as_deref());
        yaml.maybe(IN, "assignee_role", rule.assignee_role.map(muster_domain::people::AssigneeRole::as_str));
        yaml.maybe(IN, "approval_step", rule.approval_step.as_deref());
        yaml.line(IN, "is_active", &rule.is_active.to_string());
    }
    yaml.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::library::Library;

    #[test]
    fn the_starter_library_comes_back_as_it_was() {
        let starter = Library::starter().unwrap();
        for file in &starter.templates {
            let text = template(file);
            let read = TemplateFile::parse("x", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!((read.content(), &read.name, &read.iso_codes), (file.content(), &file.name, &file.iso_codes));
            assert!(text.contains("body: |\n"), "a body is a block: {text}");
            assert_eq!(template(&read), text);
        }
        // Rules of single templates are read with the templates that they name, and refused without.
        let mut files: Vec<_> = starter.templates.iter().map(|file| (format!("templates/{}.yaml", file.key), template(file))).collect();
        files.push(("standards.yaml".to_owned(), standards(&starter.standards)));
        files.push(("task-rules.yaml".to_owned(), task_rules(&starter.task_rules)));
        let rules = |library: &Library| library.task_rules.iter().map(|rule| format!("{rule:?}")).collect::<Vec<_>>();
        assert!(starter.task_rules.iter().any(|rule| rule.template.is_some()), "a rule of a single template is among them");
        let read = Library::from_files(files).unwrap();
        assert_eq!((format!("{:?}", read.standards), rules(&read)), (format!("{:?}", starter.standards), rules(&starter)));
    }

    proptest! {
        #[test]
        fn any_text_comes_back(body in "[ -~\n\té\u{2028}\u{0}]{0,40}", label in "\\PC{1,20}", value in "[ -~]{1,10}") {
            let mut question = Question::new("q", &label, muster_domain::templates::QuestionKind::Choice);
            question.options = vec![QuestionOption { value: value.clone(), label: body.clone() }];
            question.help = Some(value);
            let content = ReleaseContent { document_title: label, questions: vec![question], body };
            let file = TemplateFile::of("k", "N", &content);
            let text = template(&file);
            let read = TemplateFile::parse("x", &text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(read.content(), content, "{}", text);
        }
    }
}
