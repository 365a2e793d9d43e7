//! Markdown as blocks, its placeholders still in the text of the runs.

use std::iter::Peekable;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};

use crate::block::{Block, List, Row, Run, RunKind, Table, push};

/// How deep quotes and lists may stand inside each other. What is deeper counts as if it stood here,
/// so that no text can make the stack overflow.
const DEEPEST: usize = 12;

/// Reads a text. Its highest headings become level 1.
pub(crate) fn blocks(body: &str) -> Vec<Block> {
    let events = Parser::new_ext(body, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    let up = highest_heading(body) - 1;
    let mut reader = Reader { events: TextMergeStream::new(events).peekable(), up, depth: 0, skipped: 0, look: Look::default() };
    reader.blocks()
}

fn highest_heading(body: &str) -> u8 {
    let levels = Parser::new_ext(body, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as u8),
        _ => None,
    });
    levels.min().unwrap_or(1)
}

/// How words look that are read now.
#[derive(Default)]
struct Look {
    bold: usize,
    italic: usize,
    /// Links that are open, with the address of each that leads somewhere.
    links: Vec<Option<String>>,
}

impl Look {
    fn run(&self, text: &str, code: bool) -> Run {
        let link = self.links.iter().find_map(Clone::clone);
        Run { text: text.to_owned(), kind: RunKind::Text, bold: self.bold > 0, italic: self.italic > 0, code, link }
    }
}

struct Reader<'a, Events: Iterator<Item = Event<'a>>> {
    events: Peekable<Events>,
    /// By how much headings move up.
    up: u8,
    depth: usize,
    /// Quotes, lists and items that are open but too deep to count.
    skipped: usize,
    look: Look,
}

impl<'a, Events: Iterator<Item = Event<'a>>> Reader<'a, Events> {
    /// The blocks up to the end of what they stand in.
    fn blocks(&mut self) -> Vec<Block> {
        let mut found = Vec::new();
        while let Some(event) = self.events.peek() {
            if is_inline(event) {
                let runs = self.words_of_an_item();
                found.push(Block::Paragraph { runs });
                continue;
            }
            match self.events.next() {
                Some(Event::Start(tag)) => self.block(tag, &mut found),
                Some(Event::End(_)) if self.skipped > 0 => self.skipped -= 1,
                Some(Event::End(_)) | None => return found,
                Some(Event::Rule) => found.push(Block::Rule),
                Some(_) => {}
            }
        }
        found
    }

    fn block(&mut self, tag: Tag<'a>, found: &mut Vec<Block>) {
        match tag {
            Tag::Heading { level, .. } => {
                let runs = self.words();
                found.push(Block::Heading { level: (level as u8).saturating_sub(self.up).max(1), runs });
            }
            Tag::CodeBlock(_) => found.push(self.code()),
            Tag::Table(_) => found.push(self.table()),
            Tag::BlockQuote(_) | Tag::List(_) | Tag::Item if self.depth >= DEEPEST => self.skipped += 1,
            Tag::BlockQuote(_) => {
                let blocks = self.inside(Self::blocks);
                found.push(Block::Quote { blocks });
            }
            Tag::List(start) => found.push(self.inside(|reader| reader.list(start))),
            _ => {
                let runs = self.words();
                found.push(Block::Paragraph { runs });
            }
        }
    }

    fn inside<Found>(&mut self, read: impl FnOnce(&mut Self) -> Found) -> Found {
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    fn list(&mut self, start: Option<u64>) -> Block {
        let mut list = List { start, is_tight: true, items: Vec::new() };
        while let Some(Event::Start(Tag::Item)) = self.events.next() {
            if matches!(self.events.peek(), Some(Event::Start(Tag::Paragraph))) {
                list.is_tight = false;
            }
            let item = self.blocks();
            list.items.push(item);
        }
        Block::List(list)
    }

    fn table(&mut self) -> Block {
        let mut table = Table::default();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => table.headings = self.row(),
                Event::Start(Tag::TableRow) => {
                    let row = self.row();
                    table.rows.push(row);
                }
                _ => break,
            }
        }
        Block::Table(table)
    }

    fn row(&mut self) -> Row {
        let mut cells = Vec::new();
        while let Some(Event::Start(Tag::TableCell)) = self.events.next() {
            cells.push(self.words());
        }
        cells
    }

    fn code(&mut self) -> Block {
        let mut text = String::new();
        while let Some(Event::Text(more)) = self.events.next() {
            text.push_str(&more);
        }
        let run = Run { text: text.trim_end_matches('\n').to_owned(), code: true, ..Run::default() };
        Block::Code { runs: vec![run] }
    }

    /// The words up to the end of the block that has begun.
    fn words(&mut self) -> Vec<Run> {
        let mut runs = Vec::new();
        while let Some(event) = self.events.next().filter(is_inline) {
            self.inline(event, &mut runs);
        }
        trimmed(runs)
    }

    /// The words of an item of a tight list, which stand there without a paragraph.
    fn words_of_an_item(&mut self) -> Vec<Run> {
        let mut runs = Vec::new();
        while let Some(event) = self.events.next_if(is_inline) {
            self.inline(event, &mut runs);
        }
        trimmed(runs)
    }

    fn inline(&mut self, event: Event<'a>, runs: &mut Vec<Run>) {
        match event {
            Event::Text(text) => push(runs, self.look.run(&text, false)),
            Event::Code(text) => push(runs, self.look.run(&text, true)),
            Event::SoftBreak => push(runs, self.look.run(" ", false)),
            Event::HardBreak => push(runs, self.look.run("\n", false)),
            Event::Start(Tag::Strong) => self.look.bold += 1,
            Event::End(TagEnd::Strong) => self.look.bold -= 1,
            Event::Start(Tag::Emphasis) => self.look.italic += 1,
            Event::End(TagEnd::Emphasis) => self.look.italic -= 1,
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.look.links.push(address(link_type, &dest_url)),
            Event::End(TagEnd::Link) => drop(self.look.links.pop()),
            // Of a picture, its words remain.
            _ => {}
        }
    }
}

/// Without the line end that closes shown HTML.
fn trimmed(mut runs: Vec<Run>) -> Vec<Run> {
    if let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end_matches('\n').len());
    }
    runs
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => true,
        Event::Start(tag) => matches!(tag, Tag::Strong | Tag::Emphasis | Tag::Link { .. } | Tag::Image { .. }),
        Event::End(tag) => matches!(tag, TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link | TagEnd::Image),
        _ => false,
    }
}

/// Where a link may lead: to other sites and to mail, nowhere else.
fn address(kind: LinkType, given: &str) -> Option<String> {
    if kind == LinkType::Email {
        return Some(format!("mailto:{given}"));
    }
    let lower = given.trim().to_ascii_lowercase();
    let allowed = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    (allowed && !given.chars().any(char::is_control)).then(|| given.trim().to_owned())
}
