//! Blocks as HTML, for pages.

use crate::block::{Block, List, Paper, Row, Run, RunKind, Table};

/// How answers and gaps stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Answers look like the rest of the text; gaps are marked. So reads a document.
    Gaps,
    /// Answers and gaps are marked, and lead to `#q-` and their question's key.
    ToQuestions,
    /// Nothing is marked. So reads an exported file.
    None,
}

/// The whole text: the title as a heading of the second level, what follows below it. Without ids,
/// classes other than `fill` and `gap`, and styles.
pub fn html(paper: &Paper, marks: Marks) -> String {
    if paper.is_empty() {
        return String::new();
    }
    let mut page = Html { marks, first_heading: 2, line_end: "<br>", out: String::new() };
    if paper.title.iter().any(|run| !run.text.trim().is_empty()) {
        page.element("h2", |page| page.runs(&paper.title));
        page.out.push('\n');
        page.first_heading = 3;
    }
    page.blocks(&paper.blocks);
    page.out
}

/// Runs as HTML, gaps marked.
pub(crate) fn runs_html(runs: &[Run]) -> String {
    let mut page = Html { marks: Marks::Gaps, first_heading: 2, line_end: "<br>", out: String::new() };
    page.runs(runs);
    page.out
}

/// A text that means nothing in HTML, inside and outside of attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

struct Html {
    marks: Marks,
    first_heading: u8,
    /// What stands between the lines of a run.
    line_end: &'static str,
    out: String,
}

impl Html {
    fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.open(name);
        inside(self);
        self.close(name);
    }

    fn open(&mut self, name: &str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
    }

    fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.out.push('\n');
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, runs } => {
                let level = (level + self.first_heading - 1).min(6);
                self.element(&format!("h{level}"), |page| page.runs(runs));
            }
            Block::Paragraph { runs } => self.element("p", |page| page.runs(runs)),
            Block::List(list) => self.list(list),
            Block::Table(table) => self.table(table),
            Block::Code { runs } => {
                self.out.push_str("<pre><code>");
                self.line_end = "\n";
                for run in runs {
                    self.filled(run, false);
                }
                self.line_end = "<br>";
                self.out.push_str("\n</code></pre>");
            }
            Block::Quote { blocks } => self.element("blockquote", |page| {
                page.out.push('\n');
                page.blocks(blocks);
            }),
            Block::Rule => self.out.push_str("<hr>"),
        }
    }

    fn list(&mut self, list: &List) {
        match list.start {
            None => self.open("ul"),
            Some(1) => self.open("ol"),
            Some(start) => self.open(&format!("ol start=\"{start}\"")),
        }
        self.out.push('\n');
        for item in &list.items {
            self.element("li", |page| page.item(item, list.is_tight));
            self.out.push('\n');
        }
        self.close(if list.start.is_some() { "ol" } else { "ul" });
    }

    fn item(&mut self, blocks: &[Block], is_tight: bool) {
        match blocks {
            [Block::Paragraph { runs }, rest @ ..] if is_tight => {
                self.runs(runs);
                if !rest.is_empty() {
                    self.out.push('\n');
                    self.blocks(rest);
                }
            }
            [] => {}
            all => {
                self.out.push('\n');
                self.blocks(all);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.out.push_str("<table><thead>");
        self.row(&table.headings, "th scope=\"col\"", "th");
        self.out.push_str("</thead><tbody>\n");
        for row in &table.rows {
            self.row(row, "td", "td");
            self.out.push('\n');
        }
        self.out.push_str("</tbody></table>");
    }

    fn row(&mut self, cells: &Row, open: &str, close: &str) {
        self.open("tr");
        for cell in cells {
            self.open(open);
            self.runs(cell);
            self.close(close);
        }
        self.close("tr");
    }

    fn runs(&mut self, runs: &[Run]) {
        for linked in runs.chunk_by(|one, next| one.link == next.link) {
            let link = linked.first().and_then(|run| run.link.as_deref());
            if let Some(address) = link {
                self.out.push_str(&format!("<a href=\"{}\" rel=\"noopener noreferrer\">", escaped(address)));
            }
            for run in linked {
                self.run(run);
            }
            if link.is_some() {
                self.close("a");
            }
        }
    }

    fn run(&mut self, run: &Run) {
        let looks = [(run.bold, "strong"), (run.italic, "em"), (run.code, "code")];
        for (_, name) in looks.iter().filter(|look| look.0) {
            self.open(name);
        }
        self.filled(run, run.link.is_some());
        for (_, name) in looks.iter().rev().filter(|look| look.0) {
            self.close(name);
        }
    }

    /// The words of a run, marked where they fill a placeholder. There is no link inside a link.
    fn filled(&mut self, run: &Run, in_link: bool) {
        let (key, class) = match &run.kind {
            RunKind::Text | RunKind::Literal => return self.lines(&run.text),
            RunKind::Answer { key } => (key, (self.marks == Marks::ToQuestions).then_some("fill")),
            RunKind::Gap { key } => (key, (self.marks != Marks::None).then_some("fill gap")),
        };
        let name = if self.marks == Marks::ToQuestions && !in_link { "a" } else { "span" };
        if let Some(class) = class {
            // A key is made of letters, digits and underscores only.
            let to = if name == "a" { format!(" href=\"#q-{key}\"") } else { String::new() };
            self.open(&format!("{name} class=\"{class}\"{to}"));
        }
        self.element("bdi", |page| page.lines(&run.text));
        if class.is_some() {
            self.close(name);
        }
    }

    /// Words with their lines kept.
    fn lines(&mut self, words: &str) {
        for (index, line) in words.split('\n').enumerate() {
            if index > 0 {
                self.out.push_str(self.line_end);
            }
            self.out.push_str(&escaped(line));
        }
    }
}
