//! Makes a new cluster, whole or not at all.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::Error;
use crate::folder::{Existing, Folder, give_all, private_folder};
use crate::previous;
use crate::version::OLDEST_MAJOR;

pub(crate) const SUPERUSER: &str = "postgres";

/// The start of the name of a cluster that is being made.
const UNFINISHED: &str = "data.new-";

/// The major version that made the cluster in `data`; `None` when there is no cluster yet.
pub(crate) fn existing_major(data: &Path) -> Result<Option<u32>, Error> {
    let mut entries = match fs::read_dir(data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read the folder", data)(error)),
    };
    if entries.next().is_none() {
        return Ok(None);
    }
    let major = fs::read_to_string(data.join("PG_VERSION"))
        .ok()
        .and_then(|text| text.trim().parse::<u32>().ok())
        .ok_or_else(|| Error::NotACluster { data: data.to_owned() })?;
    if major < OLDEST_MAJOR {
        return Err(Error::DataTooOld { data: data.to_owned(), major });
    }
    Ok(Some(major))
}

/// Makes an existing cluster readable for its server when a restore as root left it root's.
pub(crate) fn take_over_files(data: &Path, account: &Account) -> Result<(), Error> {
    let owner = fs::metadata(data).map_err(Error::io("look at the folder", data))?.uid();
    if account.differs() && owner == 0 { give_all(data, account) } else { Ok(()) }
}

/// Makes a cluster. It is built beside its place and moved there when it is complete, so a
/// process that ends half way leaves no cluster rather than a broken one.
pub(crate) fn create(folder: &Folder, binaries: &Binaries, account: &Account, durable: bool) -> Result<(), Error> {
    let data = folder.data();
    previous::end_servers_of_deleted(&data)?;
    remove_unfinished(folder.base());

    let unfinished = free_name(folder.base());
    if !private_folder(&unfinished, account, Existing::MustBePrivate)? {
        let source = ErrorKind::AlreadyExists.into();
        return Err(Error::Io { action: "make the folder", path: unfinished, source });
    }
    let mut output = run(binaries, account, &unfinished, "C.UTF-8", durable)?;
    if !output.status.success() && said(&output).contains("locale") {
        // The only other locale with the same order of text. Not every system has C.UTF-8.
        output = run(binaries, account, &unfinished, "C", durable)?;
    }
    if !output.status.success() {
        let _ = fs::remove_dir_all(&unfinished);
        return Err(Error::InitFailed { data, output: explained(&output) });
    }
    // Onto an empty folder, if there is one.
    fs::rename(&unfinished, &data).map_err(Error::io("move the new database to", &data))?;
    if durable { sync_names(folder) } else { Ok(()) }
}

fn run(binaries: &Binaries, account: &Account, target: &Path, locale: &str, durable: bool) -> Result<Output, Error> {
    let program = binaries.program("initdb");
    let mut command = account.command(&program);
    // Trust is enough: whoever reaches the socket has passed the closed folder that it lies in.
    command
        .args(["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--data-checksums"])
        .args([format!("--username={SUPERUSER}"), format!("--locale={locale}")]);
    if !durable {
        command.arg("--no-sync");
    }
    // The last word, as with the server.
    command.arg("-D").arg(target);
    command.output().map_err(Error::io("run", &program))
}

/// What it printed, with the way out of the one failure that says nothing to most people.
fn explained(output: &Output) -> String {
    let mut text = said(output);
    if text.contains("look up effective user ID") {
        text.push_str(
            "\nThe user that runs this has a number but no name. Run it as a user that has one, \
             or add a line for it to /etc/passwd.",
        );
    }
    text
}

fn said(output: &Output) -> String {
    let err = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if err.is_empty() { String::from_utf8_lossy(&output.stdout).trim().to_owned() } else { err }
}

/// Best effort: an `initdb` whose parent was killed may still be writing there. It works under a
/// name that is not used again, so it cannot do harm.
fn remove_unfinished(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            tracing::info!(path = %entry.path().display(), "removing a half-made database");
            if let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!(path = %entry.path().display(), %error, "could not remove it");
            }
        }
    }
}

fn free_name(base: &Path) -> PathBuf {
    let pid = std::process::id();
    let mut name = base.join(format!("{UNFINISHED}{pid}"));
    let mut n = 1;
    while name.exists() {
        name = base.join(format!("{UNFINISHED}{pid}-{n}"));
        n += 1;
    }
    name
}

/// `initdb` syncs what is in the data directory; its name and those above it are synced here.
fn sync_names(folder: &Folder) -> Result<(), Error> {
    let sync = |path: &Path| File::open(path).and_then(|folder| folder.sync_all()).map_err(Error::io("write to the disk the folder", path));
    folder.made().iter().filter_map(|path| path.parent()).try_for_each(sync)?;
    sync(folder.base())
}
