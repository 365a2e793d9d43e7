//! The server process: how it is started, when it is ready, why it failed.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Child;

use rustix::fs::OFlags;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::Error;
use crate::folder::Folder;
use crate::previous;
use crate::socket::PORT;

/// A log that is larger than this at a start is put aside, and the one put aside before it goes.
const LARGE_LOG: u64 = 16 << 20;

/// How much of the log an error message shows.
const SHOWN_LINES: usize = 20;

/// All that it takes to start the server, again and again.
#[derive(Debug)]
pub(crate) struct Postmaster {
    pub(crate) binaries: Binaries,
    pub(crate) account: Account,
    pub(crate) folder: Folder,
    pub(crate) socket: String,
    /// `name=value`, in the order in which they apply.
    pub(crate) options: Vec<String>,
}

impl Postmaster {
    /// Makes way and starts the process, which is not ready yet. Also gives the place in the log
    /// where its words begin.
    pub(crate) fn spawn(&self) -> Result<(Child, u64), Error> {
        previous::clear(&self.folder.data(), Path::new(&self.socket))?;
        let (log, begin) = self.open_log()?;
        let log_path = self.folder.log();
        let second = log.try_clone().map_err(Error::io("open", &log_path))?;

        let program = self.binaries.program("postgres");
        let mut command = self.account.command(&program);
        for option in &self.options {
            command.arg("-c").arg(option);
        }
        // The data directory comes last; see `previous::command_line`.
        command.arg("-D").arg(self.folder.data()).stdout(log).stderr(second);
        let child = command.spawn().map_err(Error::io("run", &program))?;
        Ok((child, begin))
    }

    /// Whether clients can connect. The server writes this into its own file, so it costs less
    /// than a connection.
    pub(crate) fn is_ready(&self, child: &Child) -> bool {
        let Ok(text) = fs::read_to_string(self.folder.data().join("postmaster.pid")) else {
            return false;
        };
        let mut lines = text.lines().map(str::trim);
        let pid = lines.next().and_then(|line| line.parse().ok());
        pid == Some(child.id()) && lines.nth(6) == Some("ready")
    }

    /// The error for a start that ended as `reason` says.
    pub(crate) fn failure(&self, reason: String, begin: u64) -> Error {
        let log = self.folder.log();
        let tail = tail(&log, begin).unwrap_or_else(|error| format!("(not readable: {error})"));
        Error::StartFailed { reason, log, tail }
    }

    fn open_log(&self) -> Result<(File, u64), Error> {
        let path = self.folder.log();
        if fs::symlink_metadata(&path).is_ok_and(|found| found.len() > LARGE_LOG) {
            fs::rename(&path, path.with_extension("log.old")).map_err(Error::io("put aside the log", &path))?;
        }
        let file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32)
            .open(&path)
            .map_err(Error::io("open the log", &path))?;
        let begin = file.metadata().map_err(Error::io("look at the log", &path))?.len();
        Ok((file, begin))
    }
}

fn tail(log: &Path, begin: u64) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(begin))?;
    file.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n"))
}

/// The server's settings. Of two with the same name the later one counts: what a caller may
/// change comes first, what this crate relies on comes last.
pub(crate) fn options(extra: &[(String, String)], socket: &str, durable: bool) -> Vec<String> {
    let pair = |name: &str, value: &str| format!("{name}={value}");
    let safe = if durable { "on" } else { "off" };
    // The value is a list, in which a name with a comma or a blank must be quoted.
    let directories = format!("\"{}\"", socket.replace('"', "\"\""));
    let changeable = [("timezone", "UTC"), ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] ")];
    let fixed = [
        ("listen_addresses", ""),
        ("port", &PORT.to_string()),
        ("unix_socket_directories", &directories),
        ("unix_socket_permissions", "0700"),
        ("fsync", safe),
        ("full_page_writes", safe),
        ("synchronous_commit", safe),
        // Some packages turn on a collector that would take the log away from us.
        ("logging_collector", "off"),
        ("log_destination", "stderr"),
        // Some messages are looked for in the log.
        ("lc_messages", "C"),
    ];
    changeable
        .iter()
        .map(|(name, value)| pair(name, value))
        .chain(extra.iter().map(|(name, value)| pair(name, value)))
        .chain(fixed.iter().map(|(name, value)| pair(name, value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn what_the_crate_relies_on_cannot_be_changed() {
        let extra = [("fsync".to_owned(), "off".to_owned()), ("work_mem".into(), "8MB".into())];
        let options = options(&extra, "/a, \"b\"", true);
        let last = |name: &str| options.iter().rfind(|option| option.starts_with(name)).cloned();
        assert_eq!(last("fsync="), Some("fsync=on".to_owned()));
        assert_eq!(last("work_mem="), Some("work_mem=8MB".to_owned()));
        assert_eq!(last("listen_addresses="), Some("listen_addresses=".to_owned()));
        assert_eq!(last("unix_socket_directories="), Some("unix_socket_directories=\"/a, \"\"b\"\"\"".to_owned()));
    }
}
