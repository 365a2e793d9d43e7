//! Standards and templates: reading the library, and what a plan has pinned of it.

use muster_domain::{
    ids::{PlanId, ReleaseId, StandardId, TemplateId, UserId},
    people::Person,
    templates::{Question, QuestionKind, Release, ReleaseContent, Standard, Template},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{CustomerReader, Error, LibraryReader, Result};

async fn standards(connection: &mut PgConnection, id: Option<Uuid>, code: Option<&str>) -> Result<Vec<Standard>> {
    let rows = sqlx::query!(
        r#"SELECT id, code, name, description, active, version FROM dna_app.iso_standards
           WHERE ($1::uuid IS NULL OR id = $1) AND ($2::text IS NULL OR lower(code) = lower($2))
           ORDER BY display_order, code"#,
        id,
        code
    )
    .fetch_all(connection)
    .await?;
    let standard = |row| {
        let row: (Uuid, String, String, Option<String>, bool, i32) = row;
        Standard { id: StandardId(row.0), code: row.1, name: row.2, description: row.3, is_active: row.4, version: row.5 }
    };
    Ok(rows.into_iter().map(|row| standard((row.id, row.code, row.name, row.description, row.active, row.version))).collect())
}

async fn templates(connection: &mut PgConnection, id: Option<Uuid>, iso_code: Option<&str>) -> Result<Vec<Template>> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.name, t.reference, t.description, t.status, t.version, t.updated_at,
                  r.number AS "latest_release?", coalesce(q.questions, 0) AS "questions!",
                  coalesce((SELECT array_agg(s.code ORDER BY s.code) FROM dna_app.template_iso_mapping m
                            JOIN dna_app.iso_standards s ON s.id = m.iso_standard_id WHERE m.template_id = t.id), '{}') AS "iso_codes!"
           FROM dna_app.templates t
           LEFT JOIN LATERAL (SELECT id, number FROM dna_app.template_releases
                              WHERE template_id = t.id AND released_at IS NOT NULL ORDER BY number DESC LIMIT 1) r ON true
           LEFT JOIN LATERAL (SELECT count(*) AS questions FROM dna_app.template_questions WHERE release_id = r.id) q ON true
           WHERE ($1::uuid IS NULL OR t.id = $1)
             AND ($2::text IS NULL OR EXISTS (SELECT FROM dna_app.template_iso_mapping m JOIN dna_app.iso_standards s ON s.id = m.iso_standard_id
                                              WHERE m.template_id = t.id AND s.code = $2))
           ORDER BY lower(t.name), t.id"#,
        id,
        iso_code
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Template {
                id: TemplateId(row.id),
                name: row.name,
                reference: row.reference,
                description: row.description,
                status: row.status.parse()?,
                iso_codes: row.iso_codes,
                latest_release: row.latest_release,
                question_count: row.questions,
                version: row.version,
                updated_at: row.updated_at.to_jiff(),
            })
        })
        .collect()
}

/// The releases of a template, the latest first; the draft, if there is one, before all.
pub(crate) async fn releases(connection: &mut PgConnection, template: Uuid, only: Option<Uuid>) -> Result<Vec<Release>> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.number, r.document_title, r.body, r.note, r.released_at,
                  coalesce(r.released_at, r.edited_at, r.created_at) AS "at!",
                  u.id AS "by_id?", u.full_name AS "by_name?"
           FROM dna_app.template_releases r
           LEFT JOIN auth.users u ON u.id = CASE WHEN r.released_at IS NULL THEN r.edited_by ELSE r.released_by END
           WHERE r.template_id = $1 AND ($2::uuid IS NULL OR r.id = $2) ORDER BY r.number DESC"#,
        template,
        only
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let questions = questions(connection, row.id, None).await?;
        found.push(Release {
            id: ReleaseId(row.id),
            number: row.number,
            released_at: row.released_at.map(jiff_sqlx::Timestamp::to_jiff),
            // Only the firm's people write the library.
            by: row.by_id.zip(row.by_name).map(|(id, name)| Person { id: UserId(id), name, is_firm: true }),
            at: row.at.to_jiff(),
            note: row.note,
            content: ReleaseContent { document_title: row.document_title, questions, body: row.body },
        });
    }
    Ok(found)
}

/// The questions of a release in their order, or the one with a key.
async fn questions(connection: &mut PgConnection, release: Uuid, only: Option<&str>) -> Result<Vec<Question>> {
    let rows = sqlx::query!(
        r#"SELECT key, section, label, help, example, kind, required, requires_evidence, evidence_description, reuse_key, options, unit,
                  columns, minimum, maximum
           FROM dna_app.template_questions WHERE release_id = $1 AND ($2::text IS NULL OR key = $2) ORDER BY position"#,
        release,
        only
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Question {
                key: row.key,
                section: row.section,
                label: row.label,
                help: row.help,
                example: row.example,
                kind: row.kind.parse::<QuestionKind>()?,
                required: row.required,
                requires_evidence: row.requires_evidence,
                evidence_description: row.evidence_description,
                reuse_key: row.reuse_key,
                options: serde_json::from_value(row.options)?,
                unit: row.unit,
                minimum: row.minimum,
                maximum: row.maximum,
                columns: serde_json::from_value(row.columns)?,
            })
        })
        .collect()
}

impl LibraryReader {
    /// All standards, in the firm's order.
    pub async fn standards(&mut self) -> Result<Vec<Standard>> {
        standards(self.connection(), None, None).await
    }

    /// One standard.
    pub async fn standard(&mut self, id: StandardId) -> Result<Standard> {
        standards(self.connection(), Some(id.0), None).await?.pop().ok_or(Error::NotFound)
    }

    /// All templates by name, or those meant for the standard with a code.
    pub async fn templates(&mut self, iso_code: Option<&str>) -> Result<Vec<Template>> {
        templates(self.connection(), None, iso_code).await
    }

    /// One template.
    pub async fn template(&mut self, id: TemplateId) -> Result<Template> {
        templates(self.connection(), Some(id.0), None).await?.pop().ok_or(Error::NotFound)
    }

    /// The releases of a template with their content, the latest first; a draft before all.
    pub async fn releases(&mut self, id: TemplateId) -> Result<Vec<Release>> {
        releases(self.connection(), id.0, None).await
    }
}

impl CustomerReader {
    /// The standards that a plan can be made for.
    pub async fn offered_standards(&mut self) -> Result<Vec<Standard>> {
        let all = standards(self.connection(), None, None).await?;
        Ok(all.into_iter().filter(|standard| standard.is_active).collect())
    }

    /// A standard by id or by code.
    pub async fn find_standard(&mut self, id: Option<StandardId>, code: Option<&str>) -> Result<Option<Standard>> {
        if id.is_none() && code.is_none() {
            return Ok(None);
        }
        Ok(standards(self.connection(), id.map(|id| id.0), code).await?.pop())
    }

    /// The templates that can be assigned: released and not archived. Those meant for the
    /// standard with a code, or all.
    pub async fn offered_templates(&mut self, iso_code: Option<&str>) -> Result<Vec<Template>> {
        let all = templates(self.connection(), None, iso_code).await?;
        let offered = |template: &Template| template.status == muster_domain::templates::TemplateStatus::Approved;
        Ok(all.into_iter().filter(|template| offered(template) && template.latest_release.is_some()).collect())
    }

    /// The latest release of a template that can be assigned.
    pub async fn latest_release(&mut self, template: TemplateId) -> Result<Option<ReleaseId>> {
        let id = sqlx::query_scalar!(
            r#"SELECT r.id FROM dna_app.template_releases r JOIN dna_app.templates t ON t.id = r.template_id
               WHERE r.template_id = $1 AND r.released_at IS NOT NULL AND t.status = 'approved' ORDER BY r.number DESC LIMIT 1"#,
            template.0
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(id.map(ReleaseId))
    }

    /// A release of a template, as a document was made from it.
    pub async fn release(&mut self, template: TemplateId, release: ReleaseId) -> Result<Release> {
        releases(self.connection(), template.0, Some(release.0)).await?.pop().ok_or(Error::NotFound)
    }

    /// The release that a template of a plan pins, with its content.
    pub async fn pinned_release(&mut self, plan: PlanId, template: TemplateId) -> Result<Release> {
        let assignment = self.assignment(plan, template).await?;
        releases(self.connection(), template.0, Some(assignment.release_id.0)).await?.pop().ok_or(Error::NotFound)
    }

    /// One question of a release that an assignment pins.
    pub async fn pinned_question(&mut self, release: ReleaseId, key: &str) -> Result<Question> {
        questions(self.connection(), release.0, Some(key)).await?.pop().ok_or(Error::NotFound)
    }
}
