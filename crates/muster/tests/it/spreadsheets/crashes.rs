//! Imports that are broken off in the middle.

use jiff::SignedDuration;
use serde_json::{Value, json};
use sqlx::Executor as _;

use super::{draft, titles};
use crate::app::{Client, TestApp};

/// A fault in the database at Globex's tasks: as if the program died between two customers.
const FAULT: &str = "CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.customer_id = 2 THEN RAISE EXCEPTION 'broken off'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER fault BEFORE INSERT ON dna_app.customer_tasks FOR EACH ROW EXECUTE FUNCTION public.fault()";
const MENDED: &str = "DROP TRIGGER fault ON dna_app.customer_tasks";

/// An import whose first customer's part is made, and whose second is not.
async fn half_done(app: &TestApp, admin: &Client, file: &str) -> String {
    app.database.superuser().await.execute(FAULT).await.unwrap();
    let draft = draft(admin, "tasks", ("t.csv", file.as_bytes())).await;
    let path = format!("/api/v1/imports/{}", draft["id"].as_str().unwrap());
    let begun = admin.with("POST", &format!("{path}/run"), &[("if-match", "\"1\"")], json!({})).await.expect(202).json();
    assert_eq!((&begun["state"], begun["items"].as_array().unwrap().len()), (&json!("running"), 1), "{begun}");
    path
}

async fn read(client: &Client, path: &str) -> Value {
    client.get(path).await.json()
}

#[tokio::test]
async fn what_was_broken_off_is_finished_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = half_done(&app, &admin, "Customer,Title\nAcme,Import A\nGlobex,Import B\n").await;
    assert_eq!(titles(&admin, 1, "Import").await, ["Import A"]);
    // It is somebody's still; later on it is anybody's, and breaks again.
    assert!(!app.context.work_off_spreadsheets().await.unwrap());
    app.advance(SignedDuration::from_mins(3));
    assert!(app.context.work_off_spreadsheets().await.is_err());
    app.database.superuser().await.execute(MENDED).await.unwrap();
    app.advance(SignedDuration::from_mins(3));
    // Two workers at once, and then nobody has anything left to do.
    let (one, other) = tokio::join!(app.context.work_off_spreadsheets(), app.context.work_off_spreadsheets());
    assert!(one.unwrap() ^ other.unwrap());
    assert!(!app.context.work_off_spreadsheets().await.unwrap());
    let done = read(&admin, &path).await;
    assert_eq!((&done["state"], done["items"].as_array().unwrap().len()), (&json!("done"), 2));
    assert_eq!(
        (titles(&admin, 1, "Import").await, titles(&admin, 2, "Import").await),
        (vec!["Import A".to_owned()], vec!["Import B".to_owned()])
    );
    // The log names who brought it in, not the program that finished it.
    let log = admin.get("/api/v1/customers/2/audit?limit=1").await.json();
    assert_eq!((&log["items"][0]["action"], &log["items"][0]["actor_name"]), (&json!("import.made"), &json!("admin")), "{log}");
}

#[tokio::test]
async fn what_cannot_be_finished_is_taken_back() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(2, "ISO 9001:2015").await;
    let path = half_done(&app, &admin, "Customer,Plan,Title\nAcme,,Import A\nGlobex,ISO 9001,Import B\n").await;
    // Meanwhile the plan that the second part goes to is ignored.
    admin.post(&format!("/api/v1/plans/{}/ignore", plan["id"].as_str().unwrap()), json!({ "reason": "R" })).await.expect(200);
    app.database.superuser().await.execute(MENDED).await.unwrap();
    app.advance(SignedDuration::from_mins(3));
    assert!(app.context.work_off_spreadsheets().await.unwrap());
    let refused = read(&admin, &path).await;
    assert_eq!((&refused["state"], &refused["refusal"]), (&json!("refused"), &json!("place-gone")));
    assert_eq!(refused["items"][0]["state"], "taken_back");
    assert!(titles(&admin, 1, "Import").await.is_empty() && titles(&admin, 2, "Import").await.is_empty());
}

#[tokio::test]
async fn taking_back_goes_on_after_a_crash_too() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let draft = draft(&admin, "tasks", ("t.csv", b"Customer,Title\nAcme,Import A\nGlobex,Import B\n")).await;
    let done = super::run(&admin, &draft).await;
    let fault = FAULT.replace("BEFORE INSERT", "BEFORE UPDATE");
    app.database.superuser().await.execute(sqlx::AssertSqlSafe(fault)).await.unwrap();
    let path = format!("/api/v1/imports/{}", done["id"].as_str().unwrap());
    admin.post(&format!("{path}/undo"), json!({})).await.expect(202);
    assert_eq!((titles(&admin, 1, "Import").await.len(), titles(&admin, 2, "Import").await.len()), (0, 1));
    app.database.superuser().await.execute(MENDED).await.unwrap();
    app.advance(SignedDuration::from_mins(3));
    assert!(app.context.work_off_spreadsheets().await.unwrap());
    assert_eq!(read(&admin, &path).await["state"], "undone");
    assert!(titles(&admin, 2, "Import").await.is_empty());
}
