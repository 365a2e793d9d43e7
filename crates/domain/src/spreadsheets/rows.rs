//! Rows of a spreadsheet, read into what they are to become.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use jiff::civil::Date;

use super::{
    DateOrder, ImportField,
    cells::{read_date, read_yes_no},
};
use crate::{
    customers::{CustomerDetails, Zone},
    people::{AssigneeRole, MemberRole},
    tasks::{Priority, TaskType},
    text::{Code, Email, Line, Name, Prose, TextError, Title},
};

/// The cells of a row by what they hold.
pub type RowValues = BTreeMap<ImportField, String>;

/// A cell that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRefusal {
    /// What the cell holds.
    pub field: ImportField,
    /// A stable code for programs.
    pub code: &'static str,
    /// What is wrong, to be read after the column's name.
    pub message: String,
}

impl CellRefusal {
    /// A refusal of a cell.
    pub fn new(field: ImportField, code: &'static str, message: impl Into<String>) -> Self {
        Self { field, code, message: message.into() }
    }
}

/// A person of a customer, as a row has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: Name,
    /// Their roles, in the order of [`MemberRole`].
    pub roles: Vec<MemberRole>,
    /// The last day.
    pub expires_on: Option<Date>,
    /// The approval steps of an approver.
    pub approval_steps: Vec<Code>,
}

/// A task, as a row has it: where it stands and who does it are names still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRow {
    /// The title.
    pub title: Title,
    /// The description.
    pub description: Option<Prose>,
    /// What kind of task.
    pub task_type: TaskType,
    /// By when.
    pub due_date: Option<Date>,
    /// How much it presses.
    pub priority: Priority,
    /// Who it falls to.
    pub assignee_role: Option<AssigneeRole>,
    /// Whether evidence is needed.
    pub requires_evidence: bool,
    /// What evidence.
    pub evidence_description: Option<Prose>,
    /// Notes.
    pub notes: Option<Prose>,
}

/// Reads the cells of one row and collects what is refused.
struct Reading<'a> {
    values: &'a RowValues,
    order: DateOrder,
    refused: Vec<CellRefusal>,
}

impl<'a> Reading<'a> {
    const fn new(values: &'a RowValues, order: DateOrder) -> Self {
        Self { values, order, refused: Vec::new() }
    }

    fn get(&self, field: ImportField) -> Option<&'a str> {
        self.values.get(&field).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    fn refuse(&mut self, field: ImportField, code: &'static str, message: impl Into<String>) {
        self.refused.push(CellRefusal::new(field, code, message));
    }

    fn text<T>(&mut self, field: ImportField, parsed: Result<T, TextError>) -> Option<T> {
        parsed.map_err(|error| self.refuse(field, error.code(), error.to_string())).ok()
    }

    fn required<T>(&mut self, field: ImportField, parse: impl Fn(&str) -> Result<T, TextError>) -> Option<T> {
        let parsed = parse(self.get(field).unwrap_or_default());
        self.text(field, parsed)
    }

    fn optional<T>(&mut self, field: ImportField, parse: impl Fn(Option<&str>) -> Result<Option<T>, TextError>) -> Option<T> {
        let parsed = parse(self.get(field));
        self.text(field, parsed).flatten()
    }

    fn date(&mut self, field: ImportField) -> Option<Date> {
        let text = self.get(field)?;
        let date = read_date(text, self.order);
        if date.is_none() {
            let shape = match self.order {
                DateOrder::DayFirst => "17.03.2026",
                DateOrder::MonthFirst => "03/17/2026",
            };
            self.refuse(field, "malformed", format!("must be a day between 1900 and 2200, written 2026-03-17 or {shape}"));
        }
        date
    }

    fn word<T: FromStr<Err: Display>>(&mut self, field: ImportField) -> Option<T> {
        let word = self.get(field)?.to_lowercase();
        word.parse().map_err(|error: T::Err| self.refuse(field, "not-an-option", format!("must be one of the words known: {error}"))).ok()
    }

    /// The words of a cell that may hold several.
    fn words(&self, field: ImportField) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get(field).unwrap_or_default().split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty())
    }

    fn finish<T>(self, row: Option<T>) -> Result<T, Vec<CellRefusal>> {
        match row {
            Some(row) if self.refused.is_empty() => Ok(row),
            _ => Err(self.refused),
        }
    }
}

/// Reads a customer.
///
/// # Errors
/// Every cell that cannot be taken.
pub fn read_customer(values: &RowValues, order: DateOrder) -> Result<CustomerDetails, Vec<CellRefusal>> {
    use ImportField as F;
    let mut row = Reading::new(values, order);
    let name = row.required(F::Name, Name::parse);
    let email = row.optional(F::Email, Email::parse_optional);
    let contact_person = row.optional(F::ContactPerson, Name::parse_optional);
    let phone = row.optional(F::Phone, Line::parse_optional);
    let address = row.optional(F::Address, Prose::parse_optional);
    let website = row.optional(F::Website, Line::parse_optional);
    let description = row.optional(F::Description, Prose::parse_optional);
    let zone = row.get(F::TimeZone).map_or(Ok(Zone::utc()), Zone::parse);
    let time_zone = row.text(F::TimeZone, zone);
    let details = name.zip(time_zone).map(|(name, time_zone)| CustomerDetails {
        name,
        email,
        contact_person,
        phone,
        address,
        website,
        description,
        time_zone,
    });
    row.finish(details)
}

/// Reads a person of a customer.
///
/// # Errors
/// Every cell that cannot be taken.
pub fn read_person(values: &RowValues, order: DateOrder) -> Result<PersonRow, Vec<CellRefusal>> {
    use ImportField as F;
    let mut row = Reading::new(values, order);
    let email = row.required(F::Email, Email::parse);
    let name = row.required(F::Name, Name::parse);
    let expires_on = row.date(F::ExpiresOn);
    let mut roles = Vec::new();
    for word in row.words(F::Role) {
        match word.to_lowercase().parse::<MemberRole>() {
            Ok(role) => roles.push(role),
            Err(error) => row.refuse(F::Role, "not-an-option", format!("must be one of the words known: {error}")),
        }
    }
    roles.sort_unstable();
    roles.dedup();
    if row.get(F::Role).is_none() {
        row.refuse(F::Role, "blank", "must not be blank");
    }
    if roles.contains(&MemberRole::Consultant) && roles.len() > 1 {
        row.refuse(F::Role, "consultant-alone", "must not join consultant with another role");
    }
    let mut approval_steps = Vec::new();
    for word in row.words(F::ApprovalSteps) {
        let step = Code::parse(word);
        approval_steps.extend(row.text(F::ApprovalSteps, step));
    }
    if !approval_steps.is_empty() && !roles.contains(&MemberRole::Approver) {
        row.refuse(F::ApprovalSteps, "misplaced", "are for approvers only");
    }
    let person = email.zip(name).map(|(email, name)| PersonRow { email, name, roles, expires_on, approval_steps });
    row.finish(person)
}

/// Reads a task.
///
/// # Errors
/// Every cell that cannot be taken.
pub fn read_task(values: &RowValues, order: DateOrder) -> Result<TaskRow, Vec<CellRefusal>> {
    use ImportField as F;
    let mut row = Reading::new(values, order);
    let title = row.required(F::Title, Title::parse);
    let description = row.optional(F::Description, Prose::parse_optional);
    let evidence_description = row.optional(F::EvidenceDescription, Prose::parse_optional);
    let notes = row.optional(F::Notes, Prose::parse_optional);
    let due_date = row.date(F::DueDate);
    let priority = match row.get(F::Priority).map(str::to_lowercase).as_deref() {
        None | Some("normal") => Priority::Medium,
        Some(_) => row.word(F::Priority).unwrap_or(Priority::Medium),
    };
    let assignee_role = row.word(F::AssigneeRole);
    let evidence = row.get(F::RequiresEvidence).map_or(Some(false), read_yes_no);
    if evidence.is_none() {
        row.refuse(F::RequiresEvidence, "malformed", "must be yes or no");
    }
    let word = row.get(F::TaskType).map_or_else(|| TaskType::GENERAL.to_owned(), |word| word.to_lowercase().replace([' ', '-'], "_"));
    if !TaskType::BY_HAND.contains(&word.as_str()) {
        row.refuse(F::TaskType, "not-an-option", format!("must be one of {}", TaskType::BY_HAND.join(", ")));
    }
    let task = title.map(|title| TaskRow {
        title,
        description,
        task_type: TaskType::stored(word),
        due_date,
        priority,
        assignee_role,
        requires_evidence: evidence.unwrap_or(false),
        evidence_description,
        notes,
    });
    row.finish(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(cells: &[(ImportField, &str)]) -> RowValues {
        cells.iter().map(|(field, text)| (*field, (*text).to_owned())).collect()
    }

    fn codes<T: std::fmt::Debug>(read: Result<T, Vec<CellRefusal>>) -> Vec<(ImportField, &'static str)> {
        read.unwrap_err().into_iter().map(|one| (one.field, one.code)).collect()
    }

    #[test]
    fn every_refused_cell_is_told_at_once() {
        use ImportField as F;
        let row = values(&[
            (F::Title, " "),
            (F::DueDate, "tomorrow"),
            (F::Priority, "huge"),
            (F::RequiresEvidence, "perhaps"),
            (F::TaskType, "answer_question"),
        ]);
        let expected = [
            (F::Title, "blank"),
            (F::DueDate, "malformed"),
            (F::Priority, "not-an-option"),
            (F::RequiresEvidence, "malformed"),
            (F::TaskType, "not-an-option"),
        ];
        assert_eq!(codes(read_task(&row, DateOrder::DayFirst)), expected);
        let row = values(&[(F::Name, "Acme"), (F::Email, "nobody"), (F::TimeZone, "Vienna")]);
        assert_eq!(codes(read_customer(&row, DateOrder::DayFirst)), [(F::Email, "malformed"), (F::TimeZone, "malformed")]);
        let row = values(&[(F::Name, "Ada"), (F::Email, "ada@example.org"), (F::Role, "manager, boss"), (F::ApprovalSteps, "ciso")]);
        assert_eq!(codes(read_person(&row, DateOrder::DayFirst)), [(F::Role, "not-an-option"), (F::ApprovalSteps, "misplaced")]);
    }

    #[test]
    fn rows_are_read_as_they_are_meant() {
        use ImportField as F;
        let row = values(&[
            (F::Title, "Review"),
            (F::DueDate, "17.3.2026"),
            (F::Priority, "High"),
            (F::RequiresEvidence, "x"),
            (F::TaskType, "Provide evidence"),
        ]);
        let task = read_task(&row, DateOrder::DayFirst).unwrap();
        assert_eq!((task.priority, task.requires_evidence, task.task_type.as_str()), (Priority::High, true, "provide_evidence"));
        assert_eq!(task.due_date, Some(jiff::civil::date(2026, 3, 17)));
        let row =
            values(&[(F::Name, "Ada"), (F::Email, "Ada@Example.org"), (F::Role, "Approver; manager"), (F::ApprovalSteps, "ciso, manager")]);
        let person = read_person(&row, DateOrder::DayFirst).unwrap();
        assert_eq!((person.roles, person.email.as_str()), (vec![MemberRole::Manager, MemberRole::Approver], "ada@example.org"));
        assert_eq!(person.approval_steps.len(), 2);
    }
}
