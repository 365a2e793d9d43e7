//! Having PostgreSQL write out what preparing made, a little at a time.
//!
//! Preparing makes some gigabytes in a minute. PostgreSQL leaves them to the operating system, which writes them half a
//! minute later all at once, and a commit of the older program that falls into that waits for it: up to 80 to 180 ms were
//! measured. A checkpoint every few seconds keeps each of these heaps small: up to 27 to 62 ms, and preparing takes as
//! long as before (`make bench-upgrade`).

use std::time::Duration;

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};
use tokio::task::JoinHandle;

/// The rest between one checkpoint and the next.
const REST: Duration = Duration::from_secs(2);
/// So many bytes of the log are worth a checkpoint.
const WORTH: i64 = 16 << 20;

/// Checkpoints that are asked for until this is dropped.
#[derive(Debug)]
#[must_use = "it ends when it is dropped"]
pub struct Flushing(JoinHandle<()>);

impl Flushing {
    pub(super) fn begin(connection: PgConnection) -> Self {
        Self(tokio::spawn(flush_often(connection)))
    }
}

impl Drop for Flushing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Ends at the first error: an owner of the schemas that is no superuser may not ask for checkpoints, unless it is a
/// member of `pg_checkpoint`, and moves all the same; and of everything else that fails the move itself tells.
async fn flush_often(mut connection: PgConnection) {
    let mut flushed = None;
    while let Ok(row) = connection.fetch_one("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint").await {
        let written: i64 = row.get(0);
        if written - *flushed.get_or_insert(written) >= WORTH {
            if connection.execute("CHECKPOINT").await.is_err() {
                break;
            }
            flushed = Some(written);
        }
        tokio::time::sleep(REST).await;
    }
    // It goes either way.
    let _ = connection.close().await;
}
