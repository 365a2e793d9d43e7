//! What is accepted, and everything that is not.

use std::io::Write as _;

use muster_files::{EVIDENCE, FileStore, Refusal};
use proptest::prelude::*;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::Folder;

async fn look(name: &str, content: &[u8]) -> Result<&'static str, Refusal> {
    let folder = Folder::fresh();
    let store = FileStore::open(&folder.0).unwrap();
    let mut upload = store.begin(1 << 30).await.unwrap();
    upload.write(content).await.unwrap();
    upload.finish().await.unwrap().kind(name, EVIDENCE).await.unwrap().map(|kind| kind.media_type)
}

/// A ZIP file with these entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        let method = if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn types(main: &str) -> String {
    format!(r#"<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.{main}+xml"/></Types>"#)
}

const WORD: &str = "openxmlformats-officedocument.wordprocessingml.document.main";

#[tokio::test]
async fn what_offices_make_is_accepted() {
    let word = archive(&[("[Content_Types].xml", types(WORD).as_bytes()), ("word/document.xml", b"<w:document/>")]);
    let open_document = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<office/>")]);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("a;b".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (name, content, media_type) in [
        ("Policy.PDF", &b"%PDF-1.7\n..."[..], "application/pdf"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        ("a.gif", b"GIF89a\x01\0", "image/gif"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        ("notes.txt", "Grüße, 5 < 7 and <b> is fine".as_bytes(), "text/plain; charset=utf-8"),
        ("latin.csv", b"name;K\xfcche", "text/csv; charset=utf-8"),
        ("wide.csv", &wide, "text/csv; charset=utf-8"),
        ("a.json", b"{\"a\": 1}", "application/json"),
        ("mail.eml", b"Received: from x\r\nSubject: y\r\n\r\n<html>", "message/rfc822"),
        ("a.docx", &word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.odt", &open_document, "application/vnd.oasis.opendocument.text"),
        ("a.zip", &archive(&[("readme.txt", b"hello")]), "application/zip"),
    ] {
        assert_eq!(look(name, content).await, Ok(media_type), "{name}");
    }
}

#[tokio::test]
async fn names_and_content_have_to_agree() {
    let html = b"<!DOCTYPE html><script>alert(1)</script>";
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
    let word = archive(&[("[Content_Types].xml", types(WORD).as_bytes())]);
    for (name, content, code) in [
        ("a.pdf", &b""[..], "empty-file"),
        ("a.pdf", html, "content-mismatch"),
        ("a.pdf", b"MZ\x90\0", "content-mismatch"),
        ("a.html", html, "not-accepted"),
        ("a.svg", svg, "not-accepted"),
        ("a.exe", b"MZ\x90\0", "not-accepted"),
        ("a.docm", &word, "not-accepted"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-accepted"),
        ("pdf", b"%PDF-1.7", "not-accepted"),
        ("a.pdf.exe", b"%PDF-1.7", "not-accepted"),
        ("a.txt", html, "content-mismatch"),
        ("a.txt", b"  \n<HTML>", "content-mismatch"),
        ("a.csv", b"\xef\xbb\xbf<script>alert(1)</script>", "content-mismatch"),
        ("a.md", svg, "content-mismatch"),
        ("a.txt", b"#!/bin/sh\nrm", "content-mismatch"),
        ("a.txt", b"text\0more", "content-mismatch"),
        ("a.txt", b"\x7fELF\x02", "content-mismatch"),
        ("a.eml", html, "content-mismatch"),
        ("a.png", b"\xff\xd8\xff", "content-mismatch"),
        ("a.zip", b"MZ\x90\0PK\x05\x06", "content-mismatch"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "content-mismatch"),
        ("a.docx", b"PK\x03\x04 and then nothing", "unreadable"),
        ("a.docx", &archive(&[("readme.txt", b"hello")]), "content-mismatch"),
        ("a.xlsx", &word, "content-mismatch"),
        ("a.odt", &word, "content-mismatch"),
        ("a.zip", &archive(&[]), "empty-file"),
    ] {
        assert_eq!(
            look(name, content).await.unwrap_err().code(),
            code,
            "{name} {:?}",
            String::from_utf8_lossy(&content[..content.len().min(20)])
        );
    }
}

#[tokio::test]
async fn macros_are_refused_however_they_are_hidden() {
    let plain = types(WORD);
    let enabled = types("ms-word.document.macroEnabled.main");
    let named =
        plain.replace("</Types>", r#"<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>"#);
    for entries in [
        vec![("[Content_Types].xml", plain.as_bytes()), ("word/vbaProject.bin", b"x")],
        vec![("[Content_Types].xml", enabled.as_bytes())],
        vec![("[Content_Types].xml", named.as_bytes()), ("word/x.bin", b"x")],
    ] {
        assert_eq!(look("a.docx", &archive(&entries)).await, Err(Refusal::Macros));
    }
    let basic = [("mimetype", &b"application/vnd.oasis.opendocument.text"[..]), ("Basic/Standard/Module1.xml", b"x")];
    assert_eq!(look("a.odt", &archive(&basic)).await, Err(Refusal::Macros));
}

#[tokio::test]
async fn bombs_are_refused_by_their_directory() {
    let zeros = vec![0_u8; 65 << 20];
    let bomb = archive(&[("zeros", &zeros)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(look("a.zip", &bomb).await, Err(Refusal::Bomb));
    let in_word = archive(&[("[Content_Types].xml", types(WORD).as_bytes()), ("word/media/image1.png", &zeros)]);
    assert_eq!(look("a.docx", &in_word).await, Err(Refusal::Bomb));
    let names: Vec<String> = (0..20_001).map(|number| number.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(look("a.zip", &archive(&many)).await, Err(Refusal::Bomb));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Damaged archives are refused or accepted, but never stop anything.
    #[test]
    fn a_damaged_archive_is_answered(cut in 0_usize..400, at in 0_usize..400, byte: u8) {
        let mut content = archive(&[("[Content_Types].xml", types(WORD).as_bytes()), ("word/document.xml", b"<w:document/>")]);
        content.truncate(content.len().saturating_sub(cut).max(4));
        let at = at % content.len();
        content[at] = byte;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for name in ["a.docx", "a.zip", "a.odt", "a.txt", "a.pdf"] {
            let _ = runtime.block_on(look(name, &content));
        }
    }
}
