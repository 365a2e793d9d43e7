//! Connections for who somebody is and what has changed, each told by one statement.
//!
//! They are kept apart, so that whoever only asks for that never waits behind long statements. And they
//! are kept at hand: sqlx's pool asks a connection that comes back whether it is still there, in a task of
//! its own, which for a lookup is as much work as the lookup itself.

use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// After so many lookups a connection goes back to the pool, which ends those that are old.
const AT_HAND_FOR: u32 = 1_000;

/// The connections. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Lookups {
    pool: PgPool,
    at_hand: Arc<AtHand>,
    /// One for each connection that the pool may have, so that whoever has a turn finds one.
    turns: Arc<Semaphore>,
    patience: Duration,
}

/// Connections that wait for the next lookup, with how many each has done.
#[derive(Debug, Default)]
struct AtHand(Mutex<Vec<(PoolConnection<Postgres>, u32)>>);

impl AtHand {
    fn lock(&self) -> MutexGuard<'_, Vec<(PoolConnection<Postgres>, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for AtHand {
    fn drop(&mut self) {
        // Giving them back to the pool would need a runtime, which may have ended.
        for (connection, _) in self.lock().drain(..) {
            drop(connection.detach());
        }
    }
}

impl Lookups {
    /// Those of a pool that nobody else uses; `patience` is how long a lookup waits for its turn.
    pub(crate) fn of(pool: PgPool, patience: Duration) -> Self {
        let turns = usize::try_from(pool.options().get_max_connections()).unwrap_or(1);
        Self { pool, at_hand: Arc::default(), turns: Arc::new(Semaphore::new(turns)), patience }
    }

    /// The pool that they come from.
    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// How many wait for the next lookup.
    pub(crate) fn count_idle(&self) -> usize {
        self.pool.num_idle() + self.at_hand.lock().len()
    }

    /// A connection for one lookup. Whoever has been answered gives it back with [`Lookup::done`]; one whose
    /// lookup failed or was given up goes back to the pool, which looks after it.
    pub(crate) async fn turn(&self) -> sqlx::Result<Lookup<'_>> {
        let turn = tokio::time::timeout(self.patience, self.turns.acquire()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let turn = turn.map_err(|_| sqlx::Error::PoolClosed)?;
        let kept = self.at_hand.lock().pop();
        let (connection, lookups) = match kept {
            Some(kept) => kept,
            None => (self.pool.acquire().await?, 0),
        };
        Ok(Lookup { connection, lookups, of: self, _turn: turn })
    }

    /// Closes all of them, those under way as soon as they are done.
    pub(crate) async fn close(&self) {
        let closing = self.pool.close();
        self.at_hand.lock().clear();
        closing.await;
    }
}

/// A connection for one lookup.
#[derive(Debug)]
pub(crate) struct Lookup<'a> {
    connection: PoolConnection<Postgres>,
    lookups: u32,
    of: &'a Lookups,
    _turn: SemaphorePermit<'a>,
}

impl Lookup<'_> {
    /// Keeps the connection for the next lookup.
    pub(crate) fn done(self) {
        let mut at_hand = self.of.at_hand.lock();
        // Asked while nobody else reaches what is at hand: what is put there after that is taken out by `close`.
        if self.lookups < AT_HAND_FOR && !self.of.pool.is_closed() {
            at_hand.push((self.connection, self.lookups + 1));
        }
    }
}

impl Deref for Lookup<'_> {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lookup<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
