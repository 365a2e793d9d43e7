//! Telling servers that something of a customer has changed, and hearing of it.
//!
//! A writer's commit sends the hint in its own transaction, so that nothing is told that is not
//! kept. One connection of each server process listens for all its people.

use muster_domain::events::{Change, ChangedSubject, Presence};
use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};

use crate::{CustomerReader, Result, Store};

const CHANGES: &str = "muster_changes";
const PRESENCE: &str = "muster_presence";
/// What a notification holds at most, with a margin.
const MOST_BYTES: usize = 7500;

/// Hears what servers tell each other.
#[derive(Debug)]
pub struct ChangeListener(PgListener);

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something has changed.
    Change(Change),
    /// Who is at a place by way of another server.
    Presence(Presence),
    /// Nothing that this program understands, as from a newer one.
    Unknown,
    /// The connection broke and is there again: what was told meanwhile is not known.
    Gap,
}

impl ChangeListener {
    /// Waits for the next one.
    ///
    /// # Errors
    /// Where the connection broke and could not be had again.
    pub async fn hear(&mut self) -> Result<Heard> {
        let Some(told) = self.0.try_recv().await? else { return Ok(Heard::Gap) };
        let heard = match told.channel() {
            CHANGES => serde_json::from_str(told.payload()).map(Heard::Change),
            PRESENCE => serde_json::from_str(told.payload()).map(Heard::Presence),
            _ => Ok(Heard::Unknown),
        };
        Ok(heard.unwrap_or(Heard::Unknown))
    }
}

/// Tells, once the transaction is kept, that something has changed.
pub(crate) async fn tell_change(connection: &mut PgConnection, change: &Change) -> Result<()> {
    let text = serde_json::to_string(change)?;
    sqlx::query!(r#"SELECT true AS "told!" FROM pg_notify($1, $2)"#, CHANGES, text).fetch_one(connection).await?;
    Ok(())
}

impl Store {
    /// Listens for changes and presence, on a connection of its own.
    pub async fn change_listener(&self) -> Result<ChangeListener> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with((*self.pool.connect_options()).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen_all([CHANGES, PRESENCE]).await?;
        Ok(ChangeListener(listener))
    }

    /// Tells the other servers who is at a place by way of this one. Of a crowd only so many are
    /// named as fit.
    pub async fn tell_presence(&self, mut presence: Presence) -> Result<()> {
        let mut text = serde_json::to_string(&presence)?;
        while text.len() > MOST_BYTES && presence.people.pop().is_some() {
            text = serde_json::to_string(&presence)?;
        }
        sqlx::query!(r#"SELECT true AS "told!" FROM pg_notify($1, $2)"#, PRESENCE, text).fetch_one(&self.pool).await?;
        Ok(())
    }
}

impl CustomerReader {
    /// Which of the subjects the actor may see: those of which they could read an entry in the audit
    /// log. Asked for people who are limited to some plans.
    pub async fn visible_subjects(&mut self, asked: Vec<ChangedSubject>) -> Result<Vec<ChangedSubject>> {
        let customer = self.customer.0;
        let (kinds, ids): (Vec<String>, Vec<String>) = asked.into_iter().map(|subject| (subject.kind, subject.id)).unzip();
        let rows = sqlx::query!(
            r#"SELECT DISTINCT g.kind AS "kind!", g.id AS "id!"
               FROM unnest($2::text[], $3::text[]) AS g (kind, id)
               JOIN dna_app.customer_audit_log l ON l.customer_id = $1 AND l.subject_kind = g.kind AND l.subject_id = g.id
               ORDER BY 1, 2"#,
            customer,
            &kinds,
            &ids
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| ChangedSubject { kind: row.kind, id: row.id }).collect())
    }
}
