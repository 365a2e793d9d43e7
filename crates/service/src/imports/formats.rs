//! Which kind of file it is, and reading it.

use std::path::Path;

use muster_domain::templates::{Question, ReleaseContent};
use muster_word::{Limits, WordError};
use serde_json::Value;

use super::{ImportSource, ReadTemplate, file_error, legacy};
use crate::{Error, FieldError, Result, library::TemplateFile};

/// The most bytes of a file that is text.
const TEXT_LIMIT: usize = 4 * 1024 * 1024;

/// Reads a source; what cannot be kept even as a draft is refused with its places.
pub(super) fn read(source: ImportSource) -> Result<ReadTemplate> {
    let read = match source {
        ImportSource::Json(value) => json(value)?,
        ImportSource::File { name, bytes } => file(&name, &bytes)?,
    };
    let unstorable = read.content.unstorable();
    if unstorable.is_empty() {
        return Ok(read);
    }
    let errors = unstorable.iter().map(|problem| FieldError::new("/file", "template-content", problem.to_string()));
    Err(Error::Invalid(errors.collect()))
}

/// Texts without blanks around them, as forms give them, and empty ones as none.
fn trimmed(content: ReleaseContent) -> ReleaseContent {
    let tidy = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let question = |question: Question| Question {
        section: tidy(question.section),
        label: question.label.trim().to_owned(),
        help: tidy(question.help),
        example: tidy(question.example),
        ..question
    };
    ReleaseContent { questions: content.questions.into_iter().map(question).collect(), ..content }
}

fn file(name: &str, bytes: &[u8]) -> Result<ReadTemplate> {
    let extension = Path::new(name).extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let stem = Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    match extension.as_str() {
        "docx" | "docm" | "dotx" | "dotm" | "doc" => word(bytes, &stem),
        "json" | "yaml" | "yml" => text(name, bytes, extension == "json"),
        _ => Err(file_error("unknown-format", "is none of the kinds that can be imported: .docx, .json, .yaml")),
    }
}

fn word(bytes: &[u8], stem: &str) -> Result<ReadTemplate> {
    let template = muster_word::read(bytes, &Limits::default()).map_err(|error| match error {
        WordError::Faults(faults) => {
            Error::Invalid(faults.iter().map(|fault| FieldError::new("/file", "word-placeholder", fault.to_string())).collect())
        }
        other => file_error(word_code(&other), &other.to_string()),
    })?;
    let notices = template.notices.iter().map(ToString::to_string).collect();
    let mut content = template.content;
    // What a file is called is a name for its template, too.
    let name = if content.document_title.is_empty() || content.document_title.contains("{{") {
        stem.to_owned()
    } else {
        content.document_title.clone()
    };
    if content.document_title.is_empty() {
        content.document_title = stem.to_owned();
    }
    Ok(ReadTemplate { name, ..ReadTemplate::of(trimmed(content), notices) })
}

const fn word_code(error: &WordError) -> &'static str {
    match error {
        WordError::TooLarge { .. } => "too-large",
        WordError::NotWord => "no-word-file",
        WordError::OldOrEncrypted => "old-word-file",
        WordError::Macros { .. } => "macros",
        WordError::Bomb { .. } => "zip-bomb",
        WordError::Broken { .. } => "broken",
        WordError::Faults(_) => "word-placeholder",
    }
}

fn text(name: &str, bytes: &[u8], is_json: bool) -> Result<ReadTemplate> {
    if bytes.len() > TEXT_LIMIT {
        return Err(file_error("too-large", "is larger than 4 MB"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        file_error("broken", &format!("holds characters that are not Unicode, line {line}"))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    if is_json {
        let value: Value = serde_json::from_str(text).map_err(|error| file_error("broken", &format!("is no JSON: {error}")))?;
        if value.get("questions").is_none() || value.get("body").is_none() {
            return json(value);
        }
    }
    library(name, text)
}

/// A file of our library. JSON is YAML, too.
fn library(name: &str, text: &str) -> Result<ReadTemplate> {
    let read = TemplateFile::parse(name, text).map_err(|error| {
        let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
        file_error("library-file", &format!("{}{line}: {}", error.file, error.problem))
    })?;
    if !is_library_key(&read.key) {
        return Err(file_error("library-file", "the key must be 1 to 100 lower-case letters, digits, `-` and `_`"));
    }
    let content = read.content();
    let mut template = ReadTemplate::of(content, Vec::new());
    template.key = Some(read.key);
    template.name = read.name;
    template.reference = read.reference;
    template.description = read.description;
    template.iso_codes = read.iso_codes;
    Ok(template)
}

/// Whether a text can be the key of a template in a library: it is the name of a file, too.
pub(crate) fn is_library_key(key: &str) -> bool {
    let is_fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    (1..=100).contains(&key.len()) && key.bytes().all(is_fit)
}

fn json(value: Value) -> Result<ReadTemplate> {
    let read =
        legacy::read(value).map_err(|problem| file_error("legacy-json", &format!("is no template of the older program: {problem}")))?;
    Ok(ReadTemplate { content: trimmed(read.content), ..read })
}
