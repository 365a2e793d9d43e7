//! Carrying an import out: who works at it, and its way from one state to the next.
//!
//! Whoever works at an import has it for a while. Each part's transaction holds the import's row and
//! looks that the attempt is still this one, so a worker that was thought dead makes nothing any more.

use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Actor,
    audit::AuditActor,
    ids::{CustomerId, ImportId, UserId},
    spreadsheets::{ImportKind, ImportState},
};

use super::own;
use crate::{CustomerWriter, Result, Store, db::Mode, scope::customer_settings};

/// An import that somebody works at.
#[derive(Debug, Clone)]
pub struct ImportWork {
    /// Its id.
    pub id: ImportId,
    /// The name of the file.
    pub file_name: String,
    /// What its rows are.
    pub holds: ImportKind,
    /// What is to be done: made, taken back, or undone.
    pub state: ImportState,
    /// What is to be made.
    pub plan: Option<serde_json::Value>,
    /// How often it has been tried, this time included.
    pub attempts: i32,
    user: UserId,
    by: AuditActor,
}

impl ImportWork {
    /// The same, once it has been brought on.
    pub fn in_state(self, state: ImportState) -> Self {
        Self { state, ..self }
    }

    /// The name of whoever brought it in.
    pub fn user_name(&self) -> &str {
        &self.by.name
    }
}

struct WorkRow {
    id: uuid::Uuid,
    file_name: String,
    holds: String,
    state: String,
    plan: Option<serde_json::Value>,
    attempts: i32,
    user_id: i32,
    user_name: String,
    user_email: String,
}

impl TryFrom<WorkRow> for ImportWork {
    type Error = crate::Error;

    fn try_from(row: WorkRow) -> Result<Self> {
        Ok(Self {
            id: ImportId(row.id),
            file_name: row.file_name,
            holds: row.holds.parse()?,
            state: row.state.parse()?,
            plan: row.plan,
            attempts: row.attempts,
            user: UserId(row.user_id),
            by: AuditActor { id: Some(UserId(row.user_id)), name: row.user_name, email: row.user_email },
        })
    }
}

impl Store {
    /// Writes down what a draft is to make: from here on it is carried out, by whoever finds it. None
    /// where it is no draft any more, or was changed meanwhile.
    pub async fn start_import(
        &self,
        actor: &Actor,
        id: ImportId,
        expected: i32,
        (plan, planned): (&serde_json::Value, i32),
        at: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<ImportWork>> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Write, &own(user)).await?;
        let row = sqlx::query_as!(
            WorkRow,
            r#"UPDATE dna_app.spreadsheet_imports
               SET state = 'running', plan = $4, planned = $5, started_at = $6, leased_until = $6::timestamptz + make_interval(secs => $7), attempts = 1,
                   user_name = $8, user_email = $9, version = version + 1
               WHERE user_id = $1 AND id = $2 AND version = $3 AND state = 'draft'
               RETURNING id, file_name, holds, state, plan, attempts, user_id, user_name, user_email"#,
            user.0,
            id.0,
            expected,
            plan,
            planned,
            at.to_sqlx(),
            lease.as_secs_f64(),
            actor.name(),
            actor.email()
        )
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(ImportWork::try_from).transpose()
    }

    /// Begins to take an import back. None where it is not done.
    pub async fn start_undo(&self, actor: &Actor, id: ImportId, at: Timestamp, lease: SignedDuration) -> Result<Option<ImportWork>> {
        let user = actor.user_id();
        let mut tx = self.begin(Mode::Write, &own(user)).await?;
        let row = sqlx::query_as!(
            WorkRow,
            r#"UPDATE dna_app.spreadsheet_imports
               SET state = 'undoing', leased_until = $3::timestamptz + make_interval(secs => $4), attempts = attempts + 1,
                   user_name = $5, user_email = $6, version = version + 1
               WHERE user_id = $1 AND id = $2 AND state = 'done'
               RETURNING id, file_name, holds, state, plan, attempts, user_id, user_name, user_email"#,
            user.0,
            id.0,
            at.to_sqlx(),
            lease.as_secs_f64(),
            actor.name(),
            actor.email()
        )
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(ImportWork::try_from).transpose()
    }

    /// Takes over an import that nobody works at any more.
    pub async fn lease_import(&self, at: Timestamp, lease: SignedDuration) -> Result<Option<ImportWork>> {
        let mut tx = self.begin(Mode::Write, "SET LOCAL app.works_off = 'imports'").await?;
        let row = sqlx::query_as!(
            WorkRow,
            r#"UPDATE dna_app.spreadsheet_imports
               SET leased_until = $1::timestamptz + make_interval(secs => $2), attempts = attempts + 1
               WHERE id = (
                   SELECT id FROM dna_app.spreadsheet_imports
                   WHERE state IN ('running', 'taking_back', 'undoing') AND leased_until <= $1
                   ORDER BY leased_until LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING id, file_name, holds, state, plan, attempts, user_id, user_name, user_email"#,
            at.to_sqlx(),
            lease.as_secs_f64()
        )
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(ImportWork::try_from).transpose()
    }

    /// The scope in which a customer's part of an import is made or taken back, in the name of whoever
    /// brought it in: what they may do was decided when they started it. The import is held, and had
    /// for a while longer. None where another worker has taken it over.
    pub async fn import_writer(
        &self,
        work: &ImportWork,
        customer: CustomerId,
        at: Timestamp,
        lease: SignedDuration,
    ) -> Result<Option<CustomerWriter>> {
        let mut tx = self.begin(Mode::Write, &customer_settings(customer, work.user)).await?;
        let held = sqlx::query!(
            r#"UPDATE dna_app.spreadsheet_imports SET leased_until = $5::timestamptz + make_interval(secs => $6)
               WHERE user_id = $1 AND id = $2 AND state = $3 AND attempts = $4"#,
            work.user.0,
            work.id.0,
            work.state.as_str(),
            work.attempts,
            at.to_sqlx(),
            lease.as_secs_f64()
        )
        .execute(&mut *tx)
        .await?;
        if held.rows_affected() == 0 {
            return Ok(None);
        }
        let reader = self.scope_of_customer(tx, customer, work.user, at);
        Ok(Some(CustomerWriter::for_import(reader, work.by.clone(), work.state != ImportState::Running)))
    }

    /// Brings an import on to its next state; what it was made from goes when it ends. `false`:
    /// another worker has taken it over.
    pub async fn move_import(&self, work: &ImportWork, to: ImportState, refusal: Option<&str>, at: Timestamp) -> Result<bool> {
        let mut tx = self.begin(Mode::Write, &own(work.user)).await?;
        let moved = sqlx::query!(
            r#"UPDATE dna_app.spreadsheet_imports
               SET state = $5::text, refusal = coalesce($6, refusal), version = version + 1,
                   plan = CASE WHEN $7 THEN plan END, content = CASE WHEN $7 THEN content END,
                   leased_until = CASE WHEN $7 THEN leased_until END, finished_at = CASE WHEN NOT $7 THEN $8::timestamptz END
               WHERE user_id = $1 AND id = $2 AND state = $3 AND attempts = $4"#,
            work.user.0,
            work.id.0,
            work.state.as_str(),
            work.attempts,
            to.as_str(),
            refusal,
            to.is_in_work(),
            at.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(moved.rows_affected() > 0)
    }

    /// Gives an import that could not go on now to whoever looks next, after a while.
    pub async fn postpone_import(&self, work: &ImportWork, until: Timestamp) -> Result<()> {
        let mut tx = self.begin(Mode::Write, &own(work.user)).await?;
        sqlx::query!(
            "UPDATE dna_app.spreadsheet_imports SET leased_until = $4 WHERE user_id = $1 AND id = $2 AND attempts = $3",
            work.user.0,
            work.id.0,
            work.attempts,
            until.to_sqlx()
        )
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// The customers of whom an import has made something that is not taken back yet.
    pub async fn customers_of_import(&self, work: &ImportWork) -> Result<Vec<CustomerId>> {
        let mut tx = self.begin(Mode::Read, "SET LOCAL app.portfolio = 'all'").await?;
        let ids = sqlx::query_scalar!(
            "SELECT DISTINCT customer_id FROM dna_app.customer_import_items WHERE import_id = $1 AND state = 'made' ORDER BY 1",
            work.id.0
        );
        Ok(ids.fetch_all(&mut *tx).await?.into_iter().map(CustomerId).collect())
    }
}
