//! The folder that the server's socket lies in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::Error;
use crate::folder::{Existing, Folder, private_folder};

/// The port is a part of the socket's name only. The folder has one server, so it never changes.
pub(crate) const PORT: u16 = 5432;

/// Linux takes 107 bytes for the path of a socket and macOS 103.
const LONGEST_PATH: usize = 100;

/// How many names are tried for a short folder, as anyone can make folders in `/tmp`.
const NAMES: u32 = 8;

/// Goes away on drop when it lies outside the cluster's own folder.
#[derive(Debug)]
pub(crate) struct SocketFolder {
    path: String,
    outside: bool,
}

impl SocketFolder {
    pub(crate) fn make(folder: &Folder, account: &Account) -> Result<Self, Error> {
        let own = folder.socket();
        if let Some(path) = fitting(&own)
            && private_folder(&own, account, Existing::Repair)?
        {
            return Ok(Self { path, outside: false });
        }
        let below = short_place(account);
        for n in 0..NAMES {
            let path = below.join(short_name(folder.base(), n));
            if let Some(text) = fitting(&path)
                && private_folder(&path, account, Existing::MustBePrivate)?
            {
                return Ok(Self { path: text, outside: true });
            }
        }
        Err(Error::NoSocketFolder { folder: own, below })
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for SocketFolder {
    fn drop(&mut self) {
        if self.outside {
            // Not empty when the server could not be stopped; then it stays.
            let _ = fs::remove_dir(&self.path);
        }
    }
}

/// The path as text, when a socket below it is short enough. A connection URL holds text, so a
/// path that is none does not fit, and neither does one with a comma: `libpq` takes it for a list.
fn fitting(folder: &Path) -> Option<String> {
    let text = folder.to_str().filter(|text| !text.contains(','))?;
    (text.len() + "/.s.PGSQL.".len() + PORT.to_string().len() <= LONGEST_PATH).then(|| text.to_owned())
}

fn short_place(account: &Account) -> PathBuf {
    let of_session = || env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|p| p.is_dir());
    if account.differs() { None } else { of_session() }.unwrap_or_else(|| "/tmp".into())
}

/// The same for the same folder, so that a person can find it again and a leftover is reused.
fn short_name(folder: &Path, n: u32) -> String {
    // FNV-1a: this needs to be spread and stable, not secret.
    let hash = folder
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .chain(&n.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("pglocal-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{fitting, short_name};

    #[test]
    fn a_path_fits_when_a_socket_and_a_client_can_use_it() {
        let of_length = |n: usize| format!("/{}", "a".repeat(n - 1));
        assert!(fitting(Path::new(&of_length(86))).is_some());
        assert!(fitting(Path::new(&of_length(87))).is_none());
        assert!(fitting(Path::new("/a,b")).is_none());
    }

    #[test]
    fn names_are_short_stable_and_differ() {
        let name = |path: &str, n| short_name(Path::new(path), n);
        assert_eq!(name("/a", 0), name("/a", 0));
        assert_ne!(name("/a", 0), name("/b", 0));
        assert_ne!(name("/a", 0), name("/a", 1));
        assert_eq!(name("/a", 0).len(), 24);
    }
}
