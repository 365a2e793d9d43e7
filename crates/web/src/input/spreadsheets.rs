//! Fields of an import from a spreadsheet.

use std::collections::BTreeMap;

use muster_domain::{
    ids::CustomerId,
    spreadsheets::{DateOrder, ImportField, ImportKind, ImportSettings, TextEncoding, TextSeparator},
};
use muster_service::{Error, SpreadsheetUpload};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Check;
use crate::request::{Upload, sent};

/// How a spreadsheet is to be read: what is not sent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportChange {
    /// customers, people or tasks.
    pub holds: Option<String>,
    /// utf-8, windows-1252 or utf-16, of a text file.
    pub encoding: Option<String>,
    /// comma, semicolon or tab, of a text file.
    pub separator: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// day_first or month_first; 2026-03-17 is always understood.
    pub date_order: Option<String>,
    /// Which column, counted from 0, holds what; all of them. Fields: customer, name, email,
    /// contact_person, phone, address, website, description, time_zone, role, expires_on, approval_steps,
    /// plan, template, title, due_date, priority, assignee, assignee_role, requires_evidence,
    /// evidence_description, notes, task_type.
    pub columns: Option<BTreeMap<String, usize>>,
    /// The customer of all rows that do not say theirs; null for none.
    #[serde(default, deserialize_with = "sent")]
    #[schema(value_type = Option<i32>)]
    pub customer_id: Option<Option<i32>>,
    /// Whether rows that are there already are passed over.
    pub skip_duplicates: Option<bool>,
}

impl ImportChange {
    /// What the file holds and how it is read, from how it is read now.
    pub fn applied_to(&self, holds: ImportKind, settings: ImportSettings) -> Result<(ImportKind, ImportSettings), Error> {
        let mut check = Check::default();
        let holds = check.word("/holds", self.holds.as_deref()).unwrap_or(holds);
        let encoding: Option<TextEncoding> = check.word("/encoding", self.encoding.as_deref());
        let separator: Option<TextSeparator> = check.word("/separator", self.separator.as_deref());
        let date_order: Option<DateOrder> = check.word("/date_order", self.date_order.as_deref());
        let mut columns = BTreeMap::new();
        for (name, at) in self.columns.iter().flatten() {
            let pointer = format!("/columns/{}", name.chars().take(60).collect::<String>());
            if let Some(field) = check.required_word::<ImportField>(&pointer, name) {
                columns.insert(field, *at);
            }
        }
        let settings = ImportSettings {
            encoding: encoding.unwrap_or(settings.encoding),
            separator: separator.unwrap_or(settings.separator),
            sheet: self.sheet.clone().filter(|sheet| !sheet.is_empty()).or(settings.sheet),
            date_order: date_order.unwrap_or(settings.date_order),
            columns: if self.columns.is_some() { columns } else { settings.columns },
            customer: self.customer_id.map_or(settings.customer, |id| id.map(CustomerId)),
            skip_duplicates: self.skip_duplicates.unwrap_or(settings.skip_duplicates),
        };
        check.finish(Some((holds, settings)))
    }
}

/// The file of a form, whose rows are of this kind.
pub fn upload_of(upload: Upload, holds: ImportKind) -> Result<SpreadsheetUpload, Error> {
    let mut check = Check::default();
    if upload.file.is_none() {
        check.refuse("/file", "blank", "must not be blank");
    }
    check.finish(upload.file.map(|(file_name, bytes)| SpreadsheetUpload { file_name, bytes, holds }))
}
