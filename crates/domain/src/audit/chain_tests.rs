use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::{audit::Subject, ids::UserId};

const ROWS: i64 = 10_000;

static LOG: LazyLock<(Vec<AuditEntry>, Head)> = LazyLock::new(|| log(2000));

fn log(rows: i64) -> (Vec<AuditEntry>, Head) {
    let actor = AuditActor { id: Some(UserId(7)), name: "Ana".into(), email: "ana@example.com".into() };
    let mut head = Head::default();
    let entries = (0..rows).map(|index| {
        let subject = Subject { kind: "task".into(), id: index.to_string(), title: format!("Task {index}") };
        let note = AuditNote::made("task.added", subject, serde_json::json!({ "title": format!("Task {index}") }));
        let at = jiff::Timestamp::from_microsecond(1_700_000_000_000_000 + index).unwrap();
        let (entry, next) = head.append(Some(CustomerId(1)), at, &actor, note);
        head = next;
        entry
    });
    (entries.collect(), head)
}

fn verify(entries: &[AuditEntry], head: Option<Head>, checkpoints: Vec<Head>) -> Result<Head, Tampering> {
    let mut verification = Verification::new(Some(CustomerId(1)), checkpoints);
    for entry in entries {
        verification.check(entry)?;
    }
    verification.finish(head)
}

fn rehash(entries: &mut [AuditEntry], from: usize) -> Head {
    for index in from..entries.len() {
        entries[index].previous = if index == 0 { [0; 32] } else { entries[index - 1].hash };
        entries[index].number = index as i64 + 1;
        entries[index].hash = hash_of(&entries[index]);
    }
    entries.last().map_or(Head::default(), |last| Head { number: last.number, hash: last.hash })
}

#[test]
fn a_log_as_written_is_good() {
    let (entries, head) = log(ROWS);
    assert_eq!(verify(&entries, Some(head), vec![head]), Ok(head));
    assert_eq!(verify(&[], None, vec![]), Ok(Head::default()));
    assert_eq!(verify(&[], Some(Head::default()), vec![]), Ok(Head::default()));
}

#[test]
fn every_deletion_insertion_swap_and_truncation_is_found() {
    let (entries, head) = log(ROWS);
    for index in (0..entries.len()).step_by(499) {
        let mut whole = entries.clone();
        whole.remove(index);
        assert!(verify(&whole, Some(head), vec![]).is_err(), "deleted {index}");
        whole.insert(index, entries[index].clone());
        whole.insert(index, entries[index].clone());
        assert!(verify(&whole, Some(head), vec![]).is_err(), "inserted {index}");
        whole.remove(index);
        whole.swap(index, (index + 1) % entries.len());
        assert!(verify(&whole, Some(head), vec![]).is_err(), "moved {index}");
        assert!(verify(&entries[..index], Some(head), vec![]).is_err(), "truncated to {index}");
    }
}

/// Who may write all tables can make a log that fits itself. A checkpoint outside finds that.
#[test]
fn a_log_rewritten_whole_differs_from_its_checkpoints() {
    let (entries, head) = log(100);
    let mut rewritten = entries.clone();
    rewritten[40].action = "task.completed".into();
    let forged = rehash(&mut rewritten, 40);
    assert_eq!(verify(&rewritten, Some(forged), vec![]), Ok(forged));
    assert_eq!(verify(&rewritten, Some(forged), vec![head]), Err(Tampering::OtherThanCheckpoint { number: 100 }));
    let mut shortened = entries[..60].to_vec();
    let forged = rehash(&mut shortened, 0);
    assert_eq!(verify(&shortened, Some(forged), vec![head]), Err(Tampering::BeforeCheckpoint { last: 60, number: 100 }));
    assert_eq!(verify(&entries, None, vec![]), Err(Tampering::NoHead { last: 100 }));
}

#[test]
fn nothing_moves_from_one_field_to_its_neighbour() {
    let (entries, _) = log(1);
    let mut moved = entries[0].clone();
    moved.actor.name = "An".into();
    moved.actor.email = "aana@example.com".into();
    assert_ne!(hash_of(&entries[0]), hash_of(&moved));
    let mut absent = entries[0].clone();
    absent.before = Some(String::new());
    assert_ne!(hash_of(&entries[0]), hash_of(&absent));
}

proptest! {
    /// Any field of any entry, changed in any way, is found just there.
    #[test]
    fn every_change_of_an_entry_is_found(index in 0usize..2000, field in 0u8..12, text in "[a-z]{1,8}", number in 1i64..1_000_000) {
        let (mut entries, head) = LOG.clone();
        let entry = &mut entries[index];
        let before = entry.clone();
        match field {
            0 => entry.customer = Some(CustomerId(2)),
            1 => entry.number += number,
            2 => entry.at = jiff::Timestamp::from_microsecond(entry.at.as_microsecond() + number).unwrap(),
            3 => entry.actor.id = None,
            4 => entry.actor.name = text,
            5 => entry.actor.email = text,
            6 => entry.action = text,
            7 => entry.subject.kind = format!("x{text}"),
            8 => entry.subject.title = text,
            9 => entry.after = None,
            10 => entry.previous[usize::try_from(number).unwrap() % 32] ^= 1,
            _ => entry.hash[usize::try_from(number).unwrap() % 32] ^= 1,
        }
        prop_assert_ne!(&before, &*entry);
        let found = verify(&entries, Some(head), vec![]).unwrap_err();
        let place = match found {
            Tampering::OutOfOrder { expected, .. } => expected,
            Tampering::Altered { number } => number,
            Tampering::Foreign { .. } => before.number,
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(place, before.number);
    }
}
