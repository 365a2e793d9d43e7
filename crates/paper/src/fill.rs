//! Answers in the place of placeholders.

use std::{borrow::Cow, collections::BTreeSet};

use muster_domain::{
    documents::FilledTable,
    templates::{Piece, pieces},
};

use crate::block::{Block, List, Row, Run, RunKind, Table, push};

/// What stands in the place of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fill<'a> {
    /// An answer.
    Answer {
        /// Its words.
        words: Cow<'a, str>,
        /// Its rows, where it is a table.
        table: Option<&'a FilledTable>,
    },
    /// A question without an answer, marked by these words.
    Gap(Cow<'a, str>),
    /// There is no such question: the placeholder stays as it is written.
    Literal,
}

type Filler<'f, 'a> = &'f dyn Fn(&str) -> Fill<'a>;

pub(crate) fn title(text: &str, fill: Filler<'_, '_>) -> Vec<Run> {
    let mut runs = runs(&[Run { text: text.trim().to_owned(), ..Run::default() }], fill, None);
    for run in &mut runs {
        // A title is one line.
        run.text = run.text.replace('\n', " ");
    }
    runs
}

/// Fills blocks. A paragraph that is nothing but a placeholder becomes what its answer is: a table,
/// or as many paragraphs as it has.
pub(crate) fn blocks(given: Vec<Block>, fill: Filler<'_, '_>) -> Vec<Block> {
    let mut filled = Vec::with_capacity(given.len());
    for block in given {
        match block {
            Block::Heading { level, runs: words } => filled.push(Block::Heading { level, runs: runs(&words, fill, None) }),
            Block::Paragraph { runs: words } => paragraph(&words, fill, &mut filled),
            Block::List(list) => {
                let items = list.items.into_iter().map(|item| blocks(item, fill)).collect();
                filled.push(Block::List(List { items, ..list }));
            }
            Block::Table(given) => filled.push(Block::Table(table(&given, fill))),
            Block::Code { runs: words } => filled.push(Block::Code { runs: runs(&words, fill, None) }),
            Block::Quote { blocks: quoted } => filled.push(Block::Quote { blocks: blocks(quoted, fill) }),
            Block::Rule => filled.push(Block::Rule),
        }
    }
    filled
}

fn paragraph(words: &[Run], fill: Filler<'_, '_>, filled: &mut Vec<Block>) {
    let Some((run, key)) = lone_placeholder(words) else {
        filled.push(Block::Paragraph { runs: runs(words, fill, None) });
        return;
    };
    match fill(key) {
        Fill::Answer { table: Some(table), .. } => filled.push(Block::Table(whole_table(run, key, table))),
        Fill::Answer { words, table: None } => {
            let kind = RunKind::Answer { key: key.to_owned() };
            let paragraph = |text: String| Block::Paragraph { runs: vec![run.like(text, kind.clone())] };
            filled.extend(paragraphs(&words).into_iter().map(paragraph));
        }
        Fill::Gap(_) | Fill::Literal => filled.push(Block::Paragraph { runs: runs(words, fill, None) }),
    }
}

/// The key of the placeholder that a paragraph consists of.
fn lone_placeholder(words: &[Run]) -> Option<(&Run, &str)> {
    let [run] = words else { return None };
    match pieces(run.text.trim())[..] {
        [Piece::Placeholder(key)] => Some((run, key)),
        _ => None,
    }
}

/// A text cut at its empty lines. There is always one part.
fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = vec![String::new()];
    for line in text.lines() {
        match found.last_mut() {
            Some(last) if line.trim().is_empty() && last.is_empty() => {}
            Some(_) if line.trim().is_empty() => found.push(String::new()),
            Some(last) => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            None => {}
        }
    }
    if found.len() > 1 && found.last().is_some_and(String::is_empty) {
        found.pop();
    }
    found
}

/// A table answer with the headings of its columns.
fn whole_table(run: &Run, key: &str, answer: &FilledTable) -> Table {
    let heading = |text: &String| vec![Run { text: text.clone(), ..Run::default() }];
    let cell = |text: &String| vec![run.like(text.as_str(), RunKind::Answer { key: key.to_owned() })];
    let columns = answer.headings.len();
    let row = |cells: &Vec<String>| cells.iter().map(cell).chain(std::iter::repeat(Vec::new())).take(columns).collect();
    Table { headings: answer.headings.iter().map(heading).collect(), rows: answer.rows.iter().map(row).collect() }
}

fn table(given: &Table, fill: Filler<'_, '_>) -> Table {
    let headings = row(&given.headings, fill, None);
    let mut rows = Vec::with_capacity(given.rows.len());
    for one in &given.rows {
        match repetitions(one, fill) {
            None => rows.push(row(one, fill, None)),
            Some(times) => rows.extend((0..times).map(|number| row(one, fill, Some(number)))),
        }
    }
    Table { headings, rows }
}

/// How often a row stands there: once for each row of the longest table whose cells it names, once
/// where none of them has rows. None where it names no cells.
fn repetitions(row: &Row, fill: Filler<'_, '_>) -> Option<usize> {
    let cells = row.iter().flatten().flat_map(|run| pieces(&run.text));
    let tables: BTreeSet<&str> = cells
        .filter_map(|piece| match piece {
            Piece::Cell { table, .. } => Some(table),
            _ => None,
        })
        .collect();
    let rows = |key: &&str| match fill(key) {
        Fill::Answer { table: Some(table), .. } => table.rows.len(),
        _ => 1,
    };
    tables.iter().map(rows).max()
}

fn row(cells: &Row, fill: Filler<'_, '_>, number: Option<usize>) -> Row {
    cells.iter().map(|cell| runs(cell, fill, number)).collect()
}

/// Fills runs. In a row that repeats, `number` is the row of the answer.
fn runs(given: &[Run], fill: Filler<'_, '_>, number: Option<usize>) -> Vec<Run> {
    let mut filled = Vec::with_capacity(given.len());
    for run in given {
        for piece in pieces(&run.text) {
            match piece {
                Piece::Text(text) => push(&mut filled, run.like(text, RunKind::Text)),
                Piece::Placeholder(key) => filled.push(placeholder(run, key, fill(key))),
                Piece::Cell { table, column } => filled.push(cell(run, table, column, fill(table), number)),
            }
        }
    }
    filled
}

fn placeholder(run: &Run, key: &str, fill: Fill<'_>) -> Run {
    match fill {
        Fill::Answer { words, .. } => run.like(words, RunKind::Answer { key: key.to_owned() }),
        Fill::Gap(words) => run.like(words, RunKind::Gap { key: key.to_owned() }),
        Fill::Literal => run.like(format!("{{{{{key}}}}}"), RunKind::Literal),
    }
}

/// One cell of a table answer; outside a row that repeats, all cells of the column.
fn cell(run: &Run, table: &str, column: &str, fill: Fill<'_>, number: Option<usize>) -> Run {
    let literal = || run.like(format!("{{{{{table}.{column}}}}}"), RunKind::Literal);
    let answer = match fill {
        Fill::Answer { table: Some(answer), .. } => answer,
        // What does not apply, or is not answered, says so in each of its cells.
        Fill::Literal => return literal(),
        other => return placeholder(run, table, other),
    };
    let Some(at) = answer.keys.iter().position(|key| key == column) else { return literal() };
    let text = |row: &Vec<String>| row.get(at).cloned().unwrap_or_default();
    let words = match number {
        Some(number) => answer.rows.get(number).map(text).unwrap_or_default(),
        None => answer.rows.iter().map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
    };
    run.like(words, RunKind::Answer { key: table.to_owned() })
}
