//! Files that the older program kept: found, hashed, and left where they are.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    path::{Path, PathBuf},
};

use muster_domain::evidence::FileName;
use muster_store::{FoundFile, LegacyDatabase, LegacyError, NamedFile, Remark};
use serde_json::Value;
use uuid::Uuid;

use super::{
    documents::{number, text},
    library::remark,
};

/// Names under which the older program kept where a file lies.
const PATHS: [&str; 4] = ["storage_path", "path", "file_path", "url"];
const NAMES: [&str; 4] = ["filename", "file_name", "original_filename", "name"];
const PEOPLE: [&str; 3] = ["uploaded_by", "created_by", "source"];
const MOMENTS: [&str; 2] = ["uploaded_at", "created_at"];

/// Lays out the files of a customer that are there below `root`, and says which are not.
pub(super) async fn lay_out(
    db: &mut LegacyDatabase,
    root: Option<&Path>,
    customer: i32,
    remarks: &mut Vec<Remark>,
) -> Result<(), LegacyError> {
    let named = db.named_files(customer).await?;
    if named.is_empty() {
        return Ok(());
    }
    let root = root.and_then(|root| root.canonicalize().ok());
    let mut found: BTreeMap<PathBuf, FoundFile> = BTreeMap::new();
    for (file, place) in named.iter().zip(0..) {
        let Some(path) = root.as_deref().and_then(|root| look_for(root, file)) else {
            let name = name_of(file);
            let (kind, why) = if root.is_some() {
                ("missing_file", "is not there")
            } else {
                ("file_not_looked_for", "was not looked for, because no folder was given with --files")
            };
            remarks.push(remark(file.table, &file.row, kind, format!("The file “{name}” {why}. What was said of it stays with the row.")));
            continue;
        };
        match found.entry(path) {
            Entry::Occupied(mut there) => {
                let there = there.get_mut();
                there.tasks.extend(file.task_id);
                there.accepted = there.accepted.take().or_else(|| file.done.clone());
            }
            Entry::Vacant(free) => match read(free.key(), file, place) {
                Ok(one) => drop(free.insert(one)),
                Err(error) => {
                    let text = format!("The file “{}” cannot be read: {error}. What was said of it stays with the row.", name_of(file));
                    remarks.push(remark(file.table, &file.row, "missing_file", text));
                }
            },
        }
    }
    db.lay_out_evidence(customer, &found.into_values().collect::<Vec<_>>()).await
}

fn name_of(file: &NamedFile) -> String {
    let said = NAMES.iter().chain(&PATHS).find_map(|name| text(&file.said, name)).or_else(|| file.said.as_str().map(ToOwned::to_owned));
    FileName::clean(&said.unwrap_or_default()).as_str().to_owned()
}

/// The file below the folder that a row names: nothing outside it is ever looked at.
fn look_for(root: &Path, file: &NamedFile) -> Option<PathBuf> {
    let named = PATHS.iter().chain(&NAMES).filter_map(|name| text(&file.said, name)).chain(file.said.as_str().map(ToOwned::to_owned));
    let folders = [Some(root.to_path_buf()), file.folder.as_ref().map(|folder| root.join(folder.trim_start_matches('/')))];
    let folders: Vec<PathBuf> = folders.into_iter().flatten().collect();
    let is_inside = |path: PathBuf| path.canonicalize().ok().filter(|path| path.starts_with(root) && path.is_file());
    named.into_iter().find_map(|named| {
        let relative = named.trim_start_matches('/');
        let below = folders.iter().map(|folder| folder.join(relative));
        std::iter::once(PathBuf::from(&named)).filter(|path| path.is_absolute()).chain(below).find_map(is_inside)
    })
}

fn read(path: &Path, file: &NamedFile, place: usize) -> Result<FoundFile, String> {
    let (sha256, size) = muster_files::digest_of(path).map_err(|error| error.to_string())?;
    if size == 0 {
        return Err("it is empty".to_owned());
    }
    let filename = name_of(file);
    let ending = filename.rsplit('.').next().unwrap_or_default().to_lowercase();
    let kind = muster_files::EVIDENCE.iter().find(|kind| kind.extensions.contains(&ending.as_str()));
    // The row's own id where it has one, else one that follows from the row and its place in it.
    let id = file.row.parse::<Uuid>().ok().filter(|_| file.table == "customer_storage_files");
    Ok(FoundFile {
        id: id.unwrap_or_else(|| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{}/{}/{place}", file.table, file.row).as_bytes())),
        filename,
        sha256,
        size: i64::try_from(size).map_err(|error| error.to_string())?,
        media_type: kind.map_or("application/octet-stream", |kind| kind.media_type).to_owned(),
        path: path.to_str().ok_or("its name is no text")?.to_owned(),
        by: PEOPLE.iter().find_map(|name| number(&file.said, name).or_else(|| file.said.get(name).and_then(Value::as_str)?.parse().ok())),
        at: MOMENTS.iter().find_map(|name| text(&file.said, name)),
        tasks: file.task_id.into_iter().collect(),
        accepted: file.done.clone(),
    })
}
