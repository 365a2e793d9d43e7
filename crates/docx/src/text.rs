//! Runs of text.

use muster_paper::{Run, RunKind, is_right_to_left};

use crate::xml::Xml;

/// Addresses that links lead to. Their place in the list is their id.
#[derive(Debug, Default)]
pub(crate) struct Links(Vec<String>);

impl Links {
    /// The id of an address.
    fn id(&mut self, address: &str) -> String {
        let at = self.0.iter().position(|known| known == address).unwrap_or_else(|| {
            self.0.push(address.to_owned());
            self.0.len() - 1
        });
        Self::name(at)
    }

    fn name(at: usize) -> String {
        format!("rLink{}", at + 1)
    }

    /// Ids and addresses.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (String, &str)> {
        self.0.iter().enumerate().map(|(at, address)| (Self::name(at), address.as_str()))
    }
}

/// What the runs of a paragraph say.
pub(crate) fn plain(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// Runs as they stand in a paragraph.
pub(crate) fn runs(xml: &mut Xml, runs: &[Run], links: &mut Links) {
    for linked in runs.chunk_by(|one, next| one.link == next.link) {
        match linked.first().and_then(|run| run.link.as_deref()) {
            Some(address) => {
                let id = links.id(address);
                xml.element("w:hyperlink", &[("r:id", &id), ("w:history", "1")], |xml| linked.iter().for_each(|run| one(xml, run)));
            }
            None => linked.iter().for_each(|run| one(xml, run)),
        }
    }
}

fn one(xml: &mut Xml, run: &Run) {
    for part in directions(&run.text) {
        xml.element("w:r", &[], |xml| {
            properties(xml, run, is_right_to_left(part));
            lines(xml, part);
        });
    }
}

fn properties(xml: &mut Xml, run: &Run, right_to_left: bool) {
    let style = match (&run.kind, &run.link) {
        (RunKind::Gap { .. }, _) => Some("Gap"),
        (_, Some(_)) => Some("Hyperlink"),
        _ if run.code => Some("CodeCharacters"),
        _ => None,
    };
    if style.is_none() && !run.bold && !run.italic && !right_to_left {
        return;
    }
    xml.element("w:rPr", &[], |xml| {
        if let Some(style) = style {
            xml.value("w:rStyle", style);
        }
        // What is read from right to left takes its looks from the second of each pair.
        for (is_set, names) in [(run.bold, ["w:b", "w:bCs"]), (run.italic, ["w:i", "w:iCs"])] {
            if is_set {
                names.iter().for_each(|name| xml.empty(name, &[]));
            }
        }
        if right_to_left {
            xml.empty("w:rtl", &[]);
        }
    });
}

fn lines(xml: &mut Xml, text: &str) {
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            xml.empty("w:br", &[]);
        }
        if !line.is_empty() {
            xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.text(line));
        }
    }
}

/// A text cut where its direction changes: Word wants runs of one direction.
fn directions(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut current) = (0, None);
    for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphabetic()) {
        let direction = Some(is_right_to_left(letter.encode_utf8(&mut [0; 4])));
        if current.is_some() && current != direction {
            parts.push(&text[begin..at]);
            begin = at;
        }
        current = direction;
    }
    parts.push(&text[begin..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_its_direction_changes() {
        assert_eq!(directions("plain 12"), ["plain 12"]);
        assert_eq!(directions("a שלום, b"), ["a ", "שלום, ", "b"]);
        assert_eq!(directions(""), [""]);
    }
}
