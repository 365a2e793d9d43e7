//! The file read again, part by part.

use std::io::{Cursor, Read as _};

use muster_paper::{Approval, Fill, Frame, FrameWords, Paper, Picture, plain_text};
use proptest::prelude::*;
use roxmltree::Document;
use zip::ZipArchive;

use super::*;

/// Answers that try to be more than text.
const HOSTILE: &[&str] = &[
    "</w:t></w:r><w:r><w:t>x",
    "<script>alert(1)</script>",
    "]]>",
    "&amp; &lt; \"quoted\" 'single'",
    "{{b}} {{a}}",
    "=cmd()",
    "#import \"x\"",
    "**bold** | cell",
    "a\u{0}b\u{b}c\u{1b}d\u{ffff}e",
    "دار الأفق \u{202E}للنشر hello",
    "👩‍💻 emoji 😀",
    "one\ntwo\n\nthree",
    "  spaces  ",
];

const BODY: &str = "# First {{a}}\n\nBefore **{{a}}** after `{{a}}`.\n\n{{a}}\n\n- {{a}}\n- second\n\n3. third\n4. fourth\n   - deeper\n\n\
                    > {{a}}\n\n| A | B |\n|---|---|\n| {{a}} | x |\n\n    {{a}}\n\n---\n\n[to {{a}}](https://example.org/?a=1&b=2)";

fn frame() -> Frame {
    let word = |text: &str| text.to_owned();
    Frame {
        language: word("en"),
        name: word("Policy"),
        number: Some(word("ISMS 20")),
        version: word("Version 2"),
        mark: Some(word("Draft")),
        classification: word("Internal"),
        organisation: word("Acme & Söhne"),
        firm: word("Firm <Ltd>"),
        logo: None,
        date: word("13 March 2026"),
        made_at: word("2026-03-13T12:00:00Z"),
        identity: word("0190-2"),
        approvals: vec![Approval { step: word("Approved (CISO)"), name: word("Elena <Brandt>"), at: word("13 Mar 2026, 16:24") }],
        words: FrameWords {
            approvals: word("Approval"),
            step: word("Step"),
            approver: word("Name"),
            at: word("When"),
            page: word("Page {} of {}"),
        },
    }
}

fn sheet(body: &str, answer: &str) -> Sheet {
    let paper = Paper::new("Policy of {{a}}", body, &|key| match key {
        "gap" => Fill::Gap("No answer".into()),
        _ => Fill::Answer { words: answer.to_owned().into(), table: None },
    });
    Sheet::new(frame(), paper)
}

fn part(file: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The text of a part: a line for each paragraph.
fn texts(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let paragraphs = document.descendants().filter(|node| node.tag_name().name() == "p");
    let text = |paragraph: roxmltree::Node<'_, '_>| {
        paragraph
            .descendants()
            .map(|node| match node.tag_name().name() {
                "t" => node.text().unwrap_or_default(),
                "br" => "\n",
                _ => "",
            })
            .collect()
    };
    paragraphs.map(text).collect()
}

fn shape(xml: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let names = document.descendants().filter(|node| node.is_element()).map(|node| node.tag_name().name().to_owned());
    // How many runs and lines a text has depends on what it says.
    names
        .filter(|name| {
            !matches!(name.as_str(), "r" | "t" | "br" | "rPr" | "rStyle" | "b" | "bCs" | "rtl" | "bidi" | "p" | "pPr" | "pStyle")
        })
        .collect()
}

#[test]
fn an_answer_is_text_wherever_it_stands() {
    let harmless = shape(&part(&docx(&sheet(BODY, "harmless")).unwrap(), "word/document.xml"));
    for answer in HOSTILE {
        let sheet = sheet(BODY, answer);
        let xml = part(&docx(&sheet).unwrap(), "word/document.xml");
        // What follows several paragraphs may be more paragraphs.
        let found = shape(&xml);
        if !answer.contains("\n\n") {
            assert_eq!(found, harmless, "{answer:?}");
        }
        let text = texts(&xml).join("\n");
        for line in plain_text(&sheet.paper).lines().flat_map(|line| line.split('\t')) {
            assert!(text.contains(line), "{answer:?}: {line:?} is not in {text}");
        }
    }
}

#[test]
fn the_same_sheet_has_the_same_bytes() {
    let (one, other) = (docx(&sheet(BODY, "x")).unwrap(), docx(&sheet(BODY, "x")).unwrap());
    assert_eq!(one, other);
    let mut archive = ZipArchive::new(Cursor::new(&one)).unwrap();
    for at in 0..archive.len() {
        let file = archive.by_index(at).unwrap();
        assert_eq!(file.last_modified().map(|at| (at.year(), at.month(), at.day())), Some((1980, 1, 1)), "{:?}", file.name());
    }
}

#[test]
fn every_part_is_xml_and_every_relation_leads_somewhere() {
    let mut with_logo = sheet(BODY, "x");
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10".to_vec();
    with_logo.frame.logo = Some(Picture { media_type: "image/png", bytes: png.clone() });
    let file = docx(&with_logo).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in names.iter().filter(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
        let xml = part(&file, name);
        let document = Document::parse(&xml).unwrap_or_else(|error| panic!("{name}: {error}"));
        for relation in document.descendants().filter(|node| node.tag_name().name() == "Relationship") {
            let target = relation.attribute("Target").unwrap();
            let folder = if name == "_rels/.rels" { "" } else { "word/" };
            let leads = relation.attribute("TargetMode") == Some("External") || names.contains(&format!("{folder}{target}"));
            assert!(leads, "{name}: {target}");
        }
    }
    let mut logo = Vec::new();
    archive.by_name("word/media/logo.png").unwrap().read_to_end(&mut logo).unwrap();
    assert_eq!(logo, png);
    let document = part(&file, "word/document.xml");
    let relations = part(&file, "word/_rels/document.xml.rels");
    assert!(document.contains("r:id=\"rLink1\"") && relations.contains("Target=\"https://example.org/?a=1&amp;b=2\""), "{relations}");
}

#[test]
fn styles_numbers_and_headings_are_words_own() {
    let xml = part(&docx(&sheet(BODY, "x")).unwrap(), "word/document.xml");
    let styles = part(&docx(&sheet(BODY, "x")).unwrap(), "word/styles.xml");
    let known = Document::parse(&styles).unwrap();
    let w = crate::package::W;
    let ids: Vec<&str> = known.descendants().filter_map(|node| node.attribute((w, "styleId"))).collect();
    let document = Document::parse(&xml).unwrap();
    for node in document.descendants().filter(|node| matches!(node.tag_name().name(), "pStyle" | "rStyle" | "tblStyle")) {
        let style = node.attribute((w, "val")).unwrap();
        assert!(ids.contains(&style), "{style}");
    }
    for style in ["Title", "Heading1", "ListParagraph", "Quote", "Code", "TableHeading"] {
        assert!(xml.contains(&format!("w:val=\"{style}\"")), "{style}");
    }
    assert_eq!(xml.matches("<w:tblHeader/>").count(), 2, "both tables repeat their heading");
    let numbering = part(&docx(&sheet(BODY, "x")).unwrap(), "word/numbering.xml");
    assert!(numbering.contains("<w:startOverride w:val=\"3\"/>"), "{numbering}");
}

#[test]
fn header_and_footer_say_what_it_is() {
    let file = docx(&sheet(BODY, "x")).unwrap();
    assert_eq!(texts(&part(&file, "word/header1.xml")), ["Acme & SöhneDRAFT · ISMS 20 · Version 2 · Internal"]);
    let footer = part(&file, "word/footer1.xml");
    assert_eq!(texts(&footer), ["Acme & SöhnePage 1 of 1"]);
    assert!(footer.contains(" PAGE ") && footer.contains(" NUMPAGES "));
    let properties = part(&file, "docProps/core.xml");
    for expected in ["<dc:title>Policy of x</dc:title>", "<dc:language>en</dc:language>", "2026-03-13T12:00:00Z"] {
        assert!(properties.contains(expected), "{properties}");
    }
    let text = texts(&part(&file, "word/document.xml"));
    assert_eq!(text[..2], ["Policy of x", "Acme & Söhne · ISMS 20 · Version 2 · Internal · 13 March 2026 · Draft"]);
    assert!(text.ends_with(&["Approved (CISO)".into(), "Elena <Brandt>".into(), "13 Mar 2026, 16:24".into(), String::new()]), "{text:?}");
}

#[test]
fn two_hundred_pages_are_made_at_once() {
    let body = "## Part\n\nA paragraph of words about access, with {{a}}, that goes on for a while and says little.\n\n".repeat(4_000);
    let began = std::time::Instant::now();
    let file = docx(&sheet(&body, "an answer")).unwrap();
    assert!(file.len() < 1_000_000, "{}", file.len());
    assert!(began.elapsed().as_secs() < 20, "{:?} without optimisation", began.elapsed());
}

proptest! {
    #[test]
    fn any_text_makes_a_file_that_can_be_read(body in "[-a>*_#|`\\[\\](){}<&\" \\n0-9.]{0,100}", answer in "\\PC{0,30}") {
        let file = docx(&sheet(&body, &answer)).unwrap();
        texts(&part(&file, "word/document.xml"));
    }
}
