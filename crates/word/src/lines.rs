//! The lines of the Markdown.

use crate::markdown;

/// The Markdown as it grows: blocks parted by empty lines, the items of a list by none.
#[derive(Default)]
pub(crate) struct Lines {
    text: String,
    /// How far the items of each open level of a list are indented, with their kind; empty outside lists.
    list: Vec<(usize, bool)>,
}

impl Lines {
    /// A paragraph or table of its own.
    pub(crate) fn block(&mut self, block: &str) {
        if block.is_empty() {
            return;
        }
        self.list.clear();
        self.part();
        self.text.push_str(block);
        self.text.push('\n');
    }

    fn part(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// A heading.
    pub(crate) fn heading(&mut self, level: usize, words: &str) {
        if !words.is_empty() {
            self.block(&format!("{} {words}", "#".repeat(level)));
        }
    }

    /// The mark of an optional section. Between the items of a list it parts nothing.
    pub(crate) fn mark(&mut self, mark: &str) {
        if self.list.is_empty() {
            self.part();
        }
        self.text.push_str(mark);
        self.text.push('\n');
    }

    /// An item of a list.
    pub(crate) fn item(&mut self, level: usize, number: Option<u32>, inline: &str) {
        if inline.trim().is_empty() {
            return;
        }
        if self.list.is_empty() {
            self.part();
        }
        // A level that no item came before hangs below the nearest there is.
        self.list.truncate(level + 1);
        if self.list.len() == level + 1 {
            let last = self.list.pop();
            if last.is_some_and(|(_, is_numbered)| is_numbered != number.is_some()) && self.list.is_empty() {
                // Another kind of list begins; without a gap it would look like the same.
                self.part();
            }
        }
        let mark = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
        let indent = self.list.last().map_or(0, |(inside, _)| *inside);
        let inside = indent + mark.len();
        self.text.push_str(&" ".repeat(indent));
        self.text.push_str(&mark);
        self.text.push_str(&markdown::paragraph(inline, inside));
        self.text.push('\n');
        self.list.push((inside, number.is_some()));
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}
