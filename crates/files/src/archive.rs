//! ZIP files, and the office formats that are ZIP files. Only the directory at their end and single
//! small entries are read; nothing is unpacked to the disk.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufReader, Read},
};

use zip::ZipArchive;

use crate::kind::Refusal;

/// The most entries of an archive. A large presentation has some thousands.
const MOST_ENTRIES: usize = 20_000;
/// The most bytes of all entries unpacked.
const MOST_UNPACKED: u64 = 4 << 30;
/// How many times larger an archive may become; text and spreadsheets do reach 50.
const MOST_GROWTH: u64 = 200;
/// Below this size unpacked, growth harms nobody.
const HARMLESS: u64 = 64 << 20;
/// The most that is read of the entry that says what an office file is.
const MOST_TYPES: u64 = 4 << 20;

/// What an archive has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Anything.
    Plain,
    /// Office Open XML whose main part is of this type.
    Office(&'static str),
    /// OpenDocument of this type.
    OpenDocument(&'static str),
}

/// Checks an archive that is called a `said`.
pub fn check(file: &mut File, layout: Layout, said: &'static str) -> Result<(), Refusal> {
    let size = file.metadata().map_err(|_| Refusal::Unreadable)?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| Refusal::Unreadable)?;
    refuse_bomb(&mut archive, size)?;
    match layout {
        Layout::Plain => Ok(()),
        Layout::Office(main) => check_office(&mut archive, main, said),
        Layout::OpenDocument(media_type) => check_open_document(&mut archive, media_type, said),
    }
}

/// Sizes are as the directory gives them; one that lies is caught by whoever unpacks it. Entries that
/// share their bytes, to grow far without a large ratio, are refused whatever they say.
fn refuse_bomb(archive: &mut ZipArchive<BufReader<&mut File>>, size: u64) -> Result<(), Refusal> {
    if archive.is_empty() {
        return Err(Refusal::Empty);
    }
    if archive.len() > MOST_ENTRIES || archive.has_overlapping_files().map_err(|_| Refusal::Unreadable)? {
        return Err(Refusal::Bomb);
    }
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|_| Refusal::Unreadable)?;
        packed = packed.saturating_add(entry.compressed_size());
        unpacked = unpacked.saturating_add(entry.size());
    }
    let grows = unpacked > HARMLESS && unpacked / size.max(1) > MOST_GROWTH;
    if unpacked > MOST_UNPACKED || grows || packed > size { Err(Refusal::Bomb) } else { Ok(()) }
}

/// The names of all entries. Two that are alike, of which different programs read different ones, are refused.
fn names(archive: &ZipArchive<BufReader<&mut File>>) -> Result<HashSet<String>, Refusal> {
    let mut names = HashSet::new();
    for name in archive.file_names() {
        if !names.insert(name.map_err(|_| Refusal::Unreadable)?.to_lowercase()) {
            return Err(Refusal::Unreadable);
        }
    }
    Ok(names)
}

fn check_office(archive: &mut ZipArchive<BufReader<&mut File>>, main: &str, said: &'static str) -> Result<(), Refusal> {
    let types = read_entry(archive, "[Content_Types].xml")?.ok_or(Refusal::NotWhatItSays(said))?;
    let is_macro = |name: &String| name.ends_with("vbaproject.bin") || name.contains("/macrosheets/");
    // A file of the kind with macros says so in its types, whatever the name of the part is.
    if types.to_lowercase().contains("macroenabled") || types.contains("vbaProject") || names(archive)?.iter().any(is_macro) {
        return Err(Refusal::Macros);
    }
    if types.contains(main) { Ok(()) } else { Err(Refusal::NotWhatItSays(said)) }
}

fn check_open_document(archive: &mut ZipArchive<BufReader<&mut File>>, media_type: &str, said: &'static str) -> Result<(), Refusal> {
    if names(archive)?.iter().any(|name| name.starts_with("basic/") || name.starts_with("scripts/")) {
        return Err(Refusal::Macros);
    }
    match read_entry(archive, "mimetype")? {
        Some(text) if text.trim() == media_type => Ok(()),
        _ => Err(Refusal::NotWhatItSays(said)),
    }
}

/// A small entry as text; none where there is no such entry.
fn read_entry(archive: &mut ZipArchive<BufReader<&mut File>>, name: &str) -> Result<Option<String>, Refusal> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let entry = archive.by_index(index).map_err(|_| Refusal::Unreadable)?;
    let mut bytes = Vec::new();
    entry.take(MOST_TYPES + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Unreadable)?;
    if bytes.len() as u64 > MOST_TYPES {
        return Err(Refusal::Bomb);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
