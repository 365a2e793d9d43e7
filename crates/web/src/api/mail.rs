//! The mail of a task.

use axum::{Json, extract::State};
use muster_domain::{ids::TaskId, mail::Mail};
use muster_service::MailOfTask;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::bodies::TaskBody;
use crate::{
    input::mail::MailRequest,
    problem::Problem,
    request::{Ids, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(send))
}

/// A mail, as it goes out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mail)]
struct MailBody {
    /// The address that it goes to.
    to: String,
    /// The name that stands before the address.
    to_name: Option<String>,
    subject: String,
    /// Its words, for programs that show text only.
    text: String,
    /// The same words as a page.
    html: String,
}

/// The mail of a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskMail)]
struct TaskMailBody {
    /// preview (nothing has been queued), queued, held (there is no mail server), sending, sent, or failed.
    state: &'static str,
    /// Why the last attempt failed.
    last_error: Option<String>,
    mail: MailBody,
    task: TaskBody,
}

impl From<Mail> for MailBody {
    fn from(mail: Mail) -> Self {
        Self {
            to: mail.to.address.to_string(),
            to_name: mail.to.name.map(|name| name.to_string()),
            subject: mail.subject.to_string(),
            text: mail.text.as_str().to_owned(),
            html: mail.html,
        }
    }
}

impl From<MailOfTask> for TaskMailBody {
    fn from(of_task: MailOfTask) -> Self {
        Self {
            state: of_task.state.map_or("preview", |state| state.as_str()),
            last_error: of_task.last_error,
            mail: of_task.mail.into(),
            task: of_task.task.into(),
        }
    }
}

/// Preview or send the mail of a task; the task is completed once the mail server has accepted it
#[utoipa::path(
    post,
    path = "/tasks/{task_id}/send",
    tag = "tasks",
    params(("task_id" = Uuid, Path)),
    request_body = MailRequest,
    responses(
        (status = 200, body = TaskMailBody), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "the task is not about a mail, is done or ignored, or the customer has no address"),
        (status = 422, body = Problem)
    )
)]
async fn send(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((id,)): Ids<(TaskId,)>,
    JsonBody(body): JsonBody<MailRequest>,
) -> Result<Json<TaskMailBody>, Problem> {
    let letter = body.parse()?;
    let of_task = if body.preview.unwrap_or(false) {
        state.context.preview_task_mail(&actor, id, letter).await?
    } else {
        state.context.send_task_mail(&actor, id, letter).await?
    };
    Ok(Json(of_task.into()))
}
