//! The ZIP archive that a `.docx` is, opened with limits.

use std::{
    cell::RefCell,
    io::{Cursor, Read as _},
};

use roxmltree::Document;
use zip::ZipArchive;

use crate::{Limits, WordError, xml};

/// An opened file. Nothing is unpacked before it is asked for.
pub(crate) struct Package<'a> {
    archive: RefCell<ZipArchive<Cursor<&'a [u8]>>>,
    limits: Limits,
    /// The names of the files inside.
    names: Vec<String>,
}

/// What every file of the binary format begins with.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// Below this size no ratio is suspicious: a page of blanks packs well.
const RATIO_FROM: u64 = 1024 * 1024;

impl<'a> Package<'a> {
    /// Opens a file and refuses what no document holds, before anything is unpacked.
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, WordError> {
        if bytes.len() > limits.file {
            return Err(WordError::TooLarge { limit: limits.file });
        }
        if bytes.starts_with(&COMPOUND_FILE) {
            return Err(WordError::OldOrEncrypted);
        }
        let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
            Ok(archive) => archive,
            Err(_) if !bytes.starts_with(b"PK") => return Err(WordError::NotWord),
            Err(error) => return Err(broken("the archive itself", &error)),
        };
        if archive.len() > limits.entries {
            return Err(WordError::Bomb { what: format!("{} files inside", archive.len()) });
        }
        let (mut total, mut names) = (0u64, Vec::with_capacity(archive.len()));
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|error| broken("the archive itself", &error))?;
            let name = entry.name().map_err(|error| broken("the archive itself", &error))?.into_owned();
            let size = entry.size();
            if name.to_ascii_lowercase().ends_with("vbaproject.bin") {
                return Err(WordError::Macros { entry: name });
            }
            total = total.saturating_add(size);
            if size > RATIO_FROM && size / entry.compressed_size().max(1) > limits.ratio {
                return Err(WordError::Bomb { what: format!("{name}: {} MB from {} KB", size >> 20, entry.compressed_size() >> 10) });
            }
            if total > limits.total {
                return Err(WordError::Bomb { what: format!("more than {} MB", limits.total >> 20) });
            }
            names.push(name);
        }
        let package = Self { archive: RefCell::new(archive), limits: *limits, names };
        package.refuse_macros()?;
        Ok(package)
    }

    /// Macros can hide under any name; what the file says its parts are gives them away.
    fn refuse_macros(&self) -> Result<(), WordError> {
        let Some(text) = self.text("[Content_Types].xml")? else { return Err(WordError::NotWord) };
        let types = self.parse("[Content_Types].xml", &text)?;
        let is_macro = |kind: &str| kind.to_ascii_lowercase().contains("macroenabled") || kind.contains("vbaProject");
        let found = types.descendants().find(|node| xml::attribute(*node, "ContentType").is_some_and(is_macro));
        match found {
            None => Ok(()),
            Some(node) => {
                let entry = xml::attribute(node, "PartName").or_else(|| xml::attribute(node, "Extension")).unwrap_or_default();
                Err(WordError::Macros { entry: entry.trim_start_matches('/').to_owned() })
            }
        }
    }

    /// The names of the parts that begin so and end in `.xml`, in the order of the archive.
    pub(crate) fn parts_named(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(move |name| name.starts_with(prefix) && name.ends_with(".xml"))
    }

    /// The text of a part; none where there is no such part.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, WordError> {
        let mut archive = self.archive.borrow_mut();
        let entry = match archive.by_name(name) {
            Ok(entry) => entry,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(broken(name, &error)),
        };
        // What the archive says of its sizes is not believed: no more is unpacked than the limit.
        let mut bytes = Vec::new();
        entry.take(self.limits.entry + 1).read_to_end(&mut bytes).map_err(|error| broken(name, &error))?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > self.limits.entry {
            return Err(WordError::Bomb { what: format!("{name}: more than {} MB", self.limits.entry >> 20) });
        }
        xml::decode(bytes).map(Some).ok_or_else(|| WordError::Broken {
            part: name.to_owned(),
            line: None,
            problem: "its characters are not Unicode".to_owned(),
        })
    }

    /// Parses a part's text.
    pub(crate) fn parse<'t>(&self, name: &str, text: &'t str) -> Result<Document<'t>, WordError> {
        xml::parse(text, &self.limits).map_err(|(line, problem)| WordError::Broken { part: name.to_owned(), line, problem })
    }

    /// The name of the part that holds the document's text.
    pub(crate) fn main_part(&self) -> Result<String, WordError> {
        let Some(text) = self.text("_rels/.rels")? else { return Err(WordError::NotWord) };
        let relations = self.parse("_rels/.rels", &text)?;
        let is_main = |kind: &str| kind.ends_with("/officeDocument");
        let main = relations.descendants().find(|node| xml::attribute(*node, "Type").is_some_and(is_main));
        let target = main.and_then(|node| xml::attribute(node, "Target")).ok_or(WordError::NotWord)?;
        Ok(target.trim_start_matches('/').to_owned())
    }
}

fn broken(part: &str, error: &dyn std::fmt::Display) -> WordError {
    WordError::Broken { part: part.to_owned(), line: None, problem: error.to_string() }
}
