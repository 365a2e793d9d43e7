use std::io;
use std::path::{Path, PathBuf};

use crate::version::OLDEST_MAJOR;

/// Why a cluster could not be started or stopped. Each message says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The machine has no PostgreSQL that can be used.
    #[error(
        "No PostgreSQL {OLDEST_MAJOR} or newer was found on this machine. {}{advice}",
        sentences(.rejected)
    )]
    NoBinaries {
        /// What was found and why it could not be used, one sentence each.
        rejected: Vec<String>,
        /// How to install it here.
        advice: String,
    },

    /// The cluster was made by a major version that is not on this machine.
    #[error(
        "The database in {} was made by PostgreSQL {major}, and this machine has {found}. \
         Another major version cannot read it. {advice}",
        data.display()
    )]
    MajorMissing {
        /// The data directory.
        data: PathBuf,
        /// The major version that made it.
        major: u32,
        /// The versions on this machine, as text.
        found: String,
        /// How to install the missing one here.
        advice: String,
    },

    /// The cluster was made by a major version that is no longer taken.
    #[error(
        "The database in {} was made by PostgreSQL {major}; {OLDEST_MAJOR} is the oldest that is \
         supported. Move it to a newer version with pg_upgrade, or choose another data folder.",
        data.display()
    )]
    DataTooOld {
        /// The data directory.
        data: PathBuf,
        /// The major version that made it.
        major: u32,
    },

    /// The data directory holds files, but not a cluster.
    #[error(
        "{} holds files but is not a PostgreSQL data directory (its PG_VERSION is missing or \
         unreadable). Nothing in it was touched. Restore it from a backup, move it away, or \
         choose another data folder.",
        data.display()
    )]
    NotACluster {
        /// The data directory.
        data: PathBuf,
    },

    /// Another living process holds the folder.
    #[error(
        "Another process{} uses the folder {}. Stop it first, or choose another data folder.",
        process_number(*.pid),
        folder.display()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The process, when its number could be read.
        pid: Option<u32>,
    },

    /// The folder was made by another operating-system user.
    #[error(
        "The folder {} belongs to the operating-system user {owner}. Run this as that user or as \
         root, or choose another data folder.",
        folder.display()
    )]
    Foreign {
        /// The folder.
        folder: PathBuf,
        /// Its owner.
        owner: String,
    },

    /// Running as root, and the user that must run the server cannot walk to the folder.
    #[error(
        "PostgreSQL does not run as root, so it runs as the operating-system user {user}, and \
         that user cannot enter {}, on the way to {}. Choose a data folder elsewhere, for example \
         below /var/lib or /srv, or open the way with: chmod o+x {}",
        blocking.display(), folder.display(), blocking.display()
    )]
    Unreachable {
        /// The closed folder.
        blocking: PathBuf,
        /// The folder that was wanted.
        folder: PathBuf,
        /// The user that cannot enter.
        user: String,
    },

    /// Running as root, and there is no other user to run the server.
    #[error(
        "PostgreSQL does not run as root, and this machine has no user postgres or nobody to run \
         it instead. Add one with: useradd --system postgres"
    )]
    NoAccount,

    /// Running as root without the right to become another user.
    #[error(
        "PostgreSQL does not run as root, and this process may not become the user {user}: \
         {source}. Run it as an ordinary user instead, or give it the right to change users \
         (in a container: the capabilities SETUID, SETGID and CHOWN)."
    )]
    CannotBecome {
        /// The user that was tried.
        user: String,
        /// What the system said.
        source: io::Error,
    },

    /// No folder for the socket could be made.
    #[error(
        "The path of {} is too long for a socket, and no private folder for one could be made \
         below {}. Choose a data folder with a shorter path.",
        folder.display(), below.display()
    )]
    NoSocketFolder {
        /// Where the socket would have been.
        folder: PathBuf,
        /// Where a short folder was tried.
        below: PathBuf,
    },

    /// A new cluster could not be made.
    #[error("PostgreSQL could not make a new database in {}. It said:\n{output}", data.display())]
    InitFailed {
        /// The data directory.
        data: PathBuf,
        /// What `initdb` printed.
        output: String,
    },

    /// The server gave up while starting, or never became ready.
    #[error(
        "PostgreSQL did not start ({reason}). The whole log is in {}; its last lines are:\n{tail}",
        log.display()
    )]
    StartFailed {
        /// How it ended.
        reason: String,
        /// The log file.
        log: PathBuf,
        /// The last lines of this attempt.
        tail: String,
    },

    /// A server did not end, not even when killed.
    #[error(
        "The PostgreSQL server{} on {} does not stop. Look at what holds it up (often a disk that \
         does not answer), and end that process before the next start.",
        process_number(*.pid), data.display()
    )]
    DoesNotStop {
        /// The process.
        pid: Option<u32>,
        /// The data directory.
        data: PathBuf,
    },

    /// A file or folder could not be used.
    #[error("Could not {action} {}: {source}.", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The runtime went away while the work was under way.
    #[error("Starting or stopping PostgreSQL was cut short because the program is ending.")]
    CutShort,
}

impl Error {
    /// For `map_err`: what was being done, and to what.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}

fn sentences(parts: &[String]) -> String {
    parts.iter().map(|part| format!("{part} ")).collect()
}

fn process_number(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}
