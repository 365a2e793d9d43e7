//! What the upgrade writes down for itself, in a schema of its own beside both programs'.

use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor, PgConnection, Row};

use super::{LegacyDatabase, Result, tables::Standing};

/// How far an upgrade has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nothing has been begun, or it has been rolled back.
    None,
    /// The rows are being taken; the older program works on.
    Preparing,
    /// Everything is taken and laid out; the older program works on.
    Prepared,
    /// Muster works; the older tables are kept aside.
    CutOver,
    /// The older tables are gone; the original rows are still there.
    Finished,
}

impl Phase {
    /// The phase as a sentence's end.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::None => "no upgrade of this database has been begun",
            Self::Preparing => "the upgrade is being prepared and not yet whole; `muster upgrade run` goes on",
            Self::Prepared => "the upgrade is prepared but not cut over",
            Self::CutOver => "Muster works on this database already",
            Self::Finished => "the upgrade is finished, and the older tables are gone",
        }
    }

    /// Its name in what programs read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Preparing => "preparing",
            Self::Prepared => "prepared",
            Self::CutOver => "cut_over",
            Self::Finished => "finished",
        }
    }

    /// Where the older tables stand in this phase.
    pub const fn standing(self) -> Standing {
        match self {
            Self::None | Self::Preparing | Self::Prepared => Standing::InUse,
            Self::CutOver | Self::Finished => Standing::Aside,
        }
    }
}

/// Reads how far the upgrade of this database has come.
pub(super) async fn phase(connection: &mut PgConnection) -> Result<Phase> {
    let there = connection.fetch_one("SELECT to_regclass('muster_upgrade.upgrade') IS NOT NULL").await?.get::<bool, _>(0);
    if !there {
        return Ok(Phase::None);
    }
    let word: String = connection.fetch_one("SELECT phase::text FROM muster_upgrade.upgrade").await?.get(0);
    let all = [Phase::Preparing, Phase::Prepared, Phase::CutOver, Phase::Finished];
    Ok(all.into_iter().find(|phase| phase.word() == word).unwrap_or(Phase::None))
}

/// Writes how far it has come.
pub(super) async fn set_phase(connection: &mut PgConnection, phase: Phase) -> Result<()> {
    sqlx::query("UPDATE muster_upgrade.upgrade SET phase = $1").bind(phase.word()).execute(connection).await?;
    Ok(())
}

/// Says of customers that their rows have to be laid out again.
pub(super) async fn forget(connection: &mut PgConnection, customers: &[i32]) -> Result<()> {
    sqlx::query("DELETE FROM muster_upgrade.laid_out WHERE customer_id = ANY ($1)").bind(customers).execute(connection).await?;
    Ok(())
}

/// Says it of all customers.
pub(super) async fn forget_customers(connection: &mut PgConnection) -> Result<()> {
    connection.execute("DELETE FROM muster_upgrade.laid_out").await?;
    Ok(())
}

/// Makes the notebook, with the zone in which times without one are read. The service may read from
/// it what a firm's admin looks at, and write what is decided.
pub(super) async fn open(connection: &mut PgConnection, time_zone: &str, owner: &str, service: &str) -> Result<()> {
    let mut tx = sqlx::Connection::begin(connection).await?;
    tx.execute(
        "CREATE SCHEMA muster_upgrade;
         CREATE TABLE muster_upgrade.upgrade (
             id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
             phase text NOT NULL,
             time_zone text NOT NULL,
             began_at timestamptz NOT NULL DEFAULT now(),
             cut_over_at timestamptz
         );
         -- The provenance: every row of the older tables as it was.
         CREATE TABLE muster_upgrade.original_rows (
             table_name text NOT NULL,
             row_key text NOT NULL,
             customer_id integer,
             original jsonb NOT NULL,
             PRIMARY KEY (table_name, row_key)
         );
         CREATE INDEX original_rows_customer ON muster_upgrade.original_rows (customer_id, table_name);
         -- How much of each table has been taken, in blocks.
         CREATE TABLE muster_upgrade.taken (table_name text PRIMARY KEY, next_block bigint NOT NULL, blocks bigint NOT NULL);
         -- What the older program has written since: keys only, the rows are read again.
         CREATE TABLE muster_upgrade.changes (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             table_name text NOT NULL,
             row_key text NOT NULL
         );
         -- Customers whose new rows have been laid out, and how long their audit log was then.
         CREATE TABLE muster_upgrade.laid_out (customer_id integer PRIMARY KEY, audit_number bigint NOT NULL DEFAULT 0);
         -- Where each task goes.
         CREATE TABLE muster_upgrade.placements (
             task_id uuid PRIMARY KEY,
             customer_id integer NOT NULL,
             placement jsonb NOT NULL,
             is_reported boolean NOT NULL,
             -- What a person has decided, and who.
             decision jsonb,
             decided_by text,
             decided_at timestamptz
         );
         CREATE INDEX placements_customer ON muster_upgrade.placements (customer_id);
         CREATE INDEX placements_reported ON muster_upgrade.placements (task_id) WHERE is_reported;
         -- Everything else that a person should know of a row.
         CREATE TABLE muster_upgrade.remarks (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             customer_id integer,
             table_name text NOT NULL,
             row_key text NOT NULL,
             kind text NOT NULL,
             remark text NOT NULL
         );
         CREATE INDEX remarks_customer ON muster_upgrade.remarks (customer_id);
         -- What a word of the older program becomes.
         CREATE TABLE muster_upgrade.words (kind text NOT NULL, word text NOT NULL, becomes text NOT NULL, PRIMARY KEY (kind, word));
         -- At the cutover: tables that are nobody's of ours and keep their place.
         CREATE TABLE muster_upgrade.strangers (schema_name text NOT NULL, table_name text NOT NULL, PRIMARY KEY (schema_name, table_name));
         -- What was counted at the cutover, on both sides, for each customer.
         CREATE TABLE muster_upgrade.sums (
             customer_id integer NOT NULL,
             what text NOT NULL,
             before text NOT NULL,
             after text NOT NULL,
             PRIMARY KEY (customer_id, what)
         );",
    )
    .await?;
    sqlx::query("INSERT INTO muster_upgrade.upgrade (phase, time_zone) VALUES ('preparing', $1)").bind(time_zone).execute(&mut *tx).await?;
    tx.execute(AssertSqlSafe(format!(
        "GRANT USAGE ON SCHEMA muster_upgrade TO \"{owner}\", \"{service}\";
         GRANT SELECT ON muster_upgrade.upgrade, muster_upgrade.placements, muster_upgrade.remarks, muster_upgrade.sums,
             muster_upgrade.laid_out TO \"{service}\";
         GRANT UPDATE (decision, decided_by, decided_at) ON muster_upgrade.placements TO \"{service}\";"
    )))
    .await?;
    Ok(tx.commit().await?)
}

/// What a person should know of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Whose row it is; none for what belongs to the firm.
    pub customer_id: Option<i32>,
    /// The table, without its schema.
    pub table: String,
    /// The row's key.
    pub row: String,
    /// What kind of remark it is, such as `missing_file`.
    pub kind: String,
    /// What there is to know, as a sentence.
    pub remark: String,
}

impl LegacyDatabase {
    /// Replaces what is remarked of a customer, or of the firm.
    pub async fn note_remarks(&mut self, customer: Option<i32>, remarks: &[Remark]) -> Result<()> {
        sqlx::query("DELETE FROM muster_upgrade.remarks WHERE customer_id IS NOT DISTINCT FROM $1")
            .bind(customer)
            .execute(&mut self.connection)
            .await?;
        if remarks.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO muster_upgrade.remarks (customer_id, table_name, row_key, kind, remark)
             SELECT $1, r.* FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS r",
        )
        .bind(customer)
        .bind(remarks.iter().map(|one| one.table.as_str()).collect::<Vec<_>>())
        .bind(remarks.iter().map(|one| one.row.as_str()).collect::<Vec<_>>())
        .bind(remarks.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>())
        .bind(remarks.iter().map(|one| one.remark.as_str()).collect::<Vec<_>>())
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Everything that is remarked.
    pub async fn remarks(&mut self) -> Result<Vec<Remark>> {
        let rows = self
            .connection
            .fetch_all(
                "SELECT customer_id, table_name, row_key, kind, remark FROM muster_upgrade.remarks ORDER BY customer_id NULLS FIRST, id",
            )
            .await?;
        let remark = |row: sqlx::postgres::PgRow| Remark {
            customer_id: row.get(0),
            table: row.get(1),
            row: row.get(2),
            kind: row.get(3),
            remark: row.get(4),
        };
        Ok(rows.into_iter().map(remark).collect())
    }

    /// The customers whose rows are still to be laid out; those too that are no longer there.
    pub async fn customers_to_lay_out(&mut self) -> Result<Vec<i32>> {
        let rows = self
            .connection
            .fetch_all(
                "SELECT o.customer_id FROM muster_upgrade.original_rows o
                 WHERE o.table_name = 'customers' AND NOT EXISTS (SELECT FROM muster_upgrade.laid_out l WHERE l.customer_id = o.customer_id)
                 ORDER BY 1",
            )
            .await?;
        Ok(rows.into_iter().map(|row| row.get(0)).collect())
    }
}
