//! Word and PDF files of one's own, with the life cycle of a document.

use serde_json::json;

use super::Patching;
use crate::app::PASSWORD;

const PDF: &[u8] = b"%PDF-1.7\nthe policy as it always was";
const OTHER: &[u8] = b"%PDF-1.7\nthe policy as it is now";

#[tokio::test]
async fn a_file_goes_through_review_and_approval_and_comes_out_as_it_was() {
    let it = Patching::saved().await;
    let upload = format!("{}/documents/file", it.assignment);
    it.approver.upload(&upload, &[], ("Policy.pdf", PDF)).await.refused(403, "forbidden");
    for (name, bytes) in [("Policy.txt", &b"text"[..]), ("Policy.pdf", b"<html>"), ("Policy.docx", PDF), ("Policy.pdf", b"")] {
        it.contributor.upload(&upload, &[], (name, bytes)).await.refused(422, "invalid-fields");
    }
    it.contributor.upload(&upload, &[("colour", "red")], ("Policy.pdf", PDF)).await.refused(422, "invalid-fields");
    let document = it.contributor.upload(&upload, &[], ("Our policy.pdf", PDF)).await.expect(201).json();
    assert_eq!((&document["name"], &document["status"], &document["body"]), (&json!("Our policy"), &json!("draft"), &json!("")));
    assert_eq!((&document["file"]["file_name"], &document["out_of_date"]), (&json!("Our policy.pdf"), &json!(false)));
    assert_eq!(document["generated_tasks"].as_array().unwrap().len(), 3);
    let file = Patching { path: format!("/api/v1/documents/{}", document["id"].as_str().unwrap()), ..it };

    file.edit(json!({ "body": "Text" })).await.refused(422, "invalid-fields");
    file.contributor.upload(&format!("{}/file", file.path), &[], ("New.pdf", OTHER)).await.expect(200);
    file.submit_and_review().await;
    file.contributor.upload(&format!("{}/file", file.path), &[], ("Late.pdf", PDF)).await.refused(409, "invalid-transition");
    let approved = file.approve().await;
    assert_eq!((&approved["status"], &approved["integrity"]), (&json!("approved"), &json!("intact")));
    let taken = file.approver.get(&format!("{}/file", file.path)).await.expect(200);
    assert_eq!(taken.text.as_bytes(), OTHER);
    assert!(taken.header("content-disposition").contains("New.pdf"), "{}", taken.header("content-disposition"));

    // The next version takes another file; the one in force stays what it is.
    file.contributor.post(&format!("{}/versions", file.path), json!({})).await.expect(201);
    file.contributor.upload(&format!("{}/file", file.path), &[], ("Third.pdf", PDF)).await.expect(200);
    assert_eq!(file.approver.get(&format!("{}/file", file.path)).await.expect(200).text.as_bytes(), PDF);
    assert_eq!(file.approver.get(&format!("{}/file?version=1", file.path)).await.expect(200).text.as_bytes(), OTHER);
    assert!(file.app.context.verify_documents().await.unwrap().1.is_empty());

    // Whoever puts another file into what was approved is noticed.
    let swap =
        "UPDATE dna_app.customer_document_versions SET content = jsonb_set(content, '{file,sha256}', to_jsonb(encode(sha256('x'), 'hex')))";
    sqlx::query(swap).execute(&mut file.app.database.superuser().await).await.unwrap();
    file.approver.get(&format!("{}/file?version=1", file.path)).await.refused(409, "document-tampered");
}

#[tokio::test]
async fn a_text_has_no_file() {
    let it = Patching::saved().await;
    it.contributor.get(&format!("{}/file", it.path)).await.refused(404, "not-found");
    it.contributor.upload(&format!("{}/file", it.path), &[], ("A.pdf", PDF)).await.refused(422, "invalid-fields");
    let body = json!({ "password": PASSWORD });
    it.approver.post(&format!("{}/approve", it.path), body).await.refused(409, "invalid-transition");
}
