//! The canonical content of a version, and its SHA-256: what people approve.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Digest as _;

use super::{Classification, DocumentContent};

/// What the bytes begin with, so that a later form cannot be taken for this one.
const FORM: &[u8] = b"muster document 1";

/// A SHA-256. Written as hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl Sha256 {
    /// The hash of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Whose document it is, and how it looked, when it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branding {
    /// The firm's name.
    pub firm_name: String,
    /// The customer's name.
    pub customer_name: String,
    /// SHA-256 of the logo, in hexadecimal digits; none where there was no logo.
    pub logo_sha256: Option<String>,
}

/// What is approved: everything that makes the document what it says.
#[derive(Debug, Clone, Copy)]
pub struct Frozen<'a> {
    /// The version's number.
    pub version: i32,
    /// The number of the release that it came from.
    pub release: i32,
    /// The document's name.
    pub name: &'a str,
    /// The number under which the organisation keeps it.
    pub number: Option<&'a str>,
    /// Who may read it.
    pub classification: Classification,
    /// Names and logo.
    pub branding: &'a Branding,
    /// Text and answers.
    pub content: &'a DocumentContent,
}

impl Frozen<'_> {
    /// The bytes that are hashed: each field with its length before it, so that nothing can move
    /// from one field to its neighbour. JSON stands in them with its names in order.
    pub fn bytes(&self) -> Vec<u8> {
        let mut fields = Fields(FORM.to_vec());
        fields.number(self.version);
        fields.number(self.release);
        fields.text(Some(self.name));
        fields.text(self.number);
        fields.text(Some(self.classification.as_str()));
        fields.text(Some(&self.branding.firm_name));
        fields.text(Some(&self.branding.customer_name));
        fields.text(self.branding.logo_sha256.as_deref());
        fields.text(Some(&self.content.title));
        fields.text(Some(&self.content.body));
        // Everything in it is a map by name, a list, or a word: nothing fails to be written.
        let rest = |value: serde_json::Result<Value>| value.map(|value| in_order(&value)).unwrap_or_default();
        fields.text(Some(&rest(serde_json::to_value(&self.content.answers))));
        fields.text(Some(&rest(serde_json::to_value(&self.content.unanswered))));
        fields.text(Some(&rest(serde_json::to_value(&self.content.file))));
        fields.0
    }

    /// Their SHA-256.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.bytes())
    }
}

struct Fields(Vec<u8>);

impl Fields {
    fn number(&mut self, value: i32) {
        self.0.extend_from_slice(&value.to_be_bytes());
    }

    fn text(&mut self, value: Option<&str>) {
        match value {
            None => self.0.push(0),
            Some(value) => {
                self.0.push(1);
                self.0.extend_from_slice(&(value.len() as u64).to_be_bytes());
                self.0.extend_from_slice(value.as_bytes());
            }
        }
    }
}

/// A value as JSON without spaces, the names of every object in the order of their bytes, whatever
/// order they are kept in.
fn in_order(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            let fields: Vec<_> =
                fields.into_iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), in_order(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(in_order).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::documents::FilledAnswer;

    fn branding() -> Branding {
        Branding { firm_name: "Firm".into(), customer_name: "Acme".into(), logo_sha256: None }
    }

    fn content(words: &str) -> DocumentContent {
        let answer = FilledAnswer {
            label: "Who?".into(),
            value: json!({ "b": 1, "a": [1.5, null, "x"] }),
            words: words.into(),
            version: 1,
            table: None,
            not_applicable_reason: None,
        };
        DocumentContent {
            title: "Title".into(),
            body: "{{who}} decides.".into(),
            answers: BTreeMap::from([("who".into(), answer)]),
            unanswered: BTreeMap::new(),
            file: None,
        }
    }

    fn hash(frozen: Frozen<'_>) -> String {
        frozen.sha256().to_string()
    }

    #[test]
    fn the_same_content_has_the_same_hash_and_any_change_another() {
        let (branding, content_, other) = (branding(), content("IT"), content("It"));
        let frozen = Frozen {
            version: 1,
            release: 2,
            name: "Policy",
            number: None,
            classification: Classification::Internal,
            branding: &branding,
            content: &content_,
        };
        let known = "the form of the bytes is a promise: change FORM when it has to change";
        assert_eq!(hash(frozen), HASH, "{known}");
        let renamed = Branding { customer_name: "Acme Ltd".into(), ..branding.clone() };
        let with_logo = Branding { logo_sha256: Some("00".into()), ..branding.clone() };
        let others = [
            Frozen { version: 2, ..frozen },
            Frozen { release: 3, ..frozen },
            Frozen { name: "Policies", ..frozen },
            Frozen { number: Some(""), ..frozen },
            Frozen { classification: Classification::Public, ..frozen },
            Frozen { branding: &renamed, ..frozen },
            Frozen { branding: &with_logo, ..frozen },
            Frozen { content: &other, ..frozen },
        ];
        let mut hashes: Vec<String> = others.into_iter().map(hash).chain([hash(frozen)]).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), others.len() + 1);
    }

    const HASH: &str = "6fcdb7a2a3c87361dd44c80a2d4db78b648a110e8a334c3a5af195adde274926";

    proptest! {
        /// What is written as JSON and read again has the same hash: that is how it is kept.
        #[test]
        fn a_round_trip_keeps_the_hash(words in "\\PC{0,60}", body in "\\PC{0,200}", number in any::<i32>(), float in -1e9_f64..1e9) {
            let mut content = content(&words);
            content.body = body;
            if let Some(answer) = content.answers.get_mut("who") {
                answer.value = json!({ "n": number, "f": float, "w": words });
            }
            let again: DocumentContent = serde_json::from_str(&serde_json::to_string(&content).unwrap()).unwrap();
            let branding = branding();
            let frozen = |content| Frozen { version: 1, release: 1, name: "N", number: None, classification: Classification::Internal, branding: &branding, content };
            prop_assert_eq!(hash(frozen(&content)), hash(frozen(&again)));
        }

        #[test]
        fn text_cannot_move_to_a_neighbour(title in "[a-z]{0,4}", body in "[a-z]{0,4}", other_title in "[a-z]{0,4}", other_body in "[a-z]{0,4}") {
            let branding = branding();
            let of = |title: &str, body: &str| {
                let content = DocumentContent { title: title.into(), body: body.into(), ..content("w") };
                hash(Frozen { version: 1, release: 1, name: "N", number: None, classification: Classification::Internal, branding: &branding, content: &content })
            };
            prop_assert_eq!(of(&title, &body) == of(&other_title, &other_body), (title, body) == (other_title, other_body));
        }
    }
}
