//! The styles of a document: what is a heading, a title, a list, bold or italic by its style.

use std::collections::HashMap;

use roxmltree::{Document, Node};

use crate::xml;

/// What one style says by itself.
#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<usize>,
    numbering: Option<(String, Option<usize>)>,
    bold: Option<bool>,
    italic: Option<bool>,
}

/// The styles of a document, by their ids.
#[derive(Debug, Default)]
pub(crate) struct Styles(HashMap<String, Style>);

/// Styles that rest on each other for longer than this go in a circle.
const LONGEST_CHAIN: usize = 20;

impl Styles {
    /// Reads the part with the styles.
    pub(crate) fn read(part: &Document<'_>) -> Self {
        let styles = part.root_element().children().filter(|node| node.tag_name().name() == "style");
        let style = |node: Node<'_, '_>| {
            let paragraph = xml::child(node, "pPr");
            let run = xml::child(node, "rPr");
            Some((
                xml::attribute(node, "styleId")?.to_owned(),
                Style {
                    name: xml::value(node, "name").unwrap_or_default().to_ascii_lowercase(),
                    based_on: xml::value(node, "basedOn").map(ToOwned::to_owned),
                    outline: paragraph.and_then(outline),
                    numbering: paragraph.and_then(numbering),
                    bold: run.and_then(|run| xml::switch(run, "b")),
                    italic: run.and_then(|run| xml::switch(run, "i")),
                },
            ))
        };
        Self(styles.filter_map(style).collect())
    }

    /// A style and those that it rests on, nearest first.
    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Style> {
        let first = id.and_then(|id| self.0.get(id));
        std::iter::successors(first, |style| self.0.get(style.based_on.as_deref()?)).take(LONGEST_CHAIN)
    }

    fn is_named(&self, id: Option<&str>, fits: impl Fn(&str) -> bool) -> bool {
        // A style without an entry speaks by its id.
        self.chain(id).any(|style| fits(&style.name)) || id.is_some_and(|id| !self.0.contains_key(id) && fits(&id.to_ascii_lowercase()))
    }

    /// The level of a heading, counted from 1; none for what is no heading.
    pub(crate) fn heading(&self, id: Option<&str>) -> Option<usize> {
        let by_name = |name: &str| name.strip_prefix("heading").and_then(|level| level.trim().parse().ok());
        let level = self.chain(id).find_map(|style| by_name(&style.name).or(style.outline));
        let level = level.or_else(|| id.filter(|id| !self.0.contains_key(*id)).and_then(|id| by_name(&id.to_ascii_lowercase())));
        level.filter(|level| (1..=9).contains(level)).map(|level| level.min(6))
    }

    /// Whether it is the style of the document's title.
    pub(crate) fn is_title(&self, id: Option<&str>) -> bool {
        self.is_named(id, |name| name == "title")
    }

    /// Whether it is a style of the table of contents.
    pub(crate) fn is_contents(&self, id: Option<&str>) -> bool {
        self.is_named(id, |name| name.starts_with("toc "))
    }

    /// The list that a style belongs to, and the level in it.
    pub(crate) fn numbering(&self, id: Option<&str>) -> Option<(String, usize)> {
        let mut level = None;
        for style in self.chain(id) {
            if let Some((list, own)) = &style.numbering {
                level = level.or(*own);
                if !list.is_empty() {
                    return Some((list.clone(), level.unwrap_or(0)));
                }
            }
        }
        None
    }

    /// Whether a style of characters is bold, and whether it is italic.
    pub(crate) fn emphasis(&self, id: Option<&str>) -> (bool, bool) {
        let first = |pick: fn(&Style) -> Option<bool>| self.chain(id).find_map(pick).unwrap_or(false);
        (first(|style| style.bold), first(|style| style.italic))
    }
}

/// The outline level of a paragraph's properties, counted from 1.
pub(crate) fn outline(properties: Node<'_, '_>) -> Option<usize> {
    let level: usize = xml::value(properties, "outlineLvl")?.parse().ok()?;
    // Level 9 is body text.
    (level < 9).then_some(level + 1)
}

/// The list of a paragraph's properties: its id (empty where only the level is said) and level.
pub(crate) fn numbering(properties: Node<'_, '_>) -> Option<(String, Option<usize>)> {
    let numbering = xml::child(properties, "numPr")?;
    let level = xml::value(numbering, "ilvl").and_then(|level| level.parse().ok());
    Some((xml::value(numbering, "numId").unwrap_or_default().to_owned(), level))
}
