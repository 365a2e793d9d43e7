//! Imports as the API shows them.

use std::collections::BTreeMap;

use muster_domain::spreadsheets::CellRefusal;
use muster_service::{DuplicateOf, ImportItem, ImportedThing, Preview, RowOutcome, SpreadsheetImport, TakenBack};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImport)]
pub struct ImportBody {
    /// Its id.
    id: Uuid,
    /// The name of the file.
    file_name: String,
    /// customers, people or tasks.
    holds: &'static str,
    /// draft, running, done, taking_back, refused (taken back by itself), undoing or undone.
    state: &'static str,
    /// Rows that it makes or made.
    rows: i32,
    /// Why it was taken back by itself: archived, place-gone, person-gone, already-there or failed.
    refusal: Option<String>,
    /// When the file came.
    created_at: String,
    /// When it ended.
    finished_at: Option<String>,
    /// How the file is read.
    settings: SettingsBody,
    /// Counts the changes; the ETag.
    version: i32,
}

/// How a file is read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportSettings)]
pub struct SettingsBody {
    /// utf-8, windows-1252 or utf-16.
    encoding: &'static str,
    /// comma, semicolon or tab.
    separator: &'static str,
    /// The sheet of a workbook; the first one where none is named.
    sheet: Option<String>,
    /// day_first or month_first.
    date_order: &'static str,
    /// Which column, counted from 0, holds what.
    columns: BTreeMap<&'static str, usize>,
    /// The customer of all rows that do not say theirs.
    customer_id: Option<i32>,
    /// Whether rows that are there already are passed over.
    skip_duplicates: bool,
}

/// An import with what it would make, or has made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImportDetail)]
pub struct DetailBody {
    #[serde(flatten)]
    pub import: ImportBody,
    /// What a draft would make.
    pub preview: Option<PreviewBody>,
    /// What was made.
    pub items: Vec<ItemBody>,
}

/// What a draft would make.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreview)]
pub struct PreviewBody {
    /// Whether nothing stands in the way of running it.
    is_clean: bool,
    /// Why the file cannot be read as it is set.
    unreadable: Option<String>,
    /// The sheets of a workbook.
    sheets: Vec<String>,
    /// The headers of the columns.
    headers: Vec<String>,
    /// Fields that are needed and that no column holds.
    missing: Vec<&'static str>,
    /// Rows that are made.
    made: usize,
    /// Rows that are there already.
    duplicates: usize,
    /// Rows with a refused cell.
    refused: usize,
    /// The rows.
    rows: Vec<RowBody>,
}

/// A row of the file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportPreviewRow)]
pub struct RowBody {
    /// Its number in the file.
    line: u32,
    /// made, made_again, skipped or refused.
    outcome: &'static str,
    /// The earlier row of the file that it repeats; null where it is in Muster already.
    repeats_line: Option<u32>,
    /// Its cells by what they hold.
    cells: BTreeMap<&'static str, String>,
    /// The cells that are refused.
    refusals: Vec<RefusalBody>,
}

/// A refused cell.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedCell)]
pub struct RefusalBody {
    /// What the cell holds.
    field: &'static str,
    /// A stable code for programs.
    code: &'static str,
    /// What is wrong, to be read after the column's name.
    message: String,
}

/// Something that an import made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportItem)]
pub struct ItemBody {
    /// The row of the file.
    line: i32,
    /// customer, member or task.
    kind: &'static str,
    /// The customer.
    customer_id: i32,
    /// The person.
    user_id: Option<i32>,
    /// The task.
    task_id: Option<Uuid>,
    /// Its name or title.
    title: String,
    /// made, taken_back or kept.
    state: &'static str,
    /// Why it stays: worked_on, accepted, has_work or archived.
    kept_because: Option<String>,
}

/// Imports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SpreadsheetImports)]
pub struct ImportList {
    /// The latest first; a hundred at most.
    pub items: Vec<ImportBody>,
}

impl From<SpreadsheetImport> for ImportBody {
    fn from(import: SpreadsheetImport) -> Self {
        let settings = import.settings;
        Self {
            id: import.id.0,
            file_name: import.file_name,
            holds: import.holds.as_str(),
            state: import.state.as_str(),
            rows: import.planned,
            refusal: import.refusal,
            created_at: import.created_at.to_string(),
            finished_at: import.finished_at.map(|at| at.to_string()),
            settings: SettingsBody {
                encoding: settings.encoding.as_str(),
                separator: settings.separator.as_str(),
                sheet: settings.sheet,
                date_order: settings.date_order.as_str(),
                columns: settings.columns.into_iter().map(|(field, at)| (field.as_str(), at)).collect(),
                customer_id: settings.customer.map(|id| id.0),
                skip_duplicates: settings.skip_duplicates,
            },
            version: import.version,
        }
    }
}

impl From<Preview> for PreviewBody {
    fn from(preview: Preview) -> Self {
        let (is_clean, made, duplicates, refused) = (preview.is_clean(), preview.made(), preview.duplicates(), preview.refused());
        let repeats = |of| match of {
            DuplicateOf::There => None,
            DuplicateOf::Line(line) => Some(line),
        };
        let rows = preview.rows.into_iter().map(|row| {
            let (outcome, repeats_line) = match row.outcome {
                RowOutcome::Made => ("made", None),
                RowOutcome::MadeAgain(of) => ("made_again", repeats(of)),
                RowOutcome::Skipped(of) => ("skipped", repeats(of)),
                RowOutcome::Refused => ("refused", None),
            };
            let refusal = |one: CellRefusal| RefusalBody { field: one.field.as_str(), code: one.code, message: one.message };
            RowBody {
                line: row.line,
                outcome,
                repeats_line,
                cells: row.cells.into_iter().map(|(field, text)| (field.as_str(), text)).collect(),
                refusals: row.refusals.into_iter().map(refusal).collect(),
            }
        });
        Self {
            is_clean,
            unreadable: preview.unreadable,
            sheets: preview.sheets,
            headers: preview.columns.into_iter().map(|column| column.header).collect(),
            missing: preview.missing.into_iter().map(|field| field.as_str()).collect(),
            made,
            duplicates,
            refused,
            rows: rows.collect(),
        }
    }
}

impl From<ImportItem> for ItemBody {
    fn from(item: ImportItem) -> Self {
        let (kind, user_id, task_id) = match item.thing {
            ImportedThing::Customer => ("customer", None, None),
            ImportedThing::Member(user) => ("member", Some(user.0), None),
            ImportedThing::Task(task) => ("task", None, Some(task.0)),
        };
        let (state, kept_because) = match item.taken_back {
            TakenBack::No => ("made", None),
            TakenBack::Yes => ("taken_back", None),
            TakenBack::Kept(why) => ("kept", Some(why)),
        };
        Self { line: item.line, kind, customer_id: item.customer_id.0, user_id, task_id, title: item.title, state, kept_because }
    }
}
