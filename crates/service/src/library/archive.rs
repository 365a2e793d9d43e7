//! A library in one archive, as it is exported.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{Library, LibraryError};

/// The most files of an archive, and the most bytes of one of them unpacked.
const MOST_FILES: usize = 2_000;
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// The most bytes of all of them together.
const MOST_TOGETHER: u64 = 64 * 1024 * 1024;

impl Library {
    /// A library from an archive with the files of a library folder, at its top or in one folder.
    pub fn from_archive(name: &str, bytes: &[u8]) -> Result<Self, LibraryError> {
        let wrong = |file: &str, problem: String| LibraryError { file: file.to_owned(), line: None, problem };
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(name, error.to_string()))?;
        if archive.len() > MOST_FILES {
            return Err(wrong(name, format!("it has more than {MOST_FILES} files")));
        }
        let (mut files, mut together) = (Vec::new(), 0);
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|error| wrong(name, error.to_string()))?;
            let path = entry.name().map_err(|error| wrong(name, error.to_string()))?.into_owned();
            let Some(path) = library_path(&path) else { continue };
            let mut text = String::new();
            let read = entry.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(|error| wrong(&path, error.to_string()))?;
            together += u64::try_from(read).unwrap_or(u64::MAX);
            if u64::try_from(read).unwrap_or(u64::MAX) > MOST_BYTES || together > MOST_TOGETHER {
                return Err(wrong(&path, "it unpacks to more than a library holds".to_owned()));
            }
            files.push((path, text));
        }
        if files.is_empty() {
            return Err(wrong(name, "there are no library files in it".to_owned()));
        }
        files.sort();
        Self::from_files(files)
    }
}

/// The path of a file in a library; none for what else an archive may hold.
fn library_path(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., file @ ("standards.yaml" | "task-rules.yaml")] => Some((*file).to_owned()),
        [.., "templates", file] if file.ends_with(".yaml") => Some(format!("templates/{file}")),
        _ => None,
    }
}
