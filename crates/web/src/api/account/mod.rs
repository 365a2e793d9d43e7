//! One's own account: password, sessions, two-step sign-in; and the links that set a new password.

mod password;
mod resets;
mod sessions;
mod totp;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().merge(password::routes()).merge(sessions::routes()).merge(totp::routes()).merge(resets::routes())
}
