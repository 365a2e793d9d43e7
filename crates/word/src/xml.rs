//! XML, read without entities of its own, to a limited depth and number of nodes.

use roxmltree::{Document, Node, ParsingOptions};

use crate::Limits;

/// Parses a text; the line and what is wrong where it is not well-formed. A document type is
/// refused as such: entities come with it, and Word writes none.
pub(crate) fn parse<'t>(text: &'t str, limits: &Limits) -> Result<Document<'t>, (Option<u32>, String)> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let row = error.pos().row;
        let problem = match error {
            roxmltree::Error::DtdDetected => "it declares entities of its own".to_owned(),
            roxmltree::Error::NodesLimitReached => "it has too many elements".to_owned(),
            other => other.to_string(),
        };
        (Some(row), problem)
    })?;
    match too_deep(&document, limits.depth) {
        Some(row) => Err((Some(row), "its elements stand too deep inside each other".to_owned())),
        None => Ok(document),
    }
}

/// The line of an element that stands deeper than allowed.
fn too_deep(document: &Document<'_>, limit: usize) -> Option<u32> {
    let (mut node, mut depth) = (document.root(), 0usize);
    loop {
        if let Some(child) = node.first_child() {
            (node, depth) = (child, depth + 1);
            if depth > limit {
                return Some(document.text_pos_at(node.range().start).row);
            }
            continue;
        }
        while node.next_sibling().is_none() {
            node = node.parent()?;
            depth = depth.saturating_sub(1);
        }
        node = node.next_sibling()?;
    }
}

/// The text of a part: UTF-8, or UTF-16 with its mark.
pub(crate) fn decode(bytes: Vec<u8>) -> Option<String> {
    let wide = |from_pair: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].as_chunks().0.iter().map(|pair| from_pair(*pair)).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// An attribute by its name, whatever its namespace: the strict and the usual form of the format
/// differ in namespaces only.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// A child element by its name.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The `val` of a child element.
pub(crate) fn value<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, name).and_then(|child| attribute(child, "val"))
}

/// Whether a property that is on or off is on; none where it is not said.
pub(crate) fn switch(node: Node<'_, '_>, name: &str) -> Option<bool> {
    let property = child(node, name)?;
    Some(!matches!(attribute(property, "val"), Some("0" | "false" | "off" | "none")))
}
