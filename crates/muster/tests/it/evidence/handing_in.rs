//! What is taken, and what is refused without a trace.

use base64::Engine as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{PDF, hand_in, kept, task};
use crate::app::{FILE_LIMIT, FORM_TYPE, TestApp, multipart};

#[tokio::test]
async fn a_file_is_kept_with_what_was_said_about_it() {
    let app = TestApp::start().await;
    let (first, second) = (task(&app, json!({})).await, task(&app, json!({})).await);
    let contributor = app.as_person("contributor").await;
    let fields = [
        ("task_id", first.as_str()),
        ("task_id", second.as_str()),
        ("covers_from", "2026-01-01"),
        ("covers_to", "2026-03-31"),
        ("valid_until", "2027-03-31"),
        ("note", "First quarter"),
    ];
    let made = hand_in(&contributor, &fields, ("Q1 <report>.pdf", PDF)).await.expect(201);
    let evidence = made.json();
    assert_eq!(made.header("location"), format!("/api/v1/evidence/{}", evidence["id"].as_str().unwrap()));
    let hash: String = Sha256::digest(PDF).iter().map(|byte| format!("{byte:02x}")).collect();
    for (field, value) in [
        ("filename", json!("Q1 <report>.pdf")),
        ("sha256", json!(hash)),
        ("size", json!(PDF.len())),
        ("media_type", json!("application/pdf")),
        ("status", json!("pending")),
        ("covers_from", json!("2026-01-01")),
        ("covers_to", json!("2026-03-31")),
        ("valid_until", json!("2027-03-31")),
        ("note", json!("First quarter")),
        ("uploaded_by", json!(4)),
        ("received_at", json!("2026-03-17T10:00:00Z")),
    ] {
        assert_eq!(evidence[field], value, "{field}");
    }
    assert_eq!(evidence["task_ids"].as_array().unwrap().len(), 2);
    assert_eq!(kept(&app).await, (1, 1));
    // The same bytes again are a row of their own and the same file.
    hand_in(&contributor, &[("task_id", &first)], ("again.pdf", PDF)).await.expect(201);
    assert_eq!(kept(&app).await, (2, 1));
    let list = contributor.get(&format!("/api/v1/customers/1/evidence?task_id={first}")).await.expect(200).json();
    assert_eq!((&list["total"], &list["items"][0]["filename"]), (&json!(2), &json!("again.pdf")));
    let other = contributor.get(&format!("/api/v1/customers/1/evidence?task_id={second}&limit=1")).await.json();
    assert_eq!((&other["total"], &other["next_cursor"]), (&json!(1), &json!(null)));
    assert_eq!(contributor.get("/api/v1/customers/1/evidence?status=accepted").await.json()["total"], 0);
    // The seed's columns tell the same.
    let files: serde_json::Value =
        sqlx::query_scalar("SELECT evidence_files FROM dna_app.customer_tasks WHERE id::text = $1 AND NOT evidence_uploaded")
            .bind(&first)
            .fetch_one(&mut app.database.superuser().await)
            .await
            .unwrap();
    assert_eq!(files.as_array().unwrap().len(), 2);
    assert_eq!(files[0]["storage_path"], format!("kept/1/{}/{hash}", &hash[..2]));
}

#[tokio::test]
async fn bad_files_leave_no_trace() {
    let app = TestApp::start().await;
    let task = task(&app, json!({})).await;
    let contributor = app.as_person("contributor").await;
    for (file, code) in [
        (("a.pdf", &b""[..]), "empty-file"),
        (("a.exe", b"MZ\x90\0"), "not-accepted"),
        (("a.pdf", b"MZ\x90\0"), "content-mismatch"),
        (("a.html", b"<html>"), "not-accepted"),
        (("a.pdf", b"<!doctype html><script>"), "content-mismatch"),
        (("a.svg", b"<svg/>"), "not-accepted"),
        (("a.docm", b"PK\x03\x04"), "not-accepted"),
        (("a.docx", b"PK\x03\x04"), "unreadable"),
        (("a\u{202e}fdp.exe", PDF), "not-accepted"),
        (("", PDF), "not-accepted"),
    ] {
        let problem = hand_in(&contributor, &[("task_id", &task)], file).await.refused(422, "invalid-fields");
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/file"), &json!(code)), "{file:?}");
    }
    let none = [("task_id", task.as_str())];
    let problem = hand_in(&contributor, &none, ("", b"")).await.refused(422, "invalid-fields");
    assert_eq!(problem["errors"][0]["code"], "blank");
    for (field, value) in
        [("covers_from", "2026-02-30"), ("valid_until", "300000-01-01"), ("note", "a\0b"), ("colour", "red"), ("replaces", "abc")]
    {
        hand_in(&contributor, &[(field, value)], ("a.pdf", PDF)).await.expect(422);
    }
    hand_in(&contributor, &[("covers_from", "2026-02-02"), ("covers_to", "2026-02-01")], ("a.pdf", PDF)).await.expect(422);
    let large = vec![b'a'; usize::try_from(FILE_LIMIT).unwrap() + 1];
    hand_in(&contributor, &[], ("a.txt", &large)).await.refused(413, "too-large");
    hand_in(&contributor, &[], ("a.txt", &large[1..])).await.expect(201);
    contributor.post("/api/v1/customers/1/evidence", json!({})).await.refused(415, "unsupported-media-type");
    assert_eq!(kept(&app).await, (1, 1));
}

#[tokio::test]
async fn hostile_names_become_plain_ones() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let long = format!("{}.pdf", "n".repeat(400));
    for (given, kept) in [
        ("../../etc/x.pdf", "x.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ("a%0D%0AX-Header: 1.pdf", "a%0D%0AX-Header: 1.pdf"),
        ("a\u{7}b\u{202e}c.pdf", "abc.pdf"),
        (long.as_str(), &format!("{}.pdf", "n".repeat(251))),
    ] {
        let evidence = hand_in(&contributor, &[], (given, PDF)).await.expect(201).json();
        assert_eq!(evidence["filename"], kept, "{given:?}");
        let content = contributor.get(&format!("/api/v1/evidence/{}/content", evidence["id"].as_str().unwrap())).await.expect(200);
        assert!(content.header("content-disposition").starts_with("attachment; filename=\""), "{given:?}");
        assert_eq!(content.header("x-header"), "");
    }
    assert_eq!(super::files_below(&app.files.0).len(), 1, "a name reached the disk");
}

#[tokio::test]
async fn what_did_not_arrive_whole_is_refused() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let path = "/api/v1/customers/1/evidence";
    let body = multipart(&[], ("a.pdf", PDF));
    for cut in [1, 5, 20, 30, 60, body.len() - 10] {
        contributor.send("POST", path, &[("content-type", FORM_TYPE)], body[..body.len() - cut.max(3)].to_vec()).await.expect(400);
    }
    let digest = |content: &[u8]| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(content));
    let hex: String = Sha256::digest(PDF).iter().map(|byte| format!("{byte:02x}")).collect();
    for (name, value, status) in [
        ("content-digest", format!("sha-256=:{}:", digest(b"something else")), 400),
        ("content-digest", "sha-256=:nonsense:".to_owned(), 400),
        ("digest", format!("SHA-256={}", digest(b"something else")), 400),
        ("content-digest", format!("sha-256=:{}:", digest(&body)), 201),
        ("content-digest", format!("sha-256=:{}:", digest(PDF)), 201),
        ("digest", format!("SHA-256={}", digest(PDF)), 201),
    ] {
        contributor.send("POST", path, &[("content-type", FORM_TYPE), (name, &value)], body.clone()).await.expect(status);
    }
    hand_in(&contributor, &[("sha256", &"0".repeat(64))], ("a.pdf", PDF)).await.refused(400, "digest-mismatch");
    hand_in(&contributor, &[("sha256", "abc")], ("a.pdf", PDF)).await.refused(400, "digest-mismatch");
    hand_in(&contributor, &[("sha256", &hex)], ("a.pdf", PDF)).await.expect(201);
    assert_eq!(kept(&app).await, (4, 1));
}

#[tokio::test]
async fn a_repeated_request_is_answered_from_before() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let send = async |content: &[u8]| {
        let headers = [("content-type", FORM_TYPE), ("idempotency-key", "k1")];
        contributor.send("POST", "/api/v1/customers/1/evidence", &headers, multipart(&[], ("a.pdf", content))).await
    };
    let first = send(PDF).await.expect(201).json();
    assert_eq!(send(PDF).await.expect(201).json()["id"], first["id"]);
    send(b"%PDF-1.7 another").await.refused(422, "idempotency-key-reused");
    assert_eq!(kept(&app).await.0, 1);
}
