//! The direction in which a text is read.

/// Whether a text is read from right to left, told by its first letter that has a direction
/// (the Unicode Bidirectional Algorithm, rules P2 and P3).
pub fn is_right_to_left(text: &str) -> bool {
    text.chars().find_map(direction).unwrap_or(false)
}

/// Whether a letter is written from right to left; none for what has no direction of its own.
fn direction(letter: char) -> Option<bool> {
    match u32::from(letter) {
        // Hebrew, Arabic, Syriac, Thaana, N'Ko, Samaritan, Mandaic and what belongs to them; their
        // presentation forms; the right-to-left blocks of the supplementary plane.
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF => {
            letter.is_alphabetic().then_some(true)
        }
        _ => letter.is_alphabetic().then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_tells() {
        for text in ["دار الأفق", "12. שלום world", "(مرحبا) hello"] {
            assert!(is_right_to_left(text), "{text}");
        }
        for text in ["hello مرحبا", "", "12 + 3", "日本語"] {
            assert!(!is_right_to_left(text), "{text}");
        }
    }
}
