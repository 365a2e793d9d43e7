//! Search by words.

use axum::{Json, extract::State};
use muster_domain::{
    ids::CustomerId,
    search::{Hit, SearchWords},
};
use muster_service::{Error, FieldError, Found};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    problem::Problem,
    request::{Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(in_customer)).routes(routes!(everywhere))
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
struct SearchResult {
    /// The best first.
    items: Vec<HitBody>,
    /// Ask for the next page with this cursor; null on the last page.
    next_cursor: Option<String>,
    /// How many there are; what stands in very many places is counted up to a few hundred of each kind.
    total: i64,
    /// The words that were looked for instead, where nothing held those that were given.
    corrected: Option<String>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SearchHit)]
struct HitBody {
    /// customer, task, question, answer, document, evidence or comment.
    kind: &'static str,
    customer_id: i32,
    customer_name: String,
    /// Its title or name; of an answer the question, of a comment the task.
    title: String,
    /// The part of its text around the first of the words; null where they stand in the title only.
    excerpt: Option<String>,
    /// The standard's code, the template's and the document's name, as far as it goes.
    path: Vec<String>,
    /// The task: itself, or the one that was commented on.
    task_id: Option<Uuid>,
    plan_id: Option<Uuid>,
    template_id: Option<Uuid>,
    /// Of questions and answers.
    question_key: Option<String>,
    document_id: Option<Uuid>,
    evidence_id: Option<Uuid>,
}

impl HitBody {
    fn of(hit: Hit, words: &SearchWords) -> Self {
        let excerpt: String = words.excerpt(&hit.text).into_iter().map(|(part, _)| part).collect();
        Self {
            kind: hit.kind.as_str(),
            customer_id: hit.customer_id.0,
            customer_name: hit.customer_name,
            title: hit.title,
            excerpt: Some(excerpt).filter(|text| !text.is_empty()),
            path: hit.path,
            task_id: hit.task_id.map(|id| id.0),
            plan_id: hit.plan_id.map(|id| id.0),
            template_id: hit.template_id.map(|id| id.0),
            question_key: hit.question_key,
            document_id: hit.document_id.map(|id| id.0),
            evidence_id: hit.evidence_id.map(|id| id.0),
        }
    }
}

/// Find what holds all of the words in a customer: tasks, questions, answers, documents, evidence, comments
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/search",
    tag = "search",
    params(
        ("customer_id" = i32, Path), ("q" = String, Query, description = "words, or how they begin; up to ten are looked at"),
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)
    ),
    responses((status = 200, body = SearchResult), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn in_customer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Json<SearchResult>, Problem> {
    let slice = parameters.slice()?;
    let found = state.context.search(&actor, Some(customer), words(&parameters)?, slice).await?;
    let next_cursor = parameters.next_cursor(slice, found.hits.total);
    Ok(Json(result(found, next_cursor)))
}

/// The same in all customers that one may see, and those customers by their names
#[utoipa::path(
    get,
    path = "/search",
    tag = "search",
    params(
        ("q" = String, Query, description = "words, or how they begin; up to ten are looked at"),
        ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)
    ),
    responses((status = 200, body = SearchResult), (status = 401, body = Problem), (status = 422, body = Problem))
)]
async fn everywhere(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    parameters: Parameters,
) -> Result<Json<SearchResult>, Problem> {
    let slice = parameters.slice()?;
    let found = state.context.search(&actor, None, words(&parameters)?, slice).await?;
    let next_cursor = parameters.next_cursor(slice, found.hits.total);
    Ok(Json(result(found, next_cursor)))
}

fn words(parameters: &Parameters) -> Result<SearchWords, Problem> {
    let words = SearchWords::read(parameters.get("q").unwrap_or_default());
    words.ok_or_else(|| Error::field(FieldError::new("/q", "required", "must hold a letter or a digit")).into())
}

fn result(found: Found, next_cursor: Option<String>) -> SearchResult {
    let words = found.words;
    SearchResult {
        total: found.hits.total,
        next_cursor,
        corrected: found.is_corrected.then(|| words.words().join(" ")),
        items: found.hits.items.into_iter().map(|hit| HitBody::of(hit, &words)).collect(),
    }
}
