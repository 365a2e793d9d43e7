//! Evidence: handing in, giving out, deciding, and what becomes of the tasks (trust promise G7).

mod bucket;
mod decisions;
mod giving_out;
mod handing_in;
mod kills;
mod limits;
mod links;
mod previews;
mod questions;
mod register;
mod renewal;
mod several;
#[path = "../../../../files/tests/it/storage.rs"]
mod storage;

use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp};

const PDF: &[u8] = b"%PDF-1.7\nevidence of something";

/// A task that needs evidence; gives its id.
async fn task(app: &TestApp, extra: Value) -> String {
    let mut body = json!({ "title": "T", "requires_evidence": true });
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let task = app.admin().await.post("/api/v1/customers/1/tasks", body).await.expect(201).json();
    task["id"].as_str().unwrap().to_owned()
}

async fn hand_in(client: &Client, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
    client.upload("/api/v1/customers/1/evidence", fields, file).await
}

/// Hands in a PDF for a task; gives the evidence's path.
async fn handed_in(client: &Client, task: &str) -> String {
    let evidence = hand_in(client, &[("task_id", task)], ("report.pdf", PDF)).await.expect(201).json();
    format!("/api/v1/evidence/{}", evidence["id"].as_str().unwrap())
}

async fn status(app: &TestApp, task: &str) -> String {
    app.admin().await.get(&format!("/api/v1/tasks/{task}")).await.json()["status"].as_str().unwrap().to_owned()
}

/// How many rows there are, and how many files.
async fn kept(app: &TestApp) -> (i64, usize) {
    let rows =
        sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_evidence").fetch_one(&mut app.database.superuser().await).await.unwrap();
    (rows, files_below(&app.files.0).len())
}

/// All files below a folder but its lock.
fn files_below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.retain(|path| !path.ends_with("lock"));
    files
}
