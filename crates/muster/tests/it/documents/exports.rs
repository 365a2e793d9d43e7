//! Documents as files: what they say, that they are kept, and all of a plan at once.

use std::io::{Cursor, Read as _};

use serde_json::json;
use sqlx::Executor as _;
use zip::ZipArchive;

use super::Patching;
use crate::app::Answer;

async fn export(it: &Patching, format: &str) -> Answer {
    it.contributor.get(&format!("{}/export?format={format}", it.path)).await
}

/// The text of a part of a Word file or of a file in an archive.
fn part(zip: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(zip)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn names(zip: &[u8]) -> Vec<String> {
    ZipArchive::new(Cursor::new(zip)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect()
}

async fn kept(it: &Patching) -> i64 {
    let mut superuser = it.app.database.superuser().await;
    sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_document_exports").fetch_one(&mut superuser).await.unwrap()
}

#[tokio::test]
async fn a_draft_is_marked_and_never_kept() {
    let it = Patching::saved().await;
    it.edit(json!({ "document_number": "ISMS 20", "classification": "confidential" })).await.expect(200);
    let page = export(&it, "html").await.expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-disposition").starts_with("attachment; filename=\"ISMS 20 "), "{}", page.header("content-disposition"));
    for expected in ["ISMS 20 · Version 1 · Confidential", "Draft", "An answer"] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    let word = export(&it, "docx").await.expect(200);
    assert!(part(&word.bytes, "word/header1.xml").contains("DRAFT"));
    assert_eq!(export(&it, "docx").await.bytes, word.bytes, "the same draft has the same bytes");
    assert_eq!(it.app.context.keep_exports().await.unwrap(), 0);
    assert_eq!(kept(&it).await, 0);
}

#[tokio::test]
async fn the_files_of_an_approved_version_stay_as_they_were() {
    let it = Patching::approved().await;
    let word = export(&it, "docx").await.expect(200);
    assert!(!part(&word.bytes, "word/header1.xml").contains("DRAFT"));
    assert!(part(&word.bytes, "word/document.xml").contains("Approved (CISO)"));
    // The first export kept it, and the log tells; the program keeps the other kind by itself.
    assert_eq!(kept(&it).await, 1);
    assert_eq!(it.app.context.keep_exports().await.unwrap(), 1);
    assert_eq!(it.app.context.keep_exports().await.unwrap(), 0);
    let log = it.app.admin().await.get("/api/v1/customers/1/audit?action=document.export_kept").await.json();
    assert_eq!(log["total"], 2, "{log}");
    // Whatever happens around it, the version's file is the one that was kept.
    it.app.admin().await.patch("/api/v1/customers/1", 1, json!({ "name": "Renamed" })).await.expect(200);
    it.answer("organisation_name", json!("Another name")).await;
    it.contributor.post(&format!("{}/versions", it.path), json!({})).await.expect(201);
    let same = it.contributor.get(&format!("{}/export?format=docx&version=1", it.path)).await.expect(200);
    assert_eq!(same.bytes, word.bytes);
    let draft = export(&it, "docx").await.expect(200);
    assert!(part(&draft.bytes, "word/document.xml").contains("Another name"));
    assert!(part(&draft.bytes, "word/header1.xml").contains("DRAFT"));
}

#[tokio::test]
async fn a_tampered_file_is_given_to_nobody() {
    for change in [
        "UPDATE dna_app.customer_document_exports SET bytes = bytes || '\\x00'",
        "UPDATE dna_app.customer_document_exports SET bytes = 'x', sha256 = sha256('x'), content_sha256 = sha256('y')",
        "UPDATE dna_app.customer_document_versions SET content = jsonb_set(content, '{body}', '\"Nothing.\"')",
    ] {
        let it = Patching::approved().await;
        export(&it, "docx").await.expect(200);
        it.app.database.superuser().await.execute(change).await.unwrap();
        export(&it, "docx").await.refused(409, "document-tampered");
        let archive = it.contributor.get(&format!("{}/documents.zip", it.plan())).await.expect(200);
        assert_eq!(names(&archive.bytes), ["index.html"], "{change}");
        assert!(part(&archive.bytes, "index.html").contains("left out"), "{change}");
    }
}

#[tokio::test]
async fn the_service_cannot_change_what_is_kept() {
    let it = Patching::approved().await;
    export(&it, "html").await.expect(200);
    let mut service = it.app.database.service().await;
    for change in ["UPDATE dna_app.customer_document_exports SET bytes = 'x'", "DELETE FROM dna_app.customer_document_exports"] {
        let refused = service.execute(change).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{refused}");
    }
}

#[tokio::test]
async fn what_cannot_be_exported_is_refused() {
    let it = Patching::saved().await;
    let get = async |query: &str| it.contributor.get(&format!("{}/export{query}", it.path)).await;
    get("").await.refused(422, "invalid-fields");
    get("?format=exe").await.refused(422, "invalid-fields");
    get("?format=docx&version=x").await.refused(422, "invalid-fields");
    get("?format=docx&version=2").await.refused(404, "not-found");
    get("?format=docx&version=-1").await.refused(404, "not-found");
    let refused = get("?format=pdf").await;
    assert_eq!(refused.header("retry-after"), "3600");
    refused.refused(503, "pdf-not-installed");
}

#[tokio::test]
async fn a_plan_is_one_archive() {
    let it = Patching::approved().await;
    let other = it.app.admin().await;
    let plan = json!({ "id": it.plan().rsplit_once('/').unwrap().1 });
    let assignment = other.assign_template(&plan, "Access Control").await;
    other.answer_all(&assignment).await;
    let name = "<b>=cmd()</b>/../Policy \u{202e}fdp";
    other.post(&format!("{assignment}/documents"), json!({ "name": name })).await.expect(201);
    let archive = it.contributor.get(&format!("{}/documents.zip", it.plan())).await.expect(200);
    assert_eq!(archive.header("content-type"), "application/zip");
    let found = names(&archive.bytes);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|name| !name.contains(['/', '\\', '\u{202e}', '<'])), "{found:?}");
    assert!(found.iter().any(|name| name.ends_with("v1 draft.docx")) && found.iter().any(|name| name.ends_with("v1.docx")), "{found:?}");
    let index = part(&archive.bytes, "index.html");
    for expected in ["&lt;b&gt;=cmd()&lt;/b&gt;", "Version 1, approved", "Version 1, draft", "Acme"] {
        assert!(index.contains(expected), "{expected}: {index}");
    }
    let word = found.iter().find(|name| name.ends_with("v1.docx")).unwrap();
    let mut inside = Vec::new();
    ZipArchive::new(Cursor::new(&archive.bytes)).unwrap().by_name(word).unwrap().read_to_end(&mut inside).unwrap();
    assert_eq!(inside, export(&it, "docx").await.bytes, "the archive has the file that is kept");
}

#[tokio::test]
async fn a_document_can_be_printed() {
    let it = Patching::saved().await;
    let id = it.path.rsplit_once('/').unwrap().1;
    let page = it.contributor.get(&format!("/documents/{id}/print")).await.expect(200);
    assert!(page.text.contains("Version 1") && page.text.contains("An answer") && page.text.contains("Draft"), "{}", page.text);
    let page = it.contributor.get(&format!("/documents/{id}")).await.expect(200);
    assert!(page.text.contains("export?format=docx&amp;version=1") && !page.text.contains("format=pdf"), "a button that would be refused");
}
