//! What an earlier run may have left behind: a running server, or its stale files.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, kill_process, test_kill_process};

use crate::error::Error;
use crate::signals;

/// Makes way for a new server on `data`. The caller holds the lock on the folder, so nobody else
/// of our kind is using it.
pub(crate) fn clear(data: &Path, socket: &Path) -> Result<(), Error> {
    let pid_file = data.join("postmaster.pid");
    if let Some(pid) = first_line(&pid_file) {
        match holder(pid, data) {
            Holder::Server => {
                tracing::info!(pid = number(pid), "stopping a PostgreSQL that an earlier run left");
                stop(pid, data)?;
            }
            // The number was given to something else since, which happens all the time in
            // containers. PostgreSQL would take it for a server and not start.
            Holder::Stranger => remove(&pid_file)?,
            // PostgreSQL knows a stale file by itself, and refuses in a case of doubt.
            Holder::Nobody | Holder::Unknown => {}
        }
    }
    // Only now, as the server of an earlier run may have been using them.
    for name in [format!(".s.PGSQL.{}", crate::socket::PORT), socket_lock_name()] {
        remove(&socket.join(name))?;
    }
    Ok(())
}

/// Stops servers whose data directory was deleted under them. They end by themselves within a
/// minute, and would take the socket of a new server with them.
pub(crate) fn end_servers_of_deleted(data: &Path) -> Result<(), Error> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Ok(());
    };
    for pid in processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter_map(Pid::from_raw) {
        if holder(pid, data) == Holder::Server {
            tracing::info!(pid = number(pid), "stopping a PostgreSQL whose data was deleted");
            stop(pid, data)?;
        }
    }
    Ok(())
}

/// The process number in `postmaster.pid`. A session without a server writes a negative one,
/// which is left for PostgreSQL to judge.
fn first_line(pid_file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(pid_file).ok()?;
    let number = text.lines().next()?.trim().parse().ok().filter(|number| *number > 0)?;
    Pid::from_raw(number)
}

fn stop(pid: Pid, data: &Path) -> Result<(), Error> {
    let gone = signals::end(
        |signal| {
            let _ = kill_process(pid, signal);
        },
        || holder(pid, data) != Holder::Server,
    );
    let stuck = || Error::DoesNotStop { pid: Some(number(pid)), data: data.to_owned() };
    gone.then_some(()).ok_or_else(stuck)
}

fn number(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get().unsigned_abs()
}

fn socket_lock_name() -> String {
    format!(".s.PGSQL.{}.lock", crate::socket::PORT)
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove the stale file", path)(error)),
        _ => Ok(()),
    }
}

/// Who has a process number now.
#[derive(Debug, PartialEq, Eq)]
enum Holder {
    Nobody,
    /// The server of this data directory.
    Server,
    /// Certainly not the server of this data directory.
    Stranger,
    Unknown,
}

fn holder(pid: Pid, data: &Path) -> Holder {
    if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
        return Holder::Nobody;
    }
    match command_line(pid) {
        Some(words) => judge(&words, data),
        None => Holder::Unknown,
    }
}

/// A server is known by its command line, as in a container even root may not see the working
/// directory of another user's process. A process that is dead but not yet collected has none.
fn judge(words: &[OsString], data: &Path) -> Holder {
    let program = words.first().map(Path::new).and_then(Path::file_name);
    // The children of a server call themselves "postgres: ...".
    if !program.is_some_and(|name| name == "postgres" || name == "postmaster") {
        return Holder::Stranger;
    }
    let given = words.iter().skip_while(|word| *word != "-D").nth(1).map(PathBuf::from);
    match given {
        Some(given) if given == data => Holder::Server,
        Some(given) => match fs::canonicalize(given) {
            Ok(real) if real == data => Holder::Server,
            Ok(_) => Holder::Stranger,
            Err(_) => Holder::Unknown,
        },
        None => Holder::Unknown,
    }
}

#[cfg(target_os = "linux")]
fn command_line(pid: Pid) -> Option<Vec<OsString>> {
    use std::os::unix::ffi::OsStringExt;

    let bytes = fs::read(format!("/proc/{}/cmdline", number(pid))).ok()?;
    let words = bytes.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    Some(words.map(|word| OsString::from_vec(word.to_owned())).collect())
}

#[cfg(not(target_os = "linux"))]
fn command_line(pid: Pid) -> Option<Vec<OsString>> {
    let output = std::process::Command::new("ps").args(["-ww", "-o", "command=", "-p", &number(pid).to_string()]).output().ok()?;
    // Blanks in a path cannot be told from those between words, except in the last word, which is
    // why the data directory is the last word that a server is started with.
    let line = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let data = line.split_once(" -D ").map(|(_, data)| data);
    let words = line.split_whitespace().take(1).chain(data.into_iter().flat_map(|d| ["-D", d]));
    Some(words.map(OsString::from).collect())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::{Holder, judge};

    fn judged(words: &[&str]) -> Holder {
        let words: Vec<_> = words.iter().map(OsString::from).collect();
        judge(&words, Path::new("/tmp"))
    }

    #[test]
    fn only_the_server_of_this_folder_is_taken_for_it() {
        assert_eq!(judged(&["/usr/lib/postgresql/15/bin/postgres", "-D", "/tmp"]), Holder::Server);
        assert_eq!(judged(&["postgres", "-c", "a=b", "-D", "/tmp/../tmp"]), Holder::Server);
        assert_eq!(judged(&["postgres", "-D", "/usr"]), Holder::Stranger);
        assert_eq!(judged(&["postgres: checkpointer"]), Holder::Stranger);
        assert_eq!(judged(&["sleep", "-D", "/tmp"]), Holder::Stranger);
        assert_eq!(judged(&[]), Holder::Stranger);
        assert_eq!(judged(&["postgres", "-D", "/not/there"]), Holder::Unknown);
        assert_eq!(judged(&["postgres"]), Holder::Unknown);
    }
}
