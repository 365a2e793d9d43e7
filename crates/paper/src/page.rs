//! A document as a page for a browser, in one file.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    block::{Block, Paper, Run, Table},
    frame::{Frame, Sheet},
    html::{Marks, escaped, html},
    plain::plain_text,
};

const STYLE: &str = include_str!("page.css");

/// The page: what stands around the text, the text, and who approved it. It asks nothing of any
/// other place, and holds no script.
pub fn page(sheet: &Sheet) -> String {
    let Sheet { frame, paper } = sheet;
    let title = plain_text(&Paper { title: paper.title.clone(), blocks: Vec::new() });
    let title = if title.trim().is_empty() { frame.name.as_str() } else { title.trim() };
    let language = escaped(&frame.language);
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>{}<span>{}</span></header>\n<main>\n{}</main>\n<footer><span>{}</span></footer>\n</body>\n</html>\n",
        escaped(title),
        whose(frame),
        escaped(&frame.line().join(" · ")),
        content(sheet),
        escaped(&frame.organisation),
    )
}

/// What a reader reads: title, colophon, text, approvals. The same, in the same order, as in the Word
/// and the PDF file.
pub fn content(sheet: &Sheet) -> String {
    let Sheet { frame, paper } = sheet;
    let title = html(&Paper { title: paper.title.clone(), blocks: Vec::new() }, Marks::Gaps);
    let text = html(paper, Marks::Gaps);
    let colophon = escaped(&frame.colophon().join(" · "));
    let mut page = format!("{title}<p class=\"colophon\">{colophon}</p>\n{}", &text[title.len()..]);
    if !frame.approvals.is_empty() {
        let heading = escaped(&frame.words.approvals);
        let _ = writeln!(page, "<h3>{heading}</h3>");
        page.push_str(&html(&approvals(frame), Marks::None));
    }
    page
}

fn whose(frame: &Frame) -> String {
    match &frame.logo {
        Some(logo) => {
            format!("<img alt=\"{}\" src=\"data:{};base64,{}\">", escaped(&frame.firm), logo.media_type, STANDARD.encode(&logo.bytes))
        }
        None => format!("<span>{}</span>", escaped(&frame.organisation)),
    }
}

fn approvals(frame: &Frame) -> Paper {
    let cell = |text: &String| vec![Run { text: text.clone(), ..Run::default() }];
    let say = &frame.words;
    let table = Table {
        headings: [&say.step, &say.approver, &say.at].map(cell).to_vec(),
        rows: frame.approvals.iter().map(|one| [&one.step, &one.name, &one.at].map(cell).to_vec()).collect(),
    };
    Paper { title: Vec::new(), blocks: vec![Block::Table(table)] }
}
