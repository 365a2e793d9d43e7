//! Drafts of templates and their release.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{ReleaseId, TemplateId},
    templates::ReleaseContent,
};

use crate::{Error, LibraryWriter, Result};

impl LibraryWriter {
    /// Holds a template, so that two people drafting or releasing at once do not make two of anything.
    pub async fn lock_template(&mut self, id: TemplateId) -> Result<()> {
        sqlx::query!("SELECT id FROM dna_app.templates WHERE id = $1 FOR UPDATE", id.0)
            .fetch_optional(self.connection())
            .await?
            .ok_or(Error::NotFound)?;
        Ok(())
    }

    /// Writes the draft of a template: makes it, or replaces its content.
    pub async fn write_draft(
        &mut self,
        id: ReleaseId,
        template: TemplateId,
        content: &ReleaseContent,
        content_hash: Option<&[u8]>,
    ) -> Result<()> {
        let (actor, at) = (self.actor.map(|id| id.0), self.at);
        self.lock_template(template).await?;
        let release = sqlx::query_scalar!(
            r#"INSERT INTO dna_app.template_releases (id, template_id, number, document_title, body, content_hash, created_at,
                   edited_at, edited_by)
               VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM dna_app.template_releases WHERE template_id = $2), $3, $4, $5, $6,
                   $6, $7)
               ON CONFLICT (template_id) WHERE released_at IS NULL
               DO UPDATE SET document_title = excluded.document_title, body = excluded.body, content_hash = excluded.content_hash,
                   edited_at = excluded.edited_at, edited_by = excluded.edited_by
               RETURNING id"#,
            id.0,
            template.0,
            content.document_title,
            content.body,
            content_hash,
            at.to_sqlx(),
            actor
        )
        .fetch_one(self.connection())
        .await?;
        sqlx::query!("DELETE FROM dna_app.template_questions WHERE release_id = $1", release).execute(self.connection()).await?;
        let questions = serde_json::to_value(&content.questions)?;
        sqlx::query!(
            r#"INSERT INTO dna_app.template_questions (release_id, key, position, section, label, help, example, kind, required,
                   requires_evidence, evidence_description, reuse_key, options, unit, columns, minimum, maximum)
               SELECT $1, q ->> 'key', ordinality::integer, q ->> 'section', q ->> 'label', q ->> 'help', q ->> 'example', q ->> 'kind',
                      (q ->> 'required')::boolean, (q ->> 'requires_evidence')::boolean, q ->> 'evidence_description', q ->> 'reuse_key',
                      q -> 'options', q ->> 'unit', coalesce(q -> 'columns', '[]'), (q ->> 'minimum')::bigint, (q ->> 'maximum')::bigint
               FROM jsonb_array_elements($2) WITH ORDINALITY AS e (q, ordinality)"#,
            release,
            questions
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Releases the draft of a template and gives its number. `None`: there is no draft.
    pub async fn release_draft(&mut self, template: TemplateId, note: Option<&str>) -> Result<Option<i32>> {
        let (actor, at) = (self.actor.map(|id| id.0), self.at);
        let number = sqlx::query_scalar!(
            r#"UPDATE dna_app.template_releases SET released_at = $2, released_by = $3, note = $4
               WHERE template_id = $1 AND released_at IS NULL RETURNING number"#,
            template.0,
            at.to_sqlx(),
            actor,
            note
        )
        .fetch_optional(self.connection())
        .await?;
        if number.is_some() {
            sqlx::query!(
                r#"UPDATE dna_app.templates SET status = CASE status WHEN 'draft' THEN 'approved' ELSE status END, updated_at = $2,
                       version = version + 1 WHERE id = $1"#,
                template.0,
                at.to_sqlx()
            )
            .execute(self.connection())
            .await?;
        }
        Ok(number)
    }

    /// Takes the draft of a template away. `false`: there is none.
    pub async fn discard_draft(&mut self, template: TemplateId) -> Result<bool> {
        let gone = sqlx::query!("DELETE FROM dna_app.template_releases WHERE template_id = $1 AND released_at IS NULL", template.0)
            .execute(self.connection())
            .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Counts a change of a template that stands in its draft only, if nobody changed it since
    /// `expected`. The template's row is locked from here on.
    pub async fn touch_template(&mut self, id: TemplateId, expected: i32) -> Result<()> {
        let at = self.at;
        let changed = sqlx::query!(
            "UPDATE dna_app.templates SET updated_at = $2, version = version + 1 WHERE id = $1 AND version = $3",
            id.0,
            at.to_sqlx(),
            expected
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.template(id).await?.version });
        }
        Ok(())
    }
}
