//! The inside of a paragraph: text and placeholders, found across the pieces that Word cuts.

use std::rc::Rc;

use crate::{
    Problem,
    blocks::{Format, Segment},
    placeholder::Placeholder,
};

/// A piece of a paragraph that looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bit {
    pub(crate) content: Content,
    pub(crate) format: Format,
    pub(crate) link: Option<Rc<str>>,
}

/// What a piece is.
#[expect(clippy::large_enum_variant, reason = "a paragraph has few of them, and they do not live long")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    Placeholder(Placeholder),
}

/// Cuts a paragraph at its placeholders. A placeholder looks as its first character does.
pub(crate) fn bits(segments: &[Segment]) -> Result<Vec<Bit>, Problem> {
    let whole: String = segments.iter().map(|segment| segment.text.as_str()).collect();
    let (mut bits, mut at) = (Vec::new(), 0);
    while let Some(open) = whole[at..].find("{{").map(|found| at + found) {
        // Of three braces the last two begin it.
        let open = open + whole[open..].bytes().take_while(|byte| *byte == b'{').count() - 2;
        let inside = &whole[open + 2..];
        let close = inside.find("}}").filter(|close| !inside[..*close].contains("{{")).ok_or(Problem::Unclosed)?;
        texts(segments, at, open, &mut bits);
        let first = segment_at(segments, open);
        let content = Content::Placeholder(Placeholder::parse(&inside[..close])?);
        bits.push(Bit { content, format: first.map(|one| one.format).unwrap_or_default(), link: first.and_then(|one| one.link.clone()) });
        at = open + 2 + close + 2;
    }
    texts(segments, at, whole.len(), &mut bits);
    Ok(bits)
}

/// The segment that holds the byte at a place of the whole paragraph.
fn segment_at(segments: &[Segment], at: usize) -> Option<&Segment> {
    let mut end = 0;
    segments.iter().find(|segment| {
        end += segment.text.len();
        at < end
    })
}

/// The texts between two places of the whole paragraph.
fn texts(segments: &[Segment], from: usize, to: usize, bits: &mut Vec<Bit>) {
    let mut begin = 0;
    for segment in segments {
        let end = begin + segment.text.len();
        let (first, last) = (from.max(begin), to.min(end));
        if first < last {
            let text = segment.text[first - begin..last - begin].to_owned();
            bits.push(Bit { content: Content::Text(text), format: segment.format, link: segment.link.clone() });
        }
        begin = end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(pieces: &[&str]) -> Vec<Segment> {
        pieces.iter().map(|text| Segment { text: (*text).to_owned(), format: Format::default(), link: None }).collect()
    }

    #[test]
    fn a_placeholder_is_found_however_it_is_cut() {
        let whole = bits(&cut(&["Dear {{customer_name|required}}!"])).unwrap();
        for pieces in [&["Dear {", "{customer", "_na", "me|requ", "ired}", "}!"][..], &["Dear ", "{{", "customer_name|required", "}}", "!"]]
        {
            let found = bits(&cut(pieces)).unwrap();
            let keys = |bits: &[Bit]| {
                bits.iter()
                    .filter_map(|bit| if let Content::Placeholder(one) = &bit.content { Some(one.clone()) } else { None })
                    .collect::<Vec<_>>()
            };
            assert_eq!(keys(&found), keys(&whole));
        }
        assert_eq!(bits(&cut(&["{{{x}}}"])).unwrap().len(), 3);
        assert_eq!(bits(&cut(&["{{a"])), Err(Problem::Unclosed));
        assert_eq!(bits(&cut(&["{{a {{b}}"])), Err(Problem::Unclosed));
    }

    proptest! {
        #[test]
        fn cutting_never_panics_and_loses_no_text(pieces in prop::collection::vec("[a-z{}|: é]{0,8}", 0..8)) {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            if let Ok(found) = bits(&cut(&pieces)) && found.iter().all(|bit| matches!(bit.content, Content::Text(_))) {
                let text: String = found.iter().map(|bit| if let Content::Text(text) = &bit.content { text.as_str() } else { "" }).collect();
                prop_assert_eq!(text, pieces.concat());
            }
        }
    }
}
