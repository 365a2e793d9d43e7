//! The portfolio, a customer's tasks and a customer's evidence as tables for others: CSV and workbooks.

use std::collections::HashMap;

use jiff::{civil::Date, tz::TimeZone};
use muster_domain::{
    access::Actor,
    evidence::{Evidence, EvidenceFilter, EvidenceSort},
    ids::{CustomerId, TaskId},
    tasks::{Task, TaskFilter, TaskSort},
};
use muster_sheet::{Column, Output, Value};
use muster_store::Slice;

use super::{PortfolioFilter, PortfolioRow, PortfolioSort};
use crate::{Context, Error, Result, boxed};

/// The most rows of a table that is given out.
const MOST: i64 = 50_000;

/// The kind of file of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Text with commas between the values.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

impl TableFormat {
    /// A format by its word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// The word, which is the ending of the file as well.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Headers with how wide their columns are.
type Columns = &'static [(&'static str, u16)];

const PORTFOLIO: Columns = &[
    ("Customer", 32),
    ("About", 40),
    ("Consultants", 24),
    ("Tasks", 8),
    ("Done", 8),
    ("Done, per cent", 10),
    ("Overdue", 10),
    ("Waiting on customer", 12),
    ("Evidence expired", 12),
    ("Evidence expiring in 30 days", 14),
    ("Next deadline", 14),
    ("Next task", 40),
    ("Last movement", 14),
    ("Plans", 48),
];

const TASKS: Columns = &[
    ("Level", 12),
    ("Plan", 20),
    ("Template", 28),
    ("Document", 28),
    ("Title", 48),
    ("Description", 48),
    ("Type", 18),
    ("Status", 14),
    ("Priority", 10),
    ("Due date", 12),
    ("Assigned to", 24),
    ("Falls to", 14),
    ("Requires evidence", 12),
    ("Evidence accepted", 12),
    ("Completed on", 14),
    ("Completed by", 24),
    ("Notes", 40),
];

const EVIDENCE: Columns = &[
    ("Name", 40),
    ("Address", 40),
    ("Kind", 14),
    ("State", 14),
    ("Covers from", 12),
    ("Covers to", 12),
    ("Valid until", 12),
    ("Note", 40),
    ("Tasks", 60),
    ("Received on", 14),
    ("Handed in by", 24),
    ("Decided on", 14),
    ("Decided by", 24),
    ("Why it was sent back", 40),
    ("Size in bytes", 14),
    ("SHA-256", 66),
];

impl Context {
    /// The customers that a filter lets through as a table.
    ///
    /// # Errors
    /// As for [`Context::portfolio`].
    #[boxed]
    pub async fn portfolio_table(
        &self,
        actor: &Actor,
        filter: &PortfolioFilter,
        sort: PortfolioSort,
        format: TableFormat,
    ) -> Result<Vec<u8>> {
        let mut counted = self.counted(actor).await?;
        let places: Vec<usize> = counted.matching(filter, sort).into_iter().take(usize::try_from(MOST).unwrap_or(0)).collect();
        let rows = counted.rows(&places).await?;
        drop(counted);
        let zone = actor.time_zone();
        self.written("Portfolio", PORTFOLIO, rows.iter().map(|row| portfolio_row(row, &zone)).collect(), format).await
    }

    /// The tasks of a customer that a filter asks for as a table, with the customer's name.
    ///
    /// # Errors
    /// As for [`Context::tasks`].
    #[boxed]
    pub async fn task_table(
        &self,
        actor: &Actor,
        customer: CustomerId,
        filter: &TaskFilter,
        sort: TaskSort,
        format: TableFormat,
    ) -> Result<(String, Vec<u8>)> {
        let name = self.customer(actor, customer).await?.name;
        let tasks = self.tasks(actor, customer, filter, sort, Slice { limit: MOST, offset: 0 }).await?;
        let zone = actor.time_zone();
        let rows = tasks.items.iter().map(|task| task_row(task, &zone)).collect();
        Ok((name, self.written("Tasks", TASKS, rows, format).await?))
    }

    /// The evidence of a customer that a filter asks for as a table, with the customer's name.
    ///
    /// # Errors
    /// As for [`Context::evidence_list`].
    #[boxed]
    pub async fn evidence_table(
        &self,
        actor: &Actor,
        customer: CustomerId,
        filter: &EvidenceFilter,
        sort: EvidenceSort,
        format: TableFormat,
    ) -> Result<(String, Vec<u8>)> {
        let name = self.customer(actor, customer).await?.name;
        let evidence = self.evidence_list(actor, customer, filter, sort, Slice { limit: MOST, offset: 0 }).await?;
        let mut served: Vec<TaskId> = evidence.items.iter().flat_map(|one| one.task_ids.iter().copied()).collect();
        served.sort_unstable();
        served.dedup();
        let tasks = self.tasks_by_ids(actor, customer, &served).await?;
        let titles: HashMap<TaskId, &str> = tasks.iter().map(|task| (task.id, task.title.as_str())).collect();
        let zone = actor.time_zone();
        let rows = evidence.items.iter().map(|one| evidence_row(one, &titles, &zone)).collect();
        Ok((name, self.written("Evidence", EVIDENCE, rows, format).await?))
    }

    /// Writes a table apart from requests, only so many at once.
    async fn written(&self, name: &str, columns: Columns, rows: Vec<Vec<Value>>, format: TableFormat) -> Result<Vec<u8>> {
        let columns = columns.iter().map(|(header, width)| Column { header: (*header).to_owned(), width: *width }).collect();
        let output = Output { name: name.to_owned(), columns, rows };
        let turn = self.rendering.clone().acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let written = match format {
                TableFormat::Csv => output.to_csv().map_err(Error::internal),
                TableFormat::Xlsx => output.to_workbook().map_err(Error::internal),
            };
            drop(turn);
            written
        })
        .await
        .map_err(Error::internal)?
    }
}

fn day(day: Date) -> Value {
    Value::Day(day.year(), day.month(), day.day())
}

fn yes_no(is: bool) -> Value {
    Value::Text(if is { "yes" } else { "no" }.to_owned())
}

fn portfolio_row(row: &PortfolioRow, zone: &TimeZone) -> Vec<Value> {
    let plans: Vec<String> = row.plans.iter().map(|plan| format!("{} {} %", plan.iso_code, plan.percentage)).collect();
    vec![
        Value::Text(row.name.clone()),
        Value::text(row.description.clone()),
        Value::Text(row.consultants.join(", ")),
        Value::Number(row.progress.total),
        Value::Number(row.progress.completed),
        Value::Number(row.progress.percentage()),
        Value::Number(row.progress.overdue),
        Value::Number(row.waiting),
        Value::Number(row.evidence_expired),
        Value::Number(row.evidence_expiring),
        row.next_due.as_ref().map_or(Value::Empty, |(_, _, due)| day(*due)),
        Value::text(row.next_due.as_ref().map(|(_, title, _)| title.clone())),
        day(row.last_movement.to_zoned(zone.clone()).date()),
        Value::Text(plans.join(", ")),
    ]
}

fn task_row(task: &Task, zone: &TimeZone) -> Vec<Value> {
    vec![
        Value::Text(task.scope.to_string()),
        Value::text(task.iso_code.clone()),
        Value::text(task.template_name.clone()),
        Value::text(task.document_name.clone()),
        Value::Text(task.title.clone()),
        Value::text(task.description.clone()),
        Value::Text(task.task_type.as_str().to_owned()),
        Value::Text(task.status.to_string()),
        Value::Text(task.priority.to_string()),
        task.due_date.map_or(Value::Empty, day),
        Value::text(task.assigned_to.as_ref().map(|person| person.name.clone())),
        Value::text(task.assignee_role.map(|role| role.to_string())),
        yes_no(task.requires_evidence),
        yes_no(task.evidence_uploaded),
        task.completed_at.map_or(Value::Empty, |at| day(at.to_zoned(zone.clone()).date())),
        Value::text(task.completed_by.as_ref().map(|person| person.name.clone())),
        Value::text(task.notes.clone()),
    ]
}

fn evidence_row(one: &Evidence, titles: &HashMap<TaskId, &str>, zone: &TimeZone) -> Vec<Value> {
    let tasks: Vec<&str> = one.task_ids.iter().filter_map(|id| titles.get(id).copied()).collect();
    let (file, details) = (one.content.file(), &one.details);
    let on = |at: jiff::Timestamp| day(at.to_zoned(zone.clone()).date());
    let by = one.uploaded_by.as_ref().map(|person| person.name.clone());
    vec![
        Value::Text(one.filename.clone()),
        Value::text(one.content.url().map(ToOwned::to_owned)),
        Value::Text(details.kind.to_string()),
        Value::Text(one.state().to_string()),
        details.covers_from.map_or(Value::Empty, day),
        details.covers_to.map_or(Value::Empty, day),
        details.valid_until.map_or(Value::Empty, day),
        Value::text(details.note.clone()),
        Value::Text(tasks.join("; ")),
        on(one.received_at),
        Value::text(by.or_else(|| one.respondent.as_ref().map(|name| name.name.clone()))),
        one.decided_at.map_or(Value::Empty, on),
        Value::text(one.decided_by.as_ref().map(|person| person.name.clone())),
        Value::text(one.decision_reason.clone()),
        file.map_or(Value::Empty, |file| Value::Number(file.size)),
        Value::text(file.map(|file| file.sha256.clone())),
    ]
}
