//! Giving a file out: whole or not at all, and as something to keep, never to show.

use std::{fs, io::Write as _};

use serde_json::json;

use super::{PDF, files_below, hand_in, handed_in, task};
use crate::app::TestApp;

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_runs_nowhere() {
    let app = TestApp::start().await;
    let contributor = app.as_person("contributor").await;
    let evidence = hand_in(&contributor, &[], ("Übersicht 1.pdf", PDF)).await.expect(201).json();
    let path = format!("/api/v1/evidence/{}/content", evidence["id"].as_str().unwrap());
    for path in [path.clone(), path.replace("/api/v1", "")] {
        let content = contributor.send("GET", &path, &[("accept-encoding", "gzip")], "").await.expect(200);
        assert_eq!(content.text.as_bytes(), PDF);
        for (name, value) in [
            ("content-type", "application/pdf"),
            ("content-length", &PDF.len().to_string()),
            ("content-disposition", "attachment; filename=\"_bersicht 1.pdf\"; filename*=UTF-8''%C3%9Cbersicht%201.pdf"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            ("etag", &format!("\"{}\"", evidence["sha256"].as_str().unwrap())),
        ] {
            assert_eq!(content.header(name), value, "{path} {name}");
        }
        let known = content.header("etag").to_owned();
        let again = contributor.send("GET", &path, &[("if-none-match", &known)], "").await.expect(304);
        assert_eq!(again.text, "");
    }
}

#[tokio::test]
async fn a_flipped_byte_is_never_served() {
    let app = TestApp::start().await;
    let task = task(&app, json!({})).await;
    let admin = app.admin().await;
    let path = format!("{}/content", handed_in(&admin, &task).await);
    let file = files_below(&app.files.0).pop().unwrap();
    let mut content = fs::read(&file).unwrap();
    content[12] ^= 1;
    fs::OpenOptions::new().write(true).open(&file).unwrap().write_all(&content).unwrap();
    let refused = admin.get(&path).await.refused(500, "file-damaged");
    assert!(!refused.to_string().contains("evidence of something"));
    content[12] ^= 1;
    fs::OpenOptions::new().write(true).open(&file).unwrap().write_all(&content).unwrap();
    admin.get(&path).await.expect(200);
    fs::remove_file(&file).unwrap();
    let refused = admin.get(&path).await.refused(500, "file-damaged");
    assert!(!refused.to_string().contains(app.files.0.to_str().unwrap()));
}

#[tokio::test]
async fn two_customers_with_the_same_file_have_one_each() {
    let app = TestApp::start().await;
    let (manager, stranger) = (app.as_person("manager").await, app.as_person("stranger").await);
    let mine = hand_in(&manager, &[], ("a.pdf", PDF)).await.expect(201).json();
    let theirs = stranger.upload("/api/v1/customers/2/evidence", &[], ("b.pdf", PDF)).await.expect(201).json();
    assert_eq!(mine["sha256"], theirs["sha256"]);
    let files = files_below(&app.files.0);
    assert_eq!(files.len(), 2);
    let path = |one: &serde_json::Value| format!("/api/v1/evidence/{}", one["id"].as_str().unwrap());
    for (client, foreign) in [(&manager, &theirs), (&stranger, &mine)] {
        for place in ["", "/content"] {
            client.get(&format!("{}{place}", path(foreign))).await.refused(404, "not-found");
        }
        client.post(&format!("{}/accept", path(foreign)), json!({})).await.refused(404, "not-found");
    }
    // What is gone for the one is there for the other.
    fs::remove_file(files.iter().find(|file| file.to_str().unwrap().contains("/kept/1/")).unwrap()).unwrap();
    manager.get(&format!("{}/content", path(&mine))).await.refused(500, "file-damaged");
    stranger.get(&format!("{}/content", path(&theirs))).await.expect(200);
}
