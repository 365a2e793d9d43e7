//! Writing and sending the mail of a task; the outbox.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use muster_domain::{
    ids::{JobId, TaskId},
    mail::MailState,
};
use muster_service::{Error, LetterChange, MailOfTask, OutboxFilter, OutboxMail, Slice};

use super::{MailForm, MailPage, OutboxPage, OutboxRow};
use crate::{
    format,
    input::mail::MailRequest,
    layout::Nav,
    pages::{
        field_errors::FieldErrors,
        surroundings::{customer_crumbs, customer_nav},
        visit::{Form, Said, Visit, go_on},
    },
    parts::Field,
    problem::Problem,
    request::{Ids, Parameters},
    state::AppState,
};

/// How many mails one page of the outbox shows.
const ROWS: i64 = 50;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/tasks/{id}/mail", get(write).post(send)).route("/outbox", get(outbox)).route("/outbox/{id}/retry", post(retry))
}

/// The mail as it is proposed, or as it was sent.
async fn write(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>) -> Result<Response, Problem> {
    let mail = state.context.preview_task_mail(&visit.actor, id, LetterChange::default()).await?;
    Ok(visit.answer(&page(&state, &visit, mail).await?))
}

/// Shows what was written once more, or sends it, as the pressed button says.
async fn send(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(TaskId,)>, form: Form) -> Result<Response, Problem> {
    let field = |name: &str| form.get(name).map(ToOwned::to_owned);
    let letter = match (MailRequest { preview: None, subject: field("subject"), body: field("body") }).parse() {
        Ok(letter) => letter,
        Err(Error::Invalid(errors)) => {
            let mail = state.context.preview_task_mail(&visit.actor, id, LetterChange::default()).await?;
            let mut page = page(&state, &visit, mail).await?;
            let refused = FieldErrors::beside(errors, &["subject", "body"])?;
            let typed = |name: &str| refused.field_or(name, form.text(name), visit.t.mail.blank, visit.t);
            page.form = Some(MailForm { subject: typed("subject"), body: typed("body") });
            return Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
        Err(error) => return Err(error.into()),
    };
    if form.get("do") == Some("preview") {
        let mail = state.context.preview_task_mail(&visit.actor, id, letter).await?;
        return Ok(visit.answer(&page(&state, &visit, mail).await?));
    }
    let sent = state.context.send_task_mail(&visit.actor, id, letter).await?;
    let said = match sent.state {
        Some(MailState::Held) => Said::MailHeld,
        _ => Said::MailQueued,
    };
    Ok(go_on(&home(&sent), Some(&said)))
}

fn home(mail: &MailOfTask) -> String {
    format!("/customers/{}?task={}#task", mail.task.customer_id, mail.task.id)
}

async fn page(state: &AppState, visit: &Visit, of_task: MailOfTask) -> Result<MailPage, Problem> {
    let (task, mail, title) = (&of_task.task, &of_task.mail, visit.t.mail.title);
    // One that was given up is written anew; why it failed is told beside it.
    let known = state.context.task_mail_state(&visit.actor, task).await?;
    let address = mail.to.address.as_str();
    Ok(MailPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(task.customer_id.0)).await?,
        crumbs: customer_crumbs(visit, task.customer_id, &task.customer_name, title),
        action: format!("/tasks/{}/mail", task.id),
        back: home(&of_task),
        to: mail.to.name.as_ref().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>")),
        form: of_task.body.as_ref().map(|body| MailForm { subject: Field::of(mail.subject.as_str()), body: Field::of(body.as_str()) }),
        subject: mail.subject.to_string(),
        text: mail.text.as_str().to_owned(),
        state: known.as_ref().map(|known| known.0),
        problem: known.and_then(|known| known.1),
        held: !state.context.has_mail_server(),
    })
}

/// One page of the outbox.
async fn outbox(State(state): State<AppState>, visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let page = parameters.get("page").and_then(|page| page.parse::<i64>().ok()).unwrap_or(1).clamp(1, 100_000);
    let slice = Slice { limit: ROWS, offset: (page - 1) * ROWS };
    let mails = state.context.outbox(&visit.actor, OutboxFilter::default(), slice).await?;
    let has_server = state.context.has_mail_server();
    let row = |one: OutboxMail| OutboxRow {
        id: one.id.to_string(),
        to: one.to,
        subject: one.subject,
        state: MailState::of_job(one.state, has_server),
        attempts: one.attempts,
        problem: one.last_error,
        at: format::moment(one.created_at, &visit.zone(), visit.t),
    };
    Ok(visit.answer(&OutboxPage {
        layout: visit.layout(&state, visit.t.mail.outbox, Nav::Elsewhere, None).await?,
        newer: (page > 1).then(|| format!("/outbox?page={}", page - 1)),
        older: (slice.offset + ROWS < mails.total).then(|| format!("/outbox?page={}", page + 1)),
        rows: mails.items.into_iter().map(row).collect(),
        held: !has_server,
    }))
}

/// Has a mail tried again that was given up.
async fn retry(State(state): State<AppState>, visit: Visit, Ids((id,)): Ids<(JobId,)>, form: Form) -> Result<Response, Problem> {
    state.context.retry_mail(&visit.actor, id).await?;
    Ok(go_on(&form.next("/outbox"), Some(&Said::MailQueued)))
}
