//! Listing, making and revoking tokens.

use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use muster_domain::{ids::TokenId, tokens::TokenOwner};
use muster_service::{CustomerFilter, Error, Slice};

use super::{MadeToken, TokenForm, TokensPage, view};
use crate::{
    input::tokens::NewToken,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        visit::{Form, Said, Visit, go_on},
    },
    problem::Problem,
    request::Ids,
    state::AppState,
};

/// The most customers that a form offers; the API takes others.
const CUSTOMERS: i64 = 200;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/profile/tokens", get(own).post(make_own))
        .route("/profile/tokens/{id}/revoke", post(revoke_own))
        .route("/people/integrations", get(integrations).post(make_integration))
        .route("/people/integrations/{id}/revoke", post(revoke_integration))
}

async fn own(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    list(&state, &visit, TokenOwner::Person).await
}

async fn integrations(State(state): State<AppState>, visit: Visit) -> Result<Response, Problem> {
    list(&state, &visit, TokenOwner::Integration).await
}

async fn make_own(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    make(&state, &visit, TokenOwner::Person, &form).await
}

async fn make_integration(State(state): State<AppState>, visit: Visit, form: Form) -> Result<Response, Problem> {
    make(&state, &visit, TokenOwner::Integration, &form).await
}

async fn revoke_own(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TokenId,)>) -> Result<Response, Problem> {
    state.context.revoke_token(&visit.actor, TokenOwner::Person, id).await?;
    Ok(go_on("/profile/tokens", Some(&Said::TokenRevoked)))
}

async fn revoke_integration(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TokenId,)>) -> Result<Response, Problem> {
    state.context.revoke_token(&visit.actor, TokenOwner::Integration, id).await?;
    Ok(go_on("/people/integrations", Some(&Said::TokenRevoked)))
}

async fn list(state: &AppState, visit: &Visit, owner: TokenOwner) -> Result<Response, Problem> {
    let form = NewToken { rights: Some(vec!["read".to_owned()]), expires_in_days: Some(90), ..NewToken::default() };
    Ok(visit.answer(&page(state, visit, owner, &form, &FieldErrors::default()).await?))
}

/// Makes a token and shows it on this very answer, which nobody keeps: a redirect would have to
/// carry the secret along.
async fn make(state: &AppState, visit: &Visit, owner: TokenOwner, form: &Form) -> Result<Response, Problem> {
    let asked = read(form);
    let made = match asked.parse() {
        Ok(request) => state.context.create_token(&visit.actor, owner, &request).await,
        Err(error) => Err(error),
    };
    let (status, page) = match made {
        Ok(made) => {
            let fresh = NewToken { rights: Some(vec!["read".to_owned()]), expires_in_days: Some(90), ..NewToken::default() };
            let page = page(state, visit, owner, &fresh, &FieldErrors::default()).await?;
            let made = MadeToken { name: made.details.name, token: made.token.expose().to_owned() };
            (StatusCode::OK, TokensPage { made: Some(made), ..page })
        }
        Err(error @ Error::Invalid(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, page(state, visit, owner, &asked, &FieldErrors::of(error)?).await?)
        }
        Err(other) => return Err(other.into()),
    };
    let mut response = visit.answer_with(status, &page);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The fields of the form as the API takes them.
fn read(form: &Form) -> NewToken {
    let customers = || form.all("customer_ids").filter_map(|id| id.parse().ok()).collect();
    NewToken {
        name: form.get("name").map(ToOwned::to_owned),
        rights: Some(form.all("rights").map(ToOwned::to_owned).collect()),
        customer_ids: (form.get("reach") == Some("some")).then(customers),
        expires_in_days: form.get("expires_in_days").and_then(|days| days.parse().ok()),
    }
}

async fn page(state: &AppState, visit: &Visit, owner: TokenOwner, form: &NewToken, refused: &FieldErrors) -> Result<TokensPage, Problem> {
    let tokens = state.context.tokens(&visit.actor, owner).await?;
    let slice = Slice { limit: CUSTOMERS, offset: 0 };
    let customers = state.context.customers(&visit.actor, &CustomerFilter::default(), slice).await?.items;
    let form: TokenForm = view::form(form, &customers, refused, visit.t);
    let title = if owner == TokenOwner::Integration { visit.t.tokens.integrations } else { visit.t.tokens.title };
    Ok(TokensPage {
        layout: visit.layout(state, title, Nav::Elsewhere, None).await?,
        integrations: owner == TokenOwner::Integration,
        made: None,
        form,
        rows: tokens.into_iter().map(|token| view::row(token, &customers, visit.now, visit.t)).collect(),
    })
}
