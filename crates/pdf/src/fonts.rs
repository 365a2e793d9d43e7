//! The fonts: all of them in the program, none from the machine, so that the same document has the
//! same bytes everywhere. `fonts/README.md` tells where they come from.

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

macro_rules! files {
    ($($name:literal),* $(,)?) => { &[$(include_bytes!(concat!("../fonts/", $name)) as &[u8]),*] };
}

const FILES: &[&[u8]] = files![
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSans-Italic.ttf",
    "NotoSans-BoldItalic.ttf",
    "NotoSansMono-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansArmenian-Regular.ttf",
    "NotoSansGeorgian-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoSansMath-Regular.ttf",
    "NotoEmoji-Regular.ttf",
    "NanumSquareR.ttf",
    "DroidSansFallbackFull.ttf",
];

/// All fonts, and what is known of them.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

impl Fonts {
    pub(crate) fn load() -> Self {
        let fonts: Vec<Font> = FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
        Self { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    }

    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// Whether some font can show a character. What has no shape of its own always can be.
    pub(crate) fn can_show(&self, letter: char) -> bool {
        let code = u32::from(letter);
        let has = |font: &Font| font.info().coverage.contains(code) && (is_hangul(code) || font.info().family != HANGUL);
        has_no_shape(letter) || self.fonts.iter().any(has)
    }
}

/// The font that is used for Hangul only: its other letters are empty. The layout names it so, too.
const HANGUL: &str = "NanumSquare";

const fn is_hangul(code: u32) -> bool {
    matches!(code, 0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7A3)
}

/// Joiners, directions, variation selectors and the like: the layout leaves them out itself
/// (Unicode's `Default_Ignorable_Code_Point`), and white space.
fn has_no_shape(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(u32::from(letter),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E
            | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xE0000..=0xE0FFF)
}
