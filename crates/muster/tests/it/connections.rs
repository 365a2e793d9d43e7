//! Connections: no request inherits another's transaction, and none leaks another's rows.

use std::time::Duration;

use serde_json::json;

use crate::app::TestApp;

/// A client that leaves while its transaction begins must not leave it open for the next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancelled_begin_poisons_nobody() {
    let app = TestApp::with_connections(2).await;
    let admin = app.admin().await;
    let actor = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    let mut cancelled = 0;
    for round in 0..120_u64 {
        let (store, actor, at) = (app.store.clone(), actor.clone(), app.context.now());
        let begin = tokio::spawn(async move {
            let reader = store.reader(&actor, muster_domain::ids::CustomerId(1), muster_domain::access::Action::ReadWorkspace, at).await;
            drop(reader);
        });
        tokio::time::sleep(Duration::from_micros(round * 7)).await;
        begin.abort();
        cancelled += usize::from(begin.await.is_err());
        // A poisoned connection would still be in the read-only transaction of the one before.
        let name = format!("Customer {round}");
        if round % 4 == 0 {
            admin.post("/api/v1/customers", json!({ "name": name })).await.expect(201);
        }
    }
    assert!(cancelled > 0, "no BEGIN was cancelled, so nothing was tried");
    assert_eq!(admin.get("/api/v1/customers?limit=1").await.json()["total"], 32);
}

/// Ten thousand requests of two customers' people, interleaved on two connections, with aborts.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn interleaved_requests_never_mix() {
    let app = TestApp::with_connections(2).await;
    let admin = app.admin().await;
    for (customer, canary) in [(1, "canary-of-acme"), (2, "canary-of-globex")] {
        admin.post(&format!("/api/v1/customers/{customer}/tasks"), json!({ "title": canary })).await.expect(201);
    }
    let (ours, theirs) = (app.as_person("manager").await, app.as_person("stranger").await);
    let workers: Vec<_> = (0..20)
        .map(|worker: u64| {
            let (ours, theirs) = (ours.clone(), theirs.clone());
            tokio::spawn(async move {
                for round in 0..500_u64 {
                    let (client, own, foreign, customer) = if (worker + round).is_multiple_of(2) {
                        (&ours, "canary-of-acme", "canary-of-globex", 1)
                    } else {
                        (&theirs, "canary-of-globex", "canary-of-acme", 2)
                    };
                    let path = match round % 3 {
                        0 => format!("/api/v1/customers/{customer}/tasks"),
                        1 => format!("/api/v1/customers/{customer}/workspace"),
                        _ => "/api/v1/me/tasks".to_owned(),
                    };
                    let request = client.get(&path);
                    if round % 11 == 0 {
                        let _ = tokio::time::timeout(Duration::from_micros(worker * 40), request).await;
                        continue;
                    }
                    let answer = request.await;
                    if answer.status == 503 {
                        continue;
                    }
                    assert!(!answer.text.contains(foreign), "{}", answer.text);
                    assert!(round % 3 == 2 || answer.text.contains(own), "{} {}", answer.status, answer.text);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
}
