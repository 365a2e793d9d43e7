//! Walking through the text of a document.

use std::{collections::HashMap, rc::Rc};

use roxmltree::Node;

use crate::{
    Fault, Notice, Place, Problem, WordError,
    blocks::{Block, Format, Paragraph, Role, Row, Segment},
    error::excerpt,
    numbering::Numbering,
    package::Package,
    styles::{self, Styles},
    xml,
};

/// A document as it was read.
pub(crate) struct WordDocument {
    /// The title in the file's properties.
    pub(crate) title: Option<String>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) faults: Vec<Fault>,
}

/// Reads the parts of a file that matter for a template.
pub(crate) fn read(package: &Package<'_>) -> Result<WordDocument, WordError> {
    let main = package.main_part()?;
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", &main));
    let beside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let text = package.text(&main)?.ok_or(WordError::NotWord)?;
    let body = package.parse(&main, &text)?;
    let mut walk = Walk::default();
    if let Some(text) = package.text(&beside("styles.xml"))? {
        walk.styles = Styles::read(&package.parse("styles.xml", &text)?);
    }
    if let Some(text) = package.text(&beside("numbering.xml"))? {
        walk.numbering = Numbering::read(&package.parse("numbering.xml", &text)?);
    }
    if let Some(text) = package.text(&beside(&format!("_rels/{name}.rels")))? {
        walk.links = links(package.parse("document.xml.rels", &text)?.root_element());
    }
    let body = xml::child(body.root_element(), "body").ok_or(WordError::NotWord)?;
    walk.blocks_of(body);
    for part in ["header", "footer"].iter().flat_map(|kind| package.parts_named(&beside(kind)).map(ToOwned::to_owned).collect::<Vec<_>>()) {
        let text = package.text(&part)?.unwrap_or_default();
        let words = plain_words(package.parse(&part, &text)?.root_element());
        if words.contains("{{") {
            walk.notices.push(Notice::margin(Place::Margin { text: excerpt(&words) }));
        }
    }
    let title = package.text("docProps/core.xml")?.map(|text| property_title(package, &text)).transpose()?.flatten();
    Ok(WordDocument { title, blocks: walk.blocks, notices: walk.notices, faults: walk.faults })
}

fn property_title(package: &Package<'_>, text: &str) -> Result<Option<String>, WordError> {
    let properties = package.parse("docProps/core.xml", text)?;
    let title = xml::child(properties.root_element(), "title").and_then(|title| title.text()).map(|title| title.trim().to_owned());
    Ok(title.filter(|title| !title.is_empty()))
}

/// The addresses that links lead to, by the ids of the relations: to other sites and to mail only.
fn links(relations: Node<'_, '_>) -> HashMap<String, Rc<str>> {
    let link = |node: Node<'_, '_>| {
        let target =
            xml::attribute(node, "Target").filter(|_| xml::attribute(node, "Type").is_some_and(|kind| kind.ends_with("/hyperlink")))?;
        let is_open = ["http://", "https://", "mailto:"].iter().any(|scheme| target.to_ascii_lowercase().starts_with(scheme));
        is_open.then(|| Some((xml::attribute(node, "Id")?.to_owned(), Rc::from(target))))?
    };
    relations.children().filter_map(link).collect()
}

fn plain_words(node: Node<'_, '_>) -> String {
    node.descendants().filter(|node| node.tag_name().name() == "t").filter_map(|node| node.text()).collect()
}

/// What is gathered on the way. The depth of elements is limited when a part is parsed, and with it
/// how deep the calls of these methods go.
#[derive(Default)]
struct Walk {
    styles: Styles,
    numbering: Numbering,
    links: HashMap<String, Rc<str>>,
    blocks: Vec<Block>,
    notices: Vec<Notice>,
    faults: Vec<Fault>,
    /// How many paragraphs and tables have been passed.
    paragraphs: usize,
    tables: usize,
    /// Fields that have begun: whether their result has been reached, and their instruction.
    fields: Vec<(bool, String)>,
    /// What is found in the paragraph that is being read.
    line: Line,
}

/// A paragraph while it is being read.
#[derive(Default)]
struct Line {
    segments: Vec<Segment>,
    left_out: Vec<(&'static str, String)>,
    external: Vec<&'static str>,
}

impl Walk {
    fn blocks_of(&mut self, parent: Node<'_, '_>) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "p" => {
                    self.paragraphs += 1;
                    let (number, styled) = (self.paragraphs, self.role(node));
                    if let (Some(role), paragraph) = (styled, self.paragraph(node, |text| Place::Paragraph { number, text })) {
                        self.blocks.push(Block::Paragraph(Paragraph { role, ..paragraph }));
                    }
                }
                "tbl" => self.table(node),
                "altChunk" | "subDoc" => {
                    let place = Place::Paragraph { number: self.paragraphs + 1, text: String::new() };
                    self.faults.push(Fault { place, problem: Problem::External("an inserted document") });
                }
                "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" => self.blocks_of(node),
                _ => {}
            }
        }
    }

    /// What a paragraph is; none for a line of the table of contents, which Word makes itself.
    fn role(&mut self, node: Node<'_, '_>) -> Option<Role> {
        let properties = xml::child(node, "pPr");
        let style = properties.and_then(|properties| xml::value(properties, "pStyle"));
        if self.styles.is_contents(style) {
            return None;
        }
        if self.styles.is_title(style) {
            return Some(Role::Title);
        }
        if let Some(level) = properties.and_then(styles::outline).or_else(|| self.styles.heading(style)) {
            return Some(Role::Heading(level.min(6)));
        }
        let own = properties.and_then(styles::numbering);
        let of_style = self.styles.numbering(style);
        let list = match (own, of_style) {
            (Some((list, level)), of_style) if list.is_empty() => of_style.map(|(list, own)| (list, level.unwrap_or(own))),
            (Some((list, level)), _) => Some((list, level.unwrap_or(0))),
            (None, of_style) => of_style,
        };
        Some(list.map_or(Role::Text, |(list, level)| self.numbering.next(&list, level)))
    }

    fn paragraph(&mut self, node: Node<'_, '_>, place: impl Fn(String) -> Place) -> Paragraph {
        self.line = Line::default();
        self.runs_of(node, None);
        // An instruction that does not end with its paragraph would hide all that follows.
        self.fields.retain(|(has_result, _)| *has_result);
        let line = std::mem::take(&mut self.line);
        let words: String = line.segments.iter().map(|segment| segment.text.as_str()).collect();
        let place = place(excerpt(&words));
        self.notices.extend(line.left_out.into_iter().map(|(what, text)| Notice::left_out(place.clone(), what, &text)));
        self.faults.extend(line.external.into_iter().map(|what| Fault { place: place.clone(), problem: Problem::External(what) }));
        Paragraph { place, role: Role::Text, segments: line.segments }
    }

    fn runs_of(&mut self, parent: Node<'_, '_>, link: Option<&Rc<str>>) {
        for node in parent.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "r" => self.run(node, link),
                "hyperlink" => {
                    let address = xml::attribute(node, "id").and_then(|id| self.links.get(id)).cloned();
                    self.runs_of(node, address.as_ref());
                }
                "fldSimple" => {
                    self.field_is(xml::attribute(node, "instr").unwrap_or_default());
                    self.runs_of(node, link);
                }
                "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" | "dir" | "bdo" => self.runs_of(node, link),
                "oMath" | "oMathPara" => self.line.left_out.push(("a formula", plain_words(node))),
                _ => {}
            }
        }
    }

    fn run(&mut self, run: Node<'_, '_>, link: Option<&Rc<str>>) {
        let properties = xml::child(run, "rPr");
        let switch = |name| properties.and_then(|properties| xml::switch(properties, name));
        if switch("vanish") == Some(true) {
            self.line.left_out.push(("hidden text", plain_words(run)));
            return;
        }
        let by_style = self.styles.emphasis(properties.and_then(|properties| xml::value(properties, "rStyle")));
        let format = Format { bold: switch("b").unwrap_or(by_style.0), italic: switch("i").unwrap_or(by_style.1) };
        for node in run.children().filter(Node::is_element) {
            let text = match node.tag_name().name() {
                "t" => node.text().unwrap_or_default(),
                "tab" | "ptab" => " ",
                "br" | "cr" => "\n",
                "noBreakHyphen" => "\u{2011}",
                "fldChar" => {
                    self.field_mark(xml::attribute(node, "fldCharType").unwrap_or_default());
                    continue;
                }
                "instrText" => {
                    if let Some((_, instruction)) = self.fields.last_mut() {
                        instruction.push_str(node.text().unwrap_or_default());
                    }
                    continue;
                }
                name => {
                    self.without_text(name, node);
                    continue;
                }
            };
            // Before its result, a field holds only its own instruction.
            if self.fields.iter().all(|(has_result, _)| *has_result) {
                self.line.segments.push(Segment { text: text.replace('\u{a0}', " "), format, link: link.cloned() });
            }
        }
    }

    /// What stands in a run without being text.
    fn without_text(&mut self, name: &str, node: Node<'_, '_>) {
        match name {
            "drawing" | "pict" | "object" | "AlternateContent" => {
                // A picture elsewhere is named by `link`; one in this file by `embed`.
                let is_elsewhere =
                    node.descendants().any(|inner| xml::attribute(inner, "link").is_some() && xml::attribute(inner, "embed").is_none());
                if is_elsewhere {
                    self.line.external.push("a picture");
                } else {
                    let shown = node.descendants().find(|inner| inner.tag_name().name() == "Fallback").map_or_else(
                        || plain_words(node),
                        |fallback| {
                            let twice = plain_words(fallback);
                            if twice.is_empty() { plain_words(node) } else { twice }
                        },
                    );
                    let what = if shown.is_empty() { "a picture" } else { "a text box" };
                    self.line.left_out.push((what, shown));
                }
            }
            "footnoteReference" | "endnoteReference" => self.line.left_out.push(("a note", String::new())),
            "commentReference" => self.line.left_out.push(("a comment", String::new())),
            _ => {}
        }
    }

    fn field_mark(&mut self, mark: &str) {
        match mark {
            "begin" => self.fields.push((false, String::new())),
            "separate" => {
                if let Some((has_result, instruction)) = self.fields.last_mut() {
                    *has_result = true;
                    let instruction = std::mem::take(instruction);
                    self.field_is(&instruction);
                }
            }
            "end" => {
                if let Some((false, instruction)) = self.fields.pop() {
                    self.field_is(&instruction);
                }
            }
            _ => {}
        }
    }

    fn field_is(&mut self, instruction: &str) {
        let word = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        if matches!(word.as_str(), "INCLUDETEXT" | "INCLUDEPICTURE" | "DDE" | "DDEAUTO" | "LINK" | "RD") {
            self.line.external.push("a field");
        }
    }

    fn table(&mut self, node: Node<'_, '_>) {
        self.tables += 1;
        let table = self.tables;
        let mut rows = Vec::new();
        for row in inner(node, "tr") {
            let mut cells: Vec<Vec<Paragraph>> = Vec::new();
            for cell in inner(row, "tc") {
                let number = rows.len() + 1;
                let paragraphs = cell.descendants().filter(|inner| inner.tag_name().name() == "p" && !is_in_text_box(*inner, cell));
                let read = paragraphs.map(|paragraph| self.paragraph(paragraph, |text| Place::Row { table, row: number, text })).collect();
                if cell.descendants().any(|inner| inner.tag_name().name() == "tbl") {
                    self.notices.push(Notice::left_out(
                        Place::Row { table, row: number, text: String::new() },
                        "the shape of a table in a table",
                        "",
                    ));
                }
                cells.push(read);
                let span = xml::child(cell, "tcPr").and_then(|properties| xml::value(properties, "gridSpan"));
                let span: usize = span.and_then(|span| span.parse().ok()).unwrap_or(1);
                cells.extend((1..span.min(63)).map(|_| Vec::new()));
            }
            rows.push(Row::new(table, rows.len() + 1, cells));
        }
        self.blocks.push(Block::Table(rows));
    }
}

/// Whether a paragraph stands in a text box, whose words are told of, not taken.
fn is_in_text_box(paragraph: Node<'_, '_>, cell: Node<'_, '_>) -> bool {
    paragraph.ancestors().take_while(|above| *above != cell).any(|above| above.tag_name().name() == "txbxContent")
}

/// The rows of a table or the cells of a row, also where they stand in a control of their own.
fn inner<'a, 'i>(parent: Node<'a, 'i>, name: &'static str) -> Vec<Node<'a, 'i>> {
    let mut found = Vec::new();
    for node in parent.children().filter(Node::is_element) {
        match node.tag_name().name() {
            own if own == name => found.push(node),
            "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" => found.extend(inner(node, name)),
            _ => {}
        }
    }
    found
}
