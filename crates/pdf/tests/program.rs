//! The program as the server starts it: JSON in, PDF out. What the PDF says is read by pdftotext and
//! pdfinfo (poppler; `scripts/install-document-tools`).
#![allow(clippy::panic, clippy::unwrap_used, missing_docs)]

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

fn run(program: &str, arguments: &[&str], input: &[u8]) -> Output {
    let child = Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{program}: {error}; run scripts/install-document-tools"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn pdf(input: &Value) -> Vec<u8> {
    let output = run(env!("CARGO_BIN_EXE_muster-pdf"), &[], input.to_string().as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.starts_with(b"%PDF-"));
    output.stdout
}

fn refused(input: &[u8]) -> String {
    let output = run(env!("CARGO_BIN_EXE_muster-pdf"), &[], input);
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the PDF says, without spaces, and without the marks of direction that pdftotext adds.
fn said(pdf: &[u8]) -> String {
    let output = run("pdftotext", &["-nopgbrk", "-", "-"], pdf);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '\u{202a}'..='\u{202c}')).collect()
}

fn info(pdf: &[u8]) -> String {
    String::from_utf8_lossy(&run("pdfinfo", &["-"], pdf).stdout).into_owned()
}

fn text(words: &str) -> Value {
    json!({ "text": words, "kind": "text", "bold": false, "italic": false, "code": false, "link": null })
}

fn sheet(blocks: Vec<Value>) -> Value {
    let frame = json!({
        "language": "en", "name": "Policy", "number": "ISMS 20", "version": "Version 2", "mark": "Draft", "classification": "Internal",
        "organisation": "Acme & Co", "firm": "Firm", "date": "13 March 2026", "made_at": "2026-03-13T12:00:00Z", "identity": "x-2",
        "approvals": [{ "step": "Approved (CISO)", "name": "Elena Brandt", "at": "13 March 2026" }],
        "words": { "approvals": "Approval", "step": "Step", "approver": "Name", "at": "When", "page": "Page {} of {}" }
    });
    json!({ "sheet": { "frame": frame, "paper": { "title": [text("Policy of Acme")], "blocks": blocks } }, "logo": null })
}

fn paragraph(words: &str) -> Value {
    json!({ "block": "paragraph", "runs": [text(words)] })
}

fn heading(level: u8, words: &str) -> Value {
    json!({ "block": "heading", "level": level, "runs": [text(words)] })
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "#import \"x\": * #read(\"/etc/passwd\") #sys.inputs",
    "$x^2$ @cite <label> *b* _i_ `c` = h \\ ~ [x] {y} // /* */",
    "=cmd()",
    "{{a}} {{",
    "]]> &amp; \" '",
    "😀 ✓ → 中文 日本語 한국어",
    // Without a ligature of lam and alef: pdftotext turns the two letters of that round.
    "دار للنشر والتوزيع",
    "שלום עולם",
    "Ελληνικά Кириллица Հայերեն ქართული ไทย",
];

#[test]
fn texts_come_out_as_they_are_wherever_they_stand() {
    for words in HOSTILE {
        let list = json!({ "block": "list", "start": 1, "is_tight": true, "items": [[paragraph(words)]] });
        let table = json!({ "block": "table", "headings": [[text(words)]], "rows": [[[text(words)]]] });
        let code = json!({ "block": "code", "runs": [text(words)] });
        let quote = json!({ "block": "quote", "blocks": [paragraph(words)] });
        let found = said(&pdf(&sheet(vec![heading(1, words), paragraph(words), list, table, code, quote])));
        let expected: String = words.chars().filter(|letter| !letter.is_whitespace()).collect();
        assert_eq!(found.matches(&expected).count(), 7, "{words}: {found}");
    }
}

#[test]
fn what_no_font_has_is_told_by_its_number() {
    assert!(said(&pdf(&sheet(vec![paragraph("a \u{11da0} b")]))).contains("a[U+11DA0]b"));
}

#[test]
fn long_words_break_and_are_whole() {
    let word = "Donaudampfschifffahrtsgesellschaft".repeat(8);
    let table = json!({ "block": "table", "headings": [[text("A")], [text("B")], [text("C")]], "rows": [[[text(&word)], [text("b")], [text("c")]]] });
    let made = pdf(&sheet(vec![paragraph(&word), table]));
    assert_eq!(said(&made).matches(&word).count(), 2);
    // Nothing stands outside of the page: cut to its text, it says the same.
    let inside = run("pdftotext", &["-x", "70", "-y", "0", "-W", "457", "-H", "842", "-nopgbrk", "-", "-"], &made);
    let inside: String = String::from_utf8_lossy(&inside.stdout).split_whitespace().collect();
    assert_eq!(inside.matches(&word).count(), 2, "{inside}");
}

#[test]
fn it_is_tagged_named_and_numbered() {
    let made = pdf(&sheet(vec![heading(1, "Purpose"), paragraph("Words."), heading(3, "Skipped a level"), paragraph("More.")]));
    let info = info(&made);
    for expected in ["Tagged:          yes", "Title:           Policy of Acme", "Fri Mar 13 12:00:00 2026", "A4"] {
        assert!(info.contains(expected), "{expected}: {info}");
    }
    let found = said(&made);
    for expected in
        ["DRAFT·ISMS20·Version2·Internal", "Page1of1", "Approved(CISO)ElenaBrandt", "AcmeCo".replace("AcmeCo", "Acme&Co").as_str()]
    {
        assert!(found.contains(expected), "{expected}: {found}");
    }
    let structure = String::from_utf8_lossy(&run("pdfinfo", &["-struct", "-"], &made).stdout).into_owned();
    for tag in ["H1", "Table", "TH", "TD"] {
        assert!(structure.contains(tag), "{tag}: {structure}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = sheet(HOSTILE.iter().map(|words| paragraph(words)).collect());
    assert_eq!(pdf(&input), pdf(&input));
}

#[test]
fn two_hundred_pages_take_no_more_than_seconds() {
    let words = "A paragraph about access rights that goes on for a while, and then says some more. ".repeat(5);
    let blocks = (0..1_700).flat_map(|number| [heading(2, &format!("Section {number}")), paragraph(&words)]).collect();
    let began = Instant::now();
    let made = pdf(&sheet(blocks));
    let took = began.elapsed();
    let pages = info(&made).lines().find_map(|line| line.strip_prefix("Pages:").map(|pages| pages.trim().parse::<u32>().unwrap())).unwrap();
    assert!(pages >= 200, "{pages}");
    // Two to three seconds on two quiet cores (docs/OPERATIONS.md); a busy machine is not a slower program.
    assert!(took < Duration::from_secs(15), "{took:?} for {pages} pages");
}

#[test]
fn what_is_no_input_is_refused_in_words() {
    assert!(refused(b"").contains("cannot be understood"));
    assert!(refused(b"{\"sheet\":").contains("cannot be understood"));
    assert!(refused(b"{\"sheet\":{}}").contains("is no moment"));
    let mut input = sheet(vec![]);
    input["logo"] = json!({ "media_type": "image/svg+xml", "hex": "00" });
    assert!(refused(input.to_string().as_bytes()).contains("logo of the type"));
    input["logo"] = json!({ "media_type": "image/png", "hex": "0g" });
    assert!(refused(input.to_string().as_bytes()).contains("hexadecimal"));
}

#[test]
fn a_logo_that_is_no_picture_is_left_out() {
    let mut input = sheet(vec![paragraph("Words.")]);
    input["logo"] = json!({ "media_type": "image/png", "hex": "89504e470d0a1a0a00" });
    assert!(said(&pdf(&input)).contains("Words."));
}
