//! Taking the library out, and single templates: as the files that an import reads.

use std::{
    collections::HashMap,
    io::{Cursor, Write as _},
};

use muster_domain::{
    access::Actor,
    ids::TemplateId,
    rules::TaskRule,
    templates::{Release, Template, TemplateStatus},
};
use muster_store::LibraryReader;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    files::{RuleFile, StandardFile, TemplateFile},
    write,
};
use crate::{Context, Error, Result, boxed};

/// Which content of a template is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportedRelease {
    /// The latest release; the draft where there is none yet.
    Latest,
    /// The draft.
    Draft,
    /// The release with this number.
    Number(i32),
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFile {
    /// Its path in the export.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The library as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryExport {
    /// The files, in the order of their names.
    pub files: Vec<ExportedFile>,
    /// The names of templates that are not among them: archived ones, and those without a release.
    pub left_out: Vec<String>,
}

impl LibraryExport {
    /// All files in one archive. The same library gives the same bytes.
    pub fn zip(&self) -> Result<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for file in &self.files {
            writer.start_file(file.name.as_str(), SimpleFileOptions::default()).map_err(Error::internal)?;
            writer.write_all(file.text.as_bytes()).map_err(Error::internal)?;
        }
        Ok(writer.finish().map_err(Error::internal)?.into_inner())
    }
}

impl Context {
    /// One template as a library file.
    #[boxed]
    pub async fn export_template(&self, actor: &Actor, id: TemplateId, which: ExportedRelease) -> Result<ExportedFile> {
        let mut reader = self.store.library(actor).await?;
        let template = reader.template(id).await?;
        let releases = reader.releases(id).await?;
        let release = match which {
            ExportedRelease::Latest => releases.iter().find(|one| one.released_at.is_some()).or(releases.first()),
            ExportedRelease::Draft => releases.iter().find(|one| one.released_at.is_none()),
            ExportedRelease::Number(number) => releases.iter().find(|one| one.released_at.is_some() && one.number == number),
        };
        let release = release.ok_or(Error::NotFound)?;
        let keys = reader.library_keys().await?;
        let file = template_file(&template, release, &keys.templates)?;
        Ok(ExportedFile { name: format!("{}.yaml", file.key), text: write::template(&file) })
    }

    /// The whole library: standards, task rules, and the latest release of each template.
    #[boxed]
    pub async fn export_library(&self, actor: &Actor) -> Result<LibraryExport> {
        export(&mut self.store.library(actor).await?).await
    }

    /// The same for whoever is at the machine itself.
    #[boxed]
    pub async fn export_library_here(&self) -> Result<LibraryExport> {
        let mut writer = self.store.library_installer(self.now()).await?;
        let exported = export(&mut writer).await?;
        writer.leave().await?;
        Ok(exported)
    }
}

fn template_file(template: &Template, release: &Release, keys: &HashMap<TemplateId, String>) -> Result<TemplateFile> {
    let key = keys.get(&template.id).ok_or(Error::NotFound)?;
    Ok(TemplateFile {
        reference: template.reference.clone(),
        description: template.description.clone(),
        iso_codes: template.iso_codes.clone(),
        ..TemplateFile::of(key, &template.name, &release.content)
    })
}

async fn export(reader: &mut LibraryReader) -> Result<LibraryExport> {
    let keys = reader.library_keys().await?;
    let standards = reader.whole_standards().await?.into_iter().map(|one| StandardFile {
        code: one.code,
        name: one.name,
        description: one.description,
        display_order: one.display_order,
        color: one.color,
    });
    let mut files = vec![ExportedFile { name: "standards.yaml".to_owned(), text: write::standards(&standards.collect::<Vec<_>>()) }];
    let (mut left_out, mut exported) = (Vec::new(), Vec::new());
    for template in reader.templates(None).await? {
        let releases = reader.releases(template.id).await?;
        match releases.iter().find(|release| release.released_at.is_some()) {
            Some(release) if template.status != TemplateStatus::Archived => {
                let file = template_file(&template, release, &keys.templates)?;
                files.push(ExportedFile { name: format!("templates/{}.yaml", file.key), text: write::template(&file) });
                exported.push(template.id);
            }
            _ => left_out.push(template.name),
        }
    }
    // A rule of a template that is not there would keep the files from being read.
    let rules = reader.task_rules().await?.into_iter().filter(|rule| rule.template_id.is_none_or(|id| exported.contains(&id)));
    let rules: Vec<RuleFile> = rules.filter_map(|rule| Some(rule_file(keys.rules.get(&rule.id)?, &keys.templates, rule))).collect();
    files.push(ExportedFile { name: "task-rules.yaml".to_owned(), text: write::task_rules(&rules) });
    files.sort_by(|one, next| one.name.cmp(&next.name));
    Ok(LibraryExport { files, left_out })
}

fn rule_file(key: &str, templates: &HashMap<TemplateId, String>, rule: TaskRule) -> RuleFile {
    RuleFile {
        key: key.to_owned(),
        level: rule.level,
        iso_code: rule.iso_code,
        template: rule.template_id.and_then(|id| templates.get(&id).cloned()),
        title: rule.title,
        description: rule.description,
        task_type: rule.task_type.as_str().to_owned(),
        priority: rule.priority,
        requires_evidence: rule.requires_evidence,
        evidence_description: rule.evidence_description,
        due_offset_days: rule.due_offset_days,
        recurrence: rule.recurrence.map(|pattern| pattern.to_string()),
        assignee_role: rule.assignee_role,
        approval_step: rule.approval_step,
        is_active: rule.is_active,
    }
}
