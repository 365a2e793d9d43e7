//! The program that makes PDF files, started anew for each file.
//!
//! It is not part of this program: it is large, takes long to build, and what it does with a text is
//! bounded from outside. It gets the sheet as JSON on its standard input, has no environment, and
//! limits its own memory, processor time and priority (crates/pdf).

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use muster_paper::Sheet;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    sync::Semaphore,
    time::timeout,
};

use crate::{Error, Result};

/// How long one file may take.
const LONGEST: Duration = Duration::from_secs(30);
/// How long a file waits for those before it.
const QUEUE: Duration = Duration::from_secs(20);
/// The most bytes of a file.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Why there is no PDF at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PdfRefusal {
    /// The program is not there.
    #[error("the PDF program is not installed")]
    NotInstalled,
    /// The program is being built.
    #[error("the PDF program is being built")]
    BeingBuilt,
    /// Too many others are waiting.
    #[error("too many PDF files are being made")]
    Busy,
    /// It took too long.
    #[error("making the PDF took too long")]
    TooSlow,
}

impl From<PdfRefusal> for Error {
    fn from(refusal: PdfRefusal) -> Self {
        Self::Pdf(refusal)
    }
}

/// The program, wherever it will be. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PdfProgram {
    path: Arc<Path>,
    /// So many run at once: half of the processors, so that everything else goes on.
    permits: Arc<Semaphore>,
    longest: Duration,
}

impl PdfProgram {
    /// The program at a path, where it may come to be later.
    pub fn at(path: PathBuf) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { path: path.into(), permits: Arc::new(Semaphore::new((cores / 2).max(1))), longest: LONGEST }
    }

    /// The same with another limit of time.
    pub fn with_limit(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// Whether it is there now. Whoever builds it leaves a file beside its place meanwhile.
    pub fn state(&self) -> Result<(), PdfRefusal> {
        if self.path.is_file() {
            return Ok(());
        }
        let mut sign = self.path.as_os_str().to_owned();
        sign.push(".building");
        Err(if Path::new(&sign).is_file() { PdfRefusal::BeingBuilt } else { PdfRefusal::NotInstalled })
    }

    /// Makes the PDF of a sheet.
    pub(super) async fn render(&self, sheet: &Sheet) -> Result<Vec<u8>> {
        self.state()?;
        let Ok(permit) = timeout(QUEUE, self.permits.acquire()).await else { return Err(PdfRefusal::Busy.into()) };
        let _permit = permit.map_err(Error::internal)?;
        let logo = sheet.frame.logo.as_ref().map(|logo| json!({ "media_type": logo.media_type, "hex": hex(&logo.bytes) }));
        let input = serde_json::to_vec(&json!({ "sheet": sheet, "logo": logo })).map_err(Error::internal)?;
        let child = self.start()?;
        match timeout(self.longest, run(child, input)).await {
            Ok(made) => made,
            // Dropping what waited for the program has killed it.
            Err(_) => Err(PdfRefusal::TooSlow.into()),
        }
    }

    fn start(&self) -> Result<Child> {
        let started = Command::new(&*self.path)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        started.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => PdfRefusal::NotInstalled.into(),
            _ => Error::internal(error),
        })
    }
}

/// Feeds the program and takes what it says, all at once, so that neither waits for the other.
async fn run(mut child: Child, input: Vec<u8>) -> Result<Vec<u8>> {
    let missing = || Error::internal("a pipe of the PDF program is missing");
    let mut stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stderr = child.stderr.take().ok_or_else(missing)?;
    let write = async move {
        // A program that has stopped reading says why on its way out.
        let _ = stdin.write_all(&input).await;
        drop(stdin);
    };
    let (mut pdf, mut said) = (Vec::new(), Vec::new());
    let (mut stdout, mut stderr) = (stdout.take(LARGEST + 1), stderr.take(10_000));
    let ((), read, heard) = tokio::join!(write, stdout.read_to_end(&mut pdf), stderr.read_to_end(&mut said));
    read.and(heard).map_err(Error::internal)?;
    if pdf.len() as u64 > LARGEST {
        return Err(Error::internal("the PDF is larger than it may be"));
    }
    let status = child.wait().await.map_err(Error::internal)?;
    if status.success() && pdf.starts_with(b"%PDF-") {
        return Ok(pdf);
    }
    Err(Error::internal(format!("the PDF program ended with {status}: {}", String::from_utf8_lossy(&said).trim())))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
