//! Writing the library: standards and templates; and the import of library
//! files, which finds what it brought before by its key.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{StandardId, TemplateId},
    people::AssigneeRole,
    tasks::{Priority, TaskScope},
};
use uuid::Uuid;

use crate::{Error, LibraryWriter, Result};

/// A standard as it is written.
#[derive(Debug, Clone)]
pub struct LibraryStandard<'a> {
    /// The code with its edition.
    pub code: &'a str,
    /// Our own short title.
    pub name: &'a str,
    /// What it is about.
    pub description: Option<&'a str>,
    /// Where it stands in the list.
    pub display_order: i32,
    /// Its colour.
    pub color: Option<&'a str>,
}

/// A template as it is written, without its content.
#[derive(Debug, Clone)]
pub struct LibraryTemplate<'a> {
    /// The key in the library file; none for a template made in the program.
    pub key: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// The short number beside the name.
    pub reference: Option<&'a str>,
    /// What its document is for.
    pub description: Option<&'a str>,
    /// The standards it is meant for.
    pub standards: &'a [StandardId],
}

/// A rule of a library file.
#[derive(Debug, Clone)]
pub struct LibraryRule<'a> {
    /// The key in the library file.
    pub key: &'a str,
    /// The level.
    pub level: TaskScope,
    /// The code of the standard it is limited to.
    pub iso_code: Option<&'a str>,
    /// The key of the template it is limited to.
    pub template: Option<&'a str>,
    /// The task's title.
    pub title: &'a str,
    /// The task's description.
    pub description: Option<&'a str>,
    /// The task's type.
    pub task_type: &'a str,
    /// The task's priority.
    pub priority: Priority,
    /// Whether the task needs evidence.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<&'a str>,
    /// Days until it is due.
    pub due_offset_days: Option<i32>,
    /// How often its task comes back.
    pub recurrence: Option<&'a str>,
    /// Who it falls to.
    pub assignee_role: Option<AssigneeRole>,
    /// The approval step.
    pub approval_step: Option<&'a str>,
    /// Whether it is on.
    pub is_active: bool,
    /// Where it stands among the rules of its level.
    pub position: i32,
}

/// What became of a template since a library file brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// It has a release with just this content.
    AsItIs,
    /// Its latest release came from an older library file.
    Older,
    /// The firm has drafted or released its own since; that is left alone.
    EditedSince,
}

impl LibraryWriter {
    /// Adds a standard. `false`: there is one with this code, and it is left as the firm has it.
    pub async fn insert_standard(&mut self, id: StandardId, standard: &LibraryStandard<'_>) -> Result<bool> {
        let at = self.at;
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.iso_standards (id, code, name, description, display_order, color, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (code) DO NOTHING"#,
            id.0,
            standard.code,
            standard.name,
            standard.description,
            standard.display_order,
            standard.color,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }

    /// Adds a template without content.
    pub async fn insert_template(&mut self, id: TemplateId, template: &LibraryTemplate<'_>) -> Result<()> {
        let (actor, at) = (self.actor.map(|id| id.0), self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.templates (id, name, reference, description, library_key, created_by, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"#,
            id.0,
            template.name,
            template.reference,
            template.description,
            template.key,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        self.map_to_standards(id, template.standards).await
    }

    /// Changes a template's own fields, if nobody changed it since `expected`.
    pub async fn update_template(&mut self, id: TemplateId, template: &LibraryTemplate<'_>, expected: i32) -> Result<()> {
        let at = self.at;
        let changed = sqlx::query!(
            r#"UPDATE dna_app.templates SET name = $2, reference = $3, description = $4, updated_at = $5, version = version + 1
               WHERE id = $1 AND version = $6"#,
            id.0,
            template.name,
            template.reference,
            template.description,
            at.to_sqlx(),
            expected
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.template(id).await?.version });
        }
        self.map_to_standards(id, template.standards).await
    }

    /// Archives a template: what uses it keeps it, nothing new is offered it.
    pub async fn archive_template(&mut self, id: TemplateId) -> Result<()> {
        let at = self.at;
        sqlx::query!(
            "UPDATE dna_app.templates SET status = 'archived', updated_at = $2, version = version + 1 WHERE id = $1 AND status <> 'archived'",
            id.0,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    async fn map_to_standards(&mut self, id: TemplateId, standards: &[StandardId]) -> Result<()> {
        let standards: Vec<Uuid> = standards.iter().map(|standard| standard.0).collect();
        sqlx::query!("DELETE FROM dna_app.template_iso_mapping WHERE template_id = $1 AND iso_standard_id <> ALL($2)", id.0, &standards)
            .execute(self.connection())
            .await?;
        sqlx::query!(
            "INSERT INTO dna_app.template_iso_mapping (template_id, iso_standard_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING",
            id.0,
            &standards
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The template with a key of the library.
    pub async fn template_by_key(&mut self, key: &str) -> Result<Option<TemplateId>> {
        let id = sqlx::query_scalar!("SELECT id FROM dna_app.templates WHERE library_key = $1", key);
        Ok(id.fetch_optional(self.connection()).await?.map(TemplateId))
    }

    /// What became of the template that a library file brought before.
    pub async fn imported_template(&mut self, key: &str, content_hash: &[u8]) -> Result<Option<(TemplateId, Imported)>> {
        let row = sqlx::query!(
            r#"SELECT t.id, EXISTS (SELECT FROM dna_app.template_releases r WHERE r.template_id = t.id AND r.content_hash = $2) AS "is_known!",
                      (SELECT r.released_at IS NULL OR r.content_hash IS NULL FROM dna_app.template_releases r
                       WHERE r.template_id = t.id ORDER BY r.number DESC LIMIT 1) AS "is_edited"
               FROM dna_app.templates t WHERE t.library_key = $1"#,
            key,
            content_hash
        )
        .fetch_optional(self.connection())
        .await?;
        let imported = |is_known, is_edited| match (is_known, is_edited) {
            (true, _) => Imported::AsItIs,
            (false, Some(true)) => Imported::EditedSince,
            (false, _) => Imported::Older,
        };
        Ok(row.map(|row| (TemplateId(row.id), imported(row.is_known, row.is_edited))))
    }

    /// Adds a rule of a library file. `false`: it was brought before, and is left as the firm has it.
    pub async fn insert_library_rule(&mut self, id: Uuid, rule: &LibraryRule<'_>) -> Result<bool> {
        let at = self.at;
        let made = sqlx::query!(
            r#"INSERT INTO dna_app.task_rules (id, library_key, level, iso_standard_id, template_id, title, description, task_type, priority,
                   requires_evidence, evidence_description, due_offset_days, assignee_role, approval_step, is_active, position, created_at, updated_at,
                   recurrence)
               VALUES ($1, $2, $3, (SELECT id FROM dna_app.iso_standards WHERE code = $4), (SELECT id FROM dna_app.templates WHERE library_key = $5),
                   $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, $18)
               ON CONFLICT (library_key) DO NOTHING"#,
            id,
            rule.key,
            rule.level.as_str(),
            rule.iso_code,
            rule.template,
            rule.title,
            rule.description,
            rule.task_type,
            rule.priority.as_str(),
            rule.requires_evidence,
            rule.evidence_description,
            rule.due_offset_days,
            rule.assignee_role.map(AssigneeRole::as_str),
            rule.approval_step,
            rule.is_active,
            rule.position,
            at.to_sqlx(),
            rule.recurrence
        )
        .execute(self.connection())
        .await?;
        Ok(made.rows_affected() > 0)
    }
}
