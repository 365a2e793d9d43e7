//! Blocks as plain text, to compare and to search.

use crate::block::{Block, Paper, Row, Run};

/// The text without its looks: the title, then each paragraph, heading, item and row on lines of its
/// own; the cells of a row separated by tabs.
pub fn plain_text(paper: &Paper) -> String {
    let mut lines = Vec::new();
    if !paper.title.is_empty() {
        lines.push(words(&paper.title));
    }
    blocks(&paper.blocks, &mut lines);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn blocks(blocks: &[Block], lines: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Heading { runs, .. } | Block::Paragraph { runs } | Block::Code { runs } => lines.push(words(runs)),
            Block::List(list) => list.items.iter().for_each(|item| self::blocks(item, lines)),
            Block::Table(table) => {
                lines.push(row(&table.headings));
                lines.extend(table.rows.iter().map(row));
            }
            Block::Quote { blocks } => self::blocks(blocks, lines),
            Block::Rule => {}
        }
    }
}

fn row(cells: &Row) -> String {
    cells.iter().map(|cell| words(cell)).collect::<Vec<_>>().join("\t")
}

fn words(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}
