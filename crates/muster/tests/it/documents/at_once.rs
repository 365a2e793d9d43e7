//! Several people at once: exactly one outcome.

use serde_json::json;

use super::Patching;
use crate::app::{Answer, PASSWORD};

async fn at_once<F: Future<Output = Answer> + Send + 'static>(count: usize, work: impl Fn(usize) -> F) -> Vec<Answer> {
    let tasks: Vec<_> = (0..count).map(|one| tokio::spawn(work(one))).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn number(it: &Patching, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(&mut it.app.database.superuser().await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_clients_at_every_station_make_each_task_once() {
    let it = Patching::saved().await;
    let post = |client: &crate::app::Client, end: &str, body: serde_json::Value| {
        let (client, path) = (client.clone(), format!("{}/{end}", it.path));
        move |_| {
            let (client, path, body) = (client.clone(), path.clone(), body.clone());
            async move { client.post(&path, body).await }
        }
    };
    let submitted = at_once(16, post(&it.manager, "submit", json!({}))).await;
    assert_eq!((count(&submitted, 200), count(&submitted, 409)), (1, 15), "{submitted:?}");
    let reviewed = at_once(16, post(&it.consultant, "review", json!({}))).await;
    assert_eq!((count(&reviewed, 200), count(&reviewed, 409)), (1, 15), "{reviewed:?}");
    let rejected = at_once(16, post(&it.approver, "reject", json!({ "reason": "No" }))).await;
    assert_eq!((count(&rejected, 200), count(&rejected, 409)), (1, 15), "{rejected:?}");
    assert_eq!(number(&it, "SELECT count(*) FROM dna_app.customer_tasks WHERE task_type = 'revise_document'").await, 1);
    it.edit(json!({ "note": "Better" })).await.expect(200);
    let submitted = at_once(16, post(&it.manager, "submit", json!({}))).await;
    assert_eq!(count(&submitted, 200), 1, "{submitted:?}");
    assert_eq!(
        number(&it, "SELECT count(*) FROM dna_app.customer_tasks WHERE document_id IS NOT NULL AND task_type <> 'revise_document'").await,
        6
    );
    it.consultant.post(&format!("{}/review", it.path), json!({})).await.expect(200);
    let approved = at_once(16, post(&it.approver, "approve", json!({ "password": PASSWORD }))).await;
    assert_eq!((count(&approved, 200), count(&approved, 409)), (1, 15), "{approved:?}");
    assert_eq!(number(&it, "SELECT count(*) FROM dna_app.customer_document_approvals WHERE decision = 'approved'").await, 2);
    let begun = at_once(16, post(&it.contributor, "versions", json!({}))).await;
    assert_eq!((count(&begun, 201), count(&begun, 200)), (1, 15), "{begun:?}");
    assert_eq!(
        number(&it, "SELECT count(*) FROM dna_app.customer_tasks WHERE document_id IS NOT NULL AND task_type <> 'revise_document'").await,
        9
    );
    assert_eq!(number(&it, "SELECT count(*) FROM dna_app.customer_document_versions WHERE status = 'approved'").await, 1);
    assert!(it.app.context.verify_documents().await.unwrap().1.is_empty());
}

/// One takes it back while another approves, one sends it back while another approves: whoever is
/// first decides, the other is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn approving_against_something_else_has_one_outcome() {
    for other in ["withdraw", "reject", "approve"] {
        let it = Patching::reviewed().await;
        let answers = at_once(2, |one| {
            let approve = (it.approver.clone(), format!("{}/approve", it.path), json!({ "password": PASSWORD }));
            let against = match other {
                "withdraw" => (it.manager.clone(), format!("{}/withdraw", it.path), json!({})),
                "reject" => (it.approver.clone(), format!("{}/reject", it.path), json!({ "reason": "No" })),
                _ => approve.clone(),
            };
            let (client, path, body) = if one == 0 { approve } else { against };
            async move { client.post(&path, body).await }
        })
        .await;
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 1), "{other}: {answers:?}");
        let is_approved = answers[0].status == 200 || other == "approve";
        assert_eq!(it.read().await["status"] == "approved", is_approved, "{other}");
        let open =
            "SELECT count(*) FROM dna_app.customer_tasks WHERE task_type = 'approve_document' AND status NOT IN ('completed', 'cancelled')";
        assert_eq!(number(&it, open).await, 0);
        assert!(it.app.context.verify_documents().await.unwrap().1.is_empty());
    }
}

/// Two edit from the same version, and a third hands it in: nothing is lost unseen.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn editing_against_handing_in_loses_nothing() {
    let it = Patching::saved().await;
    let version = it.read().await["version"].as_i64().unwrap();
    let answers = at_once(8, |one| {
        let (contributor, manager, path) = (it.contributor.clone(), it.manager.clone(), it.path.clone());
        async move {
            match one {
                0 => manager.post(&format!("{path}/submit"), json!({})).await,
                other => contributor.patch(&path, version, json!({ "note": format!("Edit {other}") })).await,
            }
        }
    })
    .await;
    let edits = count(&answers[1..], 200);
    assert!(edits <= 1, "{answers:?}");
    assert_eq!(answers[0].status, 200, "{answers:?}");
    let document = it.read().await;
    let kept = it.contributor.get(&format!("{}/versions/1", it.path)).await.json();
    assert_eq!((&document["status"], &document["note"]), (&json!("in_review"), &kept["note"]));
    assert_eq!(kept["note"].is_null(), edits == 0);
}
