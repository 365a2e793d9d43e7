//! Importing single templates from files.

use serde_json::{Value, json};

use super::{WORD_FILE, upload};
use crate::app::TestApp;

const IMPORT: &str = "/api/v1/templates/import";

fn messages(problem: &Value) -> Vec<String> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_word_file_becomes_a_draft_that_can_be_released_and_assigned() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let made = upload(&admin, IMPORT, Some(("Policy.docx", WORD_FILE)), &[("iso_code", "ISO 27001:2022"), ("name", "Suppliers")], &[])
        .await
        .expect(201);
    let template = made.json();
    assert_eq!(made.header("location"), format!("/api/v1/templates/{}", template["id"].as_str().unwrap()));
    assert_eq!((&template["name"], &template["status"], &template["outcome"]), (&json!("Suppliers"), &json!("draft"), &json!("created")));
    assert_eq!((&template["iso_codes"], &template["problems"], &template["notices"]), (&json!(["ISO 27001:2022"]), &json!([]), &json!([])));
    assert_eq!(template["draft"]["questions"].as_array().unwrap().len(), 7);
    let path = format!("/api/v1/templates/{}", template["id"].as_str().unwrap());
    let stored = admin.get(&path).await.expect(200).json();
    assert_eq!((&stored["draft"]["body"], &stored["draft"]["questions"]), (&template["draft"]["body"], &template["draft"]["questions"]));
    admin.post(&format!("{path}/releases"), json!({})).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assigned =
        admin.post(&format!("/api/v1/plans/{}/templates", plan["id"].as_str().unwrap()), json!({ "template_id": template["id"] })).await;
    assert_eq!(assigned.expect(201).json()["generated_tasks"].as_array().unwrap().len(), 7);
    let log = admin.get("/api/v1/audit?limit=50").await.expect(200).text;
    assert!(log.contains("template.imported"), "{log}");
}

#[tokio::test]
async fn a_name_and_a_title_come_from_the_file() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    // The title has a placeholder, so the file's own name is the better name.
    let template = upload(&admin, IMPORT, Some(("Supplier policy.docx", WORD_FILE)), &[], &[]).await.expect(201).json();
    assert_eq!(
        (&template["name"], &template["draft"]["document_title"]),
        (&json!("Supplier policy"), &json!("Supplier policy of {{organisation_name}}"))
    );
}

#[tokio::test]
async fn sending_it_twice_imports_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let key = [("idempotency-key", "k1")];
    let first = upload(&admin, IMPORT, Some(("a.docx", WORD_FILE)), &[], &key).await.expect(201).json();
    assert_eq!(upload(&admin, IMPORT, Some(("a.docx", WORD_FILE)), &[], &key).await.expect(201).json()["id"], first["id"]);
    upload(&admin, IMPORT, Some(("a.docx", WORD_FILE)), &[("name", "B")], &key).await.refused(422, "idempotency-key-reused");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = admin.get("/api/v1/templates").await.json()["total"].clone();
    let refused =
        async |name: &str, bytes: &[u8]| upload(&admin, IMPORT, Some((name, bytes)), &[], &[]).await.refused(422, "invalid-fields");
    assert_eq!(messages(&refused("a.docx", b"no zip").await), ["This is no Word file of the kind .docx."]);
    assert!(messages(&refused("a.docx", &WORD_FILE[..9000]).await)[0].starts_with("The file is broken"));
    assert_eq!(refused("a.pdf", b"%PDF").await["errors"][0]["code"], "unknown-format");
    assert!(messages(&refused("a.json", b"{\"a\": ").await)[0].starts_with("is no JSON: EOF while parsing"));
    assert!(messages(&refused("a.json", b"{\"a\": 1}").await)[0].contains("neither `fixed_sections`"));
    let yaml = b"key: a\nname: A\niso_codes: []\ndocument_title: T\nquestions:\n  - {key: q, label: Q, kind: colour}\nbody: x\n";
    assert!(messages(&refused("a.yaml", yaml).await)[0].starts_with("a.yaml, line 6: "));
    let yaml = b"key: a\nname: A\niso_codes: [ISO 1]\ndocument_title: T\nquestions: []\nbody: x\n";
    let problem = upload(&admin, IMPORT, Some(("a.yaml", yaml)), &[], &[]).await.refused(422, "unknown-reference");
    assert_eq!(messages(&problem), ["names the standard `ISO 1`, which is not in this library"]);
    upload(&admin, IMPORT, Some(("a.docx", WORD_FILE)), &[("iso_code", "ISO 1")], &[]).await.refused(422, "unknown-reference");
    upload(&admin, IMPORT, None, &[("name", "N")], &[]).await.refused(422, "invalid-fields");
    upload(&admin, IMPORT, Some(("a.docx", &vec![0; 50 * 1024 * 1024])), &[], &[]).await.refused(413, "too-large");
    admin.send("POST", IMPORT, &[("content-type", "text/plain")], "x").await.refused(415, "unsupported-media-type");
    assert_eq!(admin.get("/api/v1/templates").await.json()["total"], before);
}

#[tokio::test]
async fn a_draft_may_have_problems() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let yaml =
        "key: gaps\nname: Gaps\niso_codes: []\ndocument_title: T\nquestions:\n  - {key: q, label: Q, kind: text}\nbody: |\n  {{z}}\n";
    let template = upload(&admin, IMPORT, Some(("gaps.yaml", yaml.as_bytes())), &[], &[]).await.expect(201).json();
    assert_eq!(template["problems"].as_array().unwrap().len(), 2, "{template}");
}

#[tokio::test]
async fn a_library_file_makes_no_second_template() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../library/templates/patch-management.yaml");
    let yaml = std::fs::read_to_string(path).unwrap();
    let id = admin.template_id("Patch Management").await;
    let again = upload(&admin, IMPORT, Some(("x.yaml", yaml.as_bytes())), &[], &[]).await.expect(200).json();
    assert_eq!((&again["outcome"], again["id"].as_str().unwrap()), (&json!("nothing_new"), id.as_str()));
    let changed = yaml.replace("What is the organisation's name?", "What is the name of the firm?");
    let drafted = upload(&admin, IMPORT, Some(("x.yaml", changed.as_bytes())), &[], &[]).await.expect(201).json();
    assert_eq!(
        (&drafted["outcome"], drafted["id"].as_str().unwrap(), &drafted["latest_release"]),
        (&json!("drafted"), id.as_str(), &json!(1))
    );
    assert_eq!(upload(&admin, IMPORT, Some(("x.yaml", changed.as_bytes())), &[], &[]).await.expect(200).json()["outcome"], "nothing_new");
    let other = yaml.replace("What is the organisation's name?", "Who are you?");
    upload(&admin, IMPORT, Some(("x.yaml", other.as_bytes())), &[], &[]).await.refused(409, "draft-there");
}

#[tokio::test]
async fn the_page_tells_what_was_understood_and_what_was_not() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let page = admin.get("/library/templates/import").await.expect(200).text;
    assert!(page.contains("enctype=\"multipart/form-data\"") && page.contains("name=\"once\""), "{page}");
    let fields = [("once", "once-1"), ("name", ""), ("iso_code", "ISO 27001:2022")];
    let done = upload(&admin, "/library/templates/import", Some(("Policy.docx", WORD_FILE)), &fields, &[]).await.expect(201).text;
    assert!(done.contains("7 questions") && done.contains("Nothing stands in the way of a release."), "{done}");
    // Loading the page again sends the form again, and makes nothing new.
    let total = admin.get("/api/v1/templates").await.json()["total"].clone();
    upload(&admin, "/library/templates/import", Some(("Policy.docx", WORD_FILE)), &fields, &[]).await.expect(201);
    assert_eq!(admin.get("/api/v1/templates").await.json()["total"], total);
    let refused =
        upload(&admin, "/library/templates/import", Some(("Policy.docx", b"PK")), &[("name", "<Mine>")], &[]).await.expect(422).text;
    assert!(refused.contains("The file was not imported") && refused.contains("&#60;Mine&#62;"), "{refused}");
    let none = upload(&admin, "/library/templates/import", None, &[], &[]).await.expect(422).text;
    assert!(none.contains("file-error"), "{none}");
}
