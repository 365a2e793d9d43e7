use std::fmt::Write;
use std::path::Path;

use crate::account::Account;
use crate::binaries::{self, Binaries};
use crate::error::Error;
use crate::folder::{Folder, Lock};
use crate::initdb;
use crate::postmaster::{self, Postmaster};
use crate::settings::Settings;
use crate::socket::{PORT, SocketFolder};
use crate::supervisor::Supervisor;
use crate::version::Version;

/// A running server with its cluster.
///
/// When the server process dies it is started again; clients see failing connections meanwhile.
/// Dropping the value stops the server too, and blocks the thread until it has ended: some
/// hundredths of a second as a rule. Prefer [`stop`](Cluster::stop), which also tells of errors.
#[derive(Debug)]
pub struct Cluster {
    // In the order in which they must go: the server, its socket folder, the lock.
    supervisor: Supervisor,
    socket: SocketFolder,
    _lock: Lock,
}

impl Cluster {
    /// Starts the server, on a new cluster if there is none yet, and returns when clients can
    /// connect. A server that an earlier run left behind is stopped first.
    ///
    /// # Errors
    ///
    /// Every [`Error`] but [`Error::CutShort`] is meant for the person who started the program.
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        // When the caller gives up waiting, the finished cluster is dropped, and so stopped.
        tokio::task::spawn_blocking(move || Self::start_now(&settings)).await.unwrap_or(Err(Error::CutShort))
    }

    fn start_now(settings: &Settings) -> Result<Self, Error> {
        let folder = Folder::open(&settings.data_dir)?;
        let lock = folder.lock()?;
        let data = folder.data();
        let account = Account::choose(&[&data, folder.base()])?;
        folder.admit(&account)?;

        let major = initdb::existing_major(&data)?;
        let places = settings.bin_dirs.clone().unwrap_or_else(binaries::usual_places);
        let binaries = Binaries::find(&places, &account, major, &data)?;
        match major {
            Some(_) => initdb::take_over_files(&data, &account)?,
            None => initdb::create(&folder, &binaries, &account, settings.durable)?,
        }

        let socket = SocketFolder::make(&folder, &account)?;
        let options = postmaster::options(&settings.settings, socket.path(), settings.durable);
        let supervisor = Supervisor::start(Postmaster { binaries, account, folder, socket: socket.path().to_owned(), options })?;
        let cluster = Self { supervisor, socket, _lock: lock };
        tracing::info!(
            version = %cluster.version(),
            user = cluster.supervisor.postmaster().account.name,
            socket = cluster.socket.path(),
            "PostgreSQL is running"
        );
        Ok(cluster)
    }

    /// The folder of the socket. Only the user that runs the server, and root, can enter it.
    pub fn socket_dir(&self) -> &Path {
        Path::new(self.socket.path())
    }

    /// The port, which for a socket is just a part of its name.
    pub fn port(&self) -> u16 {
        PORT
    }

    /// The role that may do everything. It has no password: the socket's folder guards it.
    pub fn superuser(&self) -> &'static str {
        initdb::SUPERUSER
    }

    /// A connection URL for `role` on `database`, as `psql` and the Rust drivers take it.
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{}@{}:{PORT}/{}", encoded(role), encoded(self.socket.path()), encoded(database))
    }

    /// The version of the server.
    pub fn version(&self) -> Version {
        self.supervisor.postmaster().binaries.version
    }

    /// The folder of the server's binaries, with `pg_dump` and the like of the same version.
    pub fn bin_dir(&self) -> &Path {
        &self.supervisor.postmaster().binaries.dir
    }

    /// Stops the server and waits until it has ended. Open connections are closed and
    /// transactions that were not committed are rolled back.
    ///
    /// # Errors
    ///
    /// [`Error::DoesNotStop`] when the server outlives even a kill.
    pub async fn stop(self) -> Result<(), Error> {
        tokio::task::spawn_blocking(move || {
            // All of it moves here, so that the lock is held until the server has ended even
            // when the caller stops waiting.
            let mut all = self;
            all.supervisor.stop()
        })
        .await
        .unwrap_or(Err(Error::CutShort))
    }
}

/// Percent-encodes all but letters, digits and `-._~`, which is right in every part of a URL.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_part_of_a_url_is_encoded() {
        assert_eq!(super::encoded("/srv/a b@c:d?é"), "%2Fsrv%2Fa%20b%40c%3Ad%3F%C3%A9");
    }
}
