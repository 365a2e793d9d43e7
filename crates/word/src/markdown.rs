//! Writing Markdown: whatever a text holds comes out as the same characters.

use std::fmt::Write as _;

use crate::{
    blocks::Format,
    inline::{Bit, Content},
};

/// Characters that could begin mark-up anywhere in a line.
const MARKUP: &str = "\\`*_[]<>&|~#";

/// Writes text so that no character of it is mark-up.
fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        if MARKUP.contains(character) {
            out.push('\\');
        }
        // Other control characters have no place in a text.
        if character == '\n' || !character.is_control() {
            out.push(character);
        }
    }
}

/// The Markdown of a paragraph's pieces, its lines parted by `\n`.
pub(crate) fn inline(bits: &[Bit]) -> String {
    let mut out = String::new();
    for (index, group) in bits.chunk_by(|one, next| one.link == next.link).enumerate() {
        let before = out.chars().next_back();
        let mut inner = String::new();
        let after = bits.chunk_by(|one, next| one.link == next.link).nth(index + 1).and_then(|next| next.first()).map(first_character);
        let link = group.first().and_then(|bit| bit.link.as_deref());
        emphasised(group, if link.is_some() { Some('[') } else { before }, if link.is_some() { Some(']') } else { after }, &mut inner);
        match link {
            Some(address) if !inner.trim().is_empty() => {
                let address = address.replace('<', "%3C").replace('>', "%3E").replace(char::is_control, "").replace('\\', "%5C");
                let _ = write!(out, "[{inner}](<{}>)", address.replace("{{", "%7B%7B"));
            }
            _ => out.push_str(&inner),
        }
    }
    out
}

fn first_character(bit: &Bit) -> char {
    match &bit.content {
        Content::Placeholder(_) => '{',
        Content::Text(text) => text.chars().next().unwrap_or(' '),
    }
}

/// Writes pieces with their emphasis, where Markdown would understand it at this place: it does
/// not where letters touch the outside and punctuation the inside. Then the words stay plain.
fn emphasised(bits: &[Bit], before: Option<char>, after: Option<char>, out: &mut String) {
    let groups: Vec<&[Bit]> = bits.chunk_by(|one, next| one.format == next.format).collect();
    for (index, group) in groups.iter().enumerate() {
        let mut written = String::new();
        for bit in *group {
            match &bit.content {
                Content::Text(text) => escape(text, &mut written),
                Content::Placeholder(one) => {
                    let column = one.column.as_ref().map(|(column, _)| format!(".{column}")).unwrap_or_default();
                    let _ = write!(written, "{{{{{}{column}}}}}", one.key);
                }
            }
        }
        let mark = marks(group.first().map(|bit| bit.format).unwrap_or_default());
        let core = written.trim();
        let lead = &written[..written.len() - written.trim_start().len()];
        let tail = if core.is_empty() { "" } else { &written[lead.len() + core.len()..] };
        let next =
            if tail.is_empty() { groups.get(index + 1).and_then(|next| next.first()).map(first_character).or(after) } else { Some(' ') };
        let previous = if lead.is_empty() { out.chars().next_back().or(before) } else { Some(' ') };
        if mark.is_empty() || core.is_empty() || core.contains('\n') || !stands(core, previous, next) {
            out.push_str(&written);
        } else {
            let _ = write!(out, "{lead}{mark}{core}{mark}{tail}");
        }
    }
}

fn marks(format: Format) -> &'static str {
    match (format.bold, format.italic) {
        (false, false) => "",
        (true, false) => "**",
        (false, true) => "*",
        (true, true) => "***",
    }
}

/// Whether emphasis around a text is understood between these neighbours.
fn stands(core: &str, before: Option<char>, after: Option<char>) -> bool {
    let is_open = |neighbour: Option<char>| neighbour.is_none_or(|one| one.is_whitespace() || (one.is_ascii_punctuation() && one != '*'));
    let is_letter = |inside: Option<char>| inside.is_some_and(char::is_alphanumeric);
    let fits = |inside: Option<char>, neighbour: Option<char>| is_open(neighbour) || (is_letter(inside) && neighbour != Some('*'));
    fits(core.chars().next(), before) && fits(core.chars().next_back(), after)
}

/// Keeps a line from beginning a list, a rule or an underlined heading.
fn guard(line: &str) -> String {
    let line = line.trim();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.chars().next() {
        Some('+' | '-' | '=') => format!("\\{line}"),
        _ if digits > 0 && line[digits..].starts_with(['.', ')']) => format!("{}\\{}", &line[..digits], &line[digits..]),
        _ => line.to_owned(),
    }
}

/// A paragraph whose later lines are indented by a number of blanks.
pub(crate) fn paragraph(inline: &str, indent: usize) -> String {
    let lines: Vec<String> = inline.lines().map(guard).filter(|line| !line.is_empty()).collect();
    lines.join(&format!("\\\n{}", " ".repeat(indent)))
}

/// Text in one line, for headings and the cells of tables.
pub(crate) fn one_line(inline: &str) -> String {
    inline.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A row of a table.
pub(crate) fn row(cells: &[String], columns: usize) -> String {
    let empty = String::new();
    let cells: Vec<&str> = (0..columns).map(|index| cells.get(index).unwrap_or(&empty).as_str()).collect();
    format!("| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    fn bit(text: &str, bold: bool, italic: bool) -> Bit {
        Bit { content: Content::Text(text.to_owned()), format: Format { bold, italic }, link: None }
    }

    /// The words of Markdown, as a reader sees them.
    fn seen(markdown: &str) -> String {
        let text = Parser::new_ext(markdown, Options::ENABLE_TABLES).fold(String::new(), |text, event| match event {
            Event::Text(words) | Event::Code(words) => text + &words,
            Event::HardBreak | Event::SoftBreak => text + "\n",
            Event::Html(_) | Event::InlineHtml(_) | Event::Rule => text + "(markup)",
            _ => text,
        });
        text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn emphasis_is_kept_where_it_is_understood() {
        let text = inline(&[bit("The ", false, false), bit("firm ", true, false), bit("and", false, true), bit("more", true, true)]);
        assert_eq!(text, "The **firm** *and*more");
        assert_eq!(inline(&[bit("a", false, false), bit("(b)", true, false)]), "a(b)");
        assert_eq!(paragraph("1. x\n- y", 2), "1\\. x\\\n  \\- y");
    }

    proptest! {
        #[test]
        fn what_is_written_is_what_is_read(pieces in prop::collection::vec(("[ -~é\n]{1,12}", any::<bool>(), any::<bool>()), 1..6)) {
            let bits: Vec<Bit> = pieces.iter().map(|(text, bold, italic)| bit(text, *bold, *italic)).collect();
            let expected = pieces.iter().map(|(text, ..)| text.as_str()).collect::<String>();
            let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            prop_assert_eq!(seen(&paragraph(&inline(&bits), 0)), expected.join("\n"));
        }

        #[test]
        fn a_cell_stays_one_cell(text in "[ -~]{1,20}") {
            let table = format!("{}\n|---|---|\n{}\n", row(&["a".into(), "b".into()], 2), row(&[one_line(&inline(&[bit(&text, false, false)])), "end".into()], 2));
            let cells = Parser::new_ext(&table, Options::ENABLE_TABLES).filter(|event| matches!(event, Event::Start(pulldown_cmark::Tag::TableCell))).count();
            prop_assert_eq!(cells, 4);
            let expected = format!("{}end", one_line(&text));
            prop_assert!(seen(&table).ends_with(&expected));
        }
    }
}
