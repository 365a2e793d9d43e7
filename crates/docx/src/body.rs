//! The text: paragraphs, lists, tables.

use muster_paper::{Block, List, Row, Run, Sheet, Table, is_right_to_left};

use crate::{
    lists::{LEVELS, Lists, STEP},
    text::{self, Links},
    xml::Xml,
};

/// The width of the text on A4 in twentieths of a point, between margins of 2.5 cm.
pub(crate) const TEXT_WIDTH: usize = 9072;

/// The body with what the other parts have to know of it.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) xml: Xml,
    pub(crate) links: Links,
    pub(crate) lists: Lists,
}

/// Where a block stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// How many lists it stands in.
    depth: usize,
    quoted: bool,
    /// The list whose mark the next paragraph bears.
    mark: Option<usize>,
}

pub(crate) fn write(sheet: &Sheet) -> Body {
    let mut body = Body::default();
    let here = Place::default();
    if !sheet.paper.title.is_empty() {
        body.paragraph("Title", &sheet.paper.title, here);
    }
    body.paragraph("Subtitle", &words(&sheet.frame.colophon().join(" · ")), here);
    body.blocks(&sheet.paper.blocks, here);
    if !sheet.frame.approvals.is_empty() {
        body.paragraph("Heading1", &words(&sheet.frame.words.approvals), here);
        body.table(&approvals(sheet), here);
    }
    body
}

fn words(text: &str) -> Vec<Run> {
    vec![Run { text: text.to_owned(), ..Run::default() }]
}

fn approvals(sheet: &Sheet) -> Table {
    let row = |cells: [&String; 3]| cells.iter().map(|text| words(text)).collect::<Row>();
    let say = &sheet.frame.words;
    Table {
        headings: row([&say.step, &say.approver, &say.at]),
        rows: sheet.frame.approvals.iter().map(|one| row([&one.step, &one.name, &one.at])).collect(),
    }
}

impl Body {
    fn blocks(&mut self, blocks: &[Block], mut place: Place) {
        for block in blocks {
            match block {
                Block::Heading { level, runs } => self.paragraph(&format!("Heading{level}"), runs, place),
                Block::Paragraph { runs } => self.paragraph(style_of_text(place), runs, place),
                Block::List(list) => self.list(list, place),
                Block::Table(table) => self.table(table, place),
                Block::Code { runs } => self.paragraph("Code", runs, place),
                Block::Quote { blocks } => self.blocks(blocks, Place { quoted: true, ..place }),
                Block::Rule => self.paragraph("Rule", &[], place),
            }
            place.mark = None;
        }
    }

    fn list(&mut self, list: &List, place: Place) {
        let level = place.depth.min(LEVELS - 1);
        let id = self.lists.id(list.start, level);
        for item in &list.items {
            let mark = Place { depth: place.depth + 1, mark: Some(id), ..place };
            match item.first() {
                Some(Block::Paragraph { .. }) => self.blocks(item, mark),
                // The mark stands on a line of its own, before a table for example.
                _ => {
                    self.paragraph("ListParagraph", &[], mark);
                    self.blocks(item, Place { mark: None, ..mark });
                }
            }
        }
    }

    fn paragraph(&mut self, style: &str, runs: &[Run], place: Place) {
        let Self { xml, links, .. } = self;
        xml.element("w:p", &[], |xml| {
            xml.element("w:pPr", &[], |xml| {
                xml.value("w:pStyle", style);
                if let Some(list) = place.mark {
                    xml.element("w:numPr", &[], |xml| {
                        xml.value("w:ilvl", &(place.depth.clamp(1, LEVELS) - 1).to_string());
                        xml.value("w:numId", &list.to_string());
                    });
                }
                direction(xml, runs);
                if place.mark.is_none() && place.depth > 0 {
                    xml.empty("w:ind", &[("w:left", &(place.depth.min(LEVELS) * STEP).to_string())]);
                }
            });
            text::runs(xml, runs, links);
        });
    }

    fn table(&mut self, table: &Table, place: Place) {
        let indent = place.depth.min(LEVELS) * STEP;
        let widths = widths(table, TEXT_WIDTH - indent);
        let Self { xml, links, .. } = self;
        xml.element("w:tbl", &[], |xml| {
            xml.element("w:tblPr", &[], |xml| {
                xml.value("w:tblStyle", "DocumentTable");
                xml.empty("w:tblW", &[("w:w", &widths.iter().sum::<usize>().to_string()), ("w:type", "dxa")]);
                xml.empty("w:tblInd", &[("w:w", &indent.to_string()), ("w:type", "dxa")]);
                xml.empty("w:tblLayout", &[("w:type", "fixed")]);
                xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1"), ("w:noHBand", "1"), ("w:noVBand", "1")]);
            });
            xml.element("w:tblGrid", &[], |xml| {
                widths.iter().for_each(|width| xml.empty("w:gridCol", &[("w:w", &width.to_string())]));
            });
            row(xml, &table.headings, &widths, true, links);
            table.rows.iter().for_each(|cells| row(xml, cells, &widths, false, links));
        });
        // Two tables that follow each other would become one, and a file may not end in a table.
        self.paragraph("AfterTable", &[], Place::default());
    }
}

fn style_of_text(place: Place) -> &'static str {
    match (place.quoted, place.depth) {
        (true, _) => "Quote",
        (false, 0) => "Normal",
        (false, _) => "ListParagraph",
    }
}

fn row(xml: &mut Xml, cells: &Row, widths: &[usize], is_heading: bool, links: &mut Links) {
    let style = if is_heading { "TableHeading" } else { "TableText" };
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            if is_heading {
                xml.empty("w:tblHeader", &[]);
            }
        });
        for (at, width) in widths.iter().enumerate() {
            let runs = cells.get(at).map(Vec::as_slice).unwrap_or_default();
            xml.element("w:tc", &[], |xml| {
                xml.element("w:tcPr", &[], |xml| xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]));
                xml.element("w:p", &[], |xml| {
                    xml.element("w:pPr", &[], |xml| {
                        xml.value("w:pStyle", style);
                        direction(xml, runs);
                    });
                    text::runs(xml, runs, links);
                });
            });
        }
    });
}

fn direction(xml: &mut Xml, runs: &[Run]) {
    if is_right_to_left(&text::plain(runs)) {
        xml.empty("w:bidi", &[]);
    }
}

/// The widths of columns by what stands in them: none too narrow or too wide.
fn widths(table: &Table, all: usize) -> Vec<usize> {
    let longest = |runs: &[Run]| text::plain(runs).lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let share = |column: usize| {
        let rows = std::iter::once(&table.headings).chain(&table.rows);
        rows.filter_map(|row| row.get(column)).map(|cell| longest(cell)).max().unwrap_or_default().clamp(6, 44)
    };
    let shares: Vec<usize> = (0..table.headings.len().max(1)).map(share).collect();
    let sum: usize = shares.iter().sum();
    shares.iter().map(|share| share * all / sum).collect()
}
