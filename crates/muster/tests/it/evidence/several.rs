//! Several files in one form, as a browser without scripts sends them, and one file twice, as our
//! script does when an answer is lost.

use serde_json::{Value, json};

use super::{PDF, kept, task};
use crate::app::{FORM_TYPE, TestApp, multipart};

/// The body of a form with these files; a nameless one of no bytes is a field that was left empty.
fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let one = multipart(fields, files[0]);
    let boundary = FORM_TYPE.split("boundary=").nth(1).unwrap();
    let end = format!("--{boundary}--\r\n").into_bytes();
    let mut body = one.strip_suffix(end.as_slice()).expect("the form ends with its boundary").to_vec();
    for (name, content) in &files[1..] {
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").into_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend(end);
    body
}

#[tokio::test]
async fn several_files_are_all_handed_in_or_none() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let task = task(&app, json!({})).await;
    let headers = [("content-type", FORM_TYPE)];
    let (page, api) = ("/customers/1/evidence", "/api/v1/customers/1/evidence");
    let fields = [("task_id", task.as_str()), ("kind", "report")];
    let bad = form(&fields, &[("a.pdf", PDF), ("b.pdf", b"no PDF")]);
    let refused = contributor.send("POST", page, &headers, bad).await.expect(422).text;
    assert!(refused.contains("b.pdf"), "the page says which file is refused");
    assert_eq!(kept(&app).await, (0, 0));
    let good = form(&fields, &[("a.pdf", PDF), ("b.pdf", b"%PDF-1.7 b"), ("c.txt", b"c"), ("", b"")]);
    contributor.send("POST", api, &headers, good.clone()).await.refused(422, "invalid-fields");
    contributor.send("POST", page, &headers, good).await.expect(303);
    assert_eq!(kept(&app).await, (3, 3));
    let list = contributor.get(&format!("{api}?task_id={task}&sort=name")).await.json();
    let names: Vec<(&Value, &Value)> = list["items"].as_array().unwrap().iter().map(|one| (&one["filename"], &one["kind"])).collect();
    assert_eq!(names, [(&json!("a.pdf"), &json!("report")), (&json!("b.pdf"), &json!("report")), (&json!("c.txt"), &json!("report"))]);
    // One file comes in the place of another, never two; an empty field beside it is no file.
    let old = list["items"][0]["id"].as_str().unwrap();
    let two = form(&[("replaces", old)], &[("d.pdf", PDF), ("e.pdf", PDF)]);
    contributor.send("POST", page, &headers, two).await.expect(422);
    contributor.send("POST", page, &headers, form(&[("replaces", old)], &[("", b""), ("d.pdf", PDF)])).await.expect(303);
    let many: Vec<(&str, &[u8])> = (0..21).map(|_| ("a.pdf", PDF)).collect();
    contributor.send("POST", page, &headers, form(&[], &many)).await.expect(422);
    assert_eq!(kept(&app).await.0, 4);
}

#[tokio::test]
async fn a_file_that_is_sent_again_is_handed_in_once() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let headers = [("content-type", FORM_TYPE), ("idempotency-key", "a-file-and-what-is-said-of-it")];
    for _ in 0..2 {
        contributor.send("POST", "/customers/1/evidence", &headers, multipart(&[("note", "N")], ("a.pdf", PDF))).await.expect(303);
    }
    assert_eq!(kept(&app).await.0, 1);
}
