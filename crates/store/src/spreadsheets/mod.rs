//! Imports of spreadsheets: the record of each, what is known of customers to read it by, and what it
//! made.

mod directory;
mod items;
mod taking_back;
mod work;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Actor,
    ids::{ImportId, UserId},
    spreadsheets::{ImportKind, ImportSettings, ImportState},
};

pub use self::{
    directory::{KnownAssignment, KnownCustomer, KnownPerson, KnownPlan, KnownTask},
    items::{ImportItem, ImportedThing, KeptBecause, NewImportItem, TakenBack},
    taking_back::TaskToTakeBack,
    work::ImportWork,
};
use crate::{Error, Result, Store, db::Mode};

/// So many drafts of one person are kept, the latest.
const DRAFTS: i64 = 10;

/// A spreadsheet that somebody brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpreadsheetImport {
    /// Its id.
    pub id: ImportId,
    /// The name of the file.
    pub file_name: String,
    /// What its rows are.
    pub holds: ImportKind,
    /// How it is read.
    pub settings: ImportSettings,
    /// Where it stands.
    pub state: ImportState,
    /// Rows that it makes or made.
    pub planned: i32,
    /// Why it was taken back by itself.
    pub refusal: Option<String>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i32,
}

/// An import to be kept.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// Its id.
    pub id: ImportId,
    /// The name of the file.
    pub file_name: &'a str,
    /// The file.
    pub content: &'a [u8],
    /// What its rows are.
    pub holds: ImportKind,
    /// How it is read.
    pub settings: &'a ImportSettings,
}

struct ImportRow {
    id: uuid::Uuid,
    file_name: String,
    holds: String,
    settings: serde_json::Value,
    state: String,
    planned: i32,
    refusal: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    finished_at: Option<jiff_sqlx::Timestamp>,
    version: i32,
}

impl TryFrom<ImportRow> for SpreadsheetImport {
    type Error = Error;

    fn try_from(row: ImportRow) -> Result<Self> {
        Ok(Self {
            id: ImportId(row.id),
            file_name: row.file_name,
            holds: row.holds.parse()?,
            settings: serde_json::from_value(row.settings)?,
            state: row.state.parse()?,
            planned: row.planned,
            refusal: row.refusal,
            created_at: row.created_at.to_jiff(),
            finished_at: row.finished_at.map(jiff_sqlx::Timestamp::to_jiff),
            version: row.version,
        })
    }
}

/// The row security setting of somebody's own things.
fn own(user: UserId) -> String {
    format!("SET LOCAL app.actor = '{user}'")
}

impl Store {
    /// Keeps an uploaded file as a draft. The person's oldest drafts go as new ones come.
    pub async fn add_import(&self, actor: &Actor, new: &NewImport<'_>, at: Timestamp) -> Result<()> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Write, &own(user)).await?;
        sqlx::query!(
            r#"INSERT INTO dna_app.spreadsheet_imports (id, user_id, user_name, user_email, file_name, content, holds, settings, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"#,
            new.id.0,
            user.0,
            actor.name(),
            actor.email(),
            new.file_name,
            new.content,
            new.holds.as_str(),
            serde_json::to_value(new.settings)?,
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query!(
            r#"DELETE FROM dna_app.spreadsheet_imports WHERE user_id = $1 AND state = 'draft' AND id IN (
                   SELECT id FROM dna_app.spreadsheet_imports WHERE user_id = $1 AND state = 'draft' ORDER BY created_at DESC, id DESC OFFSET $2)"#,
            user.0,
            DRAFTS
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The person's imports, the latest first; a hundred at most.
    pub async fn imports(&self, actor: &Actor) -> Result<Vec<SpreadsheetImport>> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Read, &own(user)).await?;
        let rows = sqlx::query_as!(
            ImportRow,
            r#"SELECT id, file_name, holds, settings, state, planned, refusal, created_at, finished_at, version
               FROM dna_app.spreadsheet_imports WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100"#,
            user.0
        );
        rows.fetch_all(&mut *tx).await?.into_iter().map(SpreadsheetImport::try_from).collect()
    }

    /// One of the person's imports.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is somebody else's or does not exist.
    pub async fn import(&self, actor: &Actor, id: ImportId) -> Result<SpreadsheetImport> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Read, &own(user)).await?;
        let row = sqlx::query_as!(
            ImportRow,
            r#"SELECT id, file_name, holds, settings, state, planned, refusal, created_at, finished_at, version
               FROM dna_app.spreadsheet_imports WHERE user_id = $1 AND id = $2"#,
            user.0,
            id.0
        );
        row.fetch_optional(&mut *tx).await?.ok_or(Error::NotFound)?.try_into()
    }

    /// The file of one of the person's imports; none where it has been carried out.
    pub async fn import_content(&self, actor: &Actor, id: ImportId) -> Result<Option<Vec<u8>>> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Read, &own(user)).await?;
        let content = sqlx::query_scalar!("SELECT content FROM dna_app.spreadsheet_imports WHERE user_id = $1 AND id = $2", user.0, id.0);
        content.fetch_optional(&mut *tx).await?.ok_or(Error::NotFound)
    }

    /// Changes how a draft is read. `false`: it is no draft any more, or was changed meanwhile.
    pub async fn set_import_settings(
        &self,
        actor: &Actor,
        id: ImportId,
        holds: ImportKind,
        settings: &ImportSettings,
        expected: i32,
    ) -> Result<bool> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Write, &own(user)).await?;
        let changed = sqlx::query!(
            r#"UPDATE dna_app.spreadsheet_imports SET holds = $4, settings = $5, version = version + 1
               WHERE user_id = $1 AND id = $2 AND version = $3 AND state = 'draft'"#,
            user.0,
            id.0,
            expected,
            holds.as_str(),
            serde_json::to_value(settings)?
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(changed.rows_affected() > 0)
    }

    /// Throws a draft away. `false`: it is none.
    pub async fn discard_import(&self, actor: &Actor, id: ImportId) -> Result<bool> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Write, &own(user)).await?;
        let gone = sqlx::query!("DELETE FROM dna_app.spreadsheet_imports WHERE user_id = $1 AND id = $2 AND state = 'draft'", user.0, id.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Ids for so many new customers.
    pub async fn draw_customer_ids(&self, count: usize) -> Result<Vec<i32>> {
        let ids = sqlx::query_scalar!(
            r#"SELECT nextval(pg_get_serial_sequence('dna_app.customers', 'id'))::integer AS "id!" FROM generate_series(1, $1::bigint)"#,
            i64::try_from(count).unwrap_or_default()
        );
        Ok(ids.fetch_all(&self.pool).await?)
    }
}
