//! Characters that cannot be written into every kind of file.

use std::borrow::Cow;

/// A text in which control characters are shown by their pictures (U+2400 and following) and
/// characters that are none by the replacement character. Line ends stay; tabs become spaces. XML
/// cannot hold what is replaced here, and no reader could see it.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| shown(letter) == Some(letter)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(shown).collect())
}

fn shown(letter: char) -> Option<char> {
    match letter {
        '\n' => Some('\n'),
        '\r' => None,
        '\t' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)),
        '\u{7f}' => Some('\u{2421}'),
        // C1 controls and noncharacters.
        '\u{80}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => Some('\u{fffd}'),
        other if u32::from(other) & 0xfffe == 0xfffe => Some('\u{fffd}'),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_shown() {
        assert_eq!(printable("a\0b\u{1b}[0m\u{7f}\r\nc\td"), "a\u{2400}b\u{241b}[0m\u{2421}\nc d");
        assert_eq!(printable("\u{85}\u{ffff}\u{1fffe}"), "\u{fffd}\u{fffd}\u{fffd}");
        assert!(matches!(printable("دار 👩‍💻 \u{202e}x\n"), Cow::Borrowed(_)));
    }
}
