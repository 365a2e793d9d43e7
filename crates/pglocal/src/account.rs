//! The operating-system user that runs the server and its tools.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;

/// Users to become when running as root, best first.
const UNPRIVILEGED: [&str; 3] = ["postgres", "_postgres", "nobody"];

/// All that the server gets from our environment. The rest may hold secrets of the caller, or
/// `PG...` variables that would change what the server and its tools do.
const KEPT_VARIABLES: [&str; 3] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) name: String,
    /// Whether a command must switch to this user, because we are root.
    switch: bool,
}

impl Account {
    /// Whoever we are; or, when we are root, the first owner of `existing` that is not root, else
    /// a user that is there for such things.
    pub(crate) fn choose(existing: &[&Path]) -> Result<Self, Error> {
        let uid = effective_uid();
        if uid != 0 {
            let gid = rustix::process::getegid().as_raw();
            return Ok(Self { uid, gid, name: name_of(uid), switch: false });
        }
        let owner = existing
            .iter()
            .filter_map(|path| fs::symlink_metadata(path).ok())
            .map(|found| (found.uid(), found.gid()))
            .find(|(uid, _)| *uid != 0)
            .map(|(uid, gid)| (uid, gid, name_of(uid)));
        let (uid, gid, name) = owner.or_else(|| UNPRIVILEGED.iter().find_map(|name| look_up(name))).ok_or(Error::NoAccount)?;
        let account = Self { uid, gid, name, switch: true };
        account.try_out()?;
        Ok(account)
    }

    /// Whether the server's user is not the user we run as.
    pub(crate) fn differs(&self) -> bool {
        self.switch
    }

    /// A command that runs as this user, deaf to Ctrl-C in our terminal.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear();
        for name in KEPT_VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Plain messages, and macOS refuses to start a server without a valid locale.
        command.env("LC_ALL", "C").env("TZ", "UTC");
        // The tools fail in a working directory that their user cannot enter.
        command.current_dir("/").stdin(Stdio::null()).process_group(0);
        if self.switch {
            // Setting the user also drops our supplementary groups; see `std`'s
            // `CommandExt::uid`, which does so when the process has the right to.
            command.gid(self.gid).uid(self.uid);
        }
        command
    }

    /// Whether this user can walk to `folder`, asked of the system itself.
    pub(crate) fn can_enter(&self, folder: &Path) -> bool {
        self.command(Path::new("true")).current_dir(folder).status().is_ok_and(|status| status.success())
    }

    fn try_out(&self) -> Result<(), Error> {
        match self.command(Path::new("true")).status() {
            Ok(_) => Ok(()),
            Err(source) => Err(Error::CannotBecome { user: self.name.clone(), source }),
        }
    }
}

pub(crate) fn effective_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// The user's name, or the number when it has none.
pub(crate) fn name_of(uid: u32) -> String {
    ask_id("-un", &uid.to_string()).unwrap_or_else(|| uid.to_string())
}

fn look_up(name: &str) -> Option<(u32, u32, String)> {
    let uid = ask_id("-u", name)?.parse().ok()?;
    let gid = ask_id("-g", name)?.parse().ok()?;
    Some((uid, gid, name.to_owned()))
}

/// Users may come from a directory service, so the `id` command is asked and not `/etc/passwd`.
fn ask_id(flag: &str, user: &str) -> Option<String> {
    let output = Command::new("id").args([flag, user]).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
