//! Signing in, setting a lost password anew, and setting up a new installation.

mod code_handlers;
mod handlers;
mod organisation_handlers;
mod reset_handlers;
mod setup_handlers;
mod unsubscribe;
pub(crate) use handlers::routes;

mod code;
mod invitation;
mod onwards;
mod reset;
mod setup;
mod sign_in;

pub use code::CodePage;
pub use invitation::{InvitationForm, InvitationPage};
pub use onwards::OnwardsPage;
pub use reset::{ResetAskPage, ResetForm, ResetSetPage};
pub use setup::{SetupForm, SetupPage};
pub use sign_in::{SignInNote, SignInPage};
pub use unsubscribe::{UnsubscribePage, Unsubscribing};
