//! The keys with which a provider signs, and whether a signature is theirs.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// The ways of signing that are taken. Those with a shared secret and `none` are not among them,
/// so a token cannot talk its reader into them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    /// Reads the name that a token's header gives.
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A document with keys (RFC 7517).
#[derive(Debug, Deserialize)]
pub(super) struct KeySet {
    keys: Vec<Written>,
}

/// A key as it is written. A set may hold keys of kinds that we do not know: those are passed over.
#[derive(Debug, Deserialize)]
struct Written {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A key that can be used. It serves one way of signing only, which follows from its kind.
#[derive(Debug, Clone)]
pub(super) struct Key {
    /// Its name, where the provider gives it one.
    pub(super) kid: Option<String>,
    /// What it signs with.
    pub(super) algorithm: Algorithm,
    material: Material,
}

#[derive(Debug, Clone)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A point on P-256, uncompressed, or a public key of Ed25519.
    Bytes(Vec<u8>),
}

impl KeySet {
    /// The keys of the set that can be used.
    pub(super) fn usable(self) -> Vec<Key> {
        self.keys.into_iter().filter_map(Written::read).collect()
    }
}

impl Written {
    fn read(self) -> Option<Key> {
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return None;
        }
        let (algorithm, material) = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => (Algorithm::Rs256, Material::Rsa { n: number(self.n.as_deref())?, e: number(self.e.as_deref())? }),
            ("EC", Some("P-256")) => {
                let (x, y) = (coordinate(self.x.as_deref())?, coordinate(self.y.as_deref())?);
                (Algorithm::Es256, Material::Bytes([&[4], &x[..], &y[..]].concat()))
            }
            ("OKP", Some("Ed25519")) => (Algorithm::EdDsa, Material::Bytes(coordinate(self.x.as_deref())?.to_vec())),
            _ => return None,
        };
        let is_named_so = self.alg.as_deref().is_none_or(|name| Algorithm::parse(name) == Some(algorithm));
        is_named_so.then_some(Key { kid: self.kid, algorithm, material })
    }
}

fn number(text: Option<&str>) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(text?).ok()?;
    let first = bytes.iter().position(|byte| *byte != 0)?;
    Some(bytes[first..].to_vec())
}

fn coordinate(text: Option<&str>) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(text?).ok()?.try_into().ok()
}

impl Key {
    /// Whether a message was signed with the other half of this key.
    pub(super) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match (&self.material, self.algorithm) {
            (Material::Rsa { n, e }, _) => RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            (Material::Bytes(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (Material::Bytes(key), _) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        verified.is_ok()
    }
}
