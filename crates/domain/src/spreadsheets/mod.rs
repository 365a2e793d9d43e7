//! What comes in from a spreadsheet: which kinds of rows there are, which columns they have, and how
//! cells are read. Pure: what a name in a cell stands for is looked up elsewhere.

mod cells;
mod guess;
mod rows;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{
    cells::{guess_date_order, read_date, read_yes_no},
    guess::guess_columns,
    rows::{CellRefusal, PersonRow, RowValues, TaskRow, read_customer, read_person, read_task},
};
use crate::{ids::CustomerId, words::word_enum};

/// The most bytes of a file.
pub const FILE_BYTES: usize = 5 * 1024 * 1024;
/// The most columns.
pub const COLUMNS: usize = 60;
/// The most characters of a cell.
pub const CELL_CHARACTERS: usize = 20_000;
/// The most bytes that a workbook may unpack to.
pub const UNPACKED_BYTES: u64 = 64 * 1024 * 1024;

word_enum! {
    /// What the rows of a spreadsheet are.
    ImportKind {
        /// Customers, one a row.
        Customers = "customers",
        /// People of customers, with their roles.
        People = "people",
        /// Tasks of customers.
        Tasks = "tasks",
    }
}

impl ImportKind {
    /// The most rows of a file. New customers and people each take some statements of their own.
    pub const fn most_rows(self) -> usize {
        match self {
            Self::Customers | Self::People => 1_000,
            Self::Tasks => 5_000,
        }
    }

    /// The columns that such rows can have, in the order in which they are shown.
    pub const fn fields(self) -> &'static [ImportField] {
        use ImportField as F;
        match self {
            Self::Customers => &[F::Name, F::Email, F::ContactPerson, F::Phone, F::Address, F::Website, F::Description, F::TimeZone],
            Self::People => &[F::Customer, F::Email, F::Name, F::Role, F::ExpiresOn, F::ApprovalSteps],
            Self::Tasks => &[
                F::Customer,
                F::Plan,
                F::Template,
                F::Title,
                F::Description,
                F::DueDate,
                F::Priority,
                F::Assignee,
                F::AssigneeRole,
                F::RequiresEvidence,
                F::EvidenceDescription,
                F::Notes,
                F::TaskType,
            ],
        }
    }

    /// Whether such rows need a column. The customer can be chosen for all rows instead.
    pub fn needs(self, field: ImportField) -> bool {
        use ImportField as F;
        match self {
            Self::Customers => field == F::Name,
            Self::People => matches!(field, F::Email | F::Name | F::Role),
            Self::Tasks => field == F::Title,
        }
    }
}

word_enum! {
    /// What a column holds.
    ImportField {
        /// The name of the customer that the row belongs to.
        Customer = "customer",
        /// The name of a customer or of a person.
        Name = "name",
        /// A mail address.
        Email = "email",
        /// Whom to ask for.
        ContactPerson = "contact_person",
        /// A telephone number.
        Phone = "phone",
        /// A postal address.
        Address = "address",
        /// A web site.
        Website = "website",
        /// What it is about.
        Description = "description",
        /// A time zone.
        TimeZone = "time_zone",
        /// The roles of a person, separated by commas.
        Role = "role",
        /// The last day of a person's access.
        ExpiresOn = "expires_on",
        /// The approval steps of an approver, separated by commas.
        ApprovalSteps = "approval_steps",
        /// The standard's code or the plan's own name.
        Plan = "plan",
        /// The name of a template of the plan.
        Template = "template",
        /// What is to be done.
        Title = "title",
        /// By when.
        DueDate = "due_date",
        /// How much it presses.
        Priority = "priority",
        /// Who does it: a mail address or a name.
        Assignee = "assignee",
        /// Who it falls to until somebody takes it.
        AssigneeRole = "assignee_role",
        /// Whether evidence is needed.
        RequiresEvidence = "requires_evidence",
        /// What evidence.
        EvidenceDescription = "evidence_description",
        /// Notes.
        Notes = "notes",
        /// What kind of task.
        TaskType = "task_type",
    }
}

word_enum! {
    /// In which order a day is written where it is not `2026-03-17`, which is always understood.
    DateOrder {
        /// 17.03.2026, 17/3/26.
        DayFirst = "day_first",
        /// 03/17/2026.
        MonthFirst = "month_first",
    }
}

word_enum! {
    /// The encoding of a text file.
    TextEncoding {
        /// UTF-8, with or without its mark.
        Utf8 = "utf-8",
        /// Windows-1252.
        Windows1252 = "windows-1252",
        /// UTF-16 with its mark.
        Utf16 = "utf-16",
    }
}

word_enum! {
    /// What stands between the values of a text file.
    TextSeparator {
        /// A comma.
        Comma = "comma",
        /// A semicolon.
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
}

word_enum! {
    /// Where an import stands.
    ImportState {
        /// Uploaded; nothing is made yet.
        Draft = "draft",
        /// Being carried out, customer by customer.
        Running = "running",
        /// Everything is there.
        Done = "done",
        /// One customer's part could not be made, so what was made before is being taken back.
        TakingBack = "taking_back",
        /// Taken back by the program itself.
        Refused = "refused",
        /// Being taken back because somebody asked for it.
        Undoing = "undoing",
        /// Taken back.
        Undone = "undone",
    }
}

impl ImportState {
    /// Whether somebody is at work on it, or has to be.
    pub const fn is_in_work(self) -> bool {
        matches!(self, Self::Running | Self::TakingBack | Self::Undoing)
    }
}

/// How a file is read: guessed first, then as somebody says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSettings {
    /// The encoding, of a text file.
    pub encoding: TextEncoding,
    /// The separator, of a text file.
    pub separator: TextSeparator,
    /// The sheet, of a workbook; the first one unless named.
    pub sheet: Option<String>,
    /// How days are written.
    pub date_order: DateOrder,
    /// Which column holds what, counted from 0. A column that is not named is passed over.
    pub columns: BTreeMap<ImportField, usize>,
    /// The customer of all rows, where no column says which.
    pub customer: Option<CustomerId>,
    /// Rows that are there already are passed over; otherwise they are made once more.
    pub skip_duplicates: bool,
}

/// A name as it is compared: without blanks around it, however it is written in capitals, however its
/// accents are typed.
pub fn same_name(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    name.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>().to_lowercase()
}
