//! The one error of all use cases. It knows nothing of HTTP; `web::problem` maps it to a status.

use jiff::Timestamp;
use muster_domain::{
    access::Denial,
    answers::AnswerError,
    documents::DocumentRefusal,
    ids::{CustomerId, TemplateId},
    people::PasswordError,
    plans::IgnoredKind,
    tasks::MoveRefusal,
    templates::ContentProblem,
    text::TextError,
};

/// Why a use case was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or the actor may not know that it does.
    #[error("not found")]
    NotFound,
    /// The actor may know that it exists, but not do this.
    #[error("not allowed")]
    Forbidden(Denial),
    /// Nobody is signed in, or the sign-in was wrong.
    #[error("not signed in")]
    Unauthenticated,
    /// The API token is not one that is in force.
    #[error("not a token in force")]
    BadToken,
    /// E-mail address and password do not belong together.
    #[error("wrong e-mail address or password")]
    WrongCredentials,
    /// The password was right; the code of the person's two-step sign-in is missing.
    #[error("the code is missing")]
    CodeRequired,
    /// The person has to set up two-step sign-in before they reach anything but their own account.
    #[error("two-step sign-in has to be set up first")]
    TotpRequired,
    /// The sign-in with the identity provider did not come about.
    #[error("sign-in with the identity provider: {0}")]
    Identity(#[from] IdentityRefusal),
    /// Too many wrong sign-ins; the next one counts from `until`.
    #[error("too many attempts")]
    TooManyAttempts {
        /// When to try again.
        until: Timestamp,
        /// Seconds until then.
        wait_seconds: i64,
    },
    /// Somebody has as many streams of events open as they may.
    #[error("too many streams")]
    TooManyStreams,
    /// Fields that cannot be taken as they are.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// The row has been changed since it was read.
    #[error("changed meanwhile")]
    Stale {
        /// The version that it has now.
        current: i32,
    },
    /// A change has to say which version it is meant for.
    #[error("the version is missing")]
    VersionRequired,
    /// The task machine refuses the move.
    #[error(transparent)]
    Move(#[from] MoveRefusal),
    /// The document machine refuses the move.
    #[error(transparent)]
    Document(#[from] DocumentRefusal),
    /// The state of things is in the way.
    #[error("conflict")]
    Conflict(Conflict),
    /// An idempotency key that came with another request before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The same request is being worked on.
    #[error("the same request is being worked on")]
    KeyInFlight,
    /// A file that is larger than files may be.
    #[error("larger than {limit} bytes")]
    FileTooLarge {
        /// The most bytes.
        limit: u64,
    },
    /// There is no room left for a file.
    #[error("no room left: {0}")]
    StorageFull(String),
    /// The storage that files are kept in is away, or refuses.
    #[error("the storage is away: {0}")]
    StorageAway(String),
    /// A file is gone, or is not what was kept; it is given to nobody.
    #[error("a file is not what was kept: {0}")]
    FileDamaged(String),
    /// There is no PDF at present.
    #[error(transparent)]
    Pdf(crate::PdfRefusal),
    /// The database is away or too busy.
    #[error("not available: {0}")]
    Unavailable(String),
    /// Something that should not happen; logged, never shown.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a sign-in with the identity provider did not come about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityRefusal {
    /// The provider does not answer, or not as a provider does; how, for the log.
    #[error("the provider is away: {0}")]
    Away(String),
    /// The person has turned back at the provider.
    #[error("cancelled at the provider")]
    Cancelled,
    /// What came back proves nothing; why, for the log.
    #[error("not proven: {0}")]
    NotProven(String),
    /// It was not begun in this browser, took too long, or has been finished already.
    #[error("no such attempt")]
    AttemptOver,
    /// The provider knows the person, and nobody here is linked to them.
    #[error("nobody is linked to this subject")]
    Unknown,
    /// The person may not sign in at present.
    #[error("the person is not active")]
    Inactive,
    /// The subject belongs to somebody else, or the person has another subject.
    #[error("linked otherwise")]
    LinkedOtherwise,
}

/// A conflict with the state of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// It, or what it stands under, is ignored and has to be restored first.
    Ignored(IgnoredKind),
    /// Required questions are unanswered.
    DocumentIncomplete {
        /// Their keys, in the template's order.
        missing: Vec<String>,
    },
    /// Something else came in the place of this evidence already.
    EvidenceReplaced,
    /// What is taken over from elsewhere is not there as it was seen.
    SourceChanged,
    /// A template cannot be released without a draft, or with one that is just like the latest release.
    NothingToRelease,
    /// The plan pins this release or a newer one.
    NotNewer,
    /// The template has a draft of its own already, which would be lost.
    DraftThere(TemplateId),
    /// The template is archived: nothing new is made of it.
    TemplateArchived,
    /// A draft that still has problems cannot be released.
    DraftUnfinished {
        /// All of them.
        problems: Vec<ContentProblem>,
    },
    /// Somebody else has the task.
    TakenBySomebodyElse,
    /// Another standard has this code.
    CodeTaken,
    /// The task is not one that a mail completes.
    NoMailTask,
    /// The customer has no address that mails could go to.
    NoMailAddress(CustomerId),
    /// Two-step sign-in is on already.
    TotpIsOn,
    /// Two-step sign-in is not on, or has not been begun.
    TotpIsOff,
    /// There is a mail server, so links go out by mail.
    MailsGoOut,
    /// The customer is archived: nothing of it changes.
    CustomerArchived,
    /// One's own role is somebody else's to change.
    Oneself,
    /// Without this person nobody would run the firm.
    LastAdmin,
    /// The person has accepted already, or was taken away.
    NotInvited,
    /// The person has not accepted their invitation yet.
    NotAccepted,
    /// The person has this place already.
    AlreadyThere,
    /// An earlier step of the document's review and approval is somebody else's.
    NotYourTurn {
        /// The title of the task whose turn it is.
        waits_for: String,
    },
    /// No task rule says who reviews or approves documents.
    NoApprovalSteps,
    /// A review is completed while the document is in review, not before and not after.
    NotInReview,
    /// What is kept of the document is not what was handed in.
    DocumentTampered,
    /// The document is a file that somebody uploaded: it is what there is to take out.
    DocumentIsFile,
    /// Cells of a spreadsheet are refused, or columns are missing: nothing of it is made.
    ImportRefused {
        /// Rows with a refused cell.
        rows: usize,
    },
    /// No row of a spreadsheet would be made.
    NothingToImport,
    /// The import is no draft any more, or was changed meanwhile.
    ImportStarted,
    /// The import is not done, so there is nothing to take back.
    ImportNotDone,
    /// A plan or a template that rows of an import go to was ignored since the import was started.
    ImportPlaceGone,
    /// Somebody who gets tasks by an import cannot be given work any more.
    ImportPersonGone,
}

/// A field that cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Where it is: a JSON pointer such as `/title`.
    pub pointer: String,
    /// A stable code for programs.
    pub code: &'static str,
    /// What is wrong, to be read after the field's name.
    pub message: String,
}

impl FieldError {
    /// A field error.
    pub fn new(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }

    /// A text that was refused.
    pub fn text(pointer: impl Into<String>, error: TextError) -> Self {
        Self::new(pointer, error.code(), error.to_string())
    }

    /// An answer that was refused.
    pub fn answer(pointer: impl Into<String>, error: &AnswerError) -> Self {
        Self::new(pointer, error.code(), error.to_string())
    }

    /// A password that was refused.
    pub fn password(pointer: impl Into<String>, error: PasswordError) -> Self {
        Self::new(pointer, error.code(), error.to_string())
    }

    /// A reference to something that does not exist, or that the actor may not know of: both are
    /// told alike.
    pub fn unknown_reference(pointer: impl Into<String>) -> Self {
        Self::new(pointer, "unknown-reference", "does not exist")
    }
}

impl Error {
    /// One field that cannot be taken as it is.
    pub fn field(error: FieldError) -> Self {
        Self::Invalid(vec![error])
    }

    /// Something that should not happen.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

impl From<muster_files::Error> for Error {
    fn from(error: muster_files::Error) -> Self {
        use muster_files::Error as Files;
        match error {
            Files::TooLarge { limit } => Self::FileTooLarge { limit },
            Files::Full(why) => Self::StorageFull(why.to_string()),
            Files::Missing | Files::Damaged => Self::FileDamaged(error.to_string()),
            Files::Bucket(why) => Self::StorageAway(why.to_string()),
            other @ (Files::NoShelf(_) | Files::NoBucket(_) | Files::Io(_)) => Self::internal(other),
        }
    }
}

impl From<muster_store::Error> for Error {
    fn from(error: muster_store::Error) -> Self {
        use muster_store::Error as Store;
        match error {
            Store::NotFound => Self::NotFound,
            Store::Forbidden(denial) => Self::Forbidden(denial),
            Store::Stale { current } => Self::Stale { current },
            Store::Archived => Self::Conflict(Conflict::CustomerArchived),
            Store::Unavailable(why) => Self::Unavailable(why),
            other @ (Store::Constraint { .. } | Store::Unexpected(_) | Store::Corrupt(_)) => Self::internal(other),
        }
    }
}
