//! The lists of a document: which are numbered, and where their numbers stand.

use std::collections::HashMap;

use roxmltree::Document;

use crate::{blocks::Role, xml};

/// What marks the items of a list at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bullet,
    Number,
    None,
}

/// The lists of a document, and how far each has counted.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    /// The kind of list that each list is of.
    lists: HashMap<String, String>,
    /// The marks of a kind of list, by level.
    marks: HashMap<(String, usize), Mark>,
    counted: HashMap<(String, usize), u32>,
}

impl Numbering {
    /// Reads the part with the lists.
    pub(crate) fn read(part: &Document<'_>) -> Self {
        let mut numbering = Self::default();
        for node in part.root_element().children().filter(roxmltree::Node::is_element) {
            match node.tag_name().name() {
                "abstractNum" => {
                    let id = xml::attribute(node, "abstractNumId").unwrap_or_default();
                    for level in node.children().filter(|child| child.tag_name().name() == "lvl") {
                        let Some(number) = xml::attribute(level, "ilvl").and_then(|level| level.parse().ok()) else { continue };
                        let mark = match xml::value(level, "numFmt") {
                            Some("bullet") => Mark::Bullet,
                            Some("none") => Mark::None,
                            _ => Mark::Number,
                        };
                        numbering.marks.insert((id.to_owned(), number), mark);
                    }
                }
                "num" => {
                    let kind = xml::value(node, "abstractNumId").unwrap_or_default();
                    numbering.lists.insert(xml::attribute(node, "numId").unwrap_or_default().to_owned(), kind.to_owned());
                }
                _ => {}
            }
        }
        numbering
    }

    /// The role of the next item of a list. List `0` is how Word says that there is none.
    pub(crate) fn next(&mut self, list: &str, level: usize) -> Role {
        let level = level.min(8);
        let kind = self.lists.get(list);
        let mark = kind.and_then(|kind| self.marks.get(&(kind.clone(), level))).copied();
        match mark {
            _ if list == "0" || list.is_empty() => Role::Text,
            Some(Mark::None) => Role::Text,
            // A list that is described nowhere shows bullets.
            None | Some(Mark::Bullet) => Role::Item { level, number: None },
            Some(Mark::Number) => {
                self.counted.retain(|(other, deeper), _| other != list || *deeper <= level);
                let number = self.counted.entry((list.to_owned(), level)).or_insert(0);
                *number += 1;
                Role::Item { level, number: Some(*number) }
            }
        }
    }
}
