//! The installation's key for signing checkpoints: a file below the data folder, so that the
//! database alone is not enough to sign.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use muster_domain::audit::SigningKey;
use muster_service::draw_audit_key;

use crate::{Failure, database::explain};

/// The private key, as PKCS#8, readable by its owner only.
const FILE: &str = "audit-signing-key";
/// The public key beside it, to be copied to whoever verifies.
const PUBLIC_FILE: &str = "audit-signing-key.pub";

/// The key of a data folder; the first time it is drawn.
pub fn load_or_make(data: &Path) -> Result<SigningKey, Failure> {
    let file = data.join(FILE);
    if !file.exists() {
        let document = draw_audit_key().map_err(explain)?;
        make_folder(data).and_then(|()| write_new(&file, &document, 0o600)).map_err(|error| cannot_write(&file, &error))?;
    }
    let key = load(data)?;
    let public = data.join(PUBLIC_FILE);
    if !public.exists() {
        write_new(&public, format!("{}\n", key.public()).as_bytes(), 0o644).map_err(|error| cannot_write(&public, &error))?;
    }
    Ok(key)
}

/// The key of a data folder, where it has one.
pub fn load(data: &Path) -> Result<SigningKey, Failure> {
    let file = data.join(FILE);
    let document = fs::read(&file).map_err(|error| {
        Failure::new(format!(
            "The key that checkpoints are signed with, {}, cannot be read: {error}. `muster serve` makes it; name its data folder with --data.",
            file.display()
        ))
    })?;
    SigningKey::from_pkcs8(&document).ok_or_else(|| {
        Failure::new(format!(
            "{} is not a key for signing checkpoints. Put it back from a backup; or remove it, and the next start draws a new one.",
            file.display()
        ))
    })
}

/// Makes the data folder: reachable, but not listable, for the user that the private database runs as.
pub fn make_folder(folder: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o711).create(folder)
}

/// Writes a file that is not there yet, and is whole on the disk before its name is.
fn write_new(file: &Path, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let draft = file.with_extension("draft");
    let _ = fs::remove_file(&draft);
    let mut open = fs::OpenOptions::new().create_new(true).write(true).mode(mode).open(&draft)?;
    open.write_all(bytes)?;
    open.sync_all()?;
    fs::rename(&draft, file)
}

fn cannot_write(file: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("The file {} cannot be written: {error}. Choose another folder with --data.", file.display()))
}
