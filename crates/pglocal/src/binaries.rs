//! Finds the server binaries on the machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::error::Error;
use crate::packages;
use crate::version::{OLDEST_MAJOR, Version};

/// One installation.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    pub(crate) dir: PathBuf,
    pub(crate) version: Version,
}

impl Binaries {
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The newest usable installation in `places`; of the major version `needed` by the cluster
    /// in `data`, when there is one already.
    pub(crate) fn find(places: &[PathBuf], account: &Account, needed: Option<u32>, data: &Path) -> Result<Self, Error> {
        let (mut usable, rejected) = survey(places, account);
        // Stable, so that of two equal ones the first place wins.
        usable.sort_by_key(|found| std::cmp::Reverse(found.version));
        if usable.is_empty() {
            return Err(Error::NoBinaries { rejected, advice: packages::advice(needed) });
        }
        let Some(major) = needed else {
            return Ok(usable.swap_remove(0));
        };
        match usable.iter().find(|found| found.version.major == major) {
            Some(found) => Ok(found.clone()),
            None => Err(Error::MajorMissing {
                data: data.to_owned(),
                major,
                found: usable.iter().map(|found| found.version.to_string()).collect::<Vec<_>>().join(" and "),
                advice: packages::advice(Some(major)),
            }),
        }
    }
}

/// `PATH`, then where the packages of the common systems put their binaries.
pub(crate) fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/usr/lib", "postgresql"),
        ("/usr/libexec", "postgresql"),
        ("/opt/homebrew/opt", "postgresql"),
        ("/usr/local/opt", "postgresql"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql"),
        ("/Applications/Postgres.app/Contents/Versions", ""),
    ] {
        places.extend(children(Path::new(parent), prefix).map(|found| found.join("bin")));
    }
    places.push("/usr/local/pgsql/bin".into());
    // Alpine has no `bin` below the folder of a version.
    places.extend(children(Path::new("/usr/libexec"), "postgresql"));
    places
}

fn children(parent: &Path, prefix: &str) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
}

/// What is there: the usable installations, and a sentence on each that is not.
fn survey(places: &[PathBuf], account: &Account) -> (Vec<Binaries>, Vec<String>) {
    let mut seen: Vec<PathBuf> = Vec::new();
    let (mut usable, mut rejected) = (Vec::new(), Vec::new());
    for dir in places.iter().filter_map(|place| home_of_binaries(place)) {
        if seen.contains(&dir) {
            continue;
        }
        seen.push(dir.clone());
        match ask_version(&dir, account) {
            Ok(version) if version.major >= OLDEST_MAJOR => usable.push(Binaries { dir, version }),
            Ok(version) => {
                rejected.push(format!("PostgreSQL {version} in {} is too old.", dir.display()));
            }
            Err(why) => rejected.push(why),
        }
    }
    (usable, rejected)
}

/// The real folder behind `place`: a link on the `PATH` may stand for `postgres` alone, while
/// `initdb` lies only beside the real file.
fn home_of_binaries(place: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(place.join("postgres")).ok()?;
    let complete = |dir: &Path| dir.join("initdb").is_file() && dir.join("postgres").is_file();
    match real.parent() {
        Some(dir) if complete(dir) => Some(dir.to_owned()),
        _ => complete(place).then(|| std::path::absolute(place).ok()).flatten(),
    }
}

fn ask_version(dir: &Path, account: &Account) -> Result<Version, String> {
    let program = dir.join("postgres");
    let output = account
        .command(&program)
        .arg("--version")
        .output()
        .map_err(|error| format!("{} cannot be run by the user {}: {error}.", program.display(), account.name))?;
    Version::parse(&String::from_utf8_lossy(&output.stdout)).filter(|_| output.status.success()).ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("{} does not tell its version. {}", program.display(), said.trim())
    })
}
