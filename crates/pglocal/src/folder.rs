//! The folder of a cluster: where things lie in it, who may enter, and the lock on it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, flock};

use crate::account::{self, Account};
use crate::error::Error;

/// `<data_dir>/postgres`, made and ours.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    base: PathBuf,
    /// The folders above that were missing and are now made, outermost first.
    made: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder where it is missing, and refuses another user's.
    pub(crate) fn open(data_dir: &Path) -> Result<Self, Error> {
        let wanted = std::path::absolute(data_dir).map_err(Error::io("find the folder", data_dir))?.join("postgres");
        let mut made: Vec<_> = wanted.ancestors().take_while(|path| !path.exists()).map(Path::to_owned).collect();
        made.reverse();
        fs::create_dir_all(&wanted).map_err(Error::io("make the folder", &wanted))?;
        // One spelling for all: the running server is recognised by this path.
        let base = fs::canonicalize(&wanted).map_err(Error::io("find the folder", &wanted))?;

        let us = account::effective_uid();
        let owner = fs::metadata(&base).map_err(Error::io("look at the folder", &base))?.uid();
        if us != 0 && owner != us {
            return Err(Error::Foreign { folder: base, owner: account::name_of(owner) });
        }
        Ok(Self { base, made })
    }

    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    pub(crate) fn made(&self) -> &[PathBuf] {
        &self.made
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.base.join("data")
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.base.join("socket")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.base.join("server.log")
    }

    /// Lets `account` walk through, or says which folder is in its way.
    pub(crate) fn admit(&self, account: &Account) -> Result<(), Error> {
        if !account.differs() {
            return fs::set_permissions(&self.base, Permissions::from_mode(0o700)).map_err(Error::io("close the folder", &self.base));
        }
        if closed_to(&self.base, account).is_none() {
            return Ok(());
        }
        // The folder stays root's, so that the server's user cannot put links in place of the
        // files that root opens; it only has to get through. The folders above are opened only
        // when they are new, as then a strict umask has closed them and nobody else.
        for path in self.made.iter().chain([&self.base]) {
            let mode = fs::metadata(path).map_err(Error::io("look at the folder", path))?.mode();
            fs::set_permissions(path, Permissions::from_mode(mode & 0o7777 | 0o111)).map_err(Error::io("open the folder", path))?;
        }
        match closed_to(&self.base, account) {
            // The mode does not tell all: an access list may let the user in.
            Some(blocking) if !account.can_enter(&self.base) => {
                Err(Error::Unreachable { blocking, folder: self.base.clone(), user: account.name.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Takes the folder for this process until the lock is dropped.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.base.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32)
            .open(&path)
            .map_err(Error::io("open the lock file", &path))?;
        // A few tries, as a process that is just ending may still hold it.
        for _ in 0..20 {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Lock::sign(file, &path),
                Err(rustix::io::Errno::WOULDBLOCK) => sleep(Duration::from_millis(10)),
                Err(error) => return Err(Error::io("lock", &path)(error.into())),
            }
        }
        let mut text = String::new();
        let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
        Err(Error::InUse { folder: self.base.clone(), pid })
    }
}

/// Holds the folder for this process. The system lets go of it when the process ends, however it
/// ends; child processes do not inherit it.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    fn sign(mut file: File, path: &Path) -> Result<Self, Error> {
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(Error::io("write the lock file", path))?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone is not enough: a child that was forked at this moment by another thread
        // holds a copy until it runs its program.
        let _ = flock(&self.0, FlockOperation::Unlock);
    }
}

/// The outermost folder on the way to `path` that `account` cannot enter, going by the modes.
fn closed_to(path: &Path, account: &Account) -> Option<PathBuf> {
    let mut way: Vec<_> = path.ancestors().collect();
    way.reverse();
    let closed = |folder: &&Path| {
        let Ok(found) = fs::metadata(folder) else {
            return true;
        };
        let bit = match () {
            () if found.uid() == account.uid => 0o100,
            () if found.gid() == account.gid => 0o010,
            () => 0o001,
        };
        found.mode() & bit == 0
    };
    way.into_iter().find(closed).map(Path::to_owned)
}

/// What to do with a folder that is there already and that others can enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Close it: it lies where only we could make it.
    Repair,
    /// Do not take it: others may have left something in it.
    MustBePrivate,
}

/// A folder that only `account` (and root) can enter. `Ok(false)` when what is there cannot be
/// trusted.
pub(crate) fn private_folder(path: &Path, account: &Account, existing: Existing) -> Result<bool, Error> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(Error::io("make the folder", path)(error));
        }
        _ => {}
    }
    // Everything below goes through this handle, so that nobody can swap the folder for a link
    // between a check and its use.
    let opened = OpenOptions::new().read(true).custom_flags((OFlags::NOFOLLOW | OFlags::DIRECTORY).bits() as i32).open(path);
    let Ok(folder) = opened else { return Ok(false) };
    let found = folder.metadata().map_err(Error::io("look at the folder", path))?;
    let loose = found.mode() & 0o077 != 0;
    let ours = found.uid() == account.uid || found.uid() == account::effective_uid();
    if !ours || (loose && existing == Existing::MustBePrivate) {
        return Ok(false);
    }
    if found.uid() != account.uid {
        fchown(&folder, Some(account.uid), Some(account.gid)).map_err(Error::io("give away the folder", path))?;
    }
    folder.set_permissions(Permissions::from_mode(0o700)).map_err(Error::io("close the folder", path))?;
    Ok(true)
}

/// Gives `path` and all below it to `account`; links are given away, not followed.
pub(crate) fn give_all(path: &Path, account: &Account) -> Result<(), Error> {
    lchown(path, Some(account.uid), Some(account.gid)).map_err(Error::io("give away", path))?;
    let kind = fs::symlink_metadata(path).map_err(Error::io("look at", path))?.file_type();
    if kind.is_dir() {
        for entry in fs::read_dir(path).map_err(Error::io("read the folder", path))? {
            give_all(&entry.map_err(Error::io("read the folder", path))?.path(), account)?;
        }
    }
    Ok(())
}
