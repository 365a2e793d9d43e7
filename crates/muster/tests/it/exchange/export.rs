//! Taking templates and the library out, and bringing them back.

use std::io::Cursor;

use muster_service::library::{ImportSummary, Library};
use serde_json::json;

use super::upload;
use crate::app::TestApp;

async fn archive(app: &TestApp) -> Vec<u8> {
    let admin = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    app.context.export_library(&admin).await.unwrap().zip().unwrap()
}

/// A template made here, a changed rule of the firm's own, and a standard.
async fn make_own(app: &TestApp) -> String {
    let admin = app.admin().await;
    admin
        .post("/api/v1/iso-standards", json!({ "code": "X 1:2026", "name": "Own \"standard\": #1", "description": "a\nb" }))
        .await
        .expect(201);
    let content = json!({
        "document_title": "Übung {{a}}",
        "questions": [
            { "key": "a", "label": "yes", "kind": "number", "minimum": -3, "unit": "days", "help": "- x\n  y\n", "required": false },
            { "key": "t", "label": "T: #", "kind": "table", "columns": [{ "key": "c", "label": "No", "kind": "choice", "required": false, "options": [{ "value": "1", "label": "null" }] }] }
        ],
        "body": "  leading\n\n{{a}}\ttab \n\n{{t}}"
    });
    let template = admin
        .post("/api/v1/templates", json!({ "name": "Own: one", "iso_codes": ["X 1:2026"], "content": content }))
        .await
        .expect(201)
        .json();
    let id = template["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/templates/{id}/releases"), json!({})).await.expect(201);
    let rule = json!({ "level": "template", "template_id": id, "title": "Own rule", "due_offset_days": 3, "assignee_role": "manager" });
    admin.post("/api/v1/task-rules", rule).await.expect(201);
    admin.post("/api/v1/templates", json!({ "name": "Only a draft" })).await.expect(201);
    id
}

#[tokio::test]
async fn everything_comes_back_the_same_and_nothing_twice() {
    let app = TestApp::start().await;
    make_own(&app).await;
    let bytes = archive(&app).await;
    assert_eq!(archive(&app).await, bytes, "the same library gives the same bytes");
    let library = Library::from_archive("library.zip", &bytes).unwrap();
    let nothing = ImportSummary::default();
    assert_eq!(app.context.import_library(&library).await.unwrap(), nothing, "into the same installation: nothing new");
    // Into an installation that has nothing, and out of it again.
    let fresh = TestApp::start().await;
    let mut superuser = fresh.database.superuser().await;
    for table in ["task_rules", "template_questions", "template_iso_mapping"] {
        let statement = format!(
            "ALTER TABLE dna_app.{table} DISABLE TRIGGER USER; DELETE FROM dna_app.{table}; ALTER TABLE dna_app.{table} ENABLE TRIGGER USER"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut superuser).await.unwrap();
    }
    sqlx::raw_sql(
        "ALTER TABLE dna_app.template_releases DISABLE TRIGGER USER; DELETE FROM dna_app.template_releases;
         ALTER TABLE dna_app.template_releases ENABLE TRIGGER USER; DELETE FROM dna_app.templates; DELETE FROM dna_app.iso_standards",
    )
    .execute(&mut superuser)
    .await
    .unwrap();
    let summary = fresh.context.import_library(&library).await.unwrap();
    assert!(summary.templates > 10 && summary.standards >= 6 && summary.task_rules > 5, "{summary:?}");
    assert_eq!(archive(&fresh).await, bytes, "what went in comes out");
    assert_eq!(fresh.context.import_library(&library).await.unwrap(), nothing);
}

#[tokio::test]
async fn a_changed_export_becomes_a_release_of_the_same_template() {
    let app = TestApp::start().await;
    let other = TestApp::start().await;
    make_own(&app).await;
    let library = Library::from_archive("a.zip", &archive(&app).await).unwrap();
    other.context.import_library(&library).await.unwrap();
    let admin = app.admin().await;
    let id = admin.template_id("Own: one").await;
    let content = json!({ "document_title": "T", "questions": [], "body": "new" });
    let version = admin.get(&format!("/api/v1/templates/{id}")).await.json()["version"].as_i64().unwrap();
    admin.patch(&format!("/api/v1/templates/{id}"), version, json!({ "content": content })).await.expect(200);
    admin.post(&format!("/api/v1/templates/{id}/releases"), json!({})).await.expect(201);
    let library = Library::from_archive("a.zip", &archive(&app).await).unwrap();
    let summary = other.context.import_library(&library).await.unwrap();
    assert_eq!((summary.templates, summary.standards, summary.task_rules), (1, 0, 0));
    let theirs = other.admin().await;
    let there = theirs.get(&format!("/api/v1/templates/{}", theirs.template_id("Own: one").await)).await.json();
    assert_eq!((&there["latest_release"], &there["release"]["body"]), (&json!(2), &json!("new")));
}

#[tokio::test]
async fn one_template_goes_out_and_comes_back() {
    let app = TestApp::start().await;
    let id = make_own(&app).await;
    let admin = app.admin().await;
    let path = format!("/api/v1/templates/{id}");
    let file = admin.get(&format!("{path}/export")).await.expect(200);
    assert_eq!(file.header("content-type"), "application/yaml");
    let name = file.header("content-disposition").to_owned();
    assert!(name.starts_with("attachment; filename=\"own-one-") && name.ends_with(".yaml\""), "{name}");
    let back = upload(&admin, "/api/v1/templates/import", Some(("x.yaml", file.text.as_bytes())), &[], &[]).await.expect(200).json();
    assert_eq!((&back["outcome"], &back["id"]), (&json!("nothing_new"), &json!(id)));
    let elsewhere = TestApp::start().await;
    let theirs = elsewhere.admin().await;
    theirs.post("/api/v1/iso-standards", json!({ "code": "X 1:2026", "name": "X" })).await.expect(201);
    let made = upload(&theirs, "/api/v1/templates/import", Some(("x.yaml", file.text.as_bytes())), &[], &[]).await.expect(201).json();
    let their_path = format!("/api/v1/templates/{}", made["id"].as_str().unwrap());
    assert_eq!(theirs.get(&format!("{their_path}/export?release=draft")).await.expect(200).text, file.text);
    theirs.get(&format!("{their_path}/export?release=1")).await.refused(404, "not-found");
    admin.get(&format!("{path}/export?release=1")).await.expect(200);
    admin.get(&format!("{path}/export?release=draft")).await.refused(404, "not-found");
    admin.get(&format!("{path}/export?release=one")).await.refused(422, "invalid-fields");
}

#[tokio::test]
async fn the_archive_has_the_files_of_a_library() {
    let app = TestApp::start().await;
    let bytes = archive(&app).await;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = (0..archive.len()).map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned()).collect();
    assert!(names.contains(&"standards.yaml".to_owned()) && names.contains(&"task-rules.yaml".to_owned()), "{names:?}");
    assert!(names.iter().filter(|name| name.starts_with("templates/")).count() > 10);
    let answer = app.admin().await.get("/api/v1/library/export").await.expect(200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"library.zip\"");
    assert!(Library::from_archive("a.zip", b"no zip").is_err());
}
