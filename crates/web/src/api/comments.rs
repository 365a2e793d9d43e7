//! Comments on tasks.

use axum::{Json, extract::State, response::Response};
use muster_domain::{comments::Comment, ids::TaskId, people::Person};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{List, created_without_version};
use crate::{
    input::task_lists::NewComment,
    problem::Problem,
    request::{Creation, Ids, Parameters},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, add))
}

/// A comment on a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comment)]
struct CommentBody {
    /// The id.
    id: Uuid,
    /// The task.
    task_id: Uuid,
    /// Who wrote it.
    author: NamedPerson,
    /// What it says; whoever is named stands in it as `@Name`.
    body: String,
    /// The people whom it names, each once.
    mentions: Vec<NamedPerson>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    written_at: String,
}

/// Somebody with their name.
#[derive(Debug, Serialize, ToSchema)]
struct NamedPerson {
    /// Their id.
    id: i32,
    /// Their name.
    name: String,
    /// They belong to the firm.
    is_firm: bool,
}

impl From<Person> for NamedPerson {
    fn from(person: Person) -> Self {
        Self { id: person.id.0, name: person.name, is_firm: person.is_firm }
    }
}

impl From<Comment> for CommentBody {
    fn from(comment: Comment) -> Self {
        Self {
            id: comment.id.0,
            task_id: comment.task_id.0,
            body: comment.text(),
            author: comment.author.into(),
            mentions: comment.mentions.into_iter().map(NamedPerson::from).collect(),
            written_at: comment.written_at.to_string(),
        }
    }
}

/// What was said about a task, the first comment first
#[utoipa::path(
    get,
    path = "/tasks/{task_id}/comments",
    tag = "tasks",
    params(("task_id" = Uuid, Path), ("limit" = Option<i64>, Query, description = "1 to 200, 50 unless given"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<CommentBody>), (status = 404, body = Problem))
)]
async fn list(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((task,)): Ids<(TaskId,)>,
    parameters: Parameters,
) -> Result<Json<List<CommentBody>>, Problem> {
    parameters.sort(&["written_at"])?;
    let slice = parameters.slice()?;
    let page = state.context.comments(&actor, task, slice).await?;
    let items = page.items.into_iter().map(CommentBody::from).collect();
    Ok(Json(List { next_cursor: parameters.next_cursor(slice, page.total), total: page.total, items }))
}

/// Say something about a task; who is named in it is told
#[utoipa::path(
    post,
    path = "/tasks/{task_id}/comments",
    tag = "tasks",
    params(("task_id" = Uuid, Path), ("Idempotency-Key" = Option<String>, Header)),
    request_body = NewComment,
    responses(
        (status = 201, body = CommentBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)
    )
)]
async fn add(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((task,)): Ids<(TaskId,)>,
    input: Creation<NewComment>,
) -> Result<Response, Problem> {
    let comment = state.context.add_comment(&actor, task, &input.body.parse()?, &input.once).await?.value;
    Ok(created_without_version(&format!("/api/v1/tasks/{task}/comments"), CommentBody::from(comment)))
}
