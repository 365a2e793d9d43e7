//! A draft as its page shows it.

use muster_domain::spreadsheets::{DateOrder, ImportField, ImportKind, ImportSettings, TextEncoding, TextSeparator};
use muster_service::{DuplicateOf, Preview, PreviewRow, RowOutcome, SpreadsheetImport};

use super::{ColumnChoice, DraftCell, DraftPage, DraftRow, SettingsForm, words};
use crate::{
    format,
    layout::Layout,
    parts::{Choice, Crumb, Tone},
    text::Text,
};

/// Refused rows that are shown, and other rows.
const REFUSED: usize = 100;
const OTHERS: usize = 30;

pub(super) fn page(layout: Layout, import: SpreadsheetImport, preview: &Preview, kinds: &[ImportKind], t: &Text) -> DraftPage {
    let w = &t.spreadsheets;
    let (made, duplicates, refused) = (preview.made(), preview.duplicates(), preview.refused());
    let mut counts = Vec::new();
    if preview.missing.is_empty() && preview.unreadable.is_none() {
        counts.push(match import.holds {
            ImportKind::Customers => w.made_customers.n(made),
            ImportKind::People => w.made_people.n(made),
            ImportKind::Tasks => w.made_tasks.n(made),
        });
        if duplicates > 0 {
            counts.push(w.duplicates_found.n(duplicates));
        }
    }
    let run = match import.holds {
        ImportKind::Customers => w.run_customers.n(made),
        ImportKind::People => w.run_people.n(made),
        ImportKind::Tasks => w.run_tasks.n(made),
    };
    let headers: Vec<ImportField> =
        import.holds.fields().iter().copied().filter(|field| import.settings.columns.contains_key(field)).collect();
    let shown = shown(preview);
    let hidden = preview.rows.len() - shown.len();
    DraftPage {
        layout,
        crumbs: vec![Crumb::to(w.title, "/imports"), Crumb::here(&import.file_name)],
        id: import.id.to_string(),
        version: import.version,
        settings: settings(&import, preview, kinds, t),
        unreadable: preview.unreadable.as_ref().map(|why| w.unreadable.with(why)),
        missing: preview.missing.iter().map(|field| missing(*field, t)).collect(),
        counts,
        refused: (refused > 0).then(|| w.refused_found.n(refused)),
        run: (preview.is_clean() && made > 0).then_some(run),
        rows: shown.into_iter().map(|one| row(one, &headers, t)).collect(),
        headers: headers.into_iter().map(|field| words::field(field, t)).collect(),
        more: (hidden > 0).then(|| w.more_rows.n(hidden)),
        file_name: import.file_name,
    }
}

/// All refused rows that there is room for, then the first of the others, in the order of the file.
fn shown(preview: &Preview) -> Vec<&PreviewRow> {
    let (refused, others): (Vec<_>, Vec<_>) = preview.rows.iter().partition(|row| row.outcome == RowOutcome::Refused);
    refused.into_iter().take(REFUSED).chain(others.into_iter().take(OTHERS)).collect()
}

fn missing(field: ImportField, t: &Text) -> String {
    match field {
        ImportField::Customer => t.spreadsheets.missing_customer.to_owned(),
        other => t.spreadsheets.missing.with(words::field(other, t)),
    }
}

fn settings(import: &SpreadsheetImport, preview: &Preview, kinds: &[ImportKind], t: &Text) -> SettingsForm {
    let (w, read) = (&t.spreadsheets, &import.settings);
    let is_text = preview.sheets.is_empty();
    let encoding = |one: &TextEncoding| {
        let word = match one {
            TextEncoding::Utf8 => "UTF-8",
            TextEncoding::Windows1252 => "Windows-1252",
            TextEncoding::Utf16 => "UTF-16",
        };
        Choice::new(one.as_str(), word, read.encoding.as_str())
    };
    let separator = |one: &TextSeparator| {
        let word = match one {
            TextSeparator::Comma => w.comma,
            TextSeparator::Semicolon => w.semicolon,
            TextSeparator::Tab => w.tab,
        };
        Choice::new(one.as_str(), word, read.separator.as_str())
    };
    let date = |one: &DateOrder| {
        let word = if *one == DateOrder::DayFirst { w.day_first } else { w.month_first };
        Choice::new(one.as_str(), word, read.date_order.as_str())
    };
    let sheet = read.sheet.clone().or_else(|| preview.sheets.first().cloned()).unwrap_or_default();
    let has_days = [ImportField::DueDate, ImportField::ExpiresOn].iter().any(|field| import.holds.fields().contains(field));
    SettingsForm {
        holds: kinds.iter().map(|kind| Choice::new(kind.as_str(), words::kind(*kind, t), import.holds.as_str())).collect(),
        encodings: if is_text { TextEncoding::ALL.iter().map(encoding).collect() } else { Vec::new() },
        separators: if is_text { TextSeparator::ALL.iter().map(separator).collect() } else { Vec::new() },
        sheets: preview.sheets.iter().map(|name| Choice::new(name, name, &sheet)).collect(),
        dates: if has_days { DateOrder::ALL.iter().map(date).collect() } else { Vec::new() },
        customers: customers(import.holds, read, preview, t),
        skip_duplicates: read.skip_duplicates,
        columns: (0..)
            .zip(&preview.columns)
            .map(|(number, column)| {
                let chosen = column.field.map_or("", ImportField::as_str);
                let fields = import.holds.fields().iter().map(|field| Choice::new(field.as_str(), words::field(*field, t), chosen));
                ColumnChoice {
                    number,
                    header: if column.header.is_empty() { w.unnamed.with(number + 1) } else { column.header.clone() },
                    examples: column.examples.clone(),
                    fields: std::iter::once(Choice::new("", w.pass_over, chosen)).chain(fields).collect(),
                }
            })
            .collect(),
    }
}

fn customers(holds: ImportKind, read: &ImportSettings, preview: &Preview, t: &Text) -> Vec<Choice> {
    if holds == ImportKind::Customers {
        return Vec::new();
    }
    let chosen = read.customer.map(|id| id.to_string()).unwrap_or_default();
    let none = Choice::new("", t.spreadsheets.customer_none, &chosen);
    std::iter::once(none).chain(preview.customers.iter().map(|(id, name)| Choice::new(id.to_string(), name, &chosen))).collect()
}

fn row(row: &PreviewRow, headers: &[ImportField], t: &Text) -> DraftRow {
    let w = &t.spreadsheets;
    let (outcome, tone, icon) = match row.outcome {
        RowOutcome::Made => (w.will_be_made.to_owned(), Tone::Ok, "plus"),
        RowOutcome::MadeAgain(DuplicateOf::There) => (w.again_there.to_owned(), Tone::Warn, "plus"),
        RowOutcome::MadeAgain(DuplicateOf::Line(line)) => (w.again_line.with(line), Tone::Warn, "plus"),
        RowOutcome::Skipped(DuplicateOf::There) => (w.skipped_there.to_owned(), Tone::Mute, "ignored"),
        RowOutcome::Skipped(DuplicateOf::Line(line)) => (w.skipped_line.with(line), Tone::Mute, "ignored"),
        RowOutcome::Refused => (w.refused.to_owned(), Tone::Bad, "late"),
    };
    let said = |field: ImportField| {
        let mine = row.refusals.iter().filter(|one| one.field == field);
        mine.map(|one| sentence(field, &one.message, t)).reduce(|one, next| format!("{one} {next}"))
    };
    let cells = headers.iter().map(|field| {
        let text = row.cells.iter().find(|(one, _)| one == field).map(|(_, text)| text.as_str()).unwrap_or_default();
        let is_day = matches!(field, ImportField::DueDate | ImportField::ExpiresOn);
        let day = text.parse().ok().filter(|_| is_day);
        DraftCell { text: day.map_or_else(|| cut(text), |day| format::full(day, t)), refusal: said(*field) }
    });
    let elsewhere = row.refusals.iter().filter(|one| !headers.contains(&one.field));
    DraftRow {
        line: row.line,
        outcome,
        tone,
        icon,
        cells: cells.collect(),
        refusals: elsewhere.map(|one| sentence(one.field, &one.message, t)).collect(),
    }
}

/// "Due date must be a day."
fn sentence(field: ImportField, message: &str, t: &Text) -> String {
    t.spreadsheets.cell_refused.with2(words::field(field, t), message)
}

/// The beginning of a long text.
fn cut(text: &str) -> String {
    if text.chars().count() <= 120 { text.to_owned() } else { text.chars().take(119).chain(['…']).collect() }
}
