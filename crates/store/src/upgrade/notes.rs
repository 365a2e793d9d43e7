//! What the upgrade writes down for itself, in a schema of its own beside both programs'.

use sqlx::{Executor, PgConnection, Row};

use super::tables::Standing;
use crate::Result;

/// How far an upgrade has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    const fn word(self) -> &'static str {
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

/// Makes the notebook, with the zone in which times without one are read.
pub(super) async fn open(connection: &mut PgConnection, time_zone: &str) -> Result<()> {
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
         -- Customers whose new rows have been laid out.
         CREATE TABLE muster_upgrade.laid_out (customer_id integer PRIMARY KEY);
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
         -- What a word of the older program becomes, and whether it is one that it is known to write.
         CREATE TABLE muster_upgrade.words (kind text NOT NULL, word text NOT NULL, becomes text NOT NULL, is_known boolean NOT NULL, PRIMARY KEY (kind, word));
         -- At the cutover: tables that are nobody's of ours and keep their place, and views made anew.
         CREATE TABLE muster_upgrade.strangers (schema_name text NOT NULL, table_name text NOT NULL, PRIMARY KEY (schema_name, table_name));
         CREATE TABLE muster_upgrade.views (name text PRIMARY KEY);
         -- What was counted at the cutover, on both sides.
         CREATE TABLE muster_upgrade.sums (what text PRIMARY KEY, before text NOT NULL, after text NOT NULL);",
    )
    .await?;
    sqlx::query("INSERT INTO muster_upgrade.upgrade (phase, time_zone) VALUES ('preparing', $1)").bind(time_zone).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
