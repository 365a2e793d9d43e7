//! The parts of the file, and the ZIP that they lie in.

use std::io::{Cursor, Write as _};

use muster_paper::Sheet;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use crate::{
    body::{Body, TEXT_WIDTH},
    frame, picture, styles, text,
    xml::Xml,
};

/// The namespace of WordprocessingML.
pub(crate) const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// What text, header and footer name.
pub(crate) const NAMESPACES: &[(&str, &str)] = &[
    ("xmlns:w", W),
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    ("xmlns:wp", "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
    ("xmlns:a", "http://schemas.openxmlformats.org/drawingml/2006/main"),
    ("xmlns:pic", "http://schemas.openxmlformats.org/drawingml/2006/picture"),
];

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

/// The file could not be put together.
#[derive(Debug)]
pub struct Error(zip::result::ZipError);

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "cannot put the file together: {}", self.0)
    }
}

impl std::error::Error for Error {}

impl<E: Into<zip::result::ZipError>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

pub(crate) fn write(sheet: &Sheet, body: &Body) -> Result<Vec<u8>, Error> {
    let logo = sheet.frame.logo.as_ref().filter(|logo| picture::size(logo).is_some());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The first moment that a ZIP can name.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut part = |name: &str, content: &[u8]| -> Result<(), Error> {
        zip.start_file(name, options)?;
        zip.write_all(content)?;
        Ok(())
    };
    part("[Content_Types].xml", content_types().as_bytes())?;
    part("_rels/.rels", package_relationships().as_bytes())?;
    part("docProps/core.xml", properties(sheet).as_bytes())?;
    part("word/document.xml", document(body).as_bytes())?;
    part("word/_rels/document.xml.rels", document_relationships(&body.links).as_bytes())?;
    part("word/styles.xml", styles::part(&sheet.frame.language).as_bytes())?;
    part("word/numbering.xml", body.lists.part().as_bytes())?;
    part("word/settings.xml", settings().as_bytes())?;
    part("word/header1.xml", frame::header(sheet).as_bytes())?;
    part("word/footer1.xml", frame::footer(sheet).as_bytes())?;
    if let Some(logo) = logo {
        let name = picture::file_name(logo);
        let to = format!("media/{name}");
        let relationships = relationships(&[("rLogo", &format!("{OFFICE}image"), &to, false)]);
        part("word/_rels/header1.xml.rels", relationships.as_bytes())?;
        part(&format!("word/media/{name}"), &logo.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn content_types() -> String {
    let mut xml = Xml::document();
    xml.element("Types", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")], |xml| {
        let kinds = [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("png", "image/png"),
            ("jpeg", "image/jpeg"),
        ];
        for (extension, kind) in kinds {
            xml.empty("Default", &[("Extension", extension), ("ContentType", kind)]);
        }
        let parts = [
            ("document", "document.main"),
            ("styles", "styles"),
            ("numbering", "numbering"),
            ("settings", "settings"),
            ("header1", "header"),
            ("footer1", "footer"),
        ];
        for (name, kind) in parts {
            xml.empty("Override", &[("PartName", &format!("/word/{name}.xml")), ("ContentType", &format!("{WORD}{kind}+xml"))]);
        }
        let core = "application/vnd.openxmlformats-package.core-properties+xml";
        xml.empty("Override", &[("PartName", "/docProps/core.xml"), ("ContentType", core)]);
    });
    xml.into_string()
}

/// Relationships: id, kind, target, and whether that is outside of the file.
fn relationships(all: &[(&str, &str, &str, bool)]) -> String {
    let mut xml = Xml::document();
    xml.element("Relationships", &[("xmlns", RELATIONSHIPS)], |xml| {
        for (id, kind, target, is_external) in all {
            let mut attributes = vec![("Id", *id), ("Type", *kind), ("Target", *target)];
            if *is_external {
                attributes.push(("TargetMode", "External"));
            }
            xml.empty("Relationship", &attributes);
        }
    });
    xml.into_string()
}

fn package_relationships() -> String {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    relationships(&[("rId1", &format!("{OFFICE}officeDocument"), "word/document.xml", false), ("rId2", core, "docProps/core.xml", false)])
}

fn document_relationships(links: &text::Links) -> String {
    let kinds: Vec<String> =
        ["styles", "numbering", "settings", "header", "footer", "hyperlink"].iter().map(|kind| format!("{OFFICE}{kind}")).collect();
    let parts = [
        ("rStyles", "styles.xml"),
        ("rNumbering", "numbering.xml"),
        ("rSettings", "settings.xml"),
        ("rHeader", "header1.xml"),
        ("rFooter", "footer1.xml"),
    ];
    let links: Vec<(String, &str)> = links.iter().collect();
    let of_parts = parts.iter().zip(&kinds).map(|((id, target), kind)| (*id, kind.as_str(), *target, false));
    let of_links = links.iter().map(|(id, address)| (id.as_str(), kinds[5].as_str(), *address, true));
    relationships(&of_parts.chain(of_links).collect::<Vec<_>>())
}

fn properties(sheet: &Sheet) -> String {
    let frame = &sheet.frame;
    let title = text::plain(&sheet.paper.title);
    let namespaces = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let mut xml = Xml::document();
    xml.element("cp:coreProperties", &namespaces, |xml| {
        let mut say = |name: &str, attributes: &[(&str, &str)], value: &str| xml.element(name, attributes, |xml| xml.text(value));
        say("dc:title", &[], if title.is_empty() { &frame.name } else { &title });
        say("dc:creator", &[], &frame.organisation);
        say("dc:language", &[], &frame.language);
        say("cp:category", &[], &frame.classification);
        say("cp:version", &[], &frame.version);
        say("cp:contentStatus", &[], frame.mark.as_deref().unwrap_or_default());
        say("dc:identifier", &[], &frame.identity);
        say("dcterms:created", &[("xsi:type", "dcterms:W3CDTF")], &frame.made_at);
        say("dcterms:modified", &[("xsi:type", "dcterms:W3CDTF")], &frame.made_at);
    });
    xml.into_string()
}

fn document(body: &Body) -> String {
    let mut xml = Xml::document();
    xml.element("w:document", NAMESPACES, |xml| {
        xml.element("w:body", &[], |xml| {
            xml.written(&body.xml);
            xml.element("w:sectPr", &[], |xml| {
                xml.empty("w:headerReference", &[("w:type", "default"), ("r:id", "rHeader")]);
                xml.empty("w:footerReference", &[("w:type", "default"), ("r:id", "rFooter")]);
                // A4, in twentieths of a point.
                xml.empty("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")]);
                let side = ((11_906 - TEXT_WIDTH) / 2).to_string();
                xml.empty(
                    "w:pgMar",
                    &[
                        ("w:top", "1701"),
                        ("w:right", &side),
                        ("w:bottom", "1417"),
                        ("w:left", &side),
                        ("w:header", "709"),
                        ("w:footer", "709"),
                        ("w:gutter", "0"),
                    ],
                );
            });
        });
    });
    xml.into_string()
}

fn settings() -> String {
    let mut xml = Xml::document();
    xml.element("w:settings", &[("xmlns:w", W)], |xml| {
        xml.own(r#"<w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>"#);
    });
    xml.into_string()
}
