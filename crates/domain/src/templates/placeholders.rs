//! Placeholders in the text of a document.

/// Whether a text can be a question's key.
pub fn is_key(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A piece of a text with placeholders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// The key of a placeholder `{{key}}`.
    Placeholder(&'a str),
    /// A placeholder `{{table.column}}`: one cell of the rows of a table question.
    Cell {
        /// The key of the table question.
        table: &'a str,
        /// The key of its column.
        column: &'a str,
    },
}

impl<'a> Piece<'a> {
    /// What stands between the braces of a placeholder.
    fn placeholder(inside: &'a str) -> Option<Self> {
        match inside.split_once('.') {
            Some((table, column)) => (is_key(table) && is_key(column)).then_some(Self::Cell { table, column }),
            None => is_key(inside).then_some(Self::Placeholder(inside)),
        }
    }
}

/// Cuts a text at its placeholders. Braces that enclose no key are text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut searched) = (text, 0);
    while let Some(open) = rest[searched..].find("{{").map(|at| at + searched) {
        let inside = &rest[open + 2..];
        let key = inside.find("}}").map(|close| inside[..close].trim());
        match key.and_then(Piece::placeholder) {
            Some(placeholder) => {
                if open > 0 {
                    found.push(Piece::Text(&rest[..open]));
                }
                found.push(placeholder);
                let close = inside.find("}}").unwrap_or_default();
                rest = &inside[close + 2..];
                searched = 0;
            }
            None => searched = open + 1,
        }
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// The keys of the questions whose answers a text takes, in order, repeated as they repeat.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Placeholder(key) | Piece::Cell { table: key, .. } => Some(key),
        Piece::Text(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_is_cut_at_its_placeholders() {
        use Piece::{Placeholder, Text};
        assert_eq!(pieces("a {{b}} c {{ d_1 }}"), [Text("a "), Placeholder("b"), Text(" c "), Placeholder("d_1")]);
        assert_eq!(pieces("{{{x}}}"), [Text("{"), Placeholder("x"), Text("}")]);
        assert_eq!(pieces("{{Not a key}} {{y}}"), [Text("{{Not a key}} "), Placeholder("y")]);
        assert_eq!(pieces("{{open"), [Text("{{open")]);
        assert_eq!(pieces("{{ t.c }}{{a.b.c}}"), [Piece::Cell { table: "t", column: "c" }, Text("{{a.b.c}}")]);
    }

    proptest! {
        #[test]
        fn cutting_loses_no_text(text in "[a-z{} _.é]{0,60}") {
            let joined: String = pieces(&text).iter().map(|piece| match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Placeholder(key) => format!("{{{{{key}}}}}"),
                Piece::Cell { table, column } => format!("{{{{{table}.{column}}}}}"),
            }).collect();
            prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
