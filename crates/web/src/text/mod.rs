//! Every word that a person reads, in one place. Templates name a word (`t.workspace.add_task`), a catalogue holds
//! it, and a translation is one more instance of [`Text`].

mod account;
mod audit;
mod calendar;
mod content;
mod editor;
mod evidence;
mod exchange;
mod exports;
mod frame;
mod legacy;
mod library;
mod lists;
mod mail;
mod people;
mod phrase;
mod refusals;
mod respondents;
mod search;
mod spreadsheets;
mod today;
mod tokens;
mod work;

pub use account::*;
pub use audit::{ActionWords, Audit, In};
pub use calendar::*;
pub use content::*;
pub use editor::*;
pub use evidence::*;
pub use exchange::*;
pub use exports::*;
pub use frame::*;
pub use legacy::*;
pub use library::*;
pub use lists::*;
pub use mail::*;
pub use people::*;
pub use phrase::{Count, Part, Phrase, Plural, grouped};
pub use refusals::*;
pub use respondents::*;
pub use search::*;
pub use spreadsheets::*;
pub use today::*;
pub use tokens::*;
pub use work::*;

/// Declares one section of the catalogue together with its English words: the type, and a constant of that type.
///
/// `word` is plain text, `phrase` has gaps, `plural` changes with a number.
macro_rules! section {
    ($(#[$about:meta])* $name:ident, $english:ident; $($field:ident: $kind:ident($($value:literal),+);)+) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name {
            $(#[doc = concat!($("`", $value, "` ",)+)] pub $field: section!(@type $kind),)+
        }
        pub(super) const $english: $name = $name { $($field: section!(@make $kind $($value),+),)+ };
    };
    (@type word) => { &'static str };
    (@type phrase) => { $crate::text::Phrase };
    (@type plural) => { $crate::text::Plural };
    (@make word $value:literal) => { $value };
    (@make phrase $value:literal) => { $crate::text::phrase::Phrase($value) };
    (@make plural $one:literal, $other:literal) => { $crate::text::phrase::Plural { one: $one, other: $other } };
}
use section;

use muster_domain::account::Locale;

/// The whole catalogue of one language.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// Language tag for `<html lang>`.
    pub lang: &'static str,
    /// Direction of writing, `ltr` or `rtl`.
    pub dir: &'static str,
    /// Words that many pages share.
    pub common: Common,
    /// Top bar, account menu, shortcuts.
    pub frame: Frame,
    /// Keyboard shortcuts.
    pub keys: Keys,
    /// Sign-in.
    pub sign_in: SignIn,
    /// Forgotten passwords.
    pub reset: Reset,
    /// One's own account.
    pub account: Account,
    /// How often something comes back.
    pub recurs: Recurs,
    /// Calendars by a secret link.
    pub calendars: Calendars,
    /// Ending a kind of mail by the link in it.
    pub unsubscribe: Unsubscribe,
    /// First administrator of a new installation.
    pub setup: Setup,
    /// The error page.
    pub problem: Problem,
    /// Details of refusals.
    pub refusals: Refusals,
    /// What is wrong with a field.
    pub fields: Fields,
    /// What was just done.
    pub said: Said,
    /// Dates and distances in time.
    pub dates: Dates,
    /// Names of states, levels, priorities, roles.
    pub names: Names,
    /// Portfolio.
    pub portfolio: Portfolio,
    /// The firm's board.
    pub today: Today,
    /// Customers, people and tasks from spreadsheets.
    pub spreadsheets: Spreadsheets,
    /// Form of a customer.
    pub customer: Customer,
    /// Workspace of a customer.
    pub workspace: Workspace,
    /// One task: drawer, form.
    pub task: Task,
    /// Evidence.
    pub evidence: EvidenceText,
    /// Search.
    pub search: SearchText,
    /// The mail of a task, and the outbox.
    pub mail: Mail,
    /// The pages of the audit log.
    pub audit: Audit,
    /// Every action of the audit log.
    pub audit_actions: &'static [ActionWords],
    /// Groups of these actions: the word before the dot, its name, its icon.
    pub audit_groups: &'static [(&'static str, &'static str, &'static str)],
    /// Names of what an entry tells in detail.
    pub audit_details: &'static [(&'static str, &'static str)],
    /// Words for values that the log keeps as words of its own.
    pub audit_values: &'static [(&'static str, &'static str)],
    /// Delegating questions, and those who answer by a link.
    pub respondents: Respondents,
    /// API tokens and integrations.
    pub tokens: Tokens,
    /// People of a customer and of the firm.
    pub people: People,
    /// Accepting an invitation.
    pub invitation: Invitation,
    /// The firm's settings.
    pub firm: FirmText,
    /// Ignoring, and what is ignored.
    pub ignoring: Ignoring,
    /// Two people changed the same thing.
    pub conflict: Conflict,
    /// Assigning standards and templates.
    pub assign: Assign,
    /// My work.
    pub my_work: MyWork,
    /// Lists of tasks.
    pub lists: Lists,
    /// Changing a task in its row.
    pub cells: Cells,
    /// Views that a person keeps.
    pub views: Views,
    /// Changing several tasks.
    pub bulk: Bulk,
    /// Comments on a task, and its history.
    pub talk: Talk,
    /// Questionnaire.
    pub questionnaire: Questionnaire,
    /// Read view of a document.
    pub document: Document,
    /// Taking documents out.
    pub exports: Exports,
    /// The older database.
    pub legacy: Legacy,
    /// Library: standards and templates.
    pub library: Library,
    /// Importing a template.
    pub import: Import,
    /// Bringing plans to a newer release.
    pub upgrade: Upgrade,
    /// Writing templates.
    pub editor: Editor,
    /// Library: task rules.
    pub rules: Rules,
    /// Description of the API.
    pub api: Api,
}

impl Text {
    /// The catalogue for a locale.
    #[must_use]
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::British => &ENGLISH,
            Locale::American => &AMERICAN,
        }
    }
}

/// The English catalogue with dates as in America.
pub static AMERICAN: Text = Text { lang: "en-US", dates: AMERICAN_DATES, ..ENGLISH };

/// The English catalogue.
pub static ENGLISH: Text = Text {
    lang: "en",
    dir: "ltr",
    common: COMMON,
    frame: FRAME,
    keys: KEYS,
    sign_in: SIGN_IN,
    reset: RESET,
    account: ACCOUNT,
    recurs: RECURS,
    calendars: CALENDARS,
    unsubscribe: UNSUBSCRIBE,
    setup: SETUP,
    problem: PROBLEM,
    refusals: REFUSALS,
    fields: FIELDS,
    said: SAID,
    dates: DATES,
    names: NAMES,
    portfolio: PORTFOLIO,
    today: TODAY,
    spreadsheets: SPREADSHEETS,
    customer: CUSTOMER,
    workspace: WORKSPACE,
    task: TASK,
    evidence: EVIDENCE,
    search: SEARCH,
    mail: MAIL,
    audit: audit::AUDIT,
    audit_actions: audit::ACTIONS,
    audit_groups: audit::GROUPS,
    audit_details: audit::DETAILS,
    audit_values: audit::VALUES,
    respondents: RESPONDENTS,
    tokens: TOKENS,
    people: PEOPLE,
    invitation: INVITATION,
    firm: FIRM,
    ignoring: IGNORING,
    conflict: CONFLICT,
    assign: ASSIGN,
    my_work: MY_WORK,
    lists: LISTS,
    cells: CELLS,
    views: VIEWS,
    bulk: BULK,
    talk: TALK,
    questionnaire: QUESTIONNAIRE,
    document: DOCUMENT,
    exports: exports::EXPORTS,
    legacy: LEGACY,
    library: LIBRARY,
    import: IMPORT,
    upgrade: UPGRADE,
    editor: EDITOR,
    rules: RULES,
    api: API,
};
