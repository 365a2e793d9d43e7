//! What a Word file becomes.

use muster_domain::templates::{Question, QuestionKind};
use muster_word::{Limits, WordTemplate, read};

use crate::build::{item, p, styled, table, with, word};

fn template(body: &str) -> WordTemplate {
    read(&word(body), &Limits::default()).unwrap()
}

fn question<'a>(template: &'a WordTemplate, key: &str) -> &'a Question {
    template.content.question(key).unwrap_or_else(|| panic!("{key} in {:?}", template.content.questions))
}

#[test]
fn a_whole_policy() {
    let body = [
        styled("Titel", "Access policy of {{org}}"),
        styled("berschrift1", "1. Purpose"),
        p(
            "This policy holds for {{org|label:What is the firm's name?|required|reuse:organisation.name}} since {{valid_from|date|required}}.",
        ),
        styled("own", "Rules"),
        item(1, 0, "Passwords: {{length|number|min:8|unit:characters}} & more"),
        item(1, 1, "first"),
        item(1, 1, "second"),
        item(1, 0, "{{rhythm|choice:every month,every year|required|evidence:Minutes of the review}}"),
        p("{{#if cloud|label:Are cloud services used?}}"),
        p("Clouds: {{clouds|long_text}}"),
        p("{{/if}}"),
        item(2, 0, "One"),
        p("between"),
        item(2, 0, "Two"),
        table(&[
            &["System", "Owner", "Reviewed"],
            &["{{systems.name|required}}", "{{systems.owner|person}}", "{{systems.reviewed|date|label:Last review}}"],
        ]),
    ];
    let read = template(&body.concat());
    assert_eq!(read.content.document_title, "Access policy of {{org}}");
    assert_eq!(
        read.content.body,
        "# 1. Purpose\n\nThis policy holds for {{org}} since {{valid_from}}.\n\n## Rules\n\n- Passwords: {{length}} \\& more\n  1. first\n  2. second\n- {{rhythm}}\n\
         {{#if cloud}}\n\nClouds: {{clouds}}\n\n{{/if}}\n\n1. One\n\nbetween\n\n2. Two\n\n| System | Owner | Reviewed |\n|---|---|---|\n| {{systems.name}} | {{systems.owner}} | {{systems.reviewed}} |\n"
    );
    assert_eq!(read.content.problems(), [], "{:#?}", read.content);
    assert!(read.notices.is_empty());
    let org = question(&read, "org");
    assert_eq!(
        (org.label.as_str(), org.kind, org.required, org.reuse_key.as_deref()),
        ("What is the firm's name?", QuestionKind::Text, true, Some("organisation.name"))
    );
    let length = question(&read, "length");
    assert_eq!(
        (length.minimum, length.unit.as_deref(), length.required, length.section.as_deref()),
        (Some(8), Some("characters"), false, Some("Rules"))
    );
    let rhythm = question(&read, "rhythm");
    assert_eq!((rhythm.kind, rhythm.options.len(), rhythm.requires_evidence), (QuestionKind::Choice, 2, true));
    assert_eq!(rhythm.evidence_description.as_deref(), Some("Minutes of the review"));
    let cloud = question(&read, "cloud");
    assert_eq!((cloud.kind, cloud.label.as_str()), (QuestionKind::YesNo, "Are cloud services used?"));
    let systems = question(&read, "systems");
    let columns: Vec<_> = systems.columns.iter().map(|one| (one.key.as_str(), one.label.as_str(), one.kind, one.required)).collect();
    assert_eq!(
        columns,
        [
            ("name", "System", QuestionKind::Text, true),
            ("owner", "Owner", QuestionKind::Person, false),
            ("reviewed", "Last review", QuestionKind::Date, false)
        ]
    );
    assert!(systems.required && systems.kind == QuestionKind::Table);
}

#[test]
fn a_placeholder_cut_into_runs_is_whole() {
    let run = |text: &str, look: &str| format!(r#"<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#);
    let pieces = [
        ("Call ", ""),
        ("{{", "<w:b/>"),
        ("pho", "<w:b/>"),
        ("ne|pers", ""),
        ("on|requi", "<w:lang w:val=\"de-AT\"/>"),
        ("red}", ""),
        ("}", ""),
    ];
    let runs: String = pieces.iter().map(|(text, look)| run(text, look)).collect();
    let read = template(&format!("<w:p>{runs}<w:proofErr w:type=\"spellEnd\"/></w:p>"));
    assert_eq!(read.content.body, "Call **{{phone}}**\n");
    assert_eq!((question(&read, "phone").kind, question(&read, "phone").required), (QuestionKind::Person, true));
}

#[test]
fn marks_of_markdown_are_words() {
    let read = template(&[p("# 1 * 2 _a_ [x](y) <b> `c` | & ~~"), p("- no list"), p("1. no list"), p("=== ")].concat());
    let html = pulldown_cmark::Parser::new_ext(&read.content.body, pulldown_cmark::Options::all());
    let mut text = String::new();
    for event in html {
        match event {
            pulldown_cmark::Event::Text(words) => text.push_str(&words),
            pulldown_cmark::Event::Start(pulldown_cmark::Tag::Paragraph) => {}
            pulldown_cmark::Event::End(_) => text.push('\n'),
            other => panic!("{other:?} in {}", read.content.body),
        }
    }
    assert_eq!(text, "# 1 * 2 _a_ [x](y) <b> `c` | & ~~\n- no list\n1. no list\n===\n");
}

#[test]
fn what_is_left_out_is_said() {
    let picture = "<w:p><w:r><w:t>Logo: </w:t></w:r><w:r><w:drawing><w:inline><a embed=\"r9\"/></w:inline></w:drawing></w:r></w:p>";
    let deleted = "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>";
    let contents = r#"<w:p><w:pPr><w:pStyle w:val="TOC 1"/></w:pPr><w:r><w:t>1. Purpose 3</w:t></w:r></w:p>"#;
    let field = r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#;
    let header = r#"<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>{{number}}</w:t></w:r></w:p></w:hdr>"#;
    let file = with(&[picture, deleted, contents, field, &p("{{#if x}}")].concat(), &[("word/header1.xml", header.as_bytes())]);
    let read = read(&file, &Limits::default()).unwrap();
    assert_eq!(read.content.body, "Logo:\n\nnew\n\n7\n\n{{#if x}}\n");
    let notices: Vec<String> = read.notices.iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        [
            "Paragraph 1 (“Logo:”): a picture is left out.",
            "Page header or footer (“{{number}}”): placeholders in the header or footer of the page are left out.",
            "Paragraph 5 (“{{#if x}}”): begins an optional section that does not end.",
        ]
    );
    assert!(!read.content.problems().is_empty());
}

#[test]
fn links_keep_their_address() {
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://x/hyperlink" Target="https://example.com/a?b=(c)" TargetMode="External"/><Relationship Id="b" Type="http://x/hyperlink" Target="javascript:alert(1)" TargetMode="External"/></Relationships>"#;
    let body = r#"<w:p><w:hyperlink r:id="a"><w:r><w:t>here</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> and </w:t></w:r><w:hyperlink r:id="b"><w:r><w:t>there</w:t></w:r></w:hyperlink></w:p>"#;
    let read = read(&with(body, &[("word/_rels/document.xml.rels", relations.as_bytes())]), &Limits::default()).unwrap();
    assert_eq!(read.content.body, "[here](<https://example.com/a?b=(c)>) and there\n");
}

#[test]
fn a_table_can_be_described_in_one_place() {
    let read = template(
        &[styled("Titel", "T"), p("{{risks|table|columns:Risk;Owner:person;Due:date|label:Which risks are there?|required}}")].concat(),
    );
    assert_eq!(read.content.body, "{{risks}}\n");
    assert_eq!((question(&read, "risks").columns.len(), question(&read, "risks").required), (3, true));
    assert_eq!(read.content.problems(), []);
    let read = template(&table(&[&["{{r.what|long_text}}", "{{r.when|date|table-label:Which risks?}}"], &["always", "there"]]));
    assert_eq!(read.content.body, "| What | When |\n|---|---|\n| {{r.what}} | {{r.when}} |\n| always | there |\n");
    assert_eq!(question(&read, "r").label, "Which risks?");
}

#[test]
fn a_row_can_be_optional() {
    let read = template(&[table(&[&["A", "B"], &["{{#if x}}", ""], &["1", "2"], &["{{/if}}", ""]])].concat());
    assert_eq!(read.content.body, "| A | B |\n|---|---|\n{{#if x}}\n| 1 | 2 |\n{{/if}}\n");
}
