//! Handing mails to a server that takes them, is down, refuses, or dies in between.

use std::time::Duration;

use jiff::SignedDuration;
use muster_domain::{access::Actor, ids::TaskId, mail::MailState};
use muster_service::{Context, Error, LetterChange, MAX_ATTEMPTS, OutboxFilter, Slice};

use super::{
    header, job,
    sink::{Manner, Sink},
    task, welcome_task, with_server,
};
use crate::app::TestApp;

/// Queues the welcome mail and gives the state that was answered.
async fn send(context: &Context, app: &TestApp, id: &str) -> MailState {
    send_as(context, &actor(app).await, id, LetterChange::default()).await.unwrap()
}

async fn send_as(context: &Context, actor: &Actor, id: &str, change: LetterChange) -> Result<MailState, Error> {
    let id: TaskId = id.parse().unwrap();
    Ok(context.send_task_mail(actor, id, change).await?.state.unwrap())
}

async fn actor(app: &TestApp) -> Actor {
    app.store.firm_actor("admin@test.example").await.unwrap().unwrap()
}

#[tokio::test]
async fn a_mail_is_delivered_once_and_completes_its_task() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    assert_eq!(send(&context, &app, &id).await, MailState::Queued);
    assert_eq!(task(&app, &id).await["status"], "pending", "nothing has been accepted yet");
    assert!(context.run_one().await.unwrap());
    assert!(!context.run_one().await.unwrap());
    let done = task(&app, &id).await;
    assert_eq!((&done["status"], &done["completed_by_name"]), (&"completed".into(), &"admin".into()));
    for _ in 0..3 {
        assert_eq!(send(&context, &app, &id).await, MailState::Sent);
        assert!(!context.run_one().await.unwrap());
    }
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    for part in [
        "MAIL FROM:<firm@muster.example>",
        "RCPT TO:<office@acme.example>",
        "From: \"The Firm\" <firm@muster.example>",
        "To: \"Ada Novak\" <office@acme.example>",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "Dear Ada Novak,",
        "We look forward to working with Acme.",
    ] {
        assert!(mails[0].contains(part), "{part} is missing in {}", mails[0]);
    }
    assert!(header(&mails[0], "Message-ID").ends_with("@muster.example>"));
}

#[tokio::test]
async fn many_clicks_at_once_make_one_mail() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let (id, actor) = (welcome_task(&app).await, actor(&app).await);
    let clicks: Vec<_> = (0..6)
        .map(|_| {
            let (context, actor, id) = (context.clone(), actor.clone(), id.clone());
            tokio::spawn(async move { send_as(&context, &actor, &id, LetterChange::default()).await.unwrap() })
        })
        .collect();
    for click in clicks {
        assert_eq!(click.await.unwrap(), MailState::Queued);
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let context = context.clone();
            tokio::spawn(async move { while context.run_one().await.unwrap() {} })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn a_worker_that_dies_after_the_server_accepted_sends_the_same_mail_again() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    send(&context, &app, &id).await;
    sink.behave(Manner::AcceptsInSilence);
    tokio::select! {
        _ = context.run_one() => panic!("the server never answered"),
        () = sink.wait_for(1) => {}
    }
    assert_eq!(job(&app).await.0, "running");
    assert!(!context.run_one().await.unwrap(), "the lease has not ended");
    sink.behave(Manner::Accepts);
    app.advance(SignedDuration::from_mins(6));
    assert!(context.run_one().await.unwrap());
    let mails = sink.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(header(&mails[0], "Message-ID"), header(&mails[1], "Message-ID"));
    assert_eq!((task(&app, &id).await["status"].as_str(), job(&app).await.0.as_str()), (Some("completed"), "done"));
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_later() {
    let app = TestApp::start().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let context = with_server(&app, &format!("smtp://{address}"));
    let id = welcome_task(&app).await;
    send(&context, &app, &id).await;
    assert!(context.run_one().await.unwrap());
    let (state, attempts, error) = job(&app).await;
    assert_eq!((state.as_str(), attempts), ("queued", 1));
    assert!(error.is_some_and(|why| !why.is_empty()));
    assert!(!context.run_one().await.unwrap(), "it waits for half a minute");
    app.advance(SignedDuration::from_secs(30));
    assert!(context.run_one().await.unwrap());
    app.advance(SignedDuration::from_secs(30));
    assert!(!context.run_one().await.unwrap(), "it waits longer after the second attempt");
    let sink = Sink::on(tokio::net::TcpListener::bind(address).await.unwrap());
    app.advance(SignedDuration::from_secs(90));
    assert!(context.run_one().await.unwrap());
    assert_eq!((sink.mails().len(), task(&app, &id).await["status"].as_str()), (1, Some("completed")));
}

#[tokio::test]
async fn a_refusal_for_now_is_tried_again_and_given_up_in_the_end() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    send(&context, &app, &id).await;
    sink.behave(Manner::Refuses(451));
    for attempt in 1..=MAX_ATTEMPTS {
        assert!(context.run_one().await.unwrap());
        assert_eq!(job(&app).await.1, attempt);
        app.advance(SignedDuration::from_hours(6));
    }
    assert!(!context.run_one().await.unwrap());
    assert_eq!((job(&app).await.0.as_str(), task(&app, &id).await["status"].as_str()), ("dead", Some("pending")));
    let actor = actor(&app).await;
    let dead = context.outbox(&actor, OutboxFilter::default(), Slice { limit: 10, offset: 0 }).await.unwrap().items;
    assert_eq!((dead.len(), dead[0].to.as_str()), (1, "office@acme.example"));
    sink.behave(Manner::Accepts);
    context.retry_mail(&actor, dead[0].id).await.unwrap();
    context.retry_mail(&actor, dead[0].id).await.unwrap();
    assert!(context.run_one().await.unwrap());
    assert_eq!((sink.mails().len(), task(&app, &id).await["status"].as_str()), (1, Some("completed")));
    context.retry_mail(&actor, dead[0].id).await.unwrap();
    assert!(!context.run_one().await.unwrap(), "what is sent is not sent again");
}

#[tokio::test]
async fn a_refusal_for_good_is_given_up_at_once_and_can_be_written_anew() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    send(&context, &app, &id).await;
    sink.behave(Manner::Refuses(550));
    assert!(context.run_one().await.unwrap());
    let (state, attempts, error) = job(&app).await;
    assert_eq!((state.as_str(), attempts), ("dead", 1));
    assert!(error.unwrap().contains("not today"));
    sink.behave(Manner::Accepts);
    assert_eq!(send(&context, &app, &id).await, MailState::Queued);
    assert!(context.run_one().await.unwrap());
    assert_eq!(sink.mails().len(), 1);
}

#[tokio::test]
async fn without_a_mail_server_mails_are_held_until_there_is_one() {
    let app = TestApp::start().await;
    let id = welcome_task(&app).await;
    assert_eq!(send(&app.context, &app, &id).await, MailState::Held);
    assert!(!app.context.run_one().await.unwrap());
    assert_eq!(job(&app).await.1, 0);
    let sink = Sink::start().await;
    let context = with_server(&app, &sink.url());
    assert!(context.run_one().await.unwrap());
    assert_eq!((sink.mails().len(), task(&app, &id).await["status"].as_str()), (1, Some("completed")));
}

#[tokio::test]
async fn a_name_or_subject_never_becomes_a_header() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    let admin = app.admin().await;
    let name = "Eve\" <eve@evil.example>, \"X";
    admin.with("PATCH", "/api/v1/customers/1", &[("if-match", "\"2\"")], serde_json::json!({ "contact_person": name })).await.expect(200);
    let broken = "Hello\r\nBcc: eve@evil.example";
    assert!(muster_domain::mail::Subject::parse(broken).is_err());
    let subject = muster_domain::mail::Subject::parse("Hello Bcc: eve@evil.example =?utf-8?q?=0D=0ABcc:_x@y.example?=").unwrap();
    let body = muster_domain::text::Prose::parse(".\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n<b>literal</b>").unwrap();
    let change = LetterChange { subject: Some(subject), body: Some(body) };
    send_as(&context, &actor(&app).await, &id, change).await.unwrap();
    assert!(context.run_one().await.unwrap());
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].matches("RCPT TO").count(), 1);
    let headers = mails[0].split("\r\n\r\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.to_lowercase().starts_with("bcc:")), "{headers}");
    assert!(headers.contains("RCPT TO:<office@acme.example>"));
    assert!(mails[0].contains("&lt;b&gt;literal"));
}

#[tokio::test]
async fn the_worker_hears_of_a_new_mail() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let id = welcome_task(&app).await;
    let worker = tokio::spawn({
        let context = context.clone();
        async move { context.run_jobs(|error| panic!("{error}")).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    send(&context, &app, &id).await;
    tokio::time::timeout(Duration::from_secs(4), sink.wait_for(1)).await.expect("before the next look");
    worker.abort();
}
