//! All documents of a plan as one ZIP, made while it is sent: at no time is more than one document
//! in memory, and no transaction is open while the receiver is slow.

use std::{
    collections::HashSet,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use muster_domain::{
    access::{Action, Actor},
    documents::{Document, DocumentStatus, ExportFormat},
    ids::{CustomerId, DocumentId, PlanId},
};
use muster_paper::escaped;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use super::{ExportedDocument, Subject};
use crate::{Conflict, Context, Error, Result, boxed, context::shelf};

/// The documents of a plan as a ZIP, piece by piece.
pub struct PlanArchive {
    context: Context,
    actor: Actor,
    /// Whose documents, and of which plan: the heading of the index.
    heading: String,
    documents: std::vec::IntoIter<DocumentId>,
    zip: Option<ZipWriter<StreamWriter<Outbox>>>,
    outbox: Outbox,
    names: HashSet<String>,
    index: Vec<Line>,
}

/// A line of the index.
struct Line {
    number: String,
    name: String,
    version: String,
    /// The files, or why there are none.
    files: Result<Vec<String>, &'static str>,
}

const LEFT_OUT: &str = "What is kept of it is not what was handed in or first made. It was left out.";

impl Line {
    fn of(archived: &Archived) -> Self {
        let Archived { document, number, .. } = archived;
        Self {
            number: document.document_number.clone().unwrap_or_default(),
            name: document.name.clone(),
            version: version(document, *number),
            files: Err(LEFT_OUT),
        }
    }

    /// Of a document that cannot be read as it should be.
    fn of_unknown(id: DocumentId) -> Self {
        Self { number: String::new(), name: id.to_string(), version: String::new(), files: Err(LEFT_OUT) }
    }
}

impl Context {
    /// The documents of a plan as a ZIP: of each the version in force, else its draft, marked as
    /// one; as Word and, if the PDF program is there, as PDF; and a page that lists them.
    #[boxed]
    pub async fn plan_archive(&self, actor: &Actor, plan: PlanId) -> Result<(String, PlanArchive)> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let (plan_, documents) = (reader.plan(plan).await?, reader.documents_of_plan(plan).await?);
        let customer = reader.customer().await?;
        let outbox = Outbox::default();
        let archive = PlanArchive {
            context: self.clone(),
            actor: actor.clone(),
            heading: format!("{}, {}", customer.name, plan_.iso_code),
            documents: documents.into_iter(),
            zip: Some(ZipWriter::new_stream(outbox.clone())),
            outbox,
            names: HashSet::new(),
            index: Vec::new(),
        };
        let stem = muster_domain::documents::file_stem(None, &format!("{} {}", customer.name, plan_.iso_code), "documents");
        Ok((format!("{stem}.zip"), archive))
    }

    /// What the archive holds of a document.
    async fn archived(&self, actor: &Actor, id: DocumentId) -> Result<Archived> {
        let mut reader = self.export_reader(actor, id).await?;
        let document = reader.document(id).await?;
        let number = document.in_force.map(|one| one.number);
        let file = match number {
            Some(number) => {
                let in_force = document.in_force.map(|one| one.round);
                let stored = reader.document_version(id, number, in_force).await?;
                super::refuse_tampered(&document, &stored)?;
                stored.version.content.file
            }
            None => document.content.file.clone(),
        };
        drop(reader);
        let content = match file {
            Some(file) => Content::File(file),
            None => Content::Text(Box::new(self.export_subject(actor, id, number).await?)),
        };
        Ok(Archived { document, number, content })
    }
}

impl Context {
    /// A file that stands as a document, if it is still what was uploaded.
    async fn kept_file(&self, customer: CustomerId, sha256: &str) -> Result<Vec<u8>> {
        let digest = digest(sha256).ok_or_else(|| Error::internal("the hash of an uploaded document cannot be read"))?;
        let mut pieces = self.files()?.open_verified(&shelf(customer), &digest).await?.pieces();
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.recv().await {
            bytes.extend_from_slice(&piece?);
        }
        Ok(bytes)
    }
}

fn digest(hex: &str) -> Option<muster_files::Digest> {
    let pair = |at: usize| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..32).map(pair).collect::<Option<_>>()?;
    bytes.try_into().ok()
}

struct Archived {
    document: Document,
    /// The version in force.
    number: Option<i32>,
    content: Content,
}

enum Content {
    Text(Box<Subject>),
    File(muster_domain::documents::DocumentFile),
}

impl PlanArchive {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// What is in the way of going on. The archive is not whole then and must not be taken for it.
    #[boxed]
    pub async fn next_piece(&mut self) -> Result<Option<Vec<u8>>> {
        while self.zip.is_some() {
            match self.documents.next() {
                Some(id) => self.add_document(id).await?,
                None => self.finish()?,
            }
            let piece = self.outbox.take();
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    async fn add_document(&mut self, id: DocumentId) -> Result<()> {
        let archived = match self.context.archived(&self.actor, id).await {
            Ok(archived) => archived,
            // Somebody has removed it since the list was read.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return self.left_out(Line::of_unknown(id), error),
        };
        let line = Line::of(&archived);
        match self.files(&archived).await {
            Ok(files) => {
                let names = files.iter().map(|file| self.add(&file.0, &file.1)).collect::<Result<_>>()?;
                self.index.push(Line { files: Ok(names), ..line });
                Ok(())
            }
            Err(error) => self.left_out(line, error),
        }
    }

    /// What is not what it was is left out, and the index says so; the others follow. Everything else
    /// breaks the archive off.
    fn left_out(&mut self, line: Line, error: Error) -> Result<()> {
        match error {
            Error::Conflict(Conflict::DocumentTampered) | Error::FileDamaged(_) => {
                self.index.push(Line { files: Err(LEFT_OUT), ..line });
                Ok(())
            }
            error => Err(error),
        }
    }

    /// The files of a document, with their names.
    async fn files(&self, archived: &Archived) -> Result<Vec<(String, Vec<u8>)>> {
        let subject = match &archived.content {
            Content::Text(subject) => subject,
            Content::File(file) => return Ok(vec![self.uploaded(archived, file).await?]),
        };
        let mut files = Vec::new();
        for format in [ExportFormat::Docx, ExportFormat::Pdf] {
            match self.context.exported(subject, format).await {
                Ok(ExportedDocument { file_name, bytes, .. }) => files.push((file_name, bytes)),
                Err(Error::Pdf(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    /// The file of an uploaded document, as it was uploaded.
    async fn uploaded(&self, archived: &Archived, file: &muster_domain::documents::DocumentFile) -> Result<(String, Vec<u8>)> {
        let ending = file.file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        let which = if archived.number.is_some() { "" } else { " draft" };
        let number = archived.number.unwrap_or(archived.document.document_version);
        let document = &archived.document;
        let stem = muster_domain::documents::file_stem(document.document_number.as_deref(), &document.name, &format!("v{number}{which}"));
        let bytes = self.context.kept_file(document.customer_id, &file.sha256).await?;
        Ok((format!("{stem}.{ending}"), bytes))
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<String> {
        let name = self.free_name(name);
        let zip = self.zip.as_mut().ok_or_else(|| Error::internal("the archive is finished"))?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        zip.start_file(name.as_str(), options).map_err(Error::internal)?;
        zip.write_all(bytes).map_err(Error::internal)?;
        Ok(name)
    }

    /// A name that no other file has, whatever the case of its letters.
    fn free_name(&mut self, name: &str) -> String {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let numbered = |count: usize| if count == 1 { name.to_owned() } else { format!("{stem} ({count}).{ending}") };
        let free = (1..).map(numbered).find(|name| !self.names.contains(&name.to_lowercase())).unwrap_or_default();
        self.names.insert(free.to_lowercase());
        free
    }

    fn finish(&mut self) -> Result<()> {
        let page = index(&self.heading, &self.index);
        self.add("index.html", page.as_bytes())?;
        let zip = self.zip.take().ok_or_else(|| Error::internal("the archive is finished"))?;
        zip.finish().map_err(Error::internal)?;
        Ok(())
    }
}

fn version(document: &Document, in_force: Option<i32>) -> String {
    match in_force {
        Some(number) => format!("Version {number}, approved"),
        None if document.status == DocumentStatus::InReview => format!("Version {}, in review", document.document_version),
        None => format!("Version {}, draft", document.document_version),
    }
}

fn index(heading: &str, lines: &[Line]) -> String {
    let heading = escaped(heading);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{heading}</title>\n<style>body{{font:15px/1.5 sans-serif;\
         max-width:60em;margin:2em auto;padding:0 1em}}table{{border-collapse:collapse;width:100%}}th,td{{text-align:start;padding:.4em .6em;\
         border:1px solid #c9cdd6;vertical-align:top}}</style></head><body>\n<h1>{heading}</h1>\n<table><thead><tr><th scope=\"col\">Number</th>\
         <th scope=\"col\">Document</th><th scope=\"col\">Version</th><th scope=\"col\">Files</th></tr></thead><tbody>\n"
    );
    for line in lines {
        let files = match &line.files {
            Ok(files) => {
                files.iter().map(|file| format!("<a href=\"{}\">{}</a>", address(file), escaped(file))).collect::<Vec<_>>().join("<br>")
            }
            Err(why) => escaped(why),
        };
        let (number, name, version) = (escaped(&line.number), escaped(&line.name), escaped(&line.version));
        page.push_str(&format!("<tr><td>{number}</td><td>{name}</td><td>{version}</td><td>{files}</td></tr>\n"));
    }
    page.push_str("</tbody></table>\n</body></html>\n");
    page
}

/// A name of a file as an address relative to the page.
fn address(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What has been written of the ZIP and not been sent yet.
#[derive(Clone, Default)]
struct Outbox(Arc<Mutex<Vec<u8>>>);

impl Outbox {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Outbox {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
