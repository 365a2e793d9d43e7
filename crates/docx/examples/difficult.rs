//! A document with everything in it that could go wrong, for `scripts/check-documents`: `make FOLDER`
//! writes its files, `compare FOLDER` compares what LibreOffice and pdftotext read from them with what
//! the page says.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::{fs, path::Path};

use muster_domain::documents::FilledTable;
use muster_paper::{Approval, Fill, Frame, FrameWords, Paper, Picture, Sheet, page};
use scraper::{ElementRef, Html, Node, Selector};

/// Answers by their keys.
const ANSWERS: &[(&str, &str)] = &[
    ("markup", "</script><script>alert(1)</script> **bold** _x_ # h ]]> &amp; &lt;"),
    ("typst", "#import \"x\" #read(\"/etc/passwd\") $x^2$ @cite <label> \\ ~ -- ..."),
    ("formula", "=cmd()|'/C calc'!A0"),
    ("braces", "{{markup}} {{ table.name }} {{#if a}} {{"),
    ("controls", "a\u{0}b\u{7}c\u{1b}[0md\u{ffff}e\u{85}f"),
    (
        "long",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsangelegenheitenverwaltungsvorschriftensammlungsausschussvorsitzender",
    ),
    (
        "path",
        "https://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?b=c&d=e",
    ),
    ("emoji", "😀 ✓ → 🚀 ©"),
    ("asian", "中文 日本語 한국어"),
    // Without a ligature of lam and alef: pdftotext turns the two letters of that round.
    ("arabic", "دار للنشر والتوزيع"),
    ("hebrew", "שלום עולם"),
    ("mixed", "Policy דף of דף Acme"),
    ("greek", "Ελληνικά Кириллица Հայերեն ქართული"),
    ("lines", "first line\nsecond line\n\nanother paragraph"),
    ("quotes", "“quoted” 'single' \"double\""),
];

fn body() -> String {
    let mut body = String::new();
    for (key, _) in ANSWERS {
        body.push_str(&format!(
            "# On {key}: {{{{{key}}}}}\n\nIn a sentence, **{{{{{key}}}}}** stands *in the middle*.\n\n{{{{{key}}}}}\n\n- {{{{{key}}}}}\n- second\n\n> {{{{{key}}}}}\n\n    code {{{{{key}}}}}\n\n"
        ));
    }
    body.push_str("## Lists\n\n3. third\n4. fourth\n   - deeper\n   - more\n\n      1. deepest\n\n5. last\n\n---\n\n");
    body.push_str("| Answer | Written | Same |\n|---|---|---|\n| {{table.name}} | {{table.text}} | x |\n| last | row | [link](https://example.org) |\n\n");
    body.push_str("{{table}}\n\n{{gap}} and {{unknown}} remain.\n\n###### Deep\n\nThe end.\n");
    body
}

fn sheet() -> Sheet {
    let rows = ANSWERS.iter().map(|(key, words)| vec![(*key).to_owned(), (*words).to_owned()]).collect();
    let table = FilledTable { keys: vec!["name".into(), "text".into()], headings: vec!["Name".into(), "Text".into()], rows };
    let fill = |key: &str| match key {
        "table" => Fill::Answer { words: "a table".into(), table: Some(&table) },
        "gap" => Fill::Gap("No answer yet: what is missing?".into()),
        _ => match ANSWERS.iter().find(|answer| answer.0 == key) {
            Some((_, words)) => Fill::Answer { words: (*words).into(), table: None },
            None => Fill::Literal,
        },
    };
    let word = |text: &str| text.to_owned();
    let frame = Frame {
        language: word("en"),
        name: word("Difficult"),
        number: Some(word("ISMS 20")),
        version: word("Version 2"),
        mark: Some(word("Draft")),
        classification: word("Strictly confidential"),
        organisation: word("Acme & Söhne <GmbH>"),
        firm: word("Firm"),
        logo: Some(Picture { media_type: "image/png", bytes: PNG.to_vec() }),
        date: word("13 March 2026"),
        made_at: word("2026-03-13T12:00:00Z"),
        identity: word("difficult-2"),
        approvals: vec![Approval { step: word("Approved (CISO)"), name: word("Elena <Brandt>"), at: word("13 March 2026, 16:24 CET") }],
        words: FrameWords {
            approvals: word("Review and approval"),
            step: word("Step"),
            approver: word("Name"),
            at: word("When"),
            page: word("Page {} of {}"),
        },
    };
    Sheet::new(frame, Paper::new("Policy of {{quotes}}", &body(), &fill))
}

/// A picture of one point.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
    0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xDE, 0x00, 0x00, 0x00, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63,
    0x50, 0x48, 0x38, 0x00, 0x00, 0x01, 0xE4, 0x01, 0x41, 0x9C, 0x16, 0xE1, 0xA0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE,
    0x42, 0x60, 0x82,
];

fn make(folder: &Path) {
    let sheet = sheet();
    fs::write(folder.join("difficult.docx"), muster_docx::docx(&sheet).unwrap()).unwrap();
    fs::write(folder.join("difficult.html"), page(&sheet)).unwrap();
    let hex: String = PNG.iter().map(|byte| format!("{byte:02x}")).collect();
    let input = serde_json::json!({ "sheet": sheet, "logo": { "media_type": "image/png", "hex": hex } });
    fs::write(folder.join("difficult.json"), input.to_string()).unwrap();
}

/// What a browser shows of an element, the marks of lists included.
fn shown(element: ElementRef<'_>, text: &mut String) {
    for child in element.children() {
        if let Node::Text(words) = child.value() {
            text.push_str(words);
        } else if let Some(inner) = ElementRef::wrap(child) {
            let name = inner.value().name();
            if name == "li" {
                let before = element.child_elements().take_while(|one| one.id() != inner.id()).count();
                let start = element.value().attr("start").and_then(|start| start.parse::<usize>().ok()).unwrap_or(1);
                let mark = if element.value().name() == "ol" { format!("{}.", start + before) } else { "•".to_owned() };
                text.push_str(&format!("\n{mark} "));
            }
            shown(inner, text);
            if !matches!(name, "a" | "bdi" | "span" | "strong" | "em" | "code") {
                text.push('\n');
            }
        }
    }
}

fn words(text: &str) -> String {
    // Marks of direction, which readers add, and the mark of a file's encoding.
    let text: String =
        text.chars().filter(|letter| !matches!(letter, '\u{202a}'..='\u{202c}' | '\u{2066}'..='\u{2069}' | '\u{feff}')).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn compare(folder: &Path) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let html = Html::parse_document(&read("difficult.html"));
    let mut page = String::new();
    shown(html.select(&Selector::parse("main").unwrap()).next().unwrap(), &mut page);
    // LibreOffice writes the marks of inner lists as another sign.
    let (page, word) = (words(&page), words(&read("difficult.txt").replace('◦', "•")));
    if page != word {
        let at = page.chars().zip(word.chars()).take_while(|(one, other)| one == other).count();
        let part = |text: &str| text.chars().skip(at.saturating_sub(40)).take(160).collect::<String>();
        panic!("page and Word file differ at {at}:\n  page: {}\n  Word: {}", part(&page), part(&word));
    }
    // Where lines and pages break, the PDF has spaces that the text has not: compared without any. What
    // reads from right to left comes out in the order in which it is read only within one line.
    let squeezed = |text: &str| words(text).replace(' ', "");
    let pdf = squeezed(&read("difficult-pdf.txt"));
    for (key, answer) in ANSWERS {
        let answer = muster_paper::printable(answer).into_owned();
        for line in answer.lines().filter(|line| !line.is_empty()) {
            assert!(pdf.contains(&squeezed(line)), "the PDF lacks {key}: {line}");
        }
    }
    println!("The page and the Word file say the same {} words; the PDF has every answer.", page.split(' ').count());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", folder] => make(Path::new(folder)),
        ["compare", folder] => compare(Path::new(folder)),
        _ => panic!("make FOLDER or compare FOLDER"),
    }
}
