//! The newer shape: fixed sections with text, and fillable sections.

use muster_domain::templates::{Question, QuestionKind, ReleaseContent};
use serde_json::{Map, Value};

use super::{Keys, flag, kinds::set_kind, line, objects, renamed, text_of};
use crate::imports::ReadTemplate;

/// A fixed section: a heading and its text.
struct Fixed {
    id: Option<String>,
    title: Option<String>,
    text: String,
    /// The text as it came. Marks are looked for in it: what stands in the place of one is none.
    original: String,
    /// The marks whose place is taken.
    taken: Vec<String>,
}

/// Puts the text together: each fixed section under its heading, a question where its placeholder
/// stands or below the section that it names, the others at the end.
pub(super) fn read(structure: &Map<String, Value>) -> Result<ReadTemplate, String> {
    let mut fixed: Vec<Fixed> = objects(structure, "fixed_sections")?.into_iter().map(|(_, item)| fixed_section(item)).collect();
    let (mut keys, mut notices, mut questions, mut last) = (Keys::default(), Vec::new(), Vec::new(), Vec::new());
    for (number, item) in objects(structure, "fillable_sections")? {
        let (question, told) = question(item, number, &mut keys);
        notices.extend(told);
        match place(&mut fixed, item, &question) {
            Some(section) => questions.push(Question { section, ..question }),
            None => {
                last.push(question.clone());
                questions.push(question);
            }
        }
    }
    if !last.is_empty() && !fixed.is_empty() {
        let all = last.iter().map(|question| format!("“{}”", line(&question.label, 40))).collect::<Vec<_>>().join(", ");
        notices.push(format!("The file does not say where in the text these stand, so they are at its end: {all}."));
    }
    let sections = fixed.iter().map(|section| match &section.title {
        Some(title) => format!("## {}\n\n{}", line(title, 500), section.text),
        None => section.text.clone(),
    });
    let body: Vec<String> =
        sections.chain(last.iter().map(part)).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
    let content = ReleaseContent {
        document_title: text_of(structure, "document_title").map(|title| line(&title, 500)).unwrap_or_default(),
        questions,
        body: format!("{}\n", body.join("\n\n")),
    };
    Ok(ReadTemplate::of(content, notices))
}

fn fixed_section(item: &Map<String, Value>) -> Fixed {
    let text = text_of(item, "content").unwrap_or_default();
    Fixed { id: text_of(item, "id"), title: text_of(item, "title"), original: text.clone(), text, taken: Vec::new() }
}

/// A question under its own heading.
fn part(question: &Question) -> String {
    format!("## {}\n\n{{{{{}}}}}", line(&question.label, 500), question.key)
}

fn question(item: &Map<String, Value>, number: usize, keys: &mut Keys) -> (Question, Vec<String>) {
    let id = text_of(item, "id");
    let title = text_of(item, "title").or_else(|| id.as_deref().map(muster_word::label_of)).unwrap_or_else(|| format!("Question {number}"));
    let mut question = Question::new(&keys.make(id.as_deref(), &title), &line(&title, 500), QuestionKind::Text);
    question.required = flag(item, "is_mandatory").unwrap_or(true);
    question.requires_evidence = flag(item, "requires_evidence").unwrap_or(false);
    question.evidence_description = text_of(item, "evidence_description");
    question.example = text_of(item, "current_content");
    question.help = text_of(item, "format");
    let told = [set_kind(&mut question, item), renamed(&question, id.as_deref())].into_iter().flatten().collect();
    (question, told)
}

/// Puts the placeholder of a question into the fixed sections; the heading of the section where it
/// stands now. None where nothing says where that is.
fn place(fixed: &mut [Fixed], item: &Map<String, Value>, question: &Question) -> Option<Option<String>> {
    let placeholder = format!("{{{{{}}}}}", question.key);
    let marks = [text_of(item, "placeholder"), text_of(item, "id").map(|id| format!("{{{{{id}}}}}"))];
    for mark in marks.into_iter().flatten() {
        let is_mark = mark.starts_with(['[', '{', '<', '_', '$', '%']);
        let holds = |section: &&mut Fixed| is_mark && section.original.contains(&mark) && !section.taken.contains(&mark);
        if let Some(section) = fixed.iter_mut().find(holds) {
            section.text = section.text.replace(&mark, &placeholder);
            section.taken.push(mark);
            return Some(section.title.clone());
        }
    }
    let named = ["section_id", "location"].iter().find_map(|name| text_of(item, name))?;
    let is_named = |section: &&mut Fixed| section.id.as_deref() == Some(&named) || section.title.as_deref() == Some(&named);
    let section = fixed.iter_mut().find(is_named)?;
    section.text = format!("{}\n\n### {}\n\n{placeholder}", section.text.trim_end(), line(&question.label, 500));
    Some(section.title.clone())
}
