//! Use cases of Muster: check, decide, write, commit.
//!
//! [`Context`] holds what every use case needs; each slice adds its methods in a module of its own
//! name. A use case reads the clock once, owns exactly one transaction, and knows nothing of HTTP.

mod account;
mod answers;
mod audit;
mod calendar;
mod comments;
mod context;
mod customers;
pub mod demo;
mod documents;
mod error;
mod events;
mod evidence;
mod exports;
mod firm;
mod generation;
mod identities;
mod identity_provider;
mod imports;
mod jobs;
pub mod legacy;
pub mod library;
mod mail;
mod mailer;
mod once;
mod passwords;
mod people;
mod plans;
mod portfolio;
mod progress;
mod reminders;
mod respondents;
mod rules;
mod sealing;
mod search;
mod secrets;
mod sessions;
mod setup;
mod spreadsheets;
mod tasks;
mod templates;
mod tokens;
mod upgrades;
mod views;
mod workspace;

/// On an async function: its future is boxed where it is written. Other futures are compiled anew in each crate that
/// awaits them, with all that they await in turn: a quarter of the time that it took to compile the pages.
use async_recursion::async_recursion as boxed;

pub use self::{
    account::{Enrolment, Proof, RESET_LIFETIME, ResetLink, TotpState},
    answers::{AnswerRequest, AnswerSaved, Given, Questionnaire, SourceRef},
    audit::{CheckpointRound, KnownEnd, LogReport, LogState},
    calendar::CalendarFile,
    comments::TaskTalk,
    context::{Context, Created, Load, READY_ROOM, SystemClock, TimeOrderedIds},
    customers::CustomerCreated,
    documents::{
        CONFIRMATION_LIFETIME, ComparedTexts, DocumentReport, DocumentRequest, DocumentSaved, DocumentView, NextVersion, REREAD_AHEAD_DAYS,
        UploadedDocument, VersionView,
    },
    error::{Conflict, Error, FieldError, IdentityRefusal},
    events::{News, NewsAcross, Watch, WatchAcross, Watcher},
    evidence::{HandedIn, HandedInContent, HandedInPiece, RENEWAL_DAYS},
    exports::{ExportedDocument, PdfProgram, PdfRefusal, PlanArchive},
    identities::{CameBack, SIGN_IN_ATTEMPT_LIFETIME, SignInBegun, SignInFinished},
    identity_provider::IdentityProvider,
    imports::{ImportOutcome, ImportSource, TemplateImport, TemplateImported},
    jobs::{LetterChange, MAX_ATTEMPTS, MailOfTask},
    mailer::Mailer,
    once::Once,
    people::{Accepted, FirmPersonChange, InvitationLink, MemberChange, MemberInvited, Newcomer},
    plans::{AssignmentMade, PlanAssigned, PlanRequest, TemplateChoice},
    portfolio::{
        Board, BoardCustomer, BoardList, PortfolioFilter, PortfolioPlan, PortfolioRow, PortfolioSort, PortfolioTotals, QUIET_DAYS,
        TableFormat,
    },
    progress::CustomerProgress,
    reminders::Unsubscription,
    respondents::{Asked, AskedQuestion, Delegated},
    rules::{RuleApplied, RuleEffect},
    sealing::SealingKey,
    search::Found,
    secrets::draw_audit_key,
    sessions::{Browser, Credentials, PENDING_LIFETIME, SESSION_LIFETIME, SignInStep, SignedIn},
    spreadsheets::{DuplicateOf, Preview, PreviewColumn, PreviewRow, RowOutcome, SpreadsheetUpload, SpreadsheetView},
    tasks::{AssignedWork, BulkOutcome, TaskList, UndoOutcome, WorkList},
    templates::{DraftEdit, NewStandard, NewTemplate, TemplateDetail},
    tokens::{TokenMade, TokenRequest},
    upgrades::{CustomerUpgrade, UpgradeChoice, UpgradeEffect, UpgradeOutcome, UpgradeRequest},
    views::{NewView, ViewChange},
    workspace::{ReadyAnswer, ReadyFigures, TaskView, WorkspaceView},
};
/// Files on their way in and out.
pub use muster_files::{Bucket, Error as FileError, Received, Upload, VerifiedFile};
/// What use cases take and give that the store defines.
pub use muster_store::{
    AuditFilter, BoardEvidence, BoardTask, CustomerFilter, FilterPlan, Identity, ImportItem, ImportedThing, OutboxFilter, OutboxMail, Page,
    PlanChange, Purpose, RequestFingerprint, Slice, SpreadsheetImport, TakenBack, TrendWeek, VersionSummary, WorkspacePass,
};

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
