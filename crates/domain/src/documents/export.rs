//! Documents as files.

use crate::words::word_enum;

word_enum! {
    /// A kind of file that a document can be taken out as.
    ExportFormat {
        /// A page for a browser, in one file.
        Html = "html",
        /// PDF, tagged.
        Pdf = "pdf",
        /// Word.
        Docx = "docx",
    }
}

impl ExportFormat {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// The name of a document's file, without its ending: its number, its name and what says which it
/// is. Characters that file systems do not take, and those that would make it hidden or lead
/// elsewhere, become spaces.
pub fn file_stem(number: Option<&str>, name: &str, version: &str) -> String {
    let parts = [number.unwrap_or_default(), name, version];
    let joined = parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" ");
    let allowed = |letter: char| !letter.is_control() && !r#"\/:*?"<>|"#.contains(letter) && !is_format_control(letter);
    let cleaned: String = joined.chars().map(|letter| if allowed(letter) { letter } else { ' ' }).collect();
    let words: Vec<&str> = cleaned.split_whitespace().collect();
    let leads_elsewhere = |letter: char| letter == '.' || letter == ' ';
    let stem: String = words.join(" ").trim_start_matches(leads_elsewhere).chars().take(120).collect();
    let stem = stem.trim_end_matches(leads_elsewhere);
    if stem.is_empty() { "document".to_owned() } else { stem.to_owned() }
}

/// Characters that turn the direction of a text: a file's ending must not look like another one.
const fn is_format_control(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        assert_eq!(file_stem(Some("ISMS 20"), "Access control policy", "v2"), "ISMS 20 Access control policy v2");
        assert_eq!(file_stem(None, "../../etc/passwd", "v1"), "etc passwd v1");
        assert_eq!(file_stem(None, "...", ""), "document");
        assert_eq!(file_stem(None, "a\u{202e}fdp.exe\n\"b\"", "draft"), "a fdp.exe b draft");
        assert!(file_stem(None, &"x".repeat(900), "").chars().count() <= 120);
    }
}
