//! Customers, people and tasks from spreadsheets: uploading, the draft with its preview, the result.

mod draft_view;
mod handlers;
mod result_view;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod words;

use askama::Template;

pub(crate) use self::handlers::routes;
use crate::{
    filters,
    layout::{Layout, Nav, Theme},
    parts::{Choice, Crumb, Field, Tone},
};

/// `GET /imports`: uploading a file, and what was brought in before.
#[derive(Debug, Clone, Template)]
#[template(path = "spreadsheets/list.html")]
pub struct SpreadsheetsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// What the reader may bring in: value, word, what it is about, whether it is chosen.
    pub kinds: Vec<KindChoice>,
    /// The file; only what is wrong with it is known again.
    pub file: Field,
    /// The reader's imports, the latest first.
    pub rows: Vec<ImportLine>,
}

/// A kind of rows to choose.
#[derive(Debug, Clone)]
pub struct KindChoice {
    /// `customers`, `people` or `tasks`.
    pub value: &'static str,
    /// Its word.
    pub label: &'static str,
    /// What such rows are.
    pub about: &'static str,
    /// It is chosen.
    pub chosen: bool,
}

/// An import in the list.
#[derive(Debug, Clone)]
pub struct ImportLine {
    /// Id.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// "Tasks".
    pub holds: &'static str,
    /// "Imported".
    pub state: &'static str,
    /// How the state is shown.
    pub tone: Tone,
    /// The icon of the state.
    pub icon: &'static str,
    /// Rows that it made.
    pub rows: u32,
    /// When it came.
    pub when: String,
}

/// `GET /imports/{id}` of a draft.
#[derive(Debug, Clone, Template)]
#[template(path = "spreadsheets/draft.html")]
pub struct DraftPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id.
    pub id: String,
    /// The version that is shown.
    pub version: i32,
    /// The name of the file.
    pub file_name: String,
    /// How the file is read.
    pub settings: SettingsForm,
    /// Why the file cannot be read so.
    pub unreadable: Option<String>,
    /// What has to be chosen first.
    pub missing: Vec<String>,
    /// "3 tasks would be made", "1 row is there already".
    pub counts: Vec<String>,
    /// How many rows are refused.
    pub refused: Option<String>,
    /// The words on the button, where nothing stands in the way.
    pub run: Option<String>,
    /// The headers of the preview.
    pub headers: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<DraftRow>,
    /// "200 more rows are not shown here."
    pub more: Option<String>,
}

/// How a file is read.
#[derive(Debug, Clone)]
pub struct SettingsForm {
    /// What its rows are.
    pub holds: Vec<Choice>,
    /// Encodings, of a text file.
    pub encodings: Vec<Choice>,
    /// Separators, of a text file.
    pub separators: Vec<Choice>,
    /// Sheets, of a workbook.
    pub sheets: Vec<Choice>,
    /// How days are written; empty where no column holds days.
    pub dates: Vec<Choice>,
    /// Customers for all rows; empty where rows are customers.
    pub customers: Vec<Choice>,
    /// Rows that are there already are passed over.
    pub skip_duplicates: bool,
    /// The columns.
    pub columns: Vec<ColumnChoice>,
}

/// A column of the file.
#[derive(Debug, Clone)]
pub struct ColumnChoice {
    /// Its number, counted from 0.
    pub number: usize,
    /// Its header, or "Column 3".
    pub header: String,
    /// Some of its cells.
    pub examples: Vec<String>,
    /// What it can hold.
    pub fields: Vec<Choice>,
}

/// A row of the preview.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// Its number in the file.
    pub line: u32,
    /// What becomes of it.
    pub outcome: String,
    /// How that is shown.
    pub tone: Tone,
    /// Its icon.
    pub icon: &'static str,
    /// Its cells, one for each header.
    pub cells: Vec<DraftCell>,
    /// Refusals that belong to no column.
    pub refusals: Vec<String>,
}

/// A cell of the preview.
#[derive(Debug, Clone, Default)]
pub struct DraftCell {
    /// What stands in it.
    pub text: String,
    /// Why it is refused.
    pub refusal: Option<String>,
}

/// `GET /imports/{id}` of one that was started.
#[derive(Debug, Clone, Template)]
#[template(path = "spreadsheets/result.html")]
pub struct ResultPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// The state in a word.
    pub state: &'static str,
    /// How it is shown.
    pub tone: Tone,
    /// Its icon.
    pub icon: &'static str,
    /// What came of it, in sentences.
    pub outcome: Vec<String>,
    /// Rows that are done and rows in all, while somebody works at it.
    pub working: Option<(u32, u32)>,
    /// What taking it back would do, where that is possible.
    pub undo: Option<&'static str>,
    /// What it made.
    pub items: Vec<ItemLine>,
    /// "200 more rows are not shown here."
    pub more: Option<String>,
}

/// Something that an import made.
#[derive(Debug, Clone)]
pub struct ItemLine {
    /// The row of the file.
    pub line: u32,
    /// Its name or title.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// The customer.
    pub customer: String,
    /// What became of it.
    pub state: &'static str,
    /// How that is shown.
    pub tone: Tone,
    /// Its icon.
    pub icon: &'static str,
}
