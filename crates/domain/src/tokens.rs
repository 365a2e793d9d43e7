//! API tokens: what a program is let in with instead of a person's session.
//!
//! A token is a narrowed copy of its issuer: it has some of the rights, at some of the customers,
//! until a day, and follows whatever becomes of the issuer. See [`crate::access`] for how the two
//! are put together.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{CustomerId, TokenId, UserId},
    words::word_enum,
};

word_enum! {
    /// What a token may be used for. Every action needs exactly one of them, or is none that a
    /// token could do.
    TokenRight {
        /// See workspaces, the portfolio and the library.
        Read = "read",
        /// Answer questions, do tasks, send their mails.
        Work = "work",
        /// Add and change customers and plans; assign, ignore, restore.
        Shape = "shape",
        /// Change who takes part.
        People = "people",
        /// Change standards, templates and task rules.
        Library = "library",
        /// Read and export the audit log.
        Audit = "audit",
    }
}

/// The text of a token: `mst_`, a secret of 256 bits in hex, and a checksum of it. The checksum
/// tells a mistyped token from an unknown one without a look-up, and lets a scanner recognise one
/// that leaked. It never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(String);

/// Why a text is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an API token")]
pub struct TokenError;

impl ApiToken {
    /// What every token begins with.
    pub const MARK: &'static str = "mst_";
    /// Characters of the secret: 256 bits.
    const SECRET: usize = 64;
    /// Characters of the checksum.
    const CHECK: usize = 8;
    /// How much of a token may be shown to tell it from others: the mark and 16 bits.
    const SHOWN: usize = Self::MARK.len() + 4;

    /// The token with this secret: 64 lower-case hex digits.
    pub fn of_secret(secret: &str) -> Result<Self, TokenError> {
        Self::parse(&format!("{}{secret}{:08x}", Self::MARK, crc32(secret.as_bytes())))
    }

    /// Reads a token, exactly as it was handed out.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let rest = text.strip_prefix(Self::MARK).ok_or(TokenError)?;
        let is_hex = rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_hex || rest.len() != Self::SECRET + Self::CHECK {
            return Err(TokenError);
        }
        let (secret, check) = rest.split_at(Self::SECRET);
        if format!("{:08x}", crc32(secret.as_bytes())) != check {
            return Err(TokenError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole text, for handing out and for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Its beginning, by which people tell it from their others.
    pub fn prefix(&self) -> &str {
        &self.0[..Self::SHOWN]
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ApiToken({}…)", self.prefix())
    }
}

/// CRC-32 as in IEEE 802.3, bit by bit: it sees 64 bytes.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1));
        }
    }
    !crc
}

word_enum! {
    /// In whose name a token acts.
    TokenOwner {
        /// The person who made it.
        Person = "person",
        /// A program of the firm, under a name of its own.
        Integration = "integration",
    }
}

/// What a token is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenScope {
    /// The rights that it has, if its issuer has them.
    pub rights: Vec<TokenRight>,
    /// The customers that it reaches, if its issuer does; none: all that the issuer reaches.
    pub customers: Option<Vec<CustomerId>>,
    /// The name that it acts under, where that is not its issuer's.
    pub acts_as: Option<String>,
}

impl TokenScope {
    /// Whether a customer is one of those that the token reaches.
    pub fn includes(&self, customer: CustomerId) -> bool {
        self.customers.as_ref().is_none_or(|customers| customers.contains(&customer))
    }
}

/// A token as its owner sees it. The secret is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenDetails {
    /// Its id.
    pub id: TokenId,
    /// What it is for; an integration's name.
    pub name: String,
    /// Whose name it acts in.
    pub owner: TokenOwner,
    /// Who made it, and whose rights it never exceeds.
    pub issuer: UserId,
    /// The name of who made it.
    pub issuer_name: String,
    /// Its beginning.
    pub prefix: String,
    /// The rights.
    pub rights: Vec<TokenRight>,
    /// The customers; none: all that the issuer reaches.
    pub customer_ids: Option<Vec<CustomerId>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was ended before its time.
    pub revoked_at: Option<Timestamp>,
}

/// For how many days a token is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenLifetime(i32);

impl TokenLifetime {
    /// The most days.
    pub const MAX: i32 = 365;

    /// Reads a number of days: 1 to 365.
    pub const fn parse(days: i32) -> Option<Self> {
        if days >= 1 && days <= Self::MAX { Some(Self(days)) } else { None }
    }

    /// The number of days.
    pub const fn days(self) -> i32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    proptest! {
        #[test]
        fn a_token_comes_back_as_it_was(bytes in any::<[u8; 32]>()) {
            let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let token = ApiToken::of_secret(&secret).unwrap();
            prop_assert_eq!(ApiToken::parse(token.expose()).unwrap(), token.clone());
            prop_assert!(token.expose().starts_with(token.prefix()) && token.prefix().len() == 8);
            let shown = format!("{token:?}");
            prop_assert!(!shown.contains(&secret[8..]));
        }

        #[test]
        fn one_wrong_character_is_seen(bytes in any::<[u8; 32]>(), at in 0_usize..76, with in "[0-9a-zA-Z_ -]") {
            let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let right = ApiToken::of_secret(&secret).unwrap();
            let mut wrong = right.expose().to_owned();
            wrong.replace_range(at..=at, &with);
            prop_assert_eq!(ApiToken::parse(&wrong).is_ok(), wrong == right.expose());
        }

        #[test]
        fn nothing_else_is_a_token(text in ".{0,90}") {
            prop_assert!(ApiToken::parse(&text).is_err());
        }
    }
}
