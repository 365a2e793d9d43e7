//! Header and footer.

use muster_paper::{Frame, Sheet};

use crate::{package, picture, xml::Xml};

/// The part `word/header1.xml`: the logo or whose document it is, and what identifies the version.
pub(crate) fn header(sheet: &Sheet) -> String {
    let frame = &sheet.frame;
    let mut xml = Xml::document();
    xml.element("w:hdr", package::NAMESPACES, |xml| {
        paragraph(xml, "Header", |xml| {
            match frame.logo.as_ref().and_then(|logo| Some((picture::size(logo)?, picture::file_name(logo)))) {
                Some((size, name)) => logo(xml, size, name, frame),
                None => run(xml, &frame.organisation, false),
            }
            xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            if let Some(mark) = &frame.mark {
                run(xml, &mark.to_uppercase(), true);
                run(xml, " · ", false);
            }
            run(xml, &frame.line().join(" · "), false);
        });
    });
    xml.into_string()
}

/// The part `word/footer1.xml`: whose document it is, and the page of how many.
pub(crate) fn footer(sheet: &Sheet) -> String {
    let mut xml = Xml::document();
    let mut words = sheet.frame.words.page.split("{}");
    xml.element("w:ftr", package::NAMESPACES, |xml| {
        paragraph(xml, "Footer", |xml| {
            run(xml, &sheet.frame.organisation, false);
            xml.element("w:r", &[], |xml| xml.empty("w:tab", &[]));
            run(xml, words.next().unwrap_or_default(), false);
            field(xml, " PAGE ");
            run(xml, words.next().unwrap_or_default(), false);
            field(xml, " NUMPAGES ");
            run(xml, words.next().unwrap_or_default(), false);
        });
    });
    xml.into_string()
}

fn paragraph(xml: &mut Xml, style: &str, inside: impl FnOnce(&mut Xml)) {
    xml.element("w:p", &[], |xml| {
        xml.element("w:pPr", &[], |xml| xml.value("w:pStyle", style));
        inside(xml);
    });
}

fn run(xml: &mut Xml, text: &str, is_mark: bool) {
    if text.is_empty() {
        return;
    }
    xml.element("w:r", &[], |xml| {
        if is_mark {
            xml.own(r#"<w:rPr><w:b/><w:bCs/><w:color w:val="8A4B00"/></w:rPr>"#);
        }
        xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.text(text));
    });
}

/// A number that Word works out itself.
fn field(xml: &mut Xml, instruction: &'static str) {
    let mark = |xml: &mut Xml, kind: &str| xml.element("w:r", &[], |xml| xml.empty("w:fldChar", &[("w:fldCharType", kind)]));
    mark(xml, "begin");
    xml.element("w:r", &[], |xml| xml.element("w:instrText", &[("xml:space", "preserve")], |xml| xml.own(instruction)));
    mark(xml, "separate");
    run(xml, "1", false);
    mark(xml, "end");
}

fn logo(xml: &mut Xml, (width, height): (u64, u64), name: &str, frame: &Frame) {
    let size = [("cx", &*width.to_string()), ("cy", &*height.to_string())];
    xml.element("w:r", &[], |xml| {
        xml.element("w:drawing", &[], |xml| {
            xml.element("wp:inline", &[("distT", "0"), ("distB", "0"), ("distL", "0"), ("distR", "0")], |xml| {
                xml.empty("wp:extent", &size);
                xml.empty("wp:docPr", &[("id", "1"), ("name", name), ("descr", &frame.firm)]);
                xml.element("a:graphic", &[], |xml| {
                    let uri = "http://schemas.openxmlformats.org/drawingml/2006/picture";
                    xml.element("a:graphicData", &[("uri", uri)], |xml| picture(xml, &size, name));
                });
            });
        });
    });
}

fn picture(xml: &mut Xml, size: &[(&str, &str)], name: &str) {
    xml.element("pic:pic", &[], |xml| {
        xml.element("pic:nvPicPr", &[], |xml| {
            xml.empty("pic:cNvPr", &[("id", "1"), ("name", name)]);
            xml.empty("pic:cNvPicPr", &[]);
        });
        xml.own(r#"<pic:blipFill><a:blip r:embed="rLogo"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"#);
        xml.element("pic:spPr", &[], |xml| {
            xml.element("a:xfrm", &[], |xml| {
                xml.empty("a:off", &[("x", "0"), ("y", "0")]);
                xml.empty("a:ext", size);
            });
            xml.own(r#"<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>"#);
        });
    });
}
