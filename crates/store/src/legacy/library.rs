//! Laying out the library: standards, templates, and their releases.

use muster_domain::templates::{Question, ReleaseContent};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};
use uuid::Uuid;

use super::{LegacyDatabase, Result, columns::with_lookups, layout::next, tables::Schema};

/// The id of the template that documents without one stand under.
const TEMPLATE_OF_NONE: Uuid = Uuid::from_u128(0x6d75_7374_6572_4000_8000_0000_0000_0001);

/// A template of the older database with every structure that it has had.
#[derive(Debug, Clone)]
pub struct LegacyTemplate {
    /// Its id; kept.
    pub id: Uuid,
    /// The original row.
    pub row: serde_json::Value,
    /// Its structures by version number, the present one last.
    pub structures: Vec<(i32, serde_json::Value)>,
}

/// A release to be laid out.
#[derive(Debug, Clone)]
pub struct LegacyRelease {
    /// The template.
    pub template_id: Uuid,
    /// Its number.
    pub number: i32,
    /// Questions and text.
    pub content: ReleaseContent,
}

impl LegacyDatabase {
    /// Lays out standards, templates and which belong together. Rows that are there are brought up to
    /// date.
    pub async fn lay_out_library(&mut self) -> Result<()> {
        for statement in [standards(), template_rows(), unlink(), mapping()] {
            self.connection.execute(with_lookups(&statement)).await?;
        }
        Ok(())
    }

    /// Lays out a release of a template. All of them are released: plans and documents hold on to
    /// them. One that has other content now, because the older program changed it meanwhile, is made
    /// anew. A release is there with its questions, or not at all.
    pub async fn lay_out_release(&mut self, release: &LegacyRelease) -> Result<Uuid> {
        self.begin_step().await?;
        let id = fill_release(&mut self.connection, release).await?;
        self.end_step().await?;
        Ok(id)
    }

    /// Makes the template that documents without one stand under; its release is laid out like any other.
    pub async fn lay_out_template_of_none(&mut self, name: &str, description: &str) -> Result<Uuid> {
        let app = next(Schema::App);
        let statement = format!(
            "INSERT INTO {app}.templates (id, name, description, status, library_key) VALUES ($1, $2, $3, 'archived', 'older-documents-without-a-template')
             ON CONFLICT (library_key) DO NOTHING"
        );
        sqlx::query(with_lookups(&statement)).bind(TEMPLATE_OF_NONE).bind(name).bind(description).execute(&mut self.connection).await?;
        Ok(TEMPLATE_OF_NONE)
    }

    /// The words of a kind that original rows hold in a column of a table, for
    /// [`LegacyDatabase::note_words`].
    pub async fn words_in(&mut self, table: &str, column: &str) -> Result<Vec<String>> {
        let statement = format!("SELECT DISTINCT coalesce(j ->> '{column}', '') FROM {rows} t", rows = self.rows(table, None));
        let rows = self.connection.fetch_all(with_lookups(&statement)).await?;
        Ok(rows.into_iter().map(|row| row.get(0)).collect())
    }

    /// Writes down what words of a kind become.
    pub async fn note_words(&mut self, kind: &str, words: &[(String, &'static str)]) -> Result<()> {
        sqlx::query(
            "INSERT INTO muster_upgrade.words (kind, word, becomes) SELECT $1, w, b FROM unnest($2::text[], $3::text[]) AS t (w, b)
             ON CONFLICT (kind, word) DO UPDATE SET becomes = excluded.becomes",
        )
        .bind(kind)
        .bind(words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>())
        .bind(words.iter().map(|(_, becomes)| *becomes).collect::<Vec<_>>())
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }
}

fn standards() -> String {
    format!(
        "INSERT INTO {app}.iso_standards (id, code, name, description, active, display_order, color, created_at, updated_at)
         SELECT r.id, r.code, r.name, coalesce(r.description, r.requirements_summary), coalesce(r.active, true), coalesce(r.display_order, 1000), r.color,
                coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()), coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), muster_upgrade.began())
         FROM muster_upgrade.original_rows o
         CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id uuid, code text, name text, description text, requirements_summary text,
             active boolean, display_order integer, color text, created_at text, updated_at text)
         WHERE o.table_name = 'iso_standards'
         ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, description = excluded.description, active = excluded.active,
             display_order = excluded.display_order, color = excluded.color, updated_at = excluded.updated_at",
        app = next(Schema::App)
    )
}

fn template_rows() -> String {
    format!(
        "INSERT INTO {app}.templates (id, name, description, status, created_by, created_at, updated_at)
         SELECT r.id, coalesce(nullif(btrim(r.name), ''), 'Template ' || r.id), r.description, muster_upgrade.word('template_status', r.status),
                muster_upgrade.person(r.created_by), coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()),
                coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), muster_upgrade.began())
         FROM muster_upgrade.original_rows o
         CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id uuid, name text, description text, status text, created_by integer,
             created_at text, updated_at text)
         WHERE o.table_name = 'templates'
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, status = excluded.status, updated_at = excluded.updated_at",
        app = next(Schema::App)
    )
}

/// A mapping that the older program has taken back goes here too.
fn unlink() -> String {
    format!("DELETE FROM {app}.template_iso_mapping", app = next(Schema::App))
}

/// By the mapping, and by the free text that names a standard's code.
fn mapping() -> String {
    format!(
        "INSERT INTO {app}.template_iso_mapping (template_id, iso_standard_id)
         SELECT t.id, s.id FROM muster_upgrade.original_rows o
         JOIN {app}.templates t ON t.id::text = o.original ->> 'template_id'
         JOIN {app}.iso_standards s ON s.id::text = o.original ->> 'iso_standard_id'
         WHERE o.table_name = 'template_iso_mapping'
         UNION
         SELECT t.id, s.id FROM muster_upgrade.original_rows o
         JOIN {app}.templates t ON t.id::text = o.row_key
         JOIN {app}.iso_standards s ON lower(s.code) = lower(btrim(o.original ->> 'iso_standard'))
         WHERE o.table_name = 'templates'
         ON CONFLICT DO NOTHING",
        app = next(Schema::App)
    )
}

async fn fill_release(connection: &mut PgConnection, release: &LegacyRelease) -> Result<Uuid> {
    let app = next(Schema::App);
    let hash = serde_json::to_vec(&release.content)?;
    let hash: Vec<u8> = <sha2::Sha256 as sha2::Digest>::digest(&hash).to_vec();
    let there: Option<(Uuid, Option<Vec<u8>>, bool)> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT id, content_hash, released_at IS NOT NULL FROM {app}.template_releases WHERE template_id = $1 AND number = $2"
    )))
    .bind(release.template_id)
    .bind(release.number)
    .fetch_optional(&mut *connection)
    .await?;
    let id = match there {
        // One that is not released was left half made by a version of the program that did not make it in one step.
        Some((id, Some(kept), true)) if kept == hash => return Ok(id),
        Some((id, ..)) => {
            // Releases do not change: for this once their keeper is put aside.
            connection
                .execute(AssertSqlSafe(format!(
                    "ALTER TABLE {app}.template_releases DISABLE TRIGGER USER; ALTER TABLE {app}.template_questions DISABLE TRIGGER USER"
                )))
                .await?;
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {app}.template_questions WHERE release_id = $1")))
                .bind(id)
                .execute(&mut *connection)
                .await?;
            sqlx::query(AssertSqlSafe(format!(
                "UPDATE {app}.template_releases SET document_title = $2, body = $3, content_hash = $4 WHERE id = $1"
            )))
            .bind(id)
            .bind(&release.content.document_title)
            .bind(&release.content.body)
            .bind(&hash)
            .execute(&mut *connection)
            .await?;
            id
        }
        None => sqlx::query(AssertSqlSafe(format!(
            "INSERT INTO {app}.template_releases (template_id, number, document_title, body, content_hash, created_at)
             SELECT id, $2, $3, $4, $5, created_at FROM {app}.templates WHERE id = $1 RETURNING id"
        )))
        .bind(release.template_id)
        .bind(release.number)
        .bind(&release.content.document_title)
        .bind(&release.content.body)
        .bind(&hash)
        .fetch_one(&mut *connection)
        .await?
        .get(0),
    };
    fill_questions(connection, id, &release.content.questions).await?;
    connection
        .execute(AssertSqlSafe(format!(
            "UPDATE {app}.template_releases r SET released_at = t.updated_at FROM {app}.templates t
             WHERE r.id = '{id}' AND t.id = r.template_id AND r.released_at IS NULL;
             ALTER TABLE {app}.template_releases ENABLE TRIGGER USER; ALTER TABLE {app}.template_questions ENABLE TRIGGER USER"
        )))
        .await?;
    Ok(id)
}

async fn fill_questions(connection: &mut PgConnection, release: Uuid, questions: &[Question]) -> Result<()> {
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO {app}.template_questions (release_id, key, position, section, label, help, example, kind, required,
             requires_evidence, evidence_description, reuse_key, options, unit, columns, minimum, maximum)
         SELECT $1, q ->> 'key', ordinality::integer, q ->> 'section', q ->> 'label', q ->> 'help', q ->> 'example', q ->> 'kind',
                (q ->> 'required')::boolean, (q ->> 'requires_evidence')::boolean, q ->> 'evidence_description', q ->> 'reuse_key',
                q -> 'options', q ->> 'unit', coalesce(q -> 'columns', '[]'), (q ->> 'minimum')::bigint, (q ->> 'maximum')::bigint
         FROM jsonb_array_elements($2) WITH ORDINALITY AS e (q, ordinality)",
        app = next(Schema::App)
    )))
    .bind(release)
    .bind(serde_json::to_value(questions)?)
    .execute(connection)
    .await?;
    Ok(())
}
