//! Putting a template together from what a document holds.

use std::fmt;

use muster_domain::templates::{Marker, ReleaseContent, marker};

use crate::{
    Fault, Place, Problem, WordError,
    blocks::{Block, Format, Paragraph, Role, Row},
    document::WordDocument,
    error::excerpt,
    inline::{self, Bit, Content},
    lines::Lines,
    markdown, placeholder,
    questions::Questions,
};

/// A template as a Word file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordTemplate {
    /// Questions and text. The title is empty where the file names none.
    pub content: ReleaseContent,
    /// What the file holds and the template does not, and what should be looked at.
    pub notices: Vec<Notice>,
}

/// Something that whoever imports a file should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where it stands.
    pub place: Place,
    words: String,
}

impl Notice {
    pub(crate) fn left_out(place: Place, what: &str, text: &str) -> Self {
        let quoted = if text.trim().is_empty() { String::new() } else { format!(" (“{}”)", excerpt(text)) };
        Self { place, words: format!("{what}{quoted} is left out") }
    }

    pub(crate) fn margin(place: Place) -> Self {
        Self { place, words: "placeholders in the header or footer of the page are left out".to_owned() }
    }

    fn section(place: Place, is_end: bool) -> Self {
        let words = if is_end { "ends an optional section that did not begin" } else { "begins an optional section that does not end" };
        Self { place, words: words.to_owned() }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}.", self.place, self.words)
    }
}

/// The most places that a refusal names.
const MOST_FAULTS: usize = 50;

/// Puts the template together, or names every place that cannot be understood.
pub(crate) fn assemble(document: WordDocument) -> Result<WordTemplate, WordError> {
    let (title, skip) = title(&document);
    let mut draft = Draft { faults: document.faults, notices: document.notices, ..Draft::default() };
    for (index, block) in document.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) if skip == Some(index) => draft.title(paragraph),
            Block::Paragraph(paragraph) => draft.paragraph(paragraph),
            Block::Table(rows) => draft.table(rows),
        }
    }
    draft.notices.extend(std::mem::take(&mut draft.open).into_iter().map(|place| Notice::section(place, false)));
    if draft.faults.is_empty() {
        let document_title = draft.title.unwrap_or(title);
        let content = ReleaseContent { document_title, questions: draft.questions.finish(), body: draft.lines.finish() };
        Ok(WordTemplate { content, notices: draft.notices })
    } else {
        draft.faults.truncate(MOST_FAULTS);
        Err(WordError::Faults(draft.faults))
    }
}

/// The title of the document, and the paragraph that it was taken from: one that has the style of
/// a title before anything else, or a heading of the first level that begins the text and is the
/// only one; otherwise what the file's properties say, or the first heading.
fn title(document: &WordDocument) -> (String, Option<usize>) {
    let paragraphs = document.blocks.iter().enumerate().filter_map(|(index, block)| match block {
        Block::Paragraph(paragraph) if !paragraph.text().trim().is_empty() => Some((index, Some(paragraph))),
        Block::Paragraph(_) => None,
        Block::Table(_) => Some((index, None)),
    });
    let text = |paragraph: &Paragraph| paragraph.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let found: Vec<_> = paragraphs.collect();
    let highest = found.iter().filter(|(_, one)| one.is_some_and(|one| one.role == Role::Heading(1))).count();
    match found.first() {
        Some((index, Some(first))) if first.role == Role::Title || (first.role == Role::Heading(1) && highest == 1) => {
            (text(first), Some(*index))
        }
        _ => {
            let heading = found.iter().filter_map(|(_, one)| *one).find(|one| matches!(one.role, Role::Title | Role::Heading(_)));
            (document.title.clone().or_else(|| heading.map(text)).unwrap_or_default(), None)
        }
    }
}

/// A template while it is put together.
#[derive(Default)]
struct Draft {
    title: Option<String>,
    lines: Lines,
    questions: Questions,
    /// The heading that the text stands under.
    section: Option<String>,
    /// Where the optional sections that are open began.
    open: Vec<Place>,
    faults: Vec<Fault>,
    notices: Vec<Notice>,
}

impl Draft {
    fn fault(&mut self, place: &Place, problem: Problem) {
        self.faults.push(Fault { place: place.clone(), problem });
    }

    /// The pieces of a paragraph, its placeholders taken as questions. None where it has a fault.
    fn bits(&mut self, paragraph: &Paragraph) -> Option<Vec<Bit>> {
        let bits = match inline::bits(&paragraph.segments) {
            Ok(bits) => bits,
            Err(problem) => {
                self.fault(&paragraph.place, problem);
                return None;
            }
        };
        let has_text = bits.iter().filter(|bit| !matches!(&bit.content, Content::Text(text) if text.trim().is_empty())).count() > 1;
        for bit in &bits {
            let Content::Placeholder(found) = &bit.content else { continue };
            let taken = match &found.column {
                Some((column, _)) => Err(Problem::CellOutside { key: found.key.clone(), column: column.clone() }),
                None if has_text && found.says.kind == Some(muster_domain::templates::QuestionKind::Table) => {
                    Err(Problem::TableInLine { key: found.key.clone() })
                }
                None => self.questions.placeholder(found, self.section.as_deref()),
            };
            if let Err(problem) = taken {
                self.fault(&paragraph.place, problem);
            }
        }
        Some(bits)
    }

    /// The title: its characters, with placeholders and without mark-up.
    fn title(&mut self, paragraph: &Paragraph) {
        let Some(bits) = self.bits(paragraph) else { return };
        let words: String = bits
            .iter()
            .map(|bit| match &bit.content {
                Content::Text(text) => text.clone(),
                Content::Placeholder(one) => format!("{{{{{}}}}}", one.key),
            })
            .collect();
        self.title = Some(markdown::one_line(&words));
    }

    fn paragraph(&mut self, paragraph: &Paragraph) {
        if let Some(mark) = self.mark(&paragraph.text(), &paragraph.place) {
            self.lines.mark(&mark);
            return;
        }
        if let Role::Heading(_) | Role::Title = paragraph.role {
            let words = heading_words(paragraph);
            self.section = Some(words).filter(|words| !words.is_empty());
        }
        let Some(mut bits) = self.bits(paragraph) else { return };
        match paragraph.role {
            Role::Heading(_) | Role::Title => {
                // A heading is bold by itself.
                bits.iter_mut().for_each(|bit| bit.format = Format::default());
                let level = if let Role::Heading(level) = paragraph.role { level } else { 1 };
                self.lines.heading(level, &markdown::one_line(&markdown::inline(&bits)));
            }
            Role::Text => self.lines.block(&markdown::paragraph(&markdown::inline(&bits), 0)),
            Role::Item { level, number } => self.lines.item(level, number, &markdown::inline(&bits)),
        }
    }

    /// What a text marks as an optional section, as a line of the template; none where it is text.
    fn mark(&mut self, text: &str, place: &Place) -> Option<String> {
        let text = text.trim();
        let inside = text.strip_prefix("{{").map(str::trim_start).filter(|inside| inside.starts_with("#if") || inside.starts_with("/if"));
        let Some(inside) = inside.and_then(|inside| inside.strip_suffix("}}")).filter(|inside| !inside.contains("}}")) else {
            let is_marked = ["{{#if", "{{ #if", "{{/if", "{{ /if"].iter().any(|mark| text.contains(mark));
            return is_marked.then(|| {
                self.fault(place, Problem::MarkInLine);
                String::new()
            });
        };
        let mut parts = inside.split('|').map(str::trim);
        let line = format!("{{{{{}}}}}", parts.next().unwrap_or_default());
        match marker(&line) {
            Some(Marker::If(condition)) => {
                self.open.push(place.clone());
                let says = placeholder::says(condition.key, parts);
                let section = self.section.clone();
                if let Err(problem) = says.and_then(|says| self.questions.condition(&condition, &says, section.as_deref())) {
                    self.fault(place, problem);
                }
            }
            Some(Marker::End) => {
                if self.open.pop().is_none() {
                    self.notices.push(Notice::section(place.clone(), true));
                }
            }
            _ => self.fault(place, Problem::MarkMalformed(excerpt(text))),
        }
        Some(line)
    }

    fn table(&mut self, rows: &[Row]) {
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let mut lines: Vec<String> = Vec::new();
        let mut headings: Vec<String> = Vec::new();
        for row in rows {
            let words = row.cells.iter().flatten().map(Paragraph::text).filter(|text| !text.trim().is_empty()).collect::<Vec<_>>();
            if let [only] = words.as_slice()
                && !lines.is_empty()
                && let Some(mark) = self.mark(only, &row.place)
            {
                lines.push(mark);
                continue;
            }
            let Some((cells, has_cells)) = self.row(row, &headings, lines.is_empty()) else { continue };
            if lines.is_empty() && has_cells {
                // The row that is repeated cannot be the heading as well.
                let labels: Vec<String> = row.cells.iter().map(|cell| self.column_words(cell)).collect();
                lines.push(markdown::row(&labels, columns));
                lines.push(separator(columns));
            }
            lines.push(markdown::row(&cells, columns));
            if lines.len() == 1 {
                lines.push(separator(columns));
                headings =
                    row.cells.iter().map(|cell| cell.iter().map(Paragraph::text).collect::<Vec<_>>().join(" ").trim().to_owned()).collect();
            }
        }
        self.lines.block(&lines.join("\n"));
    }

    /// The cells of a row, and whether cells of a table question are among them.
    fn row(&mut self, row: &Row, headings: &[String], is_first: bool) -> Option<(Vec<String>, bool)> {
        let (mut written, mut table) = (Vec::with_capacity(row.cells.len()), None::<String>);
        for (index, cell) in row.cells.iter().enumerate() {
            let mut texts = Vec::new();
            for paragraph in cell {
                let mut bits = match inline::bits(&paragraph.segments) {
                    Ok(bits) => bits,
                    Err(problem) => {
                        self.fault(&paragraph.place, problem);
                        continue;
                    }
                };
                for bit in &bits {
                    let Content::Placeholder(found) = &bit.content else { continue };
                    let heading = headings.get(index).filter(|heading| !heading.is_empty() && !heading.contains("{{"));
                    let taken = match &table {
                        Some(other) if found.column.is_some() && *other != found.key => {
                            Err(Problem::TwoTables { one: other.clone(), other: found.key.clone() })
                        }
                        _ => self.questions.cell(found, heading.map(String::as_str), self.section.as_deref()),
                    };
                    if found.column.is_some() {
                        table.get_or_insert_with(|| found.key.clone());
                    }
                    if let Err(problem) = taken {
                        self.fault(&paragraph.place, problem);
                    }
                }
                if is_first {
                    bits.iter_mut().for_each(|bit| bit.format = Format::default());
                }
                texts.push(markdown::one_line(&markdown::inline(&bits)));
            }
            written.push(texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "));
        }
        Some((written, table.is_some()))
    }

    /// The heading of a column that has none in the document: the words of its cell.
    fn column_words(&self, cell: &[Paragraph]) -> String {
        let bits = cell.iter().filter_map(|paragraph| inline::bits(&paragraph.segments).ok()).flatten();
        let words = bits.filter_map(|bit| match bit.content {
            Content::Placeholder(found) => {
                let words = found.column.map_or(found.words, |(_, words)| words);
                Some(found.says.label.unwrap_or_else(|| placeholder::label_of(&words)))
            }
            Content::Text(_) => None,
        });
        let text = words.collect::<Vec<_>>().join(", ");
        markdown::one_line(&markdown::inline(&[Bit { content: Content::Text(text), format: Format::default(), link: None }]))
    }
}

fn separator(columns: usize) -> String {
    format!("|{}", "---|".repeat(columns.max(1)))
}

/// The words of a heading as the questionnaire shows them, without placeholders.
fn heading_words(paragraph: &Paragraph) -> String {
    let bits = inline::bits(&paragraph.segments).unwrap_or_default();
    let words: String = bits.iter().map(|bit| if let Content::Text(text) = &bit.content { text.as_str() } else { " " }).collect();
    markdown::one_line(&words).chars().take(255).collect()
}
