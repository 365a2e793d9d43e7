//! Mails through the outbox: at least once, never lost, and what becomes of the task.

mod api;
mod days;
mod delivery;
mod kills;
mod reminders;
mod sink;
mod unsubscribing;

pub use self::sink::Sink;
use muster_domain::mail::Mailbox;
use muster_service::{Context, Mailer};
use serde_json::Value;
use sqlx::Row as _;

use crate::app::TestApp;

/// The use cases of an app, with a mail server at an address.
fn with_server(app: &TestApp, url: &str) -> Context {
    app.context.clone().with_mailer(Mailer::new(url, Mailbox::parse("The Firm <firm@muster.example>").unwrap()).unwrap())
}

/// Gives Acme an address, and gives the id of its task "Send welcome email".
async fn welcome_task(app: &TestApp) -> String {
    let admin = app.admin().await;
    let version = admin.get("/api/v1/customers/1").await.json()["version"].as_i64().unwrap();
    let contact = serde_json::json!({ "email": "office@acme.example", "contact_person": "Ada Novak" });
    admin.patch("/api/v1/customers/1", version, contact).await.expect(200);
    let tasks = admin.get("/api/v1/customers/1/tasks?scope=customer").await.json();
    let found = tasks["items"].as_array().unwrap().iter().find(|task| task["title"] == "Send welcome email").unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// State, attempts and last error of the only job.
async fn job(app: &TestApp) -> (String, i32, Option<String>) {
    let mut superuser = app.database.superuser().await;
    let row = sqlx::query("SELECT state, attempts, last_error FROM dna_app.jobs").fetch_one(&mut superuser).await.unwrap();
    (row.get(0), row.get(1), row.get(2))
}

async fn task(app: &TestApp, id: &str) -> Value {
    app.admin().await.get(&format!("/api/v1/tasks/{id}")).await.expect(200).json()
}

/// The value of a header of a mail, as it came over the wire.
fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let found = mail.lines().find_map(|line| line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")));
    found.unwrap_or_else(|| panic!("no {name} in {mail}"))
}
