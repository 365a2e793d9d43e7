//! Reading library files, with errors that name the file, the line and what is wrong.

use std::{collections::HashSet, fs, path::Path};

use muster_domain::{
    ids::{StandardId, TemplateId},
    people::AssigneeRole,
    recurrence::Recurrence,
    rules::RuleDetails,
    tasks::{Priority, TaskScope, TaskType},
    templates::{Question, ReleaseContent},
    text::{Code, Line, Name, Title},
};
use serde::{Deserialize, de::DeserializeOwned};

/// The library that ships with the program.
#[derive(rust_embed::Embed)]
#[folder = "../../library"]
struct Starter;

/// A library as its files describe it, checked whole.
#[derive(Debug, Clone)]
pub struct Library {
    pub(crate) standards: Vec<StandardFile>,
    pub(crate) templates: Vec<TemplateFile>,
    pub(crate) task_rules: Vec<RuleFile>,
}

/// A library file with something wrong in it.
#[derive(Debug, thiserror::Error)]
#[error("The library file {file}{} cannot be used: {problem}. Correct it and start again; nothing was imported.", at(.line))]
pub struct LibraryError {
    /// The file.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: String,
}

fn at(line: &Option<u64>) -> String {
    line.map(|line| format!(", line {line},")).unwrap_or_default()
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardsFile {
    standards: Vec<StandardFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandardFile {
    pub(crate) code: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) display_order: i32,
    #[serde(default)]
    pub(crate) color: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateFile {
    pub(crate) key: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) iso_codes: Vec<String>,
    pub(super) document_title: String,
    pub(super) questions: Vec<Question>,
    pub(super) body: String,
}

impl TemplateFile {
    /// One template from a text, under the name that errors give. What the template itself lacks is
    /// not looked at: a draft may lack it.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, LibraryError> {
        read(name, text)
    }

    /// The file of a content, with no more said of the template than its name.
    pub(super) fn of(key: &str, name: &str, content: &ReleaseContent) -> Self {
        let ReleaseContent { document_title, questions, body } = content.clone();
        let (key, name) = (key.to_owned(), name.to_owned());
        Self { key, name, reference: None, description: None, iso_codes: Vec::new(), document_title, questions, body }
    }

    /// What it asks and says.
    pub(crate) fn content(&self) -> ReleaseContent {
        ReleaseContent { document_title: self.document_title.clone(), questions: self.questions.clone(), body: self.body.clone() }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    task_rules: Vec<RuleFile>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub(crate) key: String,
    pub(crate) level: TaskScope,
    pub(crate) iso_code: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) task_type: String,
    pub(crate) priority: Priority,
    #[serde(default)]
    pub(crate) requires_evidence: bool,
    pub(crate) evidence_description: Option<String>,
    pub(crate) due_offset_days: Option<i32>,
    /// monthly, quarterly, yearly or a recurrence rule.
    pub(crate) recurrence: Option<String>,
    pub(crate) assignee_role: Option<AssigneeRole>,
    pub(crate) approval_step: Option<String>,
    pub(crate) is_active: bool,
}

impl RuleFile {
    /// What contradicts itself in the rule, as the domain has it.
    fn problem(&self) -> Option<String> {
        let nowhere = uuid::Uuid::nil();
        let recurrence = match self.recurrence.as_deref().map(str::parse::<Recurrence>).transpose() {
            Ok(recurrence) => recurrence,
            Err(error) => return Some(error.to_string()),
        };
        let details = RuleDetails {
            level: self.level,
            standard_id: self.iso_code.as_ref().map(|_| StandardId(nowhere)),
            template_id: self.template.as_ref().map(|_| TemplateId(nowhere)),
            title: Title::parse(&self.title).ok()?,
            description: None,
            task_type: TaskType::known(&self.task_type)?,
            priority: self.priority,
            requires_evidence: self.requires_evidence,
            evidence_description: None,
            due_offset_days: self.due_offset_days,
            recurrence,
            assignee_role: self.assignee_role,
            approval_step: Line::parse_optional(self.approval_step.as_deref()).ok()?,
            is_active: self.is_active,
        };
        details.check().err().map(|error| error.to_string())
    }
}

impl Library {
    /// The library that ships with the program.
    pub fn starter() -> Result<Self, LibraryError> {
        let mut names: Vec<String> = Starter::iter().map(|name| name.into_owned()).filter(|name| name.ends_with(".yaml")).collect();
        names.sort();
        let files = names.into_iter().filter_map(|name| {
            let file = Starter::get(&name)?;
            Some((name, String::from_utf8_lossy(&file.data).into_owned()))
        });
        Self::from_files(files.collect())
    }

    /// A library from a folder: `standards.yaml`, `task-rules.yaml` and `templates/*.yaml`, each
    /// of which may be missing.
    pub fn from_folder(folder: &Path) -> Result<Self, LibraryError> {
        let unreadable =
            |path: &Path, error: std::io::Error| LibraryError { file: path.display().to_string(), line: None, problem: error.to_string() };
        let mut files = Vec::new();
        for name in ["standards.yaml", "task-rules.yaml"] {
            let path = folder.join(name);
            if path.exists() {
                files.push((name.to_owned(), fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?));
            }
        }
        let templates = folder.join("templates");
        if templates.exists() {
            for entry in fs::read_dir(&templates).map_err(|error| unreadable(&templates, error))? {
                let path = entry.map_err(|error| unreadable(&templates, error))?.path();
                if path.extension().is_some_and(|extension| extension == "yaml") {
                    let name = format!("templates/{}", path.file_name().unwrap_or_default().to_string_lossy());
                    files.push((name, fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?));
                }
            }
        }
        if files.is_empty() {
            return Err(LibraryError {
                file: folder.display().to_string(),
                line: None,
                problem: "there are no library files in it".to_owned(),
            });
        }
        files.sort();
        Self::from_files(files)
    }

    pub(super) fn from_files(files: Vec<(String, String)>) -> Result<Self, LibraryError> {
        let mut library = Self { standards: Vec::new(), templates: Vec::new(), task_rules: Vec::new() };
        for (name, text) in &files {
            match name.as_str() {
                "standards.yaml" => library.standards = read::<StandardsFile>(name, text)?.standards,
                "task-rules.yaml" => library.task_rules = read::<RulesFile>(name, text)?.task_rules,
                _ => library.templates.push(template(name, text)?),
            }
        }
        library.check(&files)?;
        Ok(library)
    }

    /// Checks what concerns several entries at once, or what the database would refuse.
    fn check(&self, files: &[(String, String)]) -> Result<(), LibraryError> {
        let mut seen = HashSet::new();
        let fail = |file: &str, entry: &str, problem: String| -> Result<(), LibraryError> {
            let text = files.iter().find(|(name, _)| name == file).map_or("", |(_, text)| text.as_str());
            let line = text.lines().zip(1..).find(|(line, _)| line.contains(entry)).map(|(_, number)| number);
            Err(LibraryError { file: file.to_owned(), line, problem })
        };
        for standard in &self.standards {
            if Code::parse(&standard.code).is_err() || Line::<200>::parse(&standard.name).is_err() {
                fail("standards.yaml", &standard.code, format!("the standard `{}` needs a code and a name", standard.code))?;
            }
            if !seen.insert(format!("standard {}", standard.code)) {
                fail("standards.yaml", &standard.code, format!("the standard `{}` is there twice", standard.code))?;
            }
        }
        for template in &self.templates {
            let file = format!("templates/{}.yaml", template.key);
            if let Some(code) =
                template.iso_codes.iter().find(|code| !self.standards.is_empty() && !seen.contains(&format!("standard {code}")))
            {
                fail(&file, code, format!("the standard `{code}` is not in standards.yaml"))?;
            }
        }
        for rule in &self.task_rules {
            if !seen.insert(format!("rule {}", rule.key)) {
                fail("task-rules.yaml", &rule.key, format!("the rule `{}` is there twice", rule.key))?;
            }
            if let Some(problem) = rule.problem() {
                fail("task-rules.yaml", &rule.key, format!("in the rule `{}`, {problem}", rule.key))?;
            }
            let is_unknown = |code: &String| !self.standards.is_empty() && !seen.contains(&format!("standard {code}"));
            if let Some(code) = rule.iso_code.as_ref().filter(|code| is_unknown(code)) {
                fail(
                    "task-rules.yaml",
                    &rule.key,
                    format!("the rule `{}` names the standard `{code}`, which is not in standards.yaml", rule.key),
                )?;
            }
            if Title::parse(&rule.title).is_err() || TaskType::known(&rule.task_type).is_none() {
                fail("task-rules.yaml", &rule.key, format!("the rule `{}` needs a title and a task type that Muster knows", rule.key))?;
            }
            if (rule.task_type == TaskType::APPROVE_DOCUMENT) != rule.approval_step.is_some() {
                fail(
                    "task-rules.yaml",
                    &rule.key,
                    format!("the rule `{}` must name an approval step exactly when it is an approval", rule.key),
                )?;
            }
            let known_template = |key: &String| self.templates.iter().any(|template| template.key == *key);
            if rule.template.as_ref().is_some_and(|key| !known_template(key)) {
                fail("task-rules.yaml", &rule.key, format!("the rule `{}` names a template that is not in templates/", rule.key))?;
            }
        }
        Ok(())
    }
}

fn template(name: &str, text: &str) -> Result<TemplateFile, LibraryError> {
    let template: TemplateFile = read(name, text)?;
    let fail = |entry: &str, problem: String| {
        let line = text.lines().zip(1..).find(|(line, _)| line.contains(entry)).map(|(_, number)| number);
        Err(LibraryError { file: name.to_owned(), line, problem })
    };
    if name != format!("templates/{}.yaml", template.key) {
        return fail("key:", format!("the key `{}` and the name of the file must be the same", template.key));
    }
    if Name::parse(&template.name).is_err() {
        return fail("name:", "the name is missing or too long".to_owned());
    }
    if let Some(problem) = template.content().problems().into_iter().next() {
        let text = problem.to_string();
        let entry = text.split('`').nth(1).unwrap_or("questions:").to_owned();
        return fail(&entry, text);
    }
    Ok(template)
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, LibraryError> {
    serde_saphyr::from_str(text).map_err(|error| LibraryError {
        file: name.to_owned(),
        line: error.location().map(|location| location.line()),
        // The first line says what is wrong; the rest is an excerpt of the file.
        problem: error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_library_is_in_order() {
        let library = Library::starter().unwrap();
        assert!(library.standards.iter().any(|standard| standard.code == "ISO 27001:2022"));
        let with_code = |code: &str| library.templates.iter().filter(|template| template.iso_codes.iter().any(|one| one == code)).count();
        assert!(with_code("ISO 27001:2022") >= 5 && with_code("ISO 9001:2015") >= 3);
        assert!(library.templates.iter().all(|template| (6..=15).contains(&template.questions.len())));
        let active = |level| {
            library
                .task_rules
                .iter()
                .filter(|rule| rule.is_active && rule.level == level)
                .map(|rule| rule.title.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(active(TaskScope::Customer), ["Send welcome email", "Complete onboarding survey"]);
        assert_eq!(active(TaskScope::Document), ["Review completed document", "Get manager approval", "Get CISO approval"]);
    }

    fn one(name: &str, text: &str) -> LibraryError {
        Library::from_files(vec![(name.to_owned(), text.to_owned())]).unwrap_err()
    }

    #[test]
    fn errors_name_the_file_and_the_line() {
        let error = one("standards.yaml", "standards:\n  - code: X\n    name: Y\n    display_order: 1\n    colour: red\n");
        assert_eq!((error.file.as_str(), error.line), ("standards.yaml", Some(5)), "{error}");
        assert!(error.problem.contains("colour"), "{error}");
        let error = one(
            "templates/a.yaml",
            "key: a\nname: A\niso_codes: []\ndocument_title: T\nquestions:\n  - {key: q, label: Q, kind: text}\nbody: |\n  {{q}} and {{z}}\n",
        );
        assert_eq!((error.file.as_str(), error.line), ("templates/a.yaml", Some(8)), "{error}");
        let error = one("templates/b.yaml", "key: a\nname: A\niso_codes: []\ndocument_title: T\nquestions: []\nbody: x\n");
        assert!(error.to_string().contains("the name of the file must be the same"), "{error}");
    }
}
