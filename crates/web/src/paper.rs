//! A document's text as HTML: Markdown with answers in the place of its placeholders.
//!
//! The Markdown is parsed before any answer is put in, so whatever somebody answered comes out as
//! the characters they typed: no mark-up, no placeholder, no table cell can begin in an answer.
//! HTML that stands in the text itself is shown, not obeyed.

use muster_domain::templates::{Piece, pieces};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html};

/// What stands in the place of a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fill {
    /// An answer, as in the finished document.
    Words(String),
    /// An answer, marked and leading to its question.
    Answer(String),
    /// A question without an answer, marked by these words and leading to it.
    Gap(String),
    /// A place that stays empty, marked by these words.
    Blank(String),
    /// Nothing is known of it: the placeholder stays as it stands.
    Literal,
}

/// The whole text: the title as a heading of the second level, what follows below it.
pub(crate) fn render(title: &str, body: &str, fill: impl Fn(&str) -> Fill) -> String {
    if title.trim().is_empty() && body.trim().is_empty() {
        return String::new();
    }
    let heading = Tag::Heading { level: HeadingLevel::H2, id: None, classes: Vec::new(), attrs: Vec::new() };
    let mut events = vec![Event::Start(heading)];
    filled(title, &fill, Links::Allowed, &mut events);
    events.push(Event::End(TagEnd::Heading(HeadingLevel::H2)));
    if title.trim().is_empty() {
        events.clear();
    }
    let first = if events.is_empty() { 2 } else { 3 };
    text(body, first, &fill, &mut events);
    let mut page = String::with_capacity(body.len() * 2);
    html::push_html(&mut page, events.into_iter());
    page
}

/// Whether a placeholder may be a link: there is none inside another link.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Allowed,
    Forbidden,
}

fn text(body: &str, first_heading: usize, fill: &impl Fn(&str) -> Fill, out: &mut Vec<Event<'static>>) {
    let down = heading_offset(body, first_heading);
    let plain = Parser::new_ext(body, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        other => other,
    });
    // Links that are open now, and whether each was written.
    let mut links: Vec<bool> = Vec::new();
    for event in TextMergeStream::new(plain) {
        let placeholders = if links.contains(&true) { Links::Forbidden } else { Links::Allowed };
        match event {
            Event::Text(text) => filled(&text, fill, placeholders, out),
            Event::Code(text) => {
                out.push(raw("<code>"));
                filled(&text, fill, placeholders, out);
                out.push(raw("</code>"));
            }
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let address = address(link_type, &dest_url).filter(|_| placeholders == Links::Allowed);
                links.push(address.is_some());
                if let Some(address) = address {
                    out.push(raw(format!("<a href=\"{}\" rel=\"noopener noreferrer\">", attribute(&address))));
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop() == Some(true) {
                    out.push(raw("</a>"));
                }
            }
            // Of a picture, its words remain.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => out.push(block(other, down)),
        }
    }
}

/// What shapes the text, without what a page may not have: ids, classes, styles.
fn block(event: Event<'_>, down: isize) -> Event<'static> {
    let level = |level: HeadingLevel| shifted(level, down);
    match event {
        Event::Start(Tag::Heading { level: given, .. }) => {
            Event::Start(Tag::Heading { level: level(given), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(given)) => Event::End(TagEnd::Heading(level(given))),
        Event::Start(Tag::Table(columns)) => Event::Start(Tag::Table(vec![pulldown_cmark::Alignment::None; columns.len()])),
        Event::Start(Tag::CodeBlock(_)) => Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)),
        other => other.into_static(),
    }
}

fn shifted(level: HeadingLevel, down: isize) -> HeadingLevel {
    let wanted = (level as usize).saturating_add_signed(down).clamp(1, 6);
    HeadingLevel::try_from(wanted).unwrap_or(HeadingLevel::H6)
}

/// By how much the headings move, so that the highest is at the level wanted.
fn heading_offset(body: &str, first: usize) -> isize {
    let levels = Parser::new_ext(body, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    });
    let highest = levels.min().unwrap_or(first);
    isize::try_from(first).unwrap_or(0) - isize::try_from(highest).unwrap_or(0)
}

/// Cuts a text at its placeholders and puts in what stands in their place.
fn filled(text: &str, fill: &impl Fn(&str) -> Fill, links: Links, out: &mut Vec<Event<'static>>) {
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.push(Event::Text(text.to_owned().into())),
            Piece::Placeholder(key) => placeholder(key, fill(key), links, out),
            Piece::Cell { table, column } => out.push(Event::Text(format!("{{{{{table}.{column}}}}}").into())),
        }
    }
}

fn placeholder(key: &str, fill: Fill, links: Links, out: &mut Vec<Event<'static>>) {
    let (class, words, to_question) = match fill {
        Fill::Literal => {
            out.push(Event::Text(format!("{{{{{key}}}}}").into()));
            return;
        }
        Fill::Words(words) => {
            out.push(raw("<bdi>"));
            lines(&words, out);
            out.push(raw("</bdi>"));
            return;
        }
        Fill::Answer(words) => ("fill", words, true),
        Fill::Gap(words) => ("fill gap", words, true),
        Fill::Blank(words) => ("fill gap", words, false),
    };
    // A key is made of letters, digits and underscores only.
    let (open, close) = if to_question && links == Links::Allowed {
        (format!("<a class=\"{class}\" href=\"#q-{key}\"><bdi>"), "</bdi></a>")
    } else {
        (format!("<span class=\"{class}\"><bdi>"), "</bdi></span>")
    };
    out.push(raw(open));
    lines(&words, out);
    out.push(raw(close));
}

/// Words as they were typed, their lines kept.
fn lines(words: &str, out: &mut Vec<Event<'static>>) {
    for (index, line) in words.lines().enumerate() {
        if index > 0 {
            out.push(raw("<br>"));
        }
        out.push(Event::Text(line.to_owned().into()));
    }
}

fn raw(html: impl Into<CowStr<'static>>) -> Event<'static> {
    Event::InlineHtml(html.into())
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

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
