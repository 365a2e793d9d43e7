//! Server-sent events: what changes in a customer's work, while one looks at it.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::State,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use http_body::Frame;
use muster_domain::{
    events::{Change, Place},
    ids::CustomerId,
    people::Person,
};
use muster_service::{Error, FieldError, News, NewsAcross, Watch, WatchAcross};
use serde::Serialize;
use serde_json::json;
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval, timeout},
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    parts::initials,
    problem::Problem,
    request::{Ids, Parameters},
    session::Watching,
    state::AppState,
};

/// How often a quiet stream shows that it is there; proxies cut off what is silent for longer.
const BEAT: Duration = Duration::from_secs(15);
/// A client that takes nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many events wait for a client that reads slowly.
const BUFFER: usize = 8;

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(events)).routes(routes!(my_events))
}

/// The `data` of an event `changed`. It is a hint: read what you show anew.
#[derive(Debug, Serialize, ToSchema)]
struct ChangedEvent {
    /// The customer.
    customer_id: i32,
    /// The version of the workspace since; also the event's `id`.
    workspace_version: i64,
    /// What has changed, as the audit log calls it: a kind and an id, such as `task 0198…` or
    /// `answer PLAN/TEMPLATE/KEY`.
    subjects: Vec<String>,
    /// More has changed than is named.
    has_more: bool,
}

/// The `data` of an event `presence`: everybody else at the questionnaire.
#[derive(Debug, Serialize, ToSchema)]
struct PresenceEvent {
    people: Vec<PresentPerson>,
}

/// Somebody who is there.
#[derive(Debug, Serialize, ToSchema)]
struct PresentPerson {
    id: i32,
    name: String,
    initials: String,
    /// They belong to the firm.
    is_firm: bool,
}

/// Hear of changes while they happen, as server-sent events
///
/// `hello` comes first and carries `workspace_version`: whoever has read an older one reads anew.
/// `changed` names what has changed. `presence` tells who else is at the questionnaire that was named.
/// `missed` means that something may have been missed: read anew, as after each reconnection. The
/// stream ends when the rights or the session do.
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/events",
    tag = "workspace",
    params(
        ("customer_id" = i32, Path),
        ("plan_id" = Option<Uuid>, Query, description = "with template_id: the questionnaire that one is at"),
        ("template_id" = Option<Uuid>, Query, description = "with plan_id: the questionnaire that one is at")
    ),
    responses(
        (status = 200, description = "events, for as long as the connection lasts", content_type = "text/event-stream", body = ChangedEvent),
        (status = 404, body = Problem),
        (status = 429, description = "too many streams of one person", body = Problem)
    )
)]
async fn events(
    State(state): State<AppState>,
    Watching(watcher): Watching,
    Ids((customer,)): Ids<(CustomerId,)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let watch = state.context.watch(watcher, customer, place(&parameters)?).await?;
    Ok(answer(state, Stream::Customer(watch)))
}

/// Hear of changes at all my customers while they happen, as server-sent events
///
/// `hello` comes first: whoever has read something before reads anew. `changed` names the customer and
/// what has changed there, as far as the person may know of it. `missed` means that something may have
/// been missed. The stream ends with the session.
#[utoipa::path(
    get,
    path = "/me/events",
    tag = "me",
    responses(
        (status = 200, description = "events, for as long as the connection lasts", content_type = "text/event-stream", body = ChangedEvent),
        (status = 401, body = Problem),
        (status = 429, description = "too many streams of one person", body = Problem)
    )
)]
async fn my_events(State(state): State<AppState>, Watching(watcher): Watching) -> Result<Response, Problem> {
    let watch = state.context.watch_across(watcher).await?;
    Ok(answer(state, Stream::Across(watch)))
}

/// What is watched.
enum Stream {
    Customer(Watch),
    Across(WatchAcross),
}

impl Stream {
    /// What it says next; none where it has ended.
    async fn next(&mut self, state: &AppState) -> Option<String> {
        match self {
            Self::Customer(watch) => state.context.next_news(watch).await.map(|news| frame(&news)),
            Self::Across(watch) => state.context.next_news_across(watch).await.map(|news| frame_across(&news)),
        }
    }
}

fn answer(state: AppState, stream: Stream) -> Response {
    let (sender, receiver) = mpsc::channel(BUFFER);
    tokio::spawn(pump(state, stream, sender));
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects answers first would hold events back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::new(Frames(receiver))).into_response()
}

fn place(parameters: &Parameters) -> Result<Option<Place>, Problem> {
    let asked = (parameters.get("plan_id"), parameters.get("template_id"));
    let (Some(plan), Some(template)) = asked else {
        return match asked {
            (None, None) => Ok(None),
            (None, _) => Err(Error::field(FieldError::new("/plan_id", "required", "is needed beside template_id")).into()),
            _ => Err(Error::field(FieldError::new("/template_id", "required", "is needed beside plan_id")).into()),
        };
    };
    let not_found = |_| Problem::from(Error::NotFound);
    Ok(Some(Place { plan: plan.parse().map_err(not_found)?, template: template.parse().map_err(not_found)? }))
}

/// Passes on what a stream says, until either side has enough.
async fn pump(state: AppState, mut stream: Stream, client: mpsc::Sender<Bytes>) {
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let send = async |frame: String| timeout(PATIENCE, client.send(frame.into())).await.is_ok_and(|sent| sent.is_ok());
    if !send("retry: 2000\n\n".to_owned()).await {
        return;
    }
    loop {
        // Never dropped half way: what it has taken would be lost.
        let mut next = pin!(stream.next(&state));
        let news = loop {
            tokio::select! {
                news = &mut next => break news,
                _ = beat.tick() => if !send(":\n\n".to_owned()).await { return },
                () = state.draining.begun() => return,
                () = client.closed() => return,
            }
        };
        match news {
            Some(news) => {
                if !send(news).await {
                    return;
                }
            }
            None => return,
        }
    }
}

fn frame(news: &News) -> String {
    match news {
        News::Hello { workspace_version } => event("hello", &json!({ "workspace_version": workspace_version })),
        News::Changed(change) => format!("id: {}\n{}", change.workspace_version, event("changed", &ChangedEvent::from(change))),
        News::Present(people) => event("presence", &PresenceEvent { people: people.iter().map(PresentPerson::from).collect() }),
        News::Missed => event("missed", &json!({})),
    }
}

fn frame_across(news: &NewsAcross) -> String {
    match news {
        NewsAcross::Hello => event("hello", &json!({})),
        NewsAcross::Changed(change) => event("changed", &ChangedEvent::from(change)),
        NewsAcross::Missed => event("missed", &json!({})),
    }
}

/// One event. JSON has no line breaks of its own, so its text is one line.
fn event(name: &str, data: &impl Serialize) -> String {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n")
}

impl From<&Change> for ChangedEvent {
    fn from(change: &Change) -> Self {
        Self {
            customer_id: change.customer.0,
            workspace_version: change.workspace_version,
            subjects: change.subjects.iter().map(|subject| format!("{} {}", subject.kind, subject.id)).collect(),
            has_more: change.has_more,
        }
    }
}

impl From<&Person> for PresentPerson {
    fn from(person: &Person) -> Self {
        Self { id: person.id.0, name: person.name.clone(), initials: initials(&person.name), is_firm: person.is_firm }
    }
}

/// A body of what comes through a channel.
struct Frames(mpsc::Receiver<Bytes>);

impl HttpBody for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut TaskContext<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.get_mut().0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_breaks_out_of_its_event() {
        let person = Person { id: muster_domain::ids::UserId(3), name: "A\n\nevent: hello\ndata: {}".into(), is_firm: false };
        let text = frame(&News::Present(vec![person]));
        assert_eq!(text.lines().count(), 3);
        assert!(text.starts_with("event: presence\ndata: {\"people\":[{\"id\":3,") && text.ends_with("\n\n"));
    }
}
