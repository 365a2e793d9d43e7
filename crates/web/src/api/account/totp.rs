//! Two-step sign-in.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{problem::Problem, request::JsonBody, session::AtOwnAccount, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, begin)).routes(routes!(confirm)).routes(routes!(renew)).routes(routes!(remove))
}

/// How two-step sign-in stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Totp)]
struct TotpBody {
    /// Whether a code is asked for at sign-in.
    is_on: bool,
    /// Whether it has to be set up before anything but one's own account is open.
    is_required: bool,
    /// How many recovery codes have not been used.
    recovery_codes_left: i64,
}

/// The present password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordOnly {
    #[schema(format = Password)]
    password: String,
}

/// A code of the app that has just got the secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstCode {
    code: String,
}

/// The present password, and a code or a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordAndCode {
    #[schema(format = Password)]
    password: String,
    code: String,
}

/// A secret for an app that makes codes.
#[derive(Serialize, ToSchema)]
#[schema(as = TotpEnrolment)]
struct EnrolmentBody {
    /// The secret, in base 32.
    secret: String,
    /// The same as an otpauth address.
    otpauth_url: String,
    /// The same as a picture for a camera.
    qr_svg: String,
}

/// Codes that stand in for the app's, each once. They are shown this one time.
#[derive(Serialize, ToSchema)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

/// How my two-step sign-in stands
#[utoipa::path(get, path = "/me/totp", tag = "me", security(("session" = [])), responses((status = 200, body = TotpBody), (status = 401, body = Problem)))]
async fn show(State(state): State<AppState>, AtOwnAccount(actor): AtOwnAccount) -> Result<Json<TotpBody>, Problem> {
    let totp = state.context.totp_state(&actor).await?;
    Ok(Json(TotpBody { is_on: totp.is_on, is_required: totp.is_required, recovery_codes_left: totp.recovery_codes_left }))
}

/// Begin to set up two-step sign-in: a new secret, which asks for nothing until its first code is confirmed
#[utoipa::path(
    post,
    path = "/me/totp",
    tag = "me",
    security(("session" = [])),
    request_body = PasswordOnly,
    responses(
        (status = 201, body = EnrolmentBody), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)
    )
)]
async fn begin(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    JsonBody(body): JsonBody<PasswordOnly>,
) -> Result<(StatusCode, Json<EnrolmentBody>), Problem> {
    let begun = state.context.begin_totp(&actor, &body.password).await?;
    Ok((StatusCode::CREATED, Json(EnrolmentBody { secret: begun.secret, otpauth_url: begun.url, qr_svg: begun.qr_svg })))
}

/// Turn two-step sign-in on with a first code; all my other sessions end
#[utoipa::path(
    post,
    path = "/me/totp/confirm",
    tag = "me",
    security(("session" = [])),
    request_body = FirstCode,
    responses(
        (status = 200, body = RecoveryCodes), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)
    )
)]
async fn confirm(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    JsonBody(body): JsonBody<FirstCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(Json(RecoveryCodes { recovery_codes: state.context.confirm_totp(&actor, &body.code).await? }))
}

/// Make new recovery codes; those from before end
#[utoipa::path(
    post,
    path = "/me/totp/recovery-codes",
    tag = "me",
    security(("session" = [])),
    request_body = PasswordAndCode,
    responses(
        (status = 200, body = RecoveryCodes), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem), (status = 429, body = Problem)
    )
)]
async fn renew(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    JsonBody(body): JsonBody<PasswordAndCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    Ok(Json(RecoveryCodes { recovery_codes: state.context.renew_recovery_codes(&actor, &body.password, &body.code).await? }))
}

/// Turn two-step sign-in off; all my other sessions end
#[utoipa::path(
    post,
    path = "/me/totp/remove",
    tag = "me",
    security(("session" = [])),
    request_body = PasswordAndCode,
    responses(
        (status = 204), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem),
        (status = 429, body = Problem)
    )
)]
async fn remove(
    State(state): State<AppState>,
    AtOwnAccount(actor): AtOwnAccount,
    JsonBody(body): JsonBody<PasswordAndCode>,
) -> Result<StatusCode, Problem> {
    state.context.remove_totp(&actor, &body.password, &body.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
