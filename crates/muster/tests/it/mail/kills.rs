//! A hundred workers that die at any moment: every mail arrives, and none more often than somebody died
//! (trust promise G5).

use std::{collections::BTreeMap, time::Duration};

use jiff::SignedDuration;
use serde_json::json;

use super::{header, sink::Sink, with_server};
use crate::app::TestApp;

const MAILS: usize = 60;
const KILLS: u64 = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_kills_lose_nothing() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let admin = app.admin().await;
    for number in 0..MAILS {
        let body = json!({ "email": format!("p{number}@acme.example"), "name": format!("P {number}"), "role": "contributor" });
        admin.post("/api/v1/customers/1/members", body).await.expect(201);
    }
    let mut killed = 0;
    for round in 0..KILLS {
        let worker = tokio::spawn({
            let context = context.clone();
            async move { context.run_one().await }
        });
        // Sometimes before the lease, sometimes while the server is being talked to, sometimes after.
        tokio::time::sleep(Duration::from_micros(round * 131 % 9000)).await;
        worker.abort();
        killed += usize::from(worker.await.is_err());
    }
    assert!(killed > 20, "only {killed} workers were stopped in the middle");
    for _ in 0..40 {
        app.advance(SignedDuration::from_mins(6));
        while context.run_one().await.unwrap() {}
    }
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for mail in sink.mails() {
        *arrived.entry(header(&mail, "Message-ID").to_owned()).or_default() += 1;
    }
    assert_eq!(arrived.len(), MAILS, "mails were lost");
    let again: usize = arrived.values().map(|count| count - 1).sum();
    assert!(again <= killed, "{again} mails came again after {killed} kills");
    // What carried a secret keeps it no longer than it has to.
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.jobs WHERE payload::text LIKE '%/invitations/%'")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(kept, 0, "a sent mail still has its link");
}
