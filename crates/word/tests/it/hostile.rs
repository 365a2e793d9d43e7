//! Files that are broken, or meant to break something.

use muster_word::{Limits, WordError, read};
use proptest::prelude::*;

use crate::build::{archive, document, p, table, with, word};

fn refused(bytes: &[u8]) -> WordError {
    read(bytes, &Limits::default()).unwrap_err()
}

fn faults(body: &str) -> Vec<String> {
    match refused(&word(body)) {
        WordError::Faults(faults) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_no_word_file() {
    assert_eq!(refused(b""), WordError::NotWord);
    assert_eq!(refused(b"%PDF-1.7"), WordError::NotWord);
    assert_eq!(refused(&archive(&[("a.txt", b"a")])), WordError::NotWord);
    assert_eq!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0]), WordError::OldOrEncrypted);
    assert_eq!(refused(&vec![b'P'; 50 * 1024 * 1024]), WordError::TooLarge { limit: 20 * 1024 * 1024 });
    let whole = word(&p("x"));
    assert!(matches!(refused(&whole[..whole.len() / 2]), WordError::Broken { .. }));
}

#[test]
fn macros_are_refused_under_any_name() {
    let macros = with(&p("x"), &[("word/vbaProject.bin", b"\xd0\xcf")]);
    assert_eq!(refused(&macros), WordError::Macros { entry: "word/vbaProject.bin".into() });
    let types =
        r#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
    assert_eq!(
        refused(&with(&p("x"), &[("[Content_Types].xml", types.as_bytes())])),
        WordError::Macros { entry: "word/document.xml".into() }
    );
    let hidden = r#"<Types><Override PartName="/word/theme.dat" ContentType="application/vnd.ms-office.vbaProject"/></Types>"#;
    assert!(matches!(refused(&with(&p("x"), &[("[Content_Types].xml", hidden.as_bytes())])), WordError::Macros { .. }));
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![b' '; 6 * 1024 * 1024];
    let bomb = with(&p("x"), &[("word/media/image1.png", &zeros)]);
    assert!(bomb.len() < 100_000, "it is small: {}", bomb.len());
    assert!(matches!(refused(&bomb), WordError::Bomb { .. }), "by its ratio");
    let limits = Limits { ratio: u64::MAX, entry: 1024 * 1024, ..Limits::default() };
    assert!(matches!(read(&with(&p("x"), &[("word/styles.xml", &zeros)]), &limits), Err(WordError::Bomb { .. })), "by its size");
    let limits = Limits { ratio: u64::MAX, total: 4 * 1024 * 1024, ..Limits::default() };
    assert!(matches!(read(&bomb, &limits), Err(WordError::Bomb { .. })), "by the sum");
    let limits = Limits { entries: 3, ..Limits::default() };
    assert!(matches!(read(&word(&p("x")), &limits), Err(WordError::Bomb { .. })), "by its number of files");
}

#[test]
fn a_size_that_lies_is_not_believed() {
    // The archive says that its largest file is empty; what comes out of it counts.
    let large = " ".repeat(3 * 1024 * 1024);
    let mut bytes = with(&p("x"), &[("word/styles.xml", large.as_bytes())]);
    let size = u32::try_from(large.len()).unwrap().to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|window| window == size) {
        bytes[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    }
    let limits = Limits { entry: 1024 * 1024, ..Limits::default() };
    assert!(matches!(read(&bytes, &limits), Err(WordError::Bomb { .. } | WordError::Broken { .. })));
}

#[test]
fn entities_are_refused() {
    let laughs = r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>"#;
    let file = document(&p("x")).replacen("<w:document", &format!("{laughs}<w:document"), 1).replace(">x<", ">&b;<");
    let error = refused(&with("", &[("word/document.xml", file.as_bytes())]));
    assert!(error.to_string().contains("word/document.xml, line 1, cannot be read, it declares entities of its own"), "{error}");
    let outside = document("").replacen("<w:document", r#"<!DOCTYPE x SYSTEM "file:///etc/passwd"><w:document"#, 1);
    assert!(matches!(refused(&with("", &[("word/document.xml", outside.as_bytes())])), WordError::Broken { .. }));
}

#[test]
fn depth_and_number_of_elements_are_limited() {
    let deep = format!("{}{}", "<w:sdt>".repeat(100_000), "</w:sdt>".repeat(100_000));
    let error = refused(&word(&deep));
    assert!(error.to_string().contains("too deep"), "{error}");
    let limits = Limits { nodes: 100, ..Limits::default() };
    assert!(read(&word(&p("x").repeat(100)), &limits).is_err());
    assert!(matches!(refused(&word("<w:p><w:r>")), WordError::Broken { .. }));
}

#[test]
fn what_lies_elsewhere_is_not_fetched() {
    assert_eq!(
        faults(&format!("{}<w:altChunk r:id=\"x\"/>", p("a"))),
        [
            "Paragraph 2: an inserted document refers to a file outside this one; nothing is fetched from elsewhere, so put its content here."
        ]
    );
    let picture = r#"<w:p><w:r><w:t>See</w:t></w:r><w:r><w:drawing><a r:link="r5"/></w:drawing></w:r></w:p>"#;
    assert!(faults(picture)[0].starts_with("Paragraph 1 (“See”): a picture refers"));
    let field = r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDETEXT "\\server\a.docx" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#;
    assert!(faults(field)[0].starts_with("Paragraph 1 (“old”): a field refers"));
}

#[test]
fn every_place_that_cannot_be_understood_is_named() {
    let body = [
        p("fine {{a}}"),
        p("Owner: {{owner|colour}}"),
        p("{{open"),
        p("{{a|date}} and {{a|number}}"),
        table(&[&["Head"], &["{{r.x|file}}"], &["{{t.a}} {{u.b}}"]]),
        p("Cell {{r.x}}"),
        p("before {{#if a}} after"),
        p("{{#if a=b}}"),
        p("see {{list|table|columns:x}} here"),
    ];
    assert_eq!(
        faults(&body.concat()),
        [
            "Paragraph 2 (“Owner: {{owner|colour}}”): `colour` in the placeholder `owner` is no type of question and no rule that is known.",
            "Paragraph 3 (“{{open”): a placeholder begins with `{{` and does not end in the same paragraph.",
            "Paragraph 4 (“{{a|date}} and {{a|number}}”): the placeholder `a` says something else here than where it stood before.",
            "Table 1, row 2 (“{{r.x|file}}”): the placeholder `r.x` cannot be of the type `file` here.",
            "Table 1, row 3 (“{{t.a}} {{u.b}}”): a row of a table takes the cells of one table question, here are `t` and `u`.",
            "Paragraph 5 (“Cell {{r.x}}”): `r.x` is one cell of a table, and stands in a row of a table only.",
            "Paragraph 6 (“before {{#if a}} after”): the mark of an optional section has to stand alone in its paragraph.",
            "Paragraph 7 (“{{#if a=b}}”): `{{#if a=b}}` begins an optional section with a condition that cannot be understood.",
            "Paragraph 8 (“see {{list|table|columns:x}} here”): the table `list` has to stand alone in its paragraph.",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), is_archive in any::<bool>()) {
        let bytes = if is_archive { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        prop_assert!(read(&bytes, &Limits::default()).is_err());
    }

    #[test]
    fn a_damaged_file_never_panics(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut bytes = word(&[p("{{a|text}} x"), table(&[&["A"], &["{{t.b}}"]])].concat());
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn arbitrary_xml_never_panics(body in "(<w:(p|r|t|tbl|tr|tc|sdt|del|br|fldChar|drawing|numPr|pPr)( w:val=\"[a-z0-9]{0,3}\")?/?>|</w:(p|r|t|tbl|tr|tc|sdt)>|[a-z{}|:#/ ]{1,6}){0,30}") {
        let _ = read(&word(&body), &Limits::default());
    }

    #[test]
    fn any_text_comes_through(text in "[ -z|~é{}]{0,60}") {
        // Whatever is typed is either refused with its place, or a template that can be read.
        if let Ok(template) = read(&word(&p(&text)), &Limits::default()) {
            prop_assert!(template.content.questions.iter().all(|question| muster_domain::templates::is_key(&question.key)));
        }
    }
}
