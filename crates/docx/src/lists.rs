//! Lists: their marks and numbers.

use crate::xml::Xml;

/// How deep Word's lists go.
pub(crate) const LEVELS: usize = 9;
/// By how many twentieths of a point each level is moved in.
pub(crate) const STEP: usize = 397;
/// The list with marks; all of them share it.
const MARKED: usize = 1;

/// The numbered lists of a document: the first number and the level of each.
#[derive(Debug, Default)]
pub(crate) struct Lists(Vec<(u64, usize)>);

impl Lists {
    /// The id of a list on a level, counted from 0.
    pub(crate) fn id(&mut self, start: Option<u64>, level: usize) -> usize {
        match start {
            None => MARKED,
            Some(start) => {
                self.0.push((start, level));
                MARKED + self.0.len()
            }
        }
    }

    /// The part `word/numbering.xml`.
    pub(crate) fn part(&self) -> String {
        let mut xml = Xml::document();
        xml.element("w:numbering", &[("xmlns:w", crate::package::W)], |xml| {
            levels(xml, "0", "bullet", |_| "\u{2022}".to_owned());
            levels(xml, "1", "decimal", |level| format!("%{}.", level + 1));
            instance(xml, MARKED, "0", None);
            for (at, list) in self.0.iter().enumerate() {
                instance(xml, MARKED + 1 + at, "1", Some(*list));
            }
        });
        xml.into_string()
    }
}

fn levels(xml: &mut Xml, id: &str, format: &str, mark: impl Fn(usize) -> String) {
    xml.element("w:abstractNum", &[("w:abstractNumId", id)], |xml| {
        xml.value("w:multiLevelType", "multilevel");
        for level in 0..LEVELS {
            xml.element("w:lvl", &[("w:ilvl", &level.to_string())], |xml| {
                xml.value("w:start", "1");
                xml.value("w:numFmt", format);
                xml.value("w:lvlText", &mark(level));
                xml.value("w:lvlJc", "left");
                xml.element("w:pPr", &[], |xml| {
                    xml.empty("w:ind", &[("w:left", &((level + 1) * STEP).to_string()), ("w:hanging", "340")]);
                });
            });
        }
    });
}

fn instance(xml: &mut Xml, id: usize, of: &str, start: Option<(u64, usize)>) {
    xml.element("w:num", &[("w:numId", &id.to_string())], |xml| {
        xml.value("w:abstractNumId", of);
        if let Some((start, level)) = start {
            xml.element("w:lvlOverride", &[("w:ilvl", &level.to_string())], |xml| {
                // The most that the format can hold.
                xml.value("w:startOverride", &start.min(i32::MAX as u64).to_string());
            });
        }
    });
}
