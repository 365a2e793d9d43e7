//! Showing a file inside a page: whole or not at all, and nothing of it runs.

use std::{fs, io::Write as _};

use super::{PDF, files_below, hand_in};
use crate::app::TestApp;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

#[tokio::test]
async fn only_what_is_harmless_is_shown_and_in_a_sandbox() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let script = b"<b>not bold</b><script>alert(1)</script>".as_slice();
    for (name, content, shown) in [
        ("a.pdf", PDF, Some("application/pdf")),
        ("a.png", PNG, Some("image/png")),
        ("a.txt", b"plain".as_slice(), Some("text/plain; charset=utf-8")),
        ("notes.md", b"text first\n<script>alert(1)</script>".as_slice(), Some("text/plain; charset=utf-8")),
        ("a.json", b"{}".as_slice(), Some("text/plain; charset=utf-8")),
        ("a.csv", b"a;<svg onload=x>".as_slice(), Some("text/plain; charset=utf-8")),
        ("a.eml", b"Subject: x\n\n<script>alert(1)</script>".as_slice(), None),
    ] {
        let evidence = hand_in(&admin, &[], (name, content)).await.expect(201).json();
        let api = format!("/api/v1/evidence/{}/preview", evidence["id"].as_str().unwrap());
        for path in [api.clone(), api.replace("/api/v1", "")] {
            let answer = admin.get(&path).await;
            let Some(media_type) = shown else {
                answer.expect(404);
                continue;
            };
            let answer = answer.expect(200);
            assert_eq!(answer.text.as_bytes(), String::from_utf8_lossy(content).as_bytes(), "{name}");
            assert_eq!(answer.header("content-type"), media_type, "{name}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
            let policy = answer.header("content-security-policy");
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'") && !policy.contains("script"),
                "{policy}"
            );
            assert!(policy.starts_with("sandbox;"), "{name}: {policy}");
        }
        let page = admin.get(&format!("/evidence/{}", evidence["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(page.text.contains("/preview\""), shown.is_some(), "{name}");
        assert!(page.header("content-security-policy").contains("frame-src 'self'"));
    }
    // A page is no evidence in the first place, whatever it is called.
    for name in ["a.html", "a.svg", "a.txt"] {
        hand_in(&admin, &[], (name, b"<html><script>alert(1)</script>")).await.refused(422, "invalid-fields");
    }
    hand_in(&admin, &[], ("bold.md", script)).await.expect(201);
}

#[tokio::test]
async fn a_flipped_byte_is_never_shown() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let evidence = hand_in(&admin, &[], ("a.pdf", PDF)).await.expect(201).json();
    let path = format!("/api/v1/evidence/{}/preview", evidence["id"].as_str().unwrap());
    admin.get(&path).await.expect(200);
    let file = files_below(&app.files.0).pop().unwrap();
    let mut content = fs::read(&file).unwrap();
    content[12] ^= 1;
    fs::OpenOptions::new().write(true).open(&file).unwrap().write_all(&content).unwrap();
    let refused = admin.get(&path).await.refused(500, "file-damaged");
    assert!(!refused.to_string().contains("evidence of something"));
    let page = admin.get(&path.replace("/api/v1", "")).await.expect(500).text;
    assert!(!page.contains("evidence of something"));
    fs::remove_file(&file).unwrap();
    admin.get(&path).await.refused(500, "file-damaged");
}
