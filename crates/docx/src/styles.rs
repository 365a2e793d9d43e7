//! The part `word/styles.xml`: Word's own names of styles, so that people can restyle a document.

use crate::{package::W, xml::Xml};

/// A paragraph style: id, name, and its properties. It is based on `Normal`.
struct Paragraph {
    id: &'static str,
    name: &'static str,
    paragraph: &'static str,
    run: &'static str,
}

const fn style(id: &'static str, name: &'static str, paragraph: &'static str, run: &'static str) -> Paragraph {
    Paragraph { id, name, paragraph, run }
}

const PARAGRAPHS: &[Paragraph] = &[
    style(
        "Title",
        "Title",
        r#"<w:keepNext/><w:spacing w:before="0" w:after="80" w:line="240" w:lineRule="auto"/>"#,
        r#"<w:b/><w:bCs/><w:color w:val="1B2130"/><w:sz w:val="40"/><w:szCs w:val="40"/>"#,
    ),
    style(
        "Subtitle",
        "Subtitle",
        r#"<w:spacing w:before="0" w:after="320"/>"#,
        r#"<w:color w:val="59606F"/><w:sz w:val="18"/><w:szCs w:val="18"/>"#,
    ),
    style(
        "Heading1",
        "heading 1",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="360" w:after="120"/><w:outlineLvl w:val="0"/>"#,
        r#"<w:b/><w:bCs/><w:sz w:val="28"/><w:szCs w:val="28"/>"#,
    ),
    style(
        "Heading2",
        "heading 2",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="1"/>"#,
        r#"<w:b/><w:bCs/><w:sz w:val="24"/><w:szCs w:val="24"/>"#,
    ),
    style(
        "Heading3",
        "heading 3",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="2"/>"#,
        r#"<w:b/><w:bCs/><w:sz w:val="22"/><w:szCs w:val="22"/>"#,
    ),
    style(
        "Heading4",
        "heading 4",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="3"/>"#,
        r#"<w:b/><w:bCs/>"#,
    ),
    style(
        "Heading5",
        "heading 5",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="4"/>"#,
        r#"<w:b/><w:bCs/><w:i/><w:iCs/>"#,
    ),
    style(
        "Heading6",
        "heading 6",
        r#"<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="80"/><w:outlineLvl w:val="5"/>"#,
        r#"<w:i/><w:iCs/>"#,
    ),
    style("ListParagraph", "List Paragraph", r#"<w:spacing w:before="0" w:after="60"/>"#, ""),
    style(
        "Quote",
        "Quote",
        r#"<w:pBdr><w:left w:val="single" w:sz="12" w:space="10" w:color="C9CDD6"/></w:pBdr><w:ind w:left="397"/>"#,
        r#"<w:color w:val="3A4150"/>"#,
    ),
    style(
        "Code",
        "HTML Preformatted",
        r#"<w:shd w:val="clear" w:color="auto" w:fill="F4F5F7"/><w:spacing w:before="60" w:after="120" w:line="240" w:lineRule="auto"/>"#,
        r#"<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Courier New"/><w:sz w:val="19"/><w:szCs w:val="19"/>"#,
    ),
    style(
        "Rule",
        "Rule",
        r#"<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="C9CDD6"/></w:pBdr><w:spacing w:before="0" w:after="160"/>"#,
        r#"<w:sz w:val="8"/><w:szCs w:val="8"/>"#,
    ),
    style(
        "TableText",
        "Table Text",
        r#"<w:spacing w:before="40" w:after="40" w:line="252" w:lineRule="auto"/>"#,
        r#"<w:sz w:val="19"/><w:szCs w:val="19"/>"#,
    ),
    style(
        "TableHeading",
        "Table Heading",
        r#"<w:keepNext/><w:spacing w:before="40" w:after="40" w:line="252" w:lineRule="auto"/>"#,
        r#"<w:b/><w:bCs/><w:sz w:val="19"/><w:szCs w:val="19"/>"#,
    ),
    style("AfterTable", "After Table", r#"<w:spacing w:before="0" w:after="0"/>"#, r#"<w:sz w:val="16"/><w:szCs w:val="16"/>"#),
    style(
        "Header",
        "header",
        r#"<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="C9CDD6"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="9072"/></w:tabs><w:spacing w:before="0" w:after="0"/>"#,
        r#"<w:color w:val="59606F"/><w:sz w:val="17"/><w:szCs w:val="17"/>"#,
    ),
    style(
        "Footer",
        "footer",
        r#"<w:tabs><w:tab w:val="right" w:pos="9072"/></w:tabs><w:spacing w:before="0" w:after="0"/>"#,
        r#"<w:color w:val="59606F"/><w:sz w:val="17"/><w:szCs w:val="17"/>"#,
    ),
];

/// Character styles: id, name, run properties.
const CHARACTERS: &[(&str, &str, &str)] = &[
    ("Hyperlink", "Hyperlink", r#"<w:color w:val="1F4FA3"/><w:u w:val="single"/>"#),
    ("Gap", "Gap", r#"<w:color w:val="8A4B00"/><w:u w:val="dash"/>"#),
    ("CodeCharacters", "HTML Code", r#"<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Courier New"/>"#),
];

const TABLE: &str = r#"<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style><w:style w:type="table" w:customStyle="1" w:styleId="DocumentTable"><w:name w:val="Document Table"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/><w:left w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/><w:bottom w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/><w:right w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="C9CDD6"/></w:tblBorders></w:tblPr><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="EEF0F4"/></w:tcPr></w:tblStylePr></w:style>"#;

const NORMAL: &str = r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style><w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>"#;

/// Writes the part. `language` is that of the whole document.
pub(crate) fn part(language: &str) -> String {
    let mut xml = Xml::document();
    xml.element("w:styles", &[("xmlns:w", W)], |xml| {
        xml.element("w:docDefaults", &[], |xml| defaults(xml, language));
        xml.own(NORMAL);
        PARAGRAPHS.iter().for_each(|one| paragraph_style(xml, one));
        for (id, name, run) in CHARACTERS {
            xml.element("w:style", &[("w:type", "character"), ("w:styleId", id)], |xml| {
                xml.value("w:name", name);
                xml.value("w:basedOn", "DefaultParagraphFont");
                xml.element("w:rPr", &[], |xml| xml.own(run));
            });
        }
        xml.own(TABLE);
    });
    xml.into_string()
}

fn defaults(xml: &mut Xml, language: &str) {
    xml.element("w:rPrDefault", &[], |xml| {
        xml.element("w:rPr", &[], |xml| {
            xml.own(r#"<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Arial"/><w:sz w:val="21"/><w:szCs w:val="21"/>"#);
            xml.empty("w:lang", &[("w:val", language), ("w:eastAsia", "zh-CN"), ("w:bidi", "ar-SA")]);
        });
    });
    xml.own(r#"<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="140" w:line="271" w:lineRule="auto"/></w:pPr></w:pPrDefault>"#);
}

fn paragraph_style(xml: &mut Xml, one: &Paragraph) {
    xml.element("w:style", &[("w:type", "paragraph"), ("w:styleId", one.id)], |xml| {
        xml.value("w:name", one.name);
        xml.value("w:basedOn", "Normal");
        xml.value("w:next", "Normal");
        xml.empty("w:qFormat", &[]);
        xml.element("w:pPr", &[], |xml| xml.own(one.paragraph));
        if !one.run.is_empty() {
            xml.element("w:rPr", &[], |xml| xml.own(one.run));
        }
    });
}
