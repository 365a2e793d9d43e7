//! Templates have no words of their own: they would escape a translation.

use std::fs;
use std::path::{Path, PathBuf};

use scraper::{ElementRef, Html, Selector};

fn templates(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            templates(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// A template without its expressions and comments, and without the tags that hide their content from a parser.
fn bare(source: &str) -> String {
    let mut text = source.replace("<noscript>", " ").replace("</noscript>", " ");
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        while let Some(start) = text.find(open) {
            let end = text[start..].find(close).map_or(text.len(), |at| start + at + close.len());
            text.replace_range(start..end, " ");
        }
    }
    text
}

/// A macro that writes attributes looks like text when it stands alone.
fn without_attributes(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(equals) = text.find("=\"") {
        let start = text[..equals].rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let value = equals + 2;
        let end = text[value..].find('"').map_or(text.len(), |at| value + at + 1);
        text.replace_range(start..end, "");
    }
    text
}

/// Attributes whose value a person reads or hears.
const READ: &[&str] = &["aria-label", "title", "placeholder", "alt", "content"];

#[test]
fn templates_have_no_words_of_their_own() {
    let mut found = Vec::new();
    templates(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")), &mut found);
    assert!(found.len() > 20);
    for path in found {
        let source = fs::read_to_string(&path).unwrap();
        let page = Html::parse_fragment(&bare(&source));
        for node in page.tree.nodes() {
            if let Some(text) = node.value().as_text() {
                let key = node.parent().and_then(ElementRef::wrap).is_some_and(|up| up.value().name() == "kbd");
                assert!(key || !without_attributes(text).contains(char::is_alphabetic), "{}: {:?}", path.display(), text.trim());
            }
        }
        for element in page.select(&Selector::parse("*").unwrap()) {
            for (name, value) in element.value().attrs() {
                let read = READ.contains(&name) && element.value().name() != "meta";
                assert!(!read || !value.chars().any(char::is_alphabetic), "{}: {name}={value}", path.display());
            }
        }
    }
}
