//! What kind of file something is: its name says one thing, its content has to say the same.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
};

use crate::{archive, text};

/// A kind of file that is accepted.
#[derive(Debug, PartialEq, Eq)]
pub struct FileKind {
    /// How names of such files end, in lower case.
    pub extensions: &'static [&'static str],
    /// What it is called in HTTP.
    pub media_type: &'static str,
    content: Content,
}

/// What the content of a kind looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// It begins with one of these.
    Begins(&'static [&'static [u8]]),
    /// It begins with `RIFF`, and this word stands after the length.
    Riff(&'static [u8; 4]),
    /// An ISO base media file: `ftyp` and one of these brands.
    Media(&'static [&'static [u8; 4]]),
    /// Plain text that nobody would run or take for a page.
    Text,
    /// A mail as text.
    Mail,
    /// A ZIP file.
    Archive(archive::Layout),
}

use Content::{Archive, Begins, Mail, Media, Riff, Text};

const fn kind(extensions: &'static [&'static str], media_type: &'static str, content: Content) -> FileKind {
    FileKind { extensions, media_type, content }
}

const PDF: FileKind = kind(&["pdf"], "application/pdf", Begins(&[b"%PDF-"]));
const WORD: FileKind = kind(
    &["docx"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Archive(archive::Layout::Office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml")),
);

/// What can stand as a document of its own: what is read everywhere and stays as it is.
pub static DOCUMENTS: &[FileKind] = &[PDF, WORD];

/// What is accepted as evidence: what offices, cameras and mail programs make, as far as it runs
/// nothing. Not among them, on purpose: pages and pictures with scripts (HTML, SVG), programs,
/// office files with macros, and the office formats of before 2007, which may have some.
pub static EVIDENCE: &[FileKind] = &[
    PDF,
    kind(&["png"], "image/png", Begins(&[b"\x89PNG\r\n\x1a\n"])),
    kind(&["jpg", "jpeg"], "image/jpeg", Begins(&[b"\xff\xd8\xff"])),
    kind(&["gif"], "image/gif", Begins(&[b"GIF87a", b"GIF89a"])),
    kind(&["webp"], "image/webp", Riff(b"WEBP")),
    kind(&["tif", "tiff"], "image/tiff", Begins(&[b"II*\0", b"MM\0*"])),
    kind(&["heic", "heif"], "image/heic", Media(&[b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"])),
    kind(&["txt", "log"], "text/plain; charset=utf-8", Text),
    kind(&["md"], "text/markdown; charset=utf-8", Text),
    kind(&["csv"], "text/csv; charset=utf-8", Text),
    kind(&["json"], "application/json", Text),
    kind(&["yaml", "yml"], "application/yaml", Text),
    kind(&["eml"], "message/rfc822", Mail),
    kind(&["msg"], "application/vnd.ms-outlook", Begins(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])),
    WORD,
    kind(
        &["xlsx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Archive(archive::Layout::Office("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")),
    ),
    kind(
        &["pptx"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Archive(archive::Layout::Office("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml")),
    ),
    kind(
        &["odt"],
        "application/vnd.oasis.opendocument.text",
        Archive(archive::Layout::OpenDocument("application/vnd.oasis.opendocument.text")),
    ),
    kind(
        &["ods"],
        "application/vnd.oasis.opendocument.spreadsheet",
        Archive(archive::Layout::OpenDocument("application/vnd.oasis.opendocument.spreadsheet")),
    ),
    kind(
        &["odp"],
        "application/vnd.oasis.opendocument.presentation",
        Archive(archive::Layout::OpenDocument("application/vnd.oasis.opendocument.presentation")),
    ),
    kind(&["zip"], "application/zip", Archive(archive::Layout::Plain)),
];

/// Why a file is none that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has no content.
    #[error("is empty")]
    Empty,
    /// Its name says that it is of a kind that is not accepted.
    #[error("is of a kind that is not accepted; accepted are {}", .accepted.join(", "))]
    NotAccepted {
        /// The endings that are.
        accepted: Vec<&'static str>,
    },
    /// Its content is not what its name says.
    #[error("is not what its name says: its content is not that of a .{0} file")]
    NotWhatItSays(&'static str),
    /// An office file with macros.
    #[error("holds macros; save it without them")]
    Macros,
    /// An archive that would be far larger unpacked, or has far too many entries.
    #[error("is an archive that would grow too large when unpacked")]
    Bomb,
    /// An archive that cannot be read, or needs a password.
    #[error("cannot be read: it is damaged, or needs a password")]
    Unreadable,
}

impl Refusal {
    /// A stable word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty-file",
            Self::NotAccepted { .. } => "not-accepted",
            Self::NotWhatItSays(_) => "content-mismatch",
            Self::Macros => "macros",
            Self::Bomb => "archive-too-large",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Looks at a file's name and content. The outer error is the disk's.
pub(crate) fn look(file: &mut File, name: &str, accepted: &'static [FileKind]) -> io::Result<Result<&'static FileKind, Refusal>> {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let Some((kind, said)) = accepted.iter().find_map(|kind| Some((kind, *kind.extensions.iter().find(|one| **one == extension)?))) else {
        return Ok(Err(Refusal::NotAccepted { accepted: accepted.iter().flat_map(|kind| kind.extensions).copied().collect() }));
    };
    let mut head = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut head)?;
    file.rewind()?;
    if head.is_empty() {
        return Ok(Err(Refusal::Empty));
    }
    let matches = match kind.content {
        Begins(beginnings) => beginnings.iter().any(|beginning| head.starts_with(beginning)),
        Riff(word) => head.starts_with(b"RIFF") && head.get(8..12) == Some(&word[..]),
        Media(brands) => head.get(4..8) == Some(b"ftyp") && brands.iter().any(|brand| head.get(8..12) == Some(&brand[..])),
        Text => text::is_harmless(&head) && text::is_text(file)?,
        Mail => text::is_mail(&head) && text::is_text(file)?,
        Archive(layout) => {
            if !head.starts_with(b"PK") {
                return Ok(Err(Refusal::NotWhatItSays(said)));
            }
            return Ok(archive::check(file, layout, said).map(|()| kind));
        }
    };
    Ok(if matches { Ok(kind) } else { Err(Refusal::NotWhatItSays(said)) })
}
