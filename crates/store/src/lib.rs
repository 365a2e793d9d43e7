//! All SQL and all migrations of Muster; the only crate that knows sqlx.
//!
//! The pool is private. Rows of a customer are reached only through a scope that is handed out
//! after the access decision ([`Store::reader`], [`Store::writer`], [`Store::portfolio`]); the
//! firm's own things through [`Store::library`] and [`Store::library_writer`]; a person's account
//! through [`Store::account_writer`]; sign-in and installation through the methods of [`Store`] itself. Methods that write exist on writers only.

mod account;
mod answers;
mod audit;
mod calendar;
mod comments;
mod customers;
mod db;
mod documents;
mod drafts;
mod error;
mod events;
mod evidence;
mod exports;
mod firm;
mod gathered;
mod generation;
mod held_sessions;
mod idempotency;
mod identities;
mod install;
mod jobs;
mod legacy;
mod library;
mod lookups;
mod people;
mod plans;
mod portfolio;
mod progress;
mod reminders;
mod respondents;
mod rules;
mod scope;
mod search;
mod sessions;
mod setup;
mod spreadsheets;
mod tasks;
mod templates;
mod tokens;
mod upgrades;
mod views;
mod workspace;

pub use self::{
    account::{AccountWriter, ResetRequest, Totp},
    answers::AnswerChange,
    audit::{AuditFilter, AuditLogs, FirmAuditReader, LogOwner, MovedLog},
    calendar::{CalendarDay, CalendarLink, DayKind, DaysWanted, NewCalendarLink},
    customers::CustomerFilter,
    db::{Settings, Store},
    documents::{DueReading, ExportPlace, KeptExport, KeptVersion, NewDecision, NewDocument, NewVersion, StoredVersion, VersionSummary},
    error::{ConnectError, Error},
    events::{ChangeListener, Heard},
    evidence::{DueRenewal, ExpiredTask, NewContent, NewEvidence},
    exports::{LibraryKeys, WholeStandard},
    firm::FirmWriter,
    generation::{GeneratedTask, GenerationSource},
    held_sessions::Purpose,
    idempotency::{Claim, KeepsAnswers, RequestFingerprint},
    identities::{Identity, NewSignInAttempt, SignInAttempt},
    install::{InstallError, create_database, migrate},
    jobs::{JobListener, LeasedJob, LeasedReminder, NewMail, OutboxFilter, OutboxMail, TaskMail},
    legacy::{
        Changed, Check, Contradiction, Difference, Flushing, FoundFile, LegacyApproval, LegacyDatabase, LegacyError, LegacyRelease,
        LegacyTemplate, LegacyVersion, NamedFile, NewAnswer, NewWork, OriginalDocument, Phase, PlacedDocument, PlacedTask, PlanTemplates,
        Remark, Shape, TaskOrigin, UpgradeDecision, UpgradeState, WaitingTask,
    },
    library::{Imported, LibraryRule, LibraryStandard, LibraryTemplate},
    people::{Acceptance, NewMember, PeopleWriter},
    plans::PlanChange,
    portfolio::{BoardEvidence, BoardTask, BoardTasks, CustomerFigures, ListedCustomer, PlanFigures, PortfolioDetails, TrendWeek},
    reminders::{DueDay, NewReminder, PersonNow, Recipient, RemindedTask, WeekFigures},
    respondents::{NewDelegation, OpenedLink},
    rules::RuleTarget,
    scope::{CustomerReader, CustomerWriter, LibraryReader, LibraryWriter, Locator, Planned, PortfolioReader},
    search::UnlearnedWords,
    sessions::{Credentials, NewSession, NewUser, PendingSignIn, SignInBlock},
    spreadsheets::{
        ImportItem, ImportWork, ImportedThing, KeptBecause, KnownAssignment, KnownCustomer, KnownPerson, KnownPlan, KnownTask, NewImport,
        NewImportItem, SpreadsheetImport, TakenBack, TaskToTakeBack,
    },
    tasks::{CustomerCounts, FilterPlan, NewTaskChange, TaskBefore},
    tokens::{NewApiToken, TokenWriter},
    upgrades::UpgradeTarget,
    views::ViewWriter,
    workspace::WorkspacePass,
};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// How many rows there are in all.
    pub total: i64,
}

/// Which rows of a list are wanted: `limit` of them after the first `offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// At most this many.
    pub limit: i64,
    /// After this many.
    pub offset: i64,
}
