//! Signing in, and setting up a new installation.

mod handlers;
mod organisation_handlers;
mod setup_handlers;
pub(crate) use handlers::routes;

mod invitation;
mod onwards;
mod setup;
mod sign_in;

pub use invitation::{InvitationForm, InvitationPage};
pub use onwards::OnwardsPage;
pub use setup::{SetupForm, SetupPage};
pub use sign_in::{SignInNote, SignInPage};
