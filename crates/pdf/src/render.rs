//! From the data to the bytes of the PDF.

use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{fonts::Fonts, input::Input, prepare};

/// How documents look. It is our own, and reads what is in them from `data.json`.
const LAYOUT: &str = include_str!("layout.typ");

/// Makes the PDF: tagged, as PDF/UA-1 asks for.
pub(crate) fn pdf(mut input: Input) -> Result<Vec<u8>, String> {
    let fonts = Fonts::load();
    prepare::text(&mut input.sheet, &fonts);
    let timestamp = timestamp(input.of_frame("made_at"))?;
    let options = PdfOptions {
        ident: Smart::Custom(input.of_frame("identity").to_owned()),
        creator: Smart::Custom(Some("Muster".to_owned())),
        timestamp: Some(timestamp),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| error.message().to_string())?,
        ..PdfOptions::default()
    };
    let document = laid_out(input, fonts)?;
    typst_pdf::pdf(&document, &options).or_else(|errors| {
        // What breaks a rule of PDF/UA is still a document, and tagged; it does not say that it keeps to them.
        let plain = PdfOptions { standards: PdfStandards::default(), ..options };
        typst_pdf::pdf(&document, &plain).map_err(|_| words(&errors))
    })
}

/// Lays the document out; without its logo where that is no picture after all.
fn laid_out(mut input: Input, fonts: Fonts) -> Result<PagedDocument, String> {
    let mut desk = Desk::new(&input, fonts)?;
    let laid_out = typst::compile(&desk).output;
    if laid_out.is_ok() || input.logo.take().is_none() {
        return laid_out.map_err(|errors| words(&errors));
    }
    desk = Desk::new(&input, desk.fonts)?;
    typst::compile(&desk).output.map_err(|errors| words(&errors))
}

fn words(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// Reads `YYYY-MM-DDThh:mm:ssZ`.
fn timestamp(text: &str) -> Result<Timestamp, String> {
    let wrong = || format!("`{text}` is no moment of the form YYYY-MM-DDThh:mm:ssZ");
    let parts = text.strip_suffix('Z').ok_or_else(wrong)?.split(['-', 'T', ':']);
    let numbers: Vec<i32> = parts.map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let [year, month, day, hour, minute, second] = numbers[..] else { return Err(wrong()) };
    let small = |number: i32| u8::try_from(number).map_err(|_| wrong());
    let moment = Datetime::from_ymd_hms(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?);
    moment.map(Timestamp::new_utc).ok_or_else(wrong)
}

/// All that the layout can reach: itself, its data, the logo, the fonts.
struct Desk {
    library: LazyHash<Library>,
    fonts: Fonts,
    layout: Source,
    files: Vec<(FileId, Bytes)>,
}

impl Desk {
    fn new(input: &Input, fonts: Fonts) -> Result<Self, String> {
        let logo = input.logo.as_ref().map(|logo| Ok::<_, String>((logo.file_name()?, logo.bytes()?))).transpose()?;
        let mut sheet = input.sheet.clone();
        if let Some(sheet) = sheet.as_object_mut() {
            sheet.insert("logo".to_owned(), logo.as_ref().map(|logo| logo.0).into());
        }
        let mut files = vec![(file("data.json")?, Bytes::new(sheet.to_string().into_bytes()))];
        if let Some((name, bytes)) = logo {
            files.push((file(name)?, Bytes::new(bytes)));
        }
        let layout = Source::new(file("layout.typ")?, LAYOUT.to_owned());
        Ok(Self { library: LazyHash::new(Library::default()), fonts, layout, files })
    }
}

fn file(name: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(name).map_err(|error| format!("{name}: {error}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() { Ok(self.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.iter().find(|file| file.0 == id).map(|file| file.1.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// The layout does not know what day it is.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
