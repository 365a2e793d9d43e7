//! The key that seals the secrets of two-step sign-in: a file in the data folder, apart from the
//! database, so that a copy of the one is of no use without the other.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use muster_service::SealingKey;

use crate::Failure;

/// The key of a data folder; at the first start it is drawn and kept there.
pub fn key_of(data: &Path) -> Result<SealingKey, Failure> {
    let file = data.join("sealing.key");
    if !file.exists() {
        draw(data, &file).map_err(|error| {
            Failure::new(format!("The file {} cannot be written: {error}. Choose another folder with --data.", file.display()))
        })?;
    }
    let text = fs::read_to_string(&file).map_err(|error| Failure::new(format!("The file {} cannot be read: {error}.", file.display())))?;
    SealingKey::from_hex(&text).ok_or_else(|| {
        Failure::new(format!(
            "The file {} does not hold a key. Put it back from a backup. Without it, delete it: then a new key is made, and people \
             who sign in in two steps need a recovery code once and have to set it up anew.",
            file.display()
        ))
    })
}

/// Written whole under another name first: of two programs that start at once, both read the same key.
fn draw(data: &Path, file: &Path) -> std::io::Result<()> {
    // Reachable, but not listable, for the user that the private database runs as.
    fs::DirBuilder::new().recursive(true).mode(0o711).create(data)?;
    let draft = data.join(format!("sealing.key.{}", std::process::id()));
    let mut kept = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&draft)?;
    kept.write_all(SealingKey::draw().as_bytes())?;
    kept.sync_all()?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
