//! What the layout wants to know of each text, worked out here, where it is fast.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::fonts::Fonts;

/// Replaces in all texts what no font has, and adds to each run how long its longest word is, and in
/// which direction it is read.
pub(crate) fn text(value: &mut Value, fonts: &Fonts) {
    match value {
        Value::String(text) if !text.chars().all(|letter| fonts.can_show(letter)) => *text = shown(text, fonts),
        Value::Array(items) => items.iter_mut().for_each(|item| self::text(item, fonts)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| self::text(field, fonts));
            describe(fields);
        }
        _ => {}
    }
}

/// Writes characters that no font has as their number, such as `[U+1D173]`: they would be boxes that
/// nobody can read or copy, and PDF/UA forbids those.
fn shown(text: &str, fonts: &Fonts) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if fonts.can_show(letter) {
            shown.push(letter);
        } else {
            // Writing to a string does not fail.
            let _ = write!(shown, "[U+{:04X}]", u32::from(letter));
        }
    }
    shown
}

/// Adds what a run is like.
fn describe(run: &mut Map<String, Value>) {
    let (Some(text), true) = (run.get("text").and_then(Value::as_str), run.contains_key("bold")) else { return };
    let longest = text.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
    let direction = match text.chars().find(|letter| letter.is_alphabetic()) {
        None => Value::Null,
        Some(letter) => is_right_to_left(letter).into(),
    };
    run.insert("longest".to_owned(), longest.into());
    run.insert("right_to_left".to_owned(), direction);
}

/// Hebrew, Arabic and their neighbours, with their presentation forms.
fn is_right_to_left(letter: char) -> bool {
    matches!(u32::from(letter), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}
