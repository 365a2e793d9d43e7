//! An older database, opened to be looked at or to be worked on.

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, Row as _};

use super::{
    Flushing, LegacyError, Phase, Result, Shape, columns, cut_over, layout, notes, shape, staging,
    tables::{Schema, Standing},
    watch,
};
use crate::{
    ConnectError,
    db::{check_encoding, parse_address},
    install,
};

/// An older database.
#[derive(Debug)]
pub struct LegacyDatabase {
    pub(super) connection: PgConnection,
    pub(super) shape: Shape,
    phase: Phase,
    /// Whether the cutover's transaction is open: then nothing is kept before its end.
    is_holding: bool,
    url: String,
}

/// What the older program has written since its rows were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The customers whose rows it wrote.
    pub customers: Vec<i32>,
    /// Whether it wrote standards or templates.
    pub library: bool,
    /// Whether it wrote users, or customers, whose portal logins become people.
    pub people: bool,
}

impl Changed {
    /// Whether it wrote nothing.
    pub const fn is_empty(&self) -> bool {
        self.customers.is_empty() && !self.library && !self.people
    }
}

impl LegacyDatabase {
    /// Opens the database at `url` in a transaction that reads one snapshot and cannot write. Counts
    /// its rows.
    ///
    /// # Errors
    /// [`LegacyError::OtherShape`] with everything that is missing where it is no such database.
    pub async fn look(url: &str) -> Result<Self> {
        let mut connection = connect(url).await?;
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Self::recognise(connection, url, true).await
    }

    /// Opens the database at `url` to work on it. One process at a time.
    ///
    /// # Errors
    /// As [`LegacyDatabase::look`]; [`LegacyError::Busy`] where another process is at it.
    pub async fn open(url: &str) -> Result<Self> {
        let mut connection = connect(url).await?;
        // One that has just ended may hold it for a moment still.
        let held = connection.execute("SET lock_timeout = '3s'; SELECT pg_advisory_lock(7296502); SET lock_timeout = 0").await;
        if held.as_ref().is_err_and(watch::gave_way) {
            return Err(LegacyError::Busy);
        }
        held?;
        // Whatever a crash takes back is laid out again; the cutover itself is made durable.
        connection.execute("SET synchronous_commit = off").await?;
        Self::recognise(connection, url, false).await
    }

    /// One more connection to work with, for customers that are laid out at the same time; none within
    /// the cutover, which is one transaction. Whoever holds the database open holds it for both.
    pub async fn beside(&self) -> Result<Option<Self>> {
        if self.is_holding {
            return Ok(None);
        }
        let mut connection = connect(&self.url).await?;
        connection.execute("SET synchronous_commit = off").await?;
        columns::tell_readers(&mut connection).await?;
        let (shape, phase, url) = (self.shape.clone(), self.phase, self.url.clone());
        Ok(Some(Self { connection, shape, phase, is_holding: false, url }))
    }

    /// Has what is made from now on written out a little at a time, so that the older program's commits do not wait for
    /// much of it at once. Ends when what it gives is dropped.
    pub async fn flush_often(&self) -> Result<Flushing> {
        Ok(Flushing::begin(connect(&self.url).await?))
    }

    async fn recognise(mut connection: PgConnection, url: &str, counts: bool) -> Result<Self> {
        let phase = notes::phase(&mut connection).await?;
        let is_ours: bool = connection.fetch_one("SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'dna_app' AND c.relname = 'schema_migrations')").await?.get(0);
        if phase == Phase::None && is_ours {
            return Err(LegacyError::Ours);
        }
        if phase == Phase::None && counts {
            // Rows that a policy would hide are an error here, not a smaller count.
            connection.execute("SET LOCAL row_security = off").await?;
        }
        let mut shape = Shape::default();
        if phase != Phase::Finished {
            shape = shape::detect(&mut connection, phase.standing(), counts).await?;
            if !shape.missing.is_empty() {
                return Err(LegacyError::OtherShape { missing: shape.missing });
            }
        }
        Ok(Self { connection, shape, phase, is_holding: false, url: url.to_owned() })
    }

    /// What it has.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// How far its move has come.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Begins to prepare, or goes on: Muster's schema is laid out beside the older one, and what the
    /// older program writes is noted from now on. `time_zone` is that of times without a zone; the
    /// database's own unless given.
    pub async fn begin(&mut self, time_zone: Option<&str>) -> Result<()> {
        self.check_ownership().await?;
        let roles = install::make_roles(&mut self.connection, &self.url).await?;
        if self.phase == Phase::None {
            let zone = self.known_zone(time_zone).await?;
            notes::open(&mut self.connection, &zone, &roles.owner, &roles.service).await?;
            self.phase = Phase::Preparing;
        }
        if !layout::is_current(&mut self.connection).await? {
            layout::make(&mut self.connection, &roles.owner).await?;
            notes::forget_customers(&mut self.connection).await?;
        }
        columns::make_readers(&mut self.connection).await?;
        watch::begin(&mut self.connection, &self.shape).await
    }

    /// Takes the rows of all tables as they stand; says after each part how many blocks of how many
    /// are done.
    pub async fn take_rows(&mut self, mut progress: impl FnMut(&str, i64, i64)) -> Result<()> {
        for table in self.shape.tables().collect::<Vec<_>>() {
            staging::take_table(&mut self.connection, &self.shape, table, &mut |done, all| progress(table.name, done, all)).await?;
        }
        sqlx::raw_sql("ANALYZE muster_upgrade.original_rows").execute(&mut self.connection).await?;
        Ok(())
    }

    /// Takes again what the older program has written since.
    pub async fn take_changes(&mut self) -> Result<Changed> {
        self.begin_step().await?;
        let changed = staging::take_changes(&mut self.connection, &self.shape, Standing::InUse).await?;
        if changed.library {
            notes::forget_customers(&mut self.connection).await?;
        } else {
            notes::forget(&mut self.connection, &changed.customers).await?;
        }
        self.end_step().await?;
        Ok(changed)
    }

    /// Says that everything is laid out.
    pub async fn prepared(&mut self) -> Result<()> {
        notes::set_phase(&mut self.connection, Phase::Prepared).await?;
        self.phase = Phase::Prepared;
        Ok(())
    }

    /// Begins the cutover: nobody writes to the older tables from now on.
    pub async fn hold(&mut self) -> Result<()> {
        cut_over::hold(&mut self.connection, &self.shape).await?;
        self.is_holding = true;
        Ok(())
    }

    /// Lets the older program write again; what was done since [`LegacyDatabase::hold`] is undone.
    pub async fn let_go(&mut self) -> Result<()> {
        self.is_holding = false;
        self.connection.execute("ROLLBACK").await?;
        Ok(())
    }

    /// Ends the cutover: Muster's schemas take the names. Gives the views that could not be made again.
    pub async fn cut_over(&mut self) -> Result<Vec<String>> {
        self.connection.execute("SET LOCAL synchronous_commit = on").await?;
        let left = cut_over::change_names(&mut self.connection, &self.shape).await?;
        notes::set_phase(&mut self.connection, Phase::CutOver).await?;
        self.connection.execute("UPDATE muster_upgrade.upgrade SET cut_over_at = clock_timestamp(); COMMIT").await?;
        (self.phase, self.is_holding) = (Phase::CutOver, false);
        Ok(left)
    }

    /// Takes back everything: the older schema and its rows are as they were, and nothing of Muster's
    /// is left in this database.
    pub async fn roll_back(&mut self) -> Result<()> {
        match self.phase {
            Phase::None => Ok(()),
            Phase::Preparing | Phase::Prepared => {
                // Killed in the middle of this, a later run takes everything anew: without the
                // triggers nobody knows what was written since.
                self.connection.execute("TRUNCATE muster_upgrade.taken, muster_upgrade.original_rows, muster_upgrade.laid_out").await?;
                watch::end(&mut self.connection, &self.shape).await?;
                let mut tx = self.connection.begin().await?;
                for schema in [Schema::App, Schema::Auth] {
                    tx.execute(AssertSqlSafe(format!("DROP SCHEMA IF EXISTS {} CASCADE", layout::next(schema)))).await?;
                }
                tx.execute("DROP SCHEMA muster_upgrade CASCADE").await?;
                tx.commit().await?;
                self.phase = Phase::None;
                Ok(())
            }
            Phase::CutOver => {
                let mut tx = self.connection.begin().await?;
                cut_over::give_back(&mut tx, &self.shape).await?;
                tx.execute("DROP SCHEMA muster_upgrade CASCADE").await?;
                tx.commit().await?;
                self.phase = Phase::None;
                Ok(())
            }
            Phase::Finished => Err(LegacyError::Phase(self.phase)),
        }
    }

    /// Drops the older tables. Every row of them stays in `muster_upgrade.original_rows`.
    pub async fn finish(&mut self) -> Result<()> {
        if self.phase != Phase::CutOver {
            return Err(LegacyError::Phase(self.phase));
        }
        let mut tx = self.connection.begin().await?;
        cut_over::drop_older(&mut tx, &self.shape).await?;
        notes::set_phase(&mut tx, Phase::Finished).await?;
        tx.commit().await?;
        self.phase = Phase::Finished;
        Ok(())
    }

    /// Begins a step that is kept whole or not at all; within the cutover, with all of that.
    pub async fn begin_step(&mut self) -> Result<()> {
        if !self.is_holding {
            self.connection.execute("BEGIN").await?;
        }
        Ok(())
    }

    /// Ends it.
    pub async fn end_step(&mut self) -> Result<()> {
        if !self.is_holding {
            self.connection.execute("COMMIT").await?;
        }
        Ok(())
    }

    async fn known_zone(&mut self, given: Option<&str>) -> Result<String> {
        let Some(given) = given else {
            return Ok(self.connection.fetch_one("SELECT current_setting('TimeZone')").await?.get(0));
        };
        let known = sqlx::query("SELECT now() AT TIME ZONE $1").bind(given).fetch_one(&mut self.connection).await;
        known.map(|_| given.to_owned()).map_err(|_| LegacyError::UnknownZone(given.to_owned()))
    }

    /// The schemas and tables change names, so they have to be the role's own.
    async fn check_ownership(&mut self) -> Result<()> {
        let foreign: Option<String> = sqlx::query(
            "SELECT string_agg(DISTINCT what, ', ') FROM (
                 SELECT format('schema %I belongs to %I', n.nspname, n.nspowner::regrole) AS what FROM pg_namespace n
                 WHERE n.nspname IN ('auth', 'dna_app') AND NOT pg_has_role(n.nspowner, 'USAGE')
                 UNION ALL
                 SELECT format('table %I.%I belongs to %I', n.nspname, c.relname, c.relowner::regrole)
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname IN ('auth', 'dna_app') AND c.relkind IN ('r', 'p', 'v') AND NOT pg_has_role(c.relowner, 'USAGE')) f",
        )
        .fetch_one(&mut self.connection)
        .await?
        .get(0);
        foreign.map_or(Ok(()), |what| Err(LegacyError::NotOwner(what)))
    }
}

async fn connect(url: &str) -> Result<PgConnection> {
    let options = parse_address(url)?.disable_statement_logging();
    let mut connection = options.connect().await.map_err(|error| ConnectError::Unreachable(error.to_string()))?;
    check_encoding(&mut connection).await?;
    // Everything is named with its schema; what the database's own search path says does not matter.
    connection.execute("SET search_path = pg_catalog").await?;
    Ok(connection)
}
