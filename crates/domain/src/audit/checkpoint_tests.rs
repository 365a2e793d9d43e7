use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::audit::{
    AuditActor, AuditEntry, AuditNote, Subject, Verification, chain,
    export::{self, ExportHeader, Record},
};

const ROWS: i64 = 10_000;

fn key() -> SigningKey {
    let drawn = Ed25519KeyPair::generate_pkcs8(&ring::rand::SystemRandom::new()).unwrap();
    SigningKey::from_pkcs8(drawn.as_ref()).unwrap()
}

static KEY: LazyLock<SigningKey> = LazyLock::new(key);

fn log(rows: i64) -> (Vec<AuditEntry>, Head) {
    let mut head = Head::default();
    let entries = (0..rows).map(|index| {
        let subject = Subject { kind: "task".into(), id: index.to_string(), title: format!("Task {index}") };
        let note = AuditNote::made("task.added", subject, serde_json::json!({ "n": index }));
        let (entry, next) = head.append(Some(CustomerId(1)), Timestamp::UNIX_EPOCH, &AuditActor::program(), note);
        head = next;
        entry
    });
    (entries.collect(), head)
}

fn checkpoint(head: Head) -> Checkpoint {
    Checkpoint { installation: "Firm".into(), customer: Some(CustomerId(1)), name: "Acme".into(), head, at: Timestamp::UNIX_EPOCH }
}

fn export_of(rows: i64) -> String {
    let (entries, head) = log(rows);
    let header = ExportHeader {
        format: export::FORMAT.into(),
        customer_id: Some(CustomerId(1)),
        customer_name: "Acme".into(),
        exported_at: Timestamp::UNIX_EPOCH,
        entries: head.number,
        withheld: 0,
        head: hex(&head.hash),
        checkpoint: Some(KEY.sign(checkpoint(head))),
    };
    let records: Vec<_> = entries.into_iter().map(|entry| Record::Entry(Box::new(entry))).collect();
    export::write(&header, &records).unwrap()
}

static LINE: LazyLock<String> = LazyLock::new(|| KEY.sign(checkpoint(log(50).1)).to_line().unwrap());
static EXPORT: LazyLock<String> = LazyLock::new(|| export_of(30));

/// Puts another byte into a place of a text; none where the text would be no text any more.
fn changed(text: &str, place: usize, by: u8) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let place = place % bytes.len();
    bytes[place] = bytes[place].wrapping_add(by);
    String::from_utf8(bytes).ok()
}

#[test]
fn a_checkpoint_as_signed_is_good() {
    let read = SignedCheckpoint::from_line(&LINE).unwrap();
    assert_eq!(read.check_by(&[key().public(), KEY.public()]), Ok(()));
    assert_eq!(read.check_by(&[key().public()]), Err(Tampering::UnknownKey { number: 50 }));
    assert_eq!(read.check_by(&[]), Err(Tampering::UnknownKey { number: 50 }));
    assert!(SigningKey::from_pkcs8(b"no key").is_none());
}

#[test]
fn an_export_is_signed_whole() {
    assert_eq!(export::verify(&EXPORT, &[KEY.public()]).unwrap().entries, 30);
    assert!(export::verify(&EXPORT, &[key().public()]).is_err());
    // Without its checkpoint it is good by itself, but no key speaks for it.
    let (header, rest) = EXPORT.split_once('\n').unwrap();
    let mut header: ExportHeader = serde_json::from_str(header).unwrap();
    header.checkpoint = None;
    let stripped = format!("{}\n{rest}", serde_json::to_string(&header).unwrap());
    assert!(export::verify(&stripped, &[]).is_ok() && export::verify(&stripped, &[KEY.public()]).is_err());
}

/// Ten thousand entries, written anew from one of them on with a head that fits: every single place
/// is found by one signed checkpoint behind it.
#[test]
fn rewriting_ten_thousand_entries_is_found_by_a_checkpoint() {
    let (entries, head) = log(ROWS);
    let kept = KEY.sign(checkpoint(head));
    kept.check_by(&[KEY.public()]).unwrap();
    for from in (0..entries.len()).step_by(1999) {
        let mut forged = entries.clone();
        forged[from].action = "task.completed".into();
        for index in from..forged.len() {
            forged[index].previous = if index == 0 { [0; 32] } else { forged[index - 1].hash };
            forged[index].hash = chain::hash_of(&forged[index]);
        }
        let end = forged.last().map(|last| Head { number: last.number, hash: last.hash });
        let walk = |checkpoints| {
            let mut verification = Verification::new(Some(CustomerId(1)), checkpoints);
            forged.iter().try_for_each(|entry| verification.check(entry)).and_then(|()| verification.finish(end))
        };
        assert!(walk(vec![]).is_ok(), "the forgery does not fit itself");
        assert_eq!(walk(vec![kept.checkpoint.head]), Err(Tampering::OtherThanCheckpoint { number: ROWS }));
        // A checkpoint that says what the forger wants has no signature that fits.
        let mut moved = kept.clone();
        moved.checkpoint.head = end.unwrap();
        assert_eq!(moved.check_by(&[KEY.public()]), Err(Tampering::BadSignature { number: ROWS }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    /// No byte of a checkpoint can be another one.
    #[test]
    fn no_mutated_checkpoint_is_accepted(place in any::<usize>(), by in 1u8..) {
        if let Some(read) = changed(&LINE, place, by).and_then(|text| SignedCheckpoint::from_line(&text)) {
            prop_assert!(read.check_by(&[KEY.public()]).is_err(), "{read:?}");
            prop_assert!(read.check_signature().is_err(), "{read:?}");
        }
    }

    /// A key, a signature and a statement that were not made together do not fit.
    #[test]
    fn no_mutated_signature_is_accepted(place in 0usize..64, by in 1u8.., number in 1i64..1000, in_key in any::<bool>()) {
        let mut signed = KEY.sign(checkpoint(Head { number, hash: [7; 32] }));
        if in_key { signed.key.0[place % 32] = signed.key.0[place % 32].wrapping_add(by) } else { signed.signature[place] = signed.signature[place].wrapping_add(by) }
        prop_assert!(signed.check_signature().is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// No byte of an export can be another one, and no line can be elsewhere.
    #[test]
    fn no_mutated_export_is_accepted(place in any::<usize>(), by in 1u8.., line in 0usize..31, to in 0usize..31) {
        let last = EXPORT.len() - 1;
        if let Some(text) = changed(&EXPORT, place % last, by) {
            prop_assert!(export::verify(&text, &[KEY.public()]).is_err());
            prop_assert!(export::verify(&text, &[]).is_err());
        }
        let mut lines: Vec<&str> = EXPORT.lines().collect();
        if line != to {
            let moved = lines.remove(line);
            prop_assert!(export::verify(&lines.join("\n"), &[]).is_err());
            lines.insert(to, moved);
            prop_assert!(export::verify(&lines.join("\n"), &[]).is_err());
        }
    }
}
