//! Tokens of a signer of our own, right and wrong in each way that counts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use super::{
    keys::{Key, KeySet},
    token::{Claims, Expected, NotTaken, verify},
};

const NOW: i64 = 1_800_000_000;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A provider with two keys.
struct Signer {
    edwards: Ed25519KeyPair,
    curve: EcdsaKeyPair,
}

impl Signer {
    fn new() -> Self {
        let random = SystemRandom::new();
        let edwards = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
        let curve = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self {
            edwards: Ed25519KeyPair::from_pkcs8(edwards.as_ref()).unwrap(),
            curve: EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, curve.as_ref(), &random).unwrap(),
        }
    }

    fn public(&self) -> Value {
        let point = self.curve.public_key().as_ref();
        json!({ "keys": [
            { "kty": "OKP", "crv": "Ed25519", "kid": "edwards", "use": "sig", "x": encode(self.edwards.public_key()) },
            { "kty": "EC", "crv": "P-256", "kid": "curve", "alg": "ES256", "x": encode(&point[1..33]), "y": encode(&point[33..]) },
        ] })
    }

    fn keys(&self) -> Vec<Key> {
        read(self.public())
    }

    /// A token with these parts, signed by the key that belongs to the header's `alg`.
    fn sign(&self, header: &Value, claims: &str) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(claims));
        let signature = match header["alg"].as_str().unwrap() {
            "ES256" => encode(self.curve.sign(&SystemRandom::new(), message.as_bytes()).unwrap()),
            "EdDSA" => encode(self.edwards.sign(message.as_bytes())),
            // The classical confusion: the public key, which everybody knows, taken for a shared secret.
            "HS256" => encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.edwards.public_key().as_ref()), message.as_bytes())),
            _ => String::new(),
        };
        format!("{message}.{signature}")
    }
}

fn read(set: Value) -> Vec<Key> {
    serde_json::from_value::<KeySet>(set).unwrap().usable()
}

fn right() -> Value {
    json!({ "iss": "https://id.example", "sub": "4711", "aud": "muster", "exp": NOW + 300, "iat": NOW - 2, "nonce": "n-1",
            "email": "ada@acme.example", "email_verified": true })
}

fn check(token: &str, keys: &[Key]) -> Result<Claims, NotTaken> {
    let at = Timestamp::from_second(NOW).unwrap();
    verify(token, keys, Expected { issuer: "https://id.example", client_id: "muster", nonce: "n-1", at })
}

fn edwards() -> Value {
    json!({ "alg": "EdDSA", "kid": "edwards" })
}

#[test]
fn right_tokens_are_taken() {
    let (signer, claims) = (Signer::new(), right().to_string());
    for header in [edwards(), json!({ "alg": "ES256", "kid": "curve", "typ": "JWT" }), json!({ "alg": "ES256" })] {
        let claims = check(&signer.sign(&header, &claims), &signer.keys()).unwrap();
        assert_eq!((claims.sub.as_str(), claims.email.as_deref(), claims.email_verified), ("4711", Some("ada@acme.example"), true));
    }
    for (name, value) in [
        ("aud", json!(["muster"])),
        ("azp", json!("muster")),
        ("exp", json!(NOW - 59)),
        ("iat", json!(NOW + 59)),
        ("email_verified", json!("true")),
    ] {
        let mut claims = right();
        claims[name] = value;
        assert!(check(&signer.sign(&edwards(), &claims.to_string()), &signer.keys()).is_ok(), "{name}");
    }
}

#[test]
fn an_address_counts_only_where_it_is_verified() {
    let signer = Signer::new();
    for value in [json!(false), json!("false"), json!(1), json!(null), json!("yes")] {
        let mut claims = right();
        claims["email_verified"] = value;
        assert!(!check(&signer.sign(&edwards(), &claims.to_string()), &signer.keys()).unwrap().email_verified);
    }
}

#[test]
fn claims_that_do_not_fit_are_refused() {
    let signer = Signer::new();
    for (name, value) in [
        ("iss", json!("https://id.example/")),
        ("aud", json!("another")),
        ("aud", json!([])),
        ("aud", json!(["muster", "another"])),
        ("azp", json!("another")),
        ("exp", json!(NOW - 60)),
        ("exp", json!(i64::MIN)),
        ("iat", json!(NOW + 61)),
        ("iat", json!(i64::MAX)),
        ("nbf", json!(NOW + 61)),
        ("nonce", json!("n-2")),
        ("nonce", json!(null)),
        ("sub", json!(" ")),
        ("sub", json!("a\0b")),
        ("sub", json!("x".repeat(256))),
    ] {
        let mut claims = right();
        claims[name] = value.clone();
        let refused = check(&signer.sign(&edwards(), &claims.to_string()), &signer.keys());
        assert!(matches!(refused, Err(NotTaken::Wrong(_))), "{name} {value}: {refused:?}");
    }
    for name in ["iss", "sub", "aud", "exp", "iat", "nonce"] {
        let mut claims = right();
        claims.as_object_mut().unwrap().remove(name);
        assert!(check(&signer.sign(&edwards(), &claims.to_string()), &signer.keys()).is_err(), "{name}");
    }
    let twice = right().to_string().replacen('{', r#"{"sub":"1","#, 1);
    assert!(check(&signer.sign(&edwards(), &twice), &signer.keys()).is_err(), "a claim that is there twice");
}

#[test]
fn ways_of_signing_that_prove_nothing_are_refused() {
    let (signer, claims) = (Signer::new(), right().to_string());
    for alg in ["none", "None", "HS256", "HS512", "RS1", ""] {
        for kid in ["edwards", "curve"] {
            let token = signer.sign(&json!({ "alg": alg, "kid": kid }), &claims);
            assert!(matches!(check(&token, &signer.keys()), Err(NotTaken::Wrong(_))), "{alg} {kid}");
        }
    }
    let token = signer.sign(&json!({ "alg": "EdDSA", "kid": "edwards", "crit": ["b64"] }), &claims);
    assert!(matches!(check(&token, &signer.keys()), Err(NotTaken::Wrong(_))));
    // A key serves its own way of signing only, whatever the header says.
    for header in [json!({ "alg": "ES256", "kid": "edwards" }), json!({ "alg": "RS256", "kid": "curve" })] {
        assert_eq!(check(&signer.sign(&header, &claims), &signer.keys()).unwrap_err(), NotTaken::UnknownKey);
    }
}

#[test]
fn tampering_and_foreign_keys_are_refused() {
    let (signer, stranger) = (Signer::new(), Signer::new());
    let token = signer.sign(&edwards(), &right().to_string());
    let mut other = right();
    other["sub"] = json!("1");
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let swapped = format!("{header}.{}.{signature}", encode(other.to_string()));
    for wrong in [
        swapped,
        format!("{header}.{payload}."),
        format!("{header}.{payload}"),
        format!("{token}."),
        format!("{header}.{payload}.{}", &signature[1..]),
        format!("{header}.{payload}.{signature}=="),
        stranger.sign(&edwards(), &right().to_string()),
        String::new(),
        "...".to_owned(),
        "é.é.é".to_owned(),
    ] {
        assert!(matches!(check(&wrong, &signer.keys()), Err(NotTaken::Wrong(_))), "{wrong}");
    }
    let unknown = signer.sign(&json!({ "alg": "EdDSA", "kid": "next" }), &right().to_string());
    assert_eq!(check(&unknown, &signer.keys()).unwrap_err(), NotTaken::UnknownKey);
}

#[test]
fn keys_that_cannot_be_used_are_passed_over() {
    let signer = Signer::new();
    let mut set = signer.public();
    let good = set["keys"][0].clone();
    let with = |name: &str, value: Value| {
        let mut key = good.clone();
        key[name] = value;
        key
    };
    set["keys"] = json!([
        with("use", json!("enc")),
        with("alg", json!("HS256")),
        with("kty", json!("oct")),
        with("crv", json!("X25519")),
        with("x", json!("AAAA")),
        { "kty": "RSA", "n": "AAAA", "e": "AQAB" },
        { "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA" },
    ]);
    assert!(read(set).is_empty());
    // Two keys fit a token that names none.
    let both = json!({ "keys": [good, with("kid", json!("second"))] });
    let token = signer.sign(&json!({ "alg": "EdDSA" }), &right().to_string());
    assert!(matches!(check(&token, &read(both)), Err(NotTaken::Wrong(_))));
}
