//! What evidence is made of: a file, or a link.

use serde::{Deserialize, Serialize};

/// A file that is kept, or an address that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EvidenceContent {
    /// A file that is kept as it was handed in.
    File(EvidenceFile),
    /// What somebody else keeps, at this address.
    Link {
        /// The address.
        url: String,
    },
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// The SHA-256 of its content, as 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size: i64,
    /// What kind of file it is, in HTTP's words.
    pub media_type: String,
}

/// How a file can be shown in a page without anything in it being run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preview {
    /// By the browser's own reader.
    Pdf,
    /// As a picture.
    Image,
    /// As letters and nothing else, whatever they say.
    Text,
}

impl EvidenceContent {
    /// The file, where it is one.
    pub const fn file(&self) -> Option<&EvidenceFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Link { .. } => None,
        }
    }

    /// The address, where it is a link.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::File(_) => None,
            Self::Link { url } => Some(url),
        }
    }
}

impl EvidenceFile {
    /// How it can be shown; most kinds cannot. Pages and pictures with scripts are never among
    /// what is taken in, and are not among these either.
    pub fn preview(&self) -> Option<Preview> {
        match self.media_type.split(';').next().unwrap_or_default() {
            "application/pdf" => Some(Preview::Pdf),
            "image/png" | "image/jpeg" | "image/gif" | "image/webp" => Some(Preview::Image),
            "text/plain" | "text/markdown" | "text/csv" | "application/json" | "application/yaml" => Some(Preview::Text),
            _ => None,
        }
    }
}

/// The address of a link: https, a machine's name, nothing secret in front of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct LinkAddress(String);

/// Why a text is no address of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefusal {
    /// Nothing was given.
    #[error("must be given")]
    Blank,
    /// It is too long.
    #[error("must have at most {} characters", LinkAddress::MAX)]
    TooLong,
    /// It is none, or one of another kind.
    #[error("must be an address that begins with https://, without a name or password in it")]
    Malformed,
}

impl LinkRefusal {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong => "too-long",
            Self::Malformed => "malformed",
        }
    }
}

impl LinkAddress {
    /// The most characters of an address.
    pub const MAX: usize = 2000;

    /// Reads an address.
    ///
    /// # Errors
    /// [`LinkRefusal`]. Only https leads anywhere: other schemes run something, or are read by
    /// everybody on the way.
    pub fn parse(given: &str) -> Result<Self, LinkRefusal> {
        let text = given.trim();
        if text.is_empty() {
            return Err(LinkRefusal::Blank);
        }
        if text.chars().count() > Self::MAX {
            return Err(LinkRefusal::TooLong);
        }
        let (scheme, rest) = text.split_at_checked(8).ok_or(LinkRefusal::Malformed)?;
        let machine = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let is_odd = |sign: char| {
            sign.is_whitespace()
                || sign.is_control()
                || crate::text::is_blank(sign.encode_utf8(&mut [0; 4]))
                || "\"<>\\^`{|}".contains(sign)
        };
        let is_name = machine.chars().any(char::is_alphanumeric) && !machine.starts_with(['.', ':']) && !machine.contains('@');
        if !scheme.eq_ignore_ascii_case("https://") || !is_name || rest.chars().any(is_odd) {
            return Err(LinkRefusal::Malformed);
        }
        Ok(Self(format!("https://{rest}")))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The machine that it leads to, to call a link by that has no label.
    pub fn machine(&self) -> &str {
        self.0[8..].split(['/', '?', '#']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_lead_somewhere_safe_are_links() {
        for good in [
            "https://example.com",
            "HTTPS://example.com/a?b=c#d",
            " https://wiki.example.com/x%20y ",
            "https://münchen.example/ü",
            "https://[2001:db8::1]/",
        ] {
            assert!(LinkAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.com",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://user:secret@example.com/",
            "example.com",
            "https://exa mple.com",
            "https://example.com/\u{202e}x",
            "https://example.com/\"onclick",
            "ftp://example.com",
            "https://.",
            "ü",
        ] {
            assert_eq!(LinkAddress::parse(bad), Err(LinkRefusal::Malformed), "{bad}");
        }
        assert_eq!(LinkAddress::parse(" \u{a0}"), Err(LinkRefusal::Blank));
        assert_eq!(LinkAddress::parse(&format!("https://example.com/{}", "a".repeat(2000))), Err(LinkRefusal::TooLong));
        assert_eq!(LinkAddress::parse("HTTPS://Example.com/a").map(|one| one.machine().to_owned()).as_deref(), Ok("Example.com"));
    }

    #[test]
    fn what_could_run_is_never_shown() {
        let shown = |media_type: &str| EvidenceFile { sha256: String::new(), size: 1, media_type: media_type.to_owned() }.preview();
        assert_eq!(shown("text/csv; charset=utf-8"), Some(Preview::Text));
        assert_eq!(shown("image/png"), Some(Preview::Image));
        for active in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/octet-stream", "message/rfc822", ""]
        {
            assert_eq!(shown(active), None, "{active}");
        }
    }
}
