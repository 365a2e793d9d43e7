//! Two texts compared, word by word.
//!
//! Both are taken apart into lines: a heading, a paragraph, an item, a row, each with the lists,
//! tables and quotes that it stands in. Lines that are the same stand as they are; of lines that are
//! alike the words are compared; what has no match was added or removed whole.

use std::collections::HashMap;

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use crate::{
    block::{Block, List, Paper, Row, Run},
    html::{escaped, runs_html},
};

/// Lines of which fewer words than this share, of a hundred, are not alike.
const ALIKE: usize = 40;
/// So many removed lines are looked at for one that is like an added one.
const REACH: usize = 20;
/// Longer lines are not compared word by word: their words could be any.
const MAX_WORDS: usize = 8_000;

/// A text with its changes against an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// The later text as HTML, with `<ins>` and `<del>`. Headings of parts that have changes carry
    /// an id.
    pub html: String,
    /// The parts that have changes, in their order.
    pub sections: Vec<ChangedSection>,
    /// Every changed line, in its order.
    pub changes: Vec<Change>,
}

/// A part of the text that has changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedSection {
    /// The id of its heading in the HTML.
    pub id: String,
    /// The words of its heading; of what stands before the first, the title.
    pub title: String,
}

/// A line that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The heading that it stands under.
    pub section: String,
    /// What it said; none where it was added.
    pub before: Option<String>,
    /// What it says; none where it was removed.
    pub after: Option<String>,
}

/// What a line stands in, from the outside in. The numbers tell one list from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Container {
    Quote(usize),
    List { number: usize, start: Option<u64> },
    Item(usize),
    Table(usize),
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Title,
    Heading(u8),
    Paragraph,
    /// A paragraph that fills its item.
    ItemText,
    Headings,
    Row,
    Code,
    Rule,
}

impl Kind {
    /// Kinds whose words may be compared with each other.
    fn is_like(self, other: Self) -> bool {
        let text = |kind| matches!(kind, Self::Paragraph | Self::ItemText);
        self == other || (text(self) && text(other)) || matches!((self, other), (Self::Heading(_), Self::Heading(_)))
    }
}

struct Line<'a> {
    within: Vec<Container>,
    kind: Kind,
    cells: Vec<&'a [Run]>,
    words: Vec<String>,
}

impl Line<'_> {
    fn text(&self) -> String {
        self.words.join("\t")
    }
}

/// Compares two texts. Both are read with the same marks for gaps.
pub fn compare(before: &Paper, after: &Paper) -> Comparison {
    let (before, after) = (lines(before), lines(after));
    let keys = |lines: &[Line<'_>]| lines.iter().map(|line| (line.kind, line.text())).collect::<Vec<_>>();
    let (old, new) = (keys(&before), keys(&after));
    let mut page = Page::new(&after);
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        match operation {
            DiffOp::Equal { new_index, len, .. } => after[new_index..new_index + len].iter().for_each(|line| page.same(line)),
            DiffOp::Delete { old_index, old_len, .. } => before[old_index..old_index + old_len].iter().for_each(|line| page.removed(line)),
            DiffOp::Insert { new_index, new_len, .. } => after[new_index..new_index + new_len].iter().for_each(|line| page.added(line)),
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                page.replaced(&before[old_index..old_index + old_len], &after[new_index..new_index + new_len]);
            }
        }
    }
    page.finish()
}

struct Page {
    out: String,
    open: Vec<Container>,
    /// The heading that the line being written stands under: its number and words.
    section: (usize, String),
    /// Where the id of that heading goes, until it has one.
    heading_at: Option<usize>,
    first_heading: u8,
    sections: Vec<ChangedSection>,
    changes: Vec<Change>,
}

impl Page {
    fn new(after: &[Line<'_>]) -> Self {
        let first_heading = if after.iter().any(|line| line.kind == Kind::Title) { 3 } else { 2 };
        Self {
            out: String::new(),
            open: Vec::new(),
            section: (0, String::new()),
            heading_at: None,
            first_heading,
            sections: Vec::new(),
            changes: Vec::new(),
        }
    }

    fn same(&mut self, line: &Line<'_>) {
        self.step_into(&line.within);
        let cells: Vec<String> = line.cells.iter().map(|runs| runs_html(runs)).collect();
        self.element(line, false, &cells);
    }

    fn added(&mut self, line: &Line<'_>) {
        self.step_into(&line.within);
        let cells: Vec<String> = line.cells.iter().map(|runs| marked("ins", &runs_html(runs))).collect();
        self.element(line, true, &cells);
        self.note(None, Some(line.text()));
    }

    fn changed(&mut self, before: &Line<'_>, after: &Line<'_>) {
        self.step_into(&after.within);
        let cells: Vec<String> = before.words.iter().zip(&after.words).map(|(before, after)| words_compared(before, after)).collect();
        self.element(after, true, &cells);
        self.note(Some(before.text()), Some(after.text()));
    }

    /// A removed line has no place of its own in the later text: it stays in the list or table that
    /// is open where one of its kind is, and is a paragraph otherwise.
    fn removed(&mut self, line: &Line<'_>) {
        let cells: Vec<String> = line.words.iter().map(|words| marked("del", &lines_html(words))).collect();
        match (line.kind, self.innermost()) {
            (Kind::Rule, _) => return,
            (Kind::Row | Kind::Headings, Some(Container::Table(_))) => self.row("td", &cells, true),
            (Kind::ItemText, Some(Container::Item(_))) => {
                let list = self.open.len() - 1;
                self.close_to(list);
                self.out.push_str(&format!("<li class=\"changed\">{}</li>\n", cells.join(" ")));
            }
            _ => {
                self.close_to(0);
                self.out.push_str(&format!("<p class=\"changed\">{}</p>\n", cells.join(" ")));
            }
        }
        self.note(Some(line.text()), None);
    }

    fn replaced(&mut self, before: &[Line<'_>], after: &[Line<'_>]) {
        let mut next = 0;
        for line in after {
            let rest = &before[next..];
            let alike = rest.iter().take(REACH).position(|old| is_alike(old, line));
            match alike {
                Some(skipped) => {
                    rest[..skipped].iter().for_each(|old| self.removed(old));
                    self.changed(&rest[skipped], line);
                    next += skipped + 1;
                }
                None => self.added(line),
            }
        }
        before[next..].iter().for_each(|old| self.removed(old));
    }

    fn innermost(&self) -> Option<Container> {
        self.open.last().copied()
    }

    fn element(&mut self, line: &Line<'_>, is_changed: bool, cells: &[String]) {
        let class = if is_changed { " class=\"changed\"" } else { "" };
        let inside = cells.join(" ");
        match line.kind {
            Kind::Title => {
                self.section = (self.section.0 + 1, line.text());
                self.out.push_str("<h2");
                self.heading_at = Some(self.out.len());
                self.out.push_str(&format!("{class}>{inside}</h2>\n"));
            }
            Kind::Heading(level) => {
                let level = (level + self.first_heading - 1).min(6);
                self.section = (self.section.0 + 1, line.text());
                self.out.push_str(&format!("<h{level}"));
                self.heading_at = Some(self.out.len());
                self.out.push_str(&format!("{class}>{inside}</h{level}>\n"));
            }
            Kind::Paragraph => self.out.push_str(&format!("<p{class}>{inside}</p>\n")),
            Kind::ItemText if is_changed => {
                // The item itself carries the mark.
                if self.out.ends_with("<li>") {
                    self.out.truncate(self.out.len() - "<li>".len());
                    self.out.push_str("<li class=\"changed\">");
                }
                self.out.push_str(&inside);
            }
            Kind::ItemText => self.out.push_str(&inside),
            Kind::Headings => {
                self.out.push_str("<thead>");
                self.row("th scope=\"col\"", cells, is_changed);
                self.out.push_str("</thead>");
            }
            Kind::Row => self.row("td", cells, is_changed),
            Kind::Code => self.out.push_str(&format!("<pre{class}><code>{}\n</code></pre>\n", inside.replace("<br>", "\n"))),
            Kind::Rule => self.out.push_str("<hr>\n"),
        }
    }

    fn row(&mut self, cell: &str, cells: &[String], is_changed: bool) {
        let class = if is_changed { " class=\"changed\"" } else { "" };
        let name = cell.split(' ').next().unwrap_or(cell);
        let cells: String = cells.iter().map(|inside| format!("<{cell}>{inside}</{name}>")).collect();
        self.out.push_str(&format!("<tr{class}>{cells}</tr>\n"));
    }

    /// Closes what the next line does not stand in, and opens what it does.
    fn step_into(&mut self, within: &[Container]) {
        let shared = self.open.iter().zip(within).take_while(|(open, wanted)| open == wanted).count();
        self.close_to(shared);
        for container in &within[shared..] {
            match container {
                Container::Quote(_) => self.out.push_str("<blockquote>\n"),
                Container::List { start: None, .. } => self.out.push_str("<ul>\n"),
                Container::List { start: Some(1), .. } => self.out.push_str("<ol>\n"),
                Container::List { start: Some(start), .. } => self.out.push_str(&format!("<ol start=\"{start}\">\n")),
                Container::Item(_) => self.out.push_str("<li>"),
                Container::Table(_) => self.out.push_str("<table>\n"),
            }
            self.open.push(*container);
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            match self.open.pop() {
                Some(Container::Quote(_)) => self.out.push_str("</blockquote>\n"),
                Some(Container::List { start: None, .. }) => self.out.push_str("</ul>\n"),
                Some(Container::List { .. }) => self.out.push_str("</ol>\n"),
                Some(Container::Item(_)) => self.out.push_str("</li>\n"),
                Some(Container::Table(_)) => self.out.push_str("</table>\n"),
                None => {}
            }
        }
    }

    fn note(&mut self, before: Option<String>, after: Option<String>) {
        let (number, title) = self.section.clone();
        if let Some(at) = self.heading_at.take() {
            let id = format!("s{number}");
            self.out.insert_str(at, &format!(" id=\"{id}\""));
            self.sections.push(ChangedSection { id, title: title.clone() });
        }
        self.changes.push(Change { section: title, before, after });
    }

    fn finish(mut self) -> Comparison {
        self.close_to(0);
        Comparison { html: self.out, sections: self.sections, changes: self.changes }
    }
}

fn marked(name: &str, inside: &str) -> String {
    if inside.is_empty() { String::new() } else { format!("<{name}>{inside}</{name}>") }
}

fn lines_html(words: &str) -> String {
    escaped(words).replace('\n', "<br>")
}

/// Whether enough words of two lines are the same, wherever they stand.
fn is_alike(before: &Line<'_>, after: &Line<'_>) -> bool {
    if !before.kind.is_like(after.kind) || before.words.len() != after.words.len() {
        return false;
    }
    let (old, new) = (before.text(), after.text());
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (mut all, mut shared) = (0, 0);
    for word in old.split_whitespace() {
        *counts.entry(word).or_default() += 1;
        all += 1;
    }
    for word in new.split_whitespace() {
        all += 1;
        if let Some(left) = counts.get_mut(word).filter(|left| **left > 0) {
            *left -= 1;
            shared += 1;
        }
    }
    all <= 2 * MAX_WORDS && 200 * shared >= ALIKE * all
}

/// Two texts as one, with what was taken out and what was put in.
fn words_compared(before: &str, after: &str) -> String {
    let (old, new) = (tokens(before), tokens(after));
    let mut out = String::new();
    let (mut taken, mut put) = (String::new(), String::new());
    let flush = |out: &mut String, taken: &mut String, put: &mut String| {
        out.push_str(&marked("del", &lines_html(taken)));
        if !taken.is_empty() && !put.is_empty() {
            out.push(' ');
        }
        out.push_str(&marked("ins", &lines_html(put)));
        taken.clear();
        put.clear();
    };
    let changes: Vec<_> = capture_diff_slices(Algorithm::Myers, &old, &new)
        .iter()
        .flat_map(|operation| operation.iter_changes(&old, &new))
        .map(|change| (change.tag(), change.value()))
        .collect();
    for (index, (tag, word)) in changes.iter().enumerate() {
        match tag {
            ChangeTag::Delete => taken.push_str(word),
            ChangeTag::Insert => put.push_str(word),
            // A space between two changes belongs to both, so that they read as one.
            ChangeTag::Equal if word.trim().is_empty() && !(taken.is_empty() && put.is_empty()) && is_followed(&changes[index + 1..]) => {
                taken.push_str(word);
                put.push_str(word);
            }
            ChangeTag::Equal => {
                flush(&mut out, &mut taken, &mut put);
                out.push_str(&lines_html(word));
            }
        }
    }
    flush(&mut out, &mut taken, &mut put);
    out
}

fn is_followed(rest: &[(ChangeTag, &str)]) -> bool {
    rest.first().is_some_and(|next| next.0 != ChangeTag::Equal)
}

/// Words and the spaces between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut from, mut was_space) = (0, None);
    for (at, letter) in text.char_indices() {
        let is_space = letter.is_whitespace();
        if was_space.is_some_and(|was| was != is_space) {
            tokens.push(&text[from..at]);
            from = at;
        }
        was_space = Some(is_space);
    }
    if from < text.len() {
        tokens.push(&text[from..]);
    }
    tokens
}

/// Takes a text apart into lines.
fn lines(paper: &Paper) -> Vec<Line<'_>> {
    let mut reader = Reader { lines: Vec::new(), within: Vec::new(), next: 0 };
    if paper.title.iter().any(|run| !run.text.trim().is_empty()) {
        reader.line(Kind::Title, vec![&paper.title]);
    }
    reader.blocks(&paper.blocks);
    reader.lines
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    within: Vec<Container>,
    next: usize,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn line(&mut self, kind: Kind, cells: Vec<&'a [Run]>) {
        let words = cells.iter().map(|runs| runs.iter().map(|run| run.text.as_str()).collect()).collect();
        self.lines.push(Line { within: self.within.clone(), kind, cells, words });
    }

    fn inside(&mut self, container: Container, read: impl FnOnce(&mut Self)) {
        self.within.push(container);
        read(self);
        self.within.pop();
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Heading { level, runs } => self.line(Kind::Heading(*level), vec![runs]),
                Block::Paragraph { runs } => self.line(Kind::Paragraph, vec![runs]),
                Block::Code { runs } => self.line(Kind::Code, vec![runs]),
                Block::Rule => self.line(Kind::Rule, Vec::new()),
                Block::Quote { blocks } => {
                    let container = Container::Quote(self.number());
                    self.inside(container, |reader| reader.blocks(blocks));
                }
                Block::List(list) => self.list(list),
                Block::Table(table) => {
                    let container = Container::Table(self.number());
                    self.inside(container, |reader| {
                        reader.line(Kind::Headings, cells(&table.headings));
                        table.rows.iter().for_each(|row| reader.line(Kind::Row, cells(row)));
                    });
                }
            }
        }
    }

    fn list(&mut self, list: &'a List) {
        let container = Container::List { number: self.number(), start: list.start };
        self.inside(container, |reader| {
            for item in &list.items {
                let container = Container::Item(reader.number());
                reader.inside(container, |reader| match item.as_slice() {
                    [Block::Paragraph { runs }, rest @ ..] => {
                        reader.line(Kind::ItemText, vec![runs]);
                        reader.blocks(rest);
                    }
                    blocks => reader.blocks(blocks),
                });
            }
        });
    }
}

fn cells(row: &Row) -> Vec<&[Run]> {
    row.iter().map(Vec::as_slice).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Fill;

    fn paper(body: &str) -> Paper {
        Paper::new("Policy", body, &|_| Fill::Literal)
    }

    fn compared(before: &str, after: &str) -> Comparison {
        compare(&paper(before), &paper(after))
    }

    #[test]
    fn words_that_changed_stand_beside_each_other() {
        let found = compared(
            "# Granting\n\nThe owner decides within five working days.",
            "# Granting\n\nThe owner decides within two working days.",
        );
        assert!(
            found.html.contains("<p class=\"changed\">The owner decides within <del>five</del> <ins>two</ins> working days.</p>"),
            "{}",
            found.html
        );
        assert_eq!(found.sections, [ChangedSection { id: "s2".into(), title: "Granting".into() }]);
        assert!(found.html.contains("<h3 id=\"s2\">Granting</h3>"), "{}", found.html);
        let before = Some("The owner decides within five working days.".into());
        let after = Some("The owner decides within two working days.".into());
        assert_eq!(found.changes, [Change { section: "Granting".into(), before, after }]);
    }

    #[test]
    fn lines_are_added_and_removed_where_they_stood() {
        let found = compared("- one item here\n- two items there\n\nEnd.", "- one item here\n- quite another thing\n- three\n\nEnd.");
        assert!(found.html.contains("<li class=\"changed\"><del>two items there</del></li>"), "{}", found.html);
        assert!(found.html.contains("<li class=\"changed\"><ins>three</ins></li>"), "{}", found.html);
        assert_eq!(found.html.matches("<ul>").count(), found.html.matches("</ul>").count());
    }

    #[test]
    fn rows_and_cells_are_compared() {
        let found = compared("| A | B |\n|---|---|\n| x | five years |\n| y | z |", "| A | B |\n|---|---|\n| x | three years |");
        assert!(found.html.contains("<td>x</td><td><del>five</del> <ins>three</ins> years</td>"), "{}", found.html);
        assert!(found.html.contains("<tr class=\"changed\"><td><del>y</del></td><td><del>z</del></td></tr>"), "{}", found.html);
    }

    #[test]
    fn the_same_text_has_no_changes() {
        let body = "# A\n\nText with **bold** and a [link](https://example.org).\n\n1. one\n2. two\n\n> quoted\n\n```\ncode\n```\n\n---\n";
        let found = compared(body, body);
        assert!(found.changes.is_empty() && found.sections.is_empty());
        assert!(!found.html.contains("<ins>") && !found.html.contains("<del>"));
        assert!(found.html.contains("<strong>bold</strong>"));
    }

    #[test]
    fn markup_in_words_stays_words() {
        let found = compared("Say <b>no</b> & go.", "Say <i>no</i> & go, </del><script>.");
        assert!(!found.html.contains("<script>") && !found.html.contains("<i>"), "{}", found.html);
    }

    /// Whether every element that opens closes, in the order in which they opened.
    fn is_nested(html: &str) -> bool {
        let mut open = Vec::new();
        for part in html.split('<').skip(1) {
            let tag = part.split('>').next().unwrap();
            let name = tag.split(' ').next().unwrap();
            match name.strip_prefix('/') {
                Some(closed) if open.pop() != Some(closed) => return false,
                None if !["br", "hr"].contains(&name) => open.push(name),
                _ => {}
            }
        }
        open.is_empty()
    }

    fn body() -> impl Strategy<Value = String> {
        let word = prop_oneof![Just("alpha"), Just("beta"), Just("<b>"), Just("{{x}}"), Just("&"), Just("עברית")];
        let words = prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "));
        let block = (words, 0_u8..7).prop_map(|(text, kind)| match kind {
            0 => format!("# {text}"),
            1 => format!("- {text}\n- {text} more\n  - {text}"),
            2 => format!("| {text} | b |\n|---|---|\n| c | {text} |"),
            3 => format!("> {text}"),
            4 => format!("3. {text}"),
            5 => format!("```\n{text}\n```"),
            _ => text,
        });
        prop::collection::vec(block, 0..8).prop_map(|blocks| blocks.join("\n\n"))
    }

    proptest! {
        /// Whatever is compared: every element that opens closes, and what is left without what was
        /// taken out is the later text.
        #[test]
        fn any_two_texts(before in body(), after in body()) {
            let found = compared(&before, &after);
            let document = scraper::Html::parse_fragment(&found.html);
            prop_assert!(is_nested(&found.html), "{}", found.html);
            let text = |html: &scraper::Html| {
                let parts: Vec<String> = html.root_element().text().map(ToOwned::to_owned).collect();
                parts.concat().split_whitespace().collect::<String>()
            };
            let removed = scraper::Selector::parse("del").unwrap();
            let kept = document.select(&removed).fold(found.html.clone(), |html, one| html.replacen(&one.html(), "", 1));
            let later = crate::html(&paper(&after), crate::Marks::None);
            prop_assert_eq!(text(&scraper::Html::parse_fragment(&kept)), text(&scraper::Html::parse_fragment(&later)));
            prop_assert!(crate::plain_text(&paper(&before)) == crate::plain_text(&paper(&after)) || !found.changes.is_empty());
        }
    }
}
