//! The firm's settings.

use serde::{Deserialize, Serialize};

use crate::{
    mail::Mailbox,
    network::Network,
    text::{Line, Name, TextError},
};

/// The address under which people reach Muster: `https://HOST`, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let line = Line::<255>::parse(text)?;
        let text = line.as_str().trim_end_matches('/');
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_host =
            |host: &str| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
        if host.is_some_and(is_host) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::Malformed { expected: "an address of the form https://HOST" })
        }
    }

    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the firm sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirmDetails {
    /// The firm's name.
    pub name: Name,
    /// Whom mails come from; none: as the program was started with.
    pub mail_from: Option<Mailbox>,
    /// Where people reach Muster; none: as the program was started with.
    pub public_url: Option<PublicUrl>,
    /// Proxies that are believed about where requests come from.
    pub trusted_proxies: Vec<Network>,
}

/// The firm as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Firm {
    /// The firm's name.
    pub name: String,
    /// Whom mails come from.
    pub mail_from: Option<String>,
    /// Where people reach Muster.
    pub public_url: Option<String>,
    /// Proxies that are believed, separated by commas.
    pub trusted_proxies: Option<String>,
    /// Whether there is a logo.
    pub has_logo: bool,
    /// Counts the changes (`If-Match`).
    pub version: i32,
}

/// A picture that documents and pages show: PNG or JPEG, told by its first bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    bytes: Vec<u8>,
    media_type: &'static str,
}

impl Logo {
    /// The most bytes.
    pub const MAX: usize = 512 * 1024;

    /// Reads a picture.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, TextError> {
        let media_type = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            _ => return Err(TextError::Malformed { expected: "a picture, PNG or JPEG" }),
        };
        if bytes.len() > Self::MAX {
            Err(TextError::Malformed { expected: "at most 512 KB large" })
        } else {
            Ok(Self { bytes, media_type })
        }
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `image/png` or `image/jpeg`.
    pub const fn media_type(&self) -> &'static str {
        self.media_type
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_addresses() {
        assert_eq!(PublicUrl::parse("https://muster.example/").unwrap().as_str(), "https://muster.example");
        assert!(PublicUrl::parse("http://127.0.0.1:8080").is_ok());
        for bad in ["muster.example", "ftp://x", "https://", "https://a b", "https://a/path", "javascript:alert(1)", "https://a\"b"] {
            assert!(PublicUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn logos_are_told_by_their_first_bytes() {
        assert_eq!(Logo::parse(b"\x89PNG\r\n\x1a\n....".to_vec()).unwrap().media_type(), "image/png");
        assert_eq!(Logo::parse(vec![0xFF, 0xD8, 0xFF, 0xE0]).unwrap().media_type(), "image/jpeg");
        assert!(Logo::parse(b"<svg onload=alert(1)>".to_vec()).is_err());
        let mut large = b"\x89PNG\r\n\x1a\n".to_vec();
        large.resize(Logo::MAX + 1, 0);
        assert!(Logo::parse(large).is_err());
    }
}
