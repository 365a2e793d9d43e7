//! Library files: standards, templates and task rules as YAML, and their import.
//!
//! Importing again changes nothing that the firm has edited: standards and rules are only added,
//! a template gets a new release only while its latest one still came from a library file.

mod archive;
mod export;
mod files;
mod write;

use muster_domain::{
    audit::{AuditNote, Subject},
    ids::{ReleaseId, StandardId, TemplateId},
    templates::ReleaseContent,
};
use muster_store::{Imported, LibraryRule, LibraryStandard, LibraryTemplate, LibraryWriter};
use serde_json::json;
use sha2::{Digest, Sha256};

use self::files::RuleFile;
pub(crate) use self::files::TemplateFile;
pub use self::{
    export::{ExportedFile, ExportedRelease, LibraryExport},
    files::{Library, LibraryError},
};
use crate::{Context, Error, FieldError, Result, boxed};

/// What an import added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// Standards that were not there.
    pub standards: usize,
    /// Templates that were not there, or got a new release.
    pub templates: usize,
    /// Rules that were not there.
    pub task_rules: usize,
    /// Templates left alone because the firm has edited them.
    pub edited_templates: usize,
}

impl Context {
    /// Imports a library, all or nothing. Running it again adds nothing.
    #[boxed]
    pub async fn import_library(&self, library: &Library) -> Result<ImportSummary> {
        let mut writer = self.store.library_installer(self.now()).await?;
        let mut summary = ImportSummary::default();
        for standard in &library.standards {
            let row = LibraryStandard {
                code: &standard.code,
                name: &standard.name,
                description: standard.description.as_deref(),
                display_order: standard.display_order,
                color: standard.color.as_deref(),
            };
            summary.standards += usize::from(writer.insert_standard(StandardId(self.ids.next()), &row).await?);
        }
        refuse_unknown_standards(&mut writer, library).await?;
        for template in &library.templates {
            match self.import_library_template(&mut writer, template).await? {
                Some(Imported::AsItIs) => {}
                Some(Imported::EditedSince) => summary.edited_templates += 1,
                Some(Imported::Older) | None => summary.templates += 1,
            }
        }
        for (index, rule) in library.task_rules.iter().enumerate() {
            let position = i32::try_from(index + 1).unwrap_or(i32::MAX / 10) * 10;
            summary.task_rules += usize::from(writer.insert_library_rule(self.ids.next(), &rule_row(rule, position)).await?);
        }
        if summary == (ImportSummary { edited_templates: summary.edited_templates, ..ImportSummary::default() }) {
            writer.leave().await?;
        } else {
            let subject = Subject { kind: "library".to_owned(), id: "import".to_owned(), title: String::new() };
            let counts = json!({ "standards": summary.standards, "templates": summary.templates, "task_rules": summary.task_rules });
            writer.note(AuditNote::made("library.imported", subject, counts));
            writer.commit().await?;
        }
        Ok(summary)
    }

    async fn import_library_template(&self, writer: &mut LibraryWriter, file: &TemplateFile) -> Result<Option<Imported>> {
        let content = file.content();
        let hash = content_hash(&content)?;
        let before = match writer.imported_template(&file.key, &hash).await? {
            // What somebody made here, exported and brought back, is nothing new either.
            Some((id, _)) if writer.releases(id).await?.iter().any(|release| release.content == content) => Some((id, Imported::AsItIs)),
            before => before,
        };
        let id = match before {
            Some((_, state @ (Imported::AsItIs | Imported::EditedSince))) => return Ok(Some(state)),
            Some((id, Imported::Older)) => id,
            None => {
                let all = writer.standards().await?;
                let standards: Vec<StandardId> = all.iter().filter(|one| file.iso_codes.contains(&one.code)).map(|one| one.id).collect();
                let row = LibraryTemplate {
                    key: Some(&file.key),
                    name: &file.name,
                    reference: file.reference.as_deref(),
                    description: file.description.as_deref(),
                    standards: &standards,
                };
                let id = TemplateId(self.ids.next());
                writer.insert_template(id, &row).await?;
                id
            }
        };
        writer.write_draft(ReleaseId(self.ids.next()), id, &content, Some(&hash)).await?;
        writer.release_draft(id, None).await?;
        Ok(before.map(|(_, state)| state))
    }
}

/// A library without standards of its own may only name those that are there.
async fn refuse_unknown_standards(writer: &mut LibraryWriter, library: &Library) -> Result<()> {
    let known = writer.standards().await?;
    let named = library
        .templates
        .iter()
        .flat_map(|template| &template.iso_codes)
        .chain(library.task_rules.iter().filter_map(|rule| rule.iso_code.as_ref()));
    match named.into_iter().find(|code| !known.iter().any(|standard| standard.code == **code)) {
        None => Ok(()),
        Some(code) => {
            Err(Error::field(FieldError::new("/iso_code", "unknown-reference", format!("`{code}` is no standard of this installation"))))
        }
    }
}

pub(crate) fn content_hash(content: &ReleaseContent) -> Result<[u8; 32]> {
    let canonical = serde_json::to_vec(content).map_err(Error::internal)?;
    Ok(Sha256::digest(canonical).into())
}

fn rule_row(rule: &RuleFile, position: i32) -> LibraryRule<'_> {
    LibraryRule {
        key: &rule.key,
        level: rule.level,
        iso_code: rule.iso_code.as_deref(),
        template: rule.template.as_deref(),
        title: &rule.title,
        description: rule.description.as_deref(),
        task_type: &rule.task_type,
        priority: rule.priority,
        requires_evidence: rule.requires_evidence,
        evidence_description: rule.evidence_description.as_deref(),
        due_offset_days: rule.due_offset_days,
        recurrence: rule.recurrence.as_deref(),
        assignee_role: rule.assignee_role,
        approval_step: rule.approval_step.as_deref(),
        is_active: rule.is_active,
        position,
    }
}
