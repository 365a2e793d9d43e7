//! Customers, people and tasks from spreadsheets: upload, preview, carrying out, taking back.
//!
//! New customers and rows of several customers cannot be written in one scope, and so not in one
//! transaction. Everything or nothing comes about otherwise: the whole file is judged against one
//! snapshot; if a single cell is refused, nothing is made. If none is, all that is to be made is written
//! down with its ids, and that is the commit: from then on each customer's part is one transaction,
//! made once, and whoever finds the import unfinished carries on. Where a part cannot be made any more
//! (a plan was ignored meanwhile), all parts made before are taken back.

mod carrying_out;
mod judging;
mod known;
mod naming;
mod plan;
mod preview;
mod reading;
mod taking_back;

use muster_domain::{
    access::{Actor, Decision, decide_import},
    ids::{CustomerId, ImportId},
    spreadsheets::{ImportKind, ImportSettings, ImportState},
};
use muster_store::{ImportItem, NewImport, SpreadsheetImport};

pub use self::preview::{DuplicateOf, Preview, PreviewColumn, PreviewRow, RowOutcome};
use crate::{Conflict, Context, Error, FieldError, Result, boxed};

/// A file that is brought in.
#[derive(Debug, Clone)]
pub struct SpreadsheetUpload {
    /// The name that it was sent under.
    pub file_name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What its rows are.
    pub holds: ImportKind,
}

/// An import as it stands.
#[derive(Debug, Clone)]
pub struct SpreadsheetView {
    /// The import.
    pub import: SpreadsheetImport,
    /// What a draft would make.
    pub preview: Option<Preview>,
    /// What was made, by the row of the file.
    pub items: Vec<ImportItem>,
}

impl Context {
    /// Whether somebody may bring in spreadsheets of a kind.
    pub fn may_import(&self, actor: &Actor, kind: ImportKind) -> bool {
        decide_import(actor, kind, self.today_utc()) == Decision::Allow
    }

    /// Refuses whoever may not bring in spreadsheets of a kind.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the reason.
    pub fn allow_spreadsheet(&self, actor: &Actor, kind: ImportKind) -> Result<()> {
        match decide_import(actor, kind, self.today_utc()) {
            Decision::Allow => Ok(()),
            Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
            Decision::Invisible => Err(Error::NotFound),
        }
    }

    pub(crate) fn today_utc(&self) -> jiff::civil::Date {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// Keeps a file as a draft, read as it seems to be meant. Nothing is made of it yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] `/file` where it cannot be read in any way.
    #[boxed]
    pub async fn add_spreadsheet(&self, actor: &Actor, upload: SpreadsheetUpload) -> Result<SpreadsheetImport> {
        self.allow_spreadsheet(actor, upload.holds)?;
        let name = naming::file_name(&upload.file_name);
        let (bytes, settings) = self.guess_settings(upload.bytes, upload.holds).await?;
        let settings = ImportSettings { customer: self.only_customer(actor).await?, ..settings };
        let id = ImportId(self.ids.next());
        let new = NewImport { id, file_name: &name, content: &bytes, holds: upload.holds, settings: &settings };
        self.store.add_import(actor, &new, self.now()).await?;
        Ok(self.store.import(actor, id).await?)
    }

    /// Whose rows they are where somebody has one customer only, and no column says it.
    async fn only_customer(&self, actor: &Actor) -> Result<Option<CustomerId>> {
        if actor.is_firm() {
            return Ok(None);
        }
        let known = self.store.portfolio(actor, self.now()).await?.known_customers().await?;
        Ok(match known.as_slice() {
            [only] => Some(only.id),
            _ => None,
        })
    }

    /// The person's own imports, the latest first.
    #[boxed]
    pub async fn spreadsheets(&self, actor: &Actor) -> Result<Vec<SpreadsheetImport>> {
        self.allow_spreadsheet(actor, ImportKind::Tasks)?;
        Ok(self.store.imports(actor).await?)
    }

    /// One of the person's own imports, with what it would make or has made.
    #[boxed]
    pub async fn spreadsheet(&self, actor: &Actor, id: ImportId) -> Result<SpreadsheetView> {
        let import = self.own_import(actor, id).await?;
        let preview = match import.state {
            ImportState::Draft => Some(self.judge(actor, &import).await?.preview),
            _ => None,
        };
        let mut reader = self.store.portfolio(actor, self.now()).await?;
        let items = if preview.is_some() { Vec::new() } else { reader.import_items(id).await? };
        Ok(SpreadsheetView { import, preview, items })
    }

    /// One of the person's own imports. Whoever may bring in nothing learns nothing of any.
    async fn own_import(&self, actor: &Actor, id: ImportId) -> Result<SpreadsheetImport> {
        self.allow_spreadsheet(actor, ImportKind::Tasks)?;
        let import = self.store.import(actor, id).await?;
        self.allow_spreadsheet(actor, import.holds)?;
        Ok(import)
    }

    /// Changes how a draft is read, if nobody did since `expected`.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a column is named twice or the customer is unknown;
    /// [`Conflict::ImportStarted`] where it is no draft any more.
    #[boxed]
    pub async fn set_spreadsheet(
        &self,
        actor: &Actor,
        id: ImportId,
        holds: ImportKind,
        settings: ImportSettings,
        expected: i32,
    ) -> Result<SpreadsheetView> {
        let import = self.own_import(actor, id).await?;
        self.allow_spreadsheet(actor, holds)?;
        if import.state != ImportState::Draft {
            return Err(Error::Conflict(Conflict::ImportStarted));
        }
        if import.version != expected {
            return Err(Error::Stale { current: import.version });
        }
        let settings = self.checked_settings(actor, &import, holds, settings).await?;
        if !self.store.set_import_settings(actor, id, holds, &settings, expected).await? {
            return Err(Error::Conflict(Conflict::ImportStarted));
        }
        self.spreadsheet(actor, id).await
    }

    /// Settings that make sense. Where a file is to be read otherwise, its headers are guessed anew.
    async fn checked_settings(
        &self,
        actor: &Actor,
        import: &SpreadsheetImport,
        holds: ImportKind,
        mut settings: ImportSettings,
    ) -> Result<ImportSettings> {
        settings.columns.retain(|field, _| holds.fields().contains(field));
        let mut taken: Vec<usize> = settings.columns.values().copied().collect();
        taken.sort_unstable();
        if taken.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Error::field(FieldError::new("/columns", "named-twice", "must each hold one thing only")));
        }
        if let Some(customer) = settings.customer {
            let known = self.store.portfolio(actor, self.now()).await?.known_customers().await?;
            if !known.iter().any(|one| one.id == customer) {
                return Err(Error::field(FieldError::unknown_reference("/customer_id")));
            }
        }
        let before = &import.settings;
        let is_read_otherwise = holds != import.holds
            || (before.encoding, before.separator, &before.sheet) != (settings.encoding, settings.separator, &settings.sheet);
        if is_read_otherwise
            && let Some(content) = self.store.import_content(actor, import.id).await?
            && let Ok(columns) = self.guess_columns(content, holds, &settings).await?
        {
            settings.columns = columns;
        }
        Ok(settings)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`Conflict::ImportStarted`] where it is none any more.
    #[boxed]
    pub async fn discard_spreadsheet(&self, actor: &Actor, id: ImportId) -> Result<()> {
        self.own_import(actor, id).await?;
        if self.store.discard_import(actor, id).await? { Ok(()) } else { Err(Error::Conflict(Conflict::ImportStarted)) }
    }
}
