//! The library of an older database: standards and templates, with what tasks and documents need of
//! them.

use std::collections::HashMap;

use muster_domain::{
    legacy::{SectionItem, Sections, plan_status, section_items, sections_of, template_status},
    templates::{Question, ReleaseContent},
};
use muster_store::{LegacyDatabase, LegacyError, LegacyRelease, LegacyTemplate, Remark};
use serde_json::Value;
use uuid::Uuid;

use crate::imports;

/// Templates by their ids, as they were laid out.
#[derive(Debug, Default)]
pub(super) struct Library {
    templates: HashMap<Uuid, LaidOut>,
    /// What documents without a template stand under.
    pub(super) template_of_none: Uuid,
}

/// A template as it was laid out.
#[derive(Debug)]
pub(super) struct LaidOut {
    /// Its latest release.
    pub(super) release_id: Uuid,
    /// That release's number.
    pub(super) release_number: i32,
    /// That release.
    pub(super) content: ReleaseContent,
    items: Vec<SectionItem>,
    sections: Sections,
    earlier: Sections,
}

impl LaidOut {
    /// The question that a task of this section and title asks, with its place.
    pub(super) fn question_of(&self, section: Option<&str>, title: &str) -> Option<(i32, &Question)> {
        let mut found = self.items.iter().zip(&self.content.questions).zip(0..).filter(|((item, _), _)| item.is_asked_by(section, title));
        found.next().map(|((_, question), position)| (position, question))
    }

    /// The question of a section, by its id or title.
    pub(super) fn question_named(&self, name: &str) -> Option<&Question> {
        let is_it = |item: &SectionItem| item.id == name || item.titles.iter().any(|title| title == name);
        self.items.iter().zip(&self.content.questions).find(|(item, _)| is_it(item)).map(|(_, question)| question)
    }
}

impl Library {
    /// Lays out everything that belongs to the firm: people, standards, templates with their
    /// releases. What is there is brought up to date.
    pub(super) async fn lay_out(db: &mut LegacyDatabase) -> Result<Self, LegacyError> {
        db.lay_out_people(super::OLDER_PROGRAM).await?;
        let mut remarks = Vec::new();
        for (kind, table, column, becomes) in WORDS {
            let words = db.words_in(table, column).await?;
            let read = |word: &String| becomes(Some(word.as_str()).filter(|word| !word.is_empty()));
            for word in words.iter().filter(|word| !read(word).1) {
                remarks.push(remark(
                    table,
                    word,
                    "unknown_word",
                    format!("The {column} `{word}` is not on the list; it becomes {}.", read(word).0),
                ));
            }
            let words: Vec<(String, &'static str)> = words.iter().map(|word| (word.clone(), read(word).0)).collect();
            db.note_words(kind, &words).await?;
        }
        db.lay_out_library().await?;
        let mut library = Self {
            template_of_none: db.lay_out_template_of_none(super::TEMPLATE_OF_NONE, super::ABOUT_TEMPLATE_OF_NONE).await?,
            ..Self::default()
        };
        for template in db.legacy_templates().await? {
            let laid_out = lay_out(db, &template, &mut remarks).await?;
            library.templates.insert(template.id, laid_out);
        }
        let none = LegacyRelease {
            template_id: library.template_of_none,
            number: 1,
            content: ReleaseContent { document_title: super::TEMPLATE_OF_NONE.to_owned(), ..ReleaseContent::blank() },
        };
        let release_id = db.lay_out_release(&none).await?;
        let (items, sections, earlier) = (Vec::new(), Sections::default(), Sections::default());
        library
            .templates
            .insert(library.template_of_none, LaidOut { release_id, release_number: 1, content: none.content, items, sections, earlier });
        db.note_remarks(None, &remarks).await?;
        Ok(library)
    }

    /// A template.
    pub(super) fn template(&self, id: Uuid) -> Option<&LaidOut> {
        self.templates.get(&id)
    }

    /// The present and the earlier sections of each template.
    pub(super) fn sections(&self) -> HashMap<Uuid, (Sections, Sections)> {
        self.templates.iter().map(|(id, template)| (*id, (template.sections.clone(), template.earlier.clone()))).collect()
    }
}

/// What a word becomes, and whether it is one that the older program is known to write.
type Becomes = fn(Option<&str>) -> (&'static str, bool);

const WORDS: [(&str, &str, &str, Becomes); 2] = [
    ("plan_status", "customer_iso_plans", "plan_status", |word| {
        let (status, is_known) = plan_status(word);
        (status.as_str(), is_known)
    }),
    ("template_status", "templates", "status", |word| {
        let (status, is_known) = template_status(word);
        (status.as_str(), is_known)
    }),
];

pub(super) fn remark(table: &str, row: &str, kind: &str, text: String) -> Remark {
    Remark { customer_id: None, table: table.to_owned(), row: row.to_owned(), kind: kind.to_owned(), remark: text }
}

/// The structures of a template as present and earlier sections.
pub(super) fn sections_of_template(template: &LegacyTemplate) -> (Sections, Sections) {
    let mut all = template.structures.iter().map(|(_, structure)| sections_of(structure));
    let present = all.next_back().unwrap_or_default();
    let mut earlier = Sections::default();
    all.for_each(|sections| earlier.add(sections));
    (present, earlier)
}

async fn lay_out(db: &mut LegacyDatabase, template: &LegacyTemplate, remarks: &mut Vec<Remark>) -> Result<LaidOut, LegacyError> {
    let name = template.row.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut latest = None;
    for (number, structure) in &template.structures {
        let content = match imports::legacy::read(structure.clone()) {
            Ok(read) => read.content,
            Err(why) => {
                let text = format!(
                    "The structure of “{name}”, version {number}, could not be read as a template: {why}. It stays as it was in `muster_upgrade.original_rows`."
                );
                remarks.push(remark("templates", &template.id.to_string(), "unread_template", text));
                ReleaseContent::blank()
            }
        };
        let document_title =
            if content.document_title.trim().is_empty() { name.chars().take(500).collect() } else { content.document_title };
        let release = LegacyRelease { template_id: template.id, number: *number, content: ReleaseContent { document_title, ..content } };
        latest = Some((db.lay_out_release(&release).await?, *number, release.content));
    }
    let (release_id, release_number, content) =
        latest.ok_or_else(|| LegacyError::Corrupt(format!("the template {} has no structure", template.id)))?;
    let items = template.structures.last().map(|(_, structure)| section_items(structure)).unwrap_or_default();
    let (sections, earlier) = sections_of_template(template);
    Ok(LaidOut { release_id, release_number, content, items, sections, earlier })
}
