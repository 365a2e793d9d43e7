//! Judging a whole file against one snapshot: which rows would be made, which are there already, and
//! which cells are refused.

use std::collections::HashMap;

use jiff::civil::Date;
use muster_domain::{
    access::{Action, Actor, Decision, decide},
    ids::CustomerId,
    people::MemberRole,
    spreadsheets::{
        CellRefusal, DateOrder, ImportField as F, ImportKind, ImportSettings, RowValues, read_customer, read_date, read_person, read_task,
        same_name,
    },
    tasks::TaskPlace,
};
use muster_sheet::{Cell, Row};
use muster_store::SpreadsheetImport;

use super::{
    known::Known,
    plan::PlannedRow,
    preview::{DuplicateOf, Preview, PreviewColumn, PreviewRow, RowOutcome},
    reading::{Table, text},
};
use crate::{Context, Error, Result};

/// A file that was judged: what is shown, and the rows that are to be made.
pub(super) struct Judged {
    pub(super) preview: Preview,
    /// Each with its customer; none for a customer that is to be made.
    pub(super) rows: Vec<(Option<CustomerId>, PlannedRow)>,
}

/// What a row that can be made comes to.
struct Found {
    customer: Option<CustomerId>,
    place: Option<TaskPlace>,
    person: Option<i32>,
    /// What it is the same as, if another row has it.
    same: String,
    /// It is there already, before the file.
    is_there: bool,
    /// It cannot be there twice.
    is_unique: bool,
}

/// What rows are judged by.
struct Judge<'a> {
    actor: &'a Actor,
    holds: ImportKind,
    order: DateOrder,
    fixed: Option<CustomerId>,
    today: Date,
    known: Known,
}

impl Context {
    /// Judges a draft's file against what is there now.
    pub(super) async fn judge(&self, actor: &Actor, import: &SpreadsheetImport) -> Result<Judged> {
        let (holds, settings) = (import.holds, &import.settings);
        let content = self.store.import_content(actor, import.id).await?.ok_or(Error::NotFound)?;
        let mut reader = self.store.portfolio(actor, self.now()).await?;
        let mut known = Known::of(&mut reader).await?;
        let customers = known.listed.clone();
        let table = match self.read_table(content, holds, settings).await? {
            Ok(table) => table,
            Err(why) => {
                let preview = Preview { unreadable: Some(why), customers, ..Preview::default() };
                return Ok(Judged { preview, rows: Vec::new() });
            }
        };
        let rows: Vec<(u32, RowValues, Vec<CellRefusal>)> = table.body().iter().map(|row| values_of(row, settings)).collect();
        let named: Vec<i32> = match settings.columns.get(&F::Customer) {
            None => settings.customer.iter().map(|id| id.0).collect(),
            Some(_) => {
                let names = rows.iter().filter_map(|(_, values, _)| values.get(&F::Customer));
                let mut ids: Vec<i32> = names.filter_map(|name| Some(known.customer(name).ok()?.0)).collect();
                ids.extend(settings.customer.map(|id| id.0));
                ids.sort_unstable();
                ids.dedup();
                ids
            }
        };
        let texts = |field: F| {
            rows.iter().filter_map(move |(_, values, _)| values.get(&field)).map(|text| text.trim().to_lowercase()).collect::<Vec<_>>()
        };
        let today = self.today_utc();
        match holds {
            ImportKind::Customers => {}
            ImportKind::People => known.add_people(&mut reader, &named, &texts(F::Email), today).await?,
            ImportKind::Tasks => {
                known.add_people(&mut reader, &named, &[], today).await?;
                known.add_work(&mut reader, &named, &texts(F::Title)).await?;
            }
        }
        drop(reader);
        let judge = Judge { actor, holds, order: settings.date_order, fixed: settings.customer, today, known };
        let mut judged = judge.all(rows, settings, &mut || self.ids.next());
        judged.preview.columns = columns(&table, settings);
        judged.preview.sheets = table.sheets;
        judged.preview.customers = customers;
        Ok(judged)
    }
}

/// The cells of a row by what they hold, and those that are refused as they stand.
fn values_of(row: &Row, settings: &ImportSettings) -> (u32, RowValues, Vec<CellRefusal>) {
    let (mut values, mut refused) = (RowValues::new(), Vec::new());
    for (field, at) in &settings.columns {
        match row.cells.get(*at) {
            None => {}
            Some(Cell::Text(text)) if text.trim().is_empty() => {}
            Some(Cell::Text(text)) => drop(values.insert(*field, text.clone())),
            Some(Cell::Broken(text)) => {
                values.insert(*field, text.clone());
                refused.push(CellRefusal::new(*field, "broken-formula", "holds a formula that came to nothing"));
            }
        }
    }
    (row.number, values, refused)
}

/// The columns of the file, with examples.
fn columns(table: &Table, settings: &ImportSettings) -> Vec<PreviewColumn> {
    let headers = table.headers();
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    (0..width)
        .map(|at| {
            let cells = table.body().iter().filter_map(|row| row.cells.get(at)).map(text).map(str::trim);
            PreviewColumn {
                header: headers.get(at).cloned().unwrap_or_default(),
                examples: cells.filter(|text| !text.is_empty()).take(3).map(|text| text.chars().take(60).collect()).collect(),
                field: settings.columns.iter().find(|(_, column)| **column == at).map(|(field, _)| *field),
            }
        })
        .collect()
}

impl Judge<'_> {
    fn all(
        &self,
        rows: Vec<(u32, RowValues, Vec<CellRefusal>)>,
        settings: &ImportSettings,
        draw: &mut dyn FnMut() -> uuid::Uuid,
    ) -> Judged {
        let mut preview = Preview { missing: self.missing(settings), ..Preview::default() };
        let (mut planned, mut seen) = (Vec::new(), HashMap::<String, u32>::new());
        let is_complete = preview.missing.is_empty();
        for (line, values, broken) in rows {
            let shown = self.shown(&values);
            let (refusals, outcome) = match self.row(&values) {
                // Without a column that is needed every row would be refused for the same reason.
                _ if !is_complete => (broken, RowOutcome::Made),
                Err(mut refused) => {
                    refused.retain(|one| !broken.iter().any(|other| other.field == one.field));
                    ([broken, refused].concat(), RowOutcome::Refused)
                }
                Ok(_) if !broken.is_empty() => (broken, RowOutcome::Refused),
                Ok(found) => {
                    let before = seen.get(&found.same).copied().map(DuplicateOf::Line);
                    let duplicate = if found.is_there { Some(DuplicateOf::There) } else { before };
                    seen.entry(found.same.clone()).or_insert(line);
                    let outcome = match duplicate {
                        None => RowOutcome::Made,
                        Some(of) if settings.skip_duplicates || found.is_unique => RowOutcome::Skipped(of),
                        Some(of) => RowOutcome::MadeAgain(of),
                    };
                    if !matches!(outcome, RowOutcome::Skipped(_)) {
                        let place = found.place.and_then(|place| Some((place.plan()?.0, place.template().map(|id| id.0))));
                        planned.push((found.customer, PlannedRow { line, values, id: draw(), place, person: found.person }));
                    }
                    (Vec::new(), outcome)
                }
            };
            preview.rows.push(PreviewRow { line, cells: shown, refusals, outcome });
        }
        Judged { preview, rows: planned }
    }

    /// The columns that are needed and not named.
    fn missing(&self, settings: &ImportSettings) -> Vec<F> {
        let is_named = |field: F| settings.columns.contains_key(&field);
        let mut missing: Vec<F> =
            self.holds.fields().iter().copied().filter(|field| self.holds.needs(*field) && !is_named(*field)).collect();
        if self.holds != ImportKind::Customers && !is_named(F::Customer) && self.fixed.is_none() {
            missing.insert(0, F::Customer);
        }
        missing
    }

    /// The cells in the order of the kind's fields, days as they were understood.
    fn shown(&self, values: &RowValues) -> Vec<(F, String)> {
        let fields = self.holds.fields().iter().filter_map(|field| Some((*field, values.get(field)?)));
        let is_day = |field: F| matches!(field, F::DueDate | F::ExpiresOn);
        fields
            .map(|(field, text)| match read_date(text, self.order).filter(|_| is_day(field)) {
                Some(day) => (field, day.to_string()),
                None => (field, text.trim().to_owned()),
            })
            .collect()
    }

    fn row(&self, values: &RowValues) -> Result<Found, Vec<CellRefusal>> {
        match self.holds {
            ImportKind::Customers => self.customer(values),
            ImportKind::People => self.person(values),
            ImportKind::Tasks => self.task(values),
        }
    }

    fn customer(&self, values: &RowValues) -> Result<Found, Vec<CellRefusal>> {
        let details = read_customer(values, self.order)?;
        let same = same_name(details.name.as_str());
        let is_there = self.known.customers.contains_key(&same);
        Ok(Found { customer: None, place: None, person: None, same, is_there, is_unique: false })
    }

    /// The customer that a row belongs to, if something may be done there.
    fn customer_of(&self, values: &RowValues, action: Action<'_>) -> Result<CustomerId, CellRefusal> {
        let customer = match (values.get(&F::Customer), self.fixed) {
            (Some(name), _) => self.known.customer(name)?,
            (None, Some(fixed)) => fixed,
            (None, None) => return Err(CellRefusal::new(F::Customer, "blank", "must not be blank")),
        };
        match decide(self.actor, customer, action, self.today) {
            Decision::Allow => Ok(customer),
            Decision::Forbid(_) | Decision::Invisible => {
                Err(CellRefusal::new(F::Customer, "not-allowed", "is a customer for whom you may not make this"))
            }
        }
    }

    fn person(&self, values: &RowValues) -> Result<Found, Vec<CellRefusal>> {
        let read = read_person(values, self.order);
        let customer = self.customer_of(values, Action::ReadPeople);
        let (person, customer) = match (read, customer) {
            (Ok(person), Ok(customer)) => (person, customer),
            (read, customer) => return Err(read.err().into_iter().flatten().chain(customer.err()).collect()),
        };
        let mut refused = Vec::new();
        for role in &person.roles {
            if decide(self.actor, customer, Action::ManageMember { role: *role }, self.today) != Decision::Allow {
                refused.push(CellRefusal::new(F::Role, "not-allowed", format!("is `{role}`, which you may not give here")));
            }
        }
        let known = self.known.person(person.email.as_str());
        let is_consultant = person.roles == [MemberRole::Consultant];
        match known {
            Some(one) if one.is_firm && !is_consultant => {
                refused.push(CellRefusal::new(F::Email, "of-the-firm", "belongs to somebody of the firm"))
            }
            Some(one) if one.is_firm => {}
            _ if is_consultant => {
                refused.push(CellRefusal::new(F::Email, "not-of-the-firm", "does not belong to a consultant of the firm"))
            }
            _ => {}
        }
        if !refused.is_empty() {
            return Err(refused);
        }
        let is_there = known.is_some_and(|one| one.places.iter().any(|place| place.0 == customer));
        let colleague = known.filter(|_| is_consultant).map(|one| one.id.0);
        let same = format!("{customer}/{}", person.email);
        Ok(Found { customer: Some(customer), place: None, person: colleague, same, is_there, is_unique: true })
    }

    fn task(&self, values: &RowValues) -> Result<Found, Vec<CellRefusal>> {
        let read = read_task(values, self.order);
        let cell = |field: F| values.get(&field).map(|text| text.trim()).filter(|text| !text.is_empty());
        let customer = match self.customer_of(values, Action::ShapeWork) {
            Ok(customer) => customer,
            Err(refused) => return Err(read.err().into_iter().flatten().chain([refused]).collect()),
        };
        let place = self.known.place(customer, cell(F::Plan), cell(F::Template));
        let assignee = cell(F::Assignee).map(|name| self.known.assignee(customer, name)).transpose();
        match (read, place, assignee) {
            (Ok(task), Ok(place), Ok(assignee)) => {
                let title = same_name(task.title.as_str());
                let is_there = self.known.has_task(customer, place, &title);
                let same = format!("{customer}/{place:?}/{title}");
                Ok(Found {
                    customer: Some(customer),
                    place: Some(place),
                    person: assignee.map(|one| one.id.0),
                    same,
                    is_there,
                    is_unique: false,
                })
            }
            (read, place, assignee) => Err(read.err().into_iter().flatten().chain(place.err()).chain(assignee.err()).collect()),
        }
    }
}
