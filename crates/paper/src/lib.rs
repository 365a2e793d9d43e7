//! The text of a document as blocks: what HTML, Word files and PDF files are made from.
//!
//! The Markdown is read before any answer is put in ([`read`](Paper::new)), so whatever somebody
//! answered comes out as the characters they typed: no mark-up, no placeholder, no table cell can
//! begin in an answer. HTML that stands in the text itself is shown, not obeyed.

mod block;
mod compare;
mod direction;
mod fill;
mod frame;
mod html;
mod page;
mod plain;
mod printable;
mod read;

pub use block::{Block, List, Paper, Row, Run, RunKind, Table};
pub use compare::{Change, ChangedSection, Comparison, compare};
pub use direction::is_right_to_left;
pub use fill::Fill;
pub use frame::{Approval, Frame, FrameWords, Picture, Sheet};
pub use html::{Marks, escaped, html};
pub use page::{content, page};
pub use plain::plain_text;
pub use printable::printable;

use muster_domain::documents::DocumentContent;

impl Paper {
    /// Reads a title and a body in Markdown and puts in what stands for each placeholder, which
    /// `fill` tells by its key. Of the body, optional sections must have been decided already
    /// (see [`DocumentContent::visible_body`]).
    pub fn new<'a>(title: &str, body: &str, fill: &dyn Fn(&str) -> Fill<'a>) -> Self {
        Self { title: fill::title(title, fill), blocks: fill::blocks(read::blocks(body), fill) }
    }

    /// A document's content as it stands. `gap` gives the words that mark a question without an
    /// answer, from its key and its label. A placeholder without a question stays as it is written.
    pub fn of(content: &DocumentContent, gap: &dyn Fn(&str, &str) -> String) -> Self {
        Self::new(&content.title, &content.visible_body(), &|key| match content.answers.get(key) {
            Some(answer) => Fill::Answer { words: (&answer.words).into(), table: answer.table.as_ref() },
            None => match content.unanswered.get(key) {
                Some(label) => Fill::Gap(gap(key, label).into()),
                None => Fill::Literal,
            },
        })
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty() && self.title.iter().all(|run| run.text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests;
