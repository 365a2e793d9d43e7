//! Where standards and templates are assigned.

use axum::{
    Router,
    routing::{get, post},
};

use super::{assign_plan, assign_templates};
use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/customers/{id}/plans", get(assign_plan::form).post(assign_plan::assign))
        .route("/plans/{id}/templates/assign", get(assign_templates::form))
        .route("/plans/{id}/templates", post(assign_templates::assign))
}
