//! Signed checkpoints: made when a log has moved, kept outside, and what they find.

use std::path::{Path, PathBuf};

use muster_domain::audit::{SignedCheckpoint, SigningKey, Tampering};
use muster_service::{Context, KnownEnd, draw_audit_key};
use sqlx::Executor as _;

use super::work;
use crate::app::TestApp;

fn key() -> SigningKey {
    SigningKey::from_pkcs8(&draw_audit_key().unwrap()).unwrap()
}

fn signing(app: &TestApp) -> Context {
    app.context.clone().with_audit_key(key())
}

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("muster-checkpoints-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `muster audit …` and gives its exit code and all that it said.
fn audit(arguments: &[&str], files: &[(&str, &Path)]) -> (Option<i32>, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_muster"));
    command.arg("audit").args(arguments);
    for (flag, path) in files {
        command.arg(flag).arg(path);
    }
    let done = command.output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr))
}

/// Writes customer 1's log anew from an entry on, with hashes and a head that fit: what who may write
/// all tables can do.
async fn rewrite(app: &TestApp, from: i64) {
    let mut logs = app.store.audit_logs().await.unwrap();
    let mut entries = logs.entries_after(Some(muster_domain::ids::CustomerId(1)), 0).await.unwrap();
    drop(logs);
    let mut superuser = app.database.superuser().await;
    for index in usize::try_from(from - 1).unwrap()..entries.len() {
        if i64::try_from(index).unwrap() == from - 1 {
            entries[index].actor.name = "Nobody".into();
        }
        entries[index].previous = if index == 0 { [0; 32] } else { entries[index - 1].hash };
        entries[index].hash = muster_domain::audit::chain::hash_of(&entries[index]);
        let entry = &entries[index];
        sqlx::query(
            "UPDATE dna_app.customer_audit_log SET actor_name = $2, previous_hash = $3, hash = $4 WHERE customer_id = 1 AND id = $1",
        )
        .bind(entry.number)
        .bind(&entry.actor.name)
        .bind(&entry.previous[..])
        .bind(&entry.hash[..])
        .execute(&mut superuser)
        .await
        .unwrap();
    }
    sqlx::query("UPDATE dna_app.customer_audit_heads SET hash = $1 WHERE customer_id = 1")
        .bind(&entries.last().unwrap().hash[..])
        .execute(&mut superuser)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_checkpoint_is_made_where_a_log_has_moved() {
    let app = TestApp::start().await;
    assert_eq!(app.context.make_checkpoints().await.unwrap().made, 0, "without a key nothing is signed");
    let context = signing(&app);
    // Two customers and the firm, whose log now tells of the key.
    assert_eq!(context.make_checkpoints().await.unwrap().made, 3);
    assert_eq!(context.make_checkpoints().await.unwrap().made, 0);
    work(&app.admin().await).await;
    assert_eq!(context.make_checkpoints().await.unwrap().made, 2, "Acme's, and the firm's with a sign-in");
    let lines = context.checkpoint_file().await.unwrap();
    let read: Vec<_> = lines.lines().map(|line| SignedCheckpoint::from_line(line).unwrap()).collect();
    assert_eq!(read.iter().map(|one| one.checkpoint.name.as_str()).collect::<Vec<_>>(), ["Muster", "Acme", "Globex"]);
    for one in &read {
        one.check_by(&[context.audit_key().unwrap()]).unwrap();
    }
    let reports = app.context.verify_audit_logs(&[], &[]).await.unwrap();
    assert!(reports.iter().all(|report| report.tampering.is_none() && report.signed == report.entries), "{reports:?}");
    // Another key does not take the first one's word.
    let reports = app.context.verify_audit_logs(&[], &[key().public()]).await.unwrap();
    assert!(reports.iter().all(|report| matches!(report.tampering, Some(Tampering::UnknownKey { .. }))), "{reports:?}");
}

/// The chain and its head fit, and still the rewriting is found; nothing more is signed of it.
#[tokio::test]
async fn a_log_rewritten_whole_is_found() {
    let app = TestApp::start().await;
    let context = signing(&app);
    work(&app.admin().await).await;
    rewrite(&app, 5).await;
    let found = app.context.verify_audit_logs(&[], &[]).await.unwrap();
    assert!(found.iter().all(|report| report.tampering.is_none()), "the forgery does not fit itself: {found:?}");
    context.make_checkpoints().await.unwrap();
    let kept = context.checkpoint_file().await.unwrap();
    rewrite(&app, 3).await;
    let problems = || async {
        let mut found = app.context.verify_audit_logs(&[], &[]).await.unwrap();
        found.retain(|report| report.tampering.is_some());
        found
    };
    let found = problems().await;
    assert!(matches!(found[..], [ref one] if matches!(one.tampering, Some(Tampering::OtherThanCheckpoint { .. }))), "{found:?}");
    let round = context.make_checkpoints().await.unwrap();
    assert!(round.refused.len() == 1, "{round:?}");

    // Whoever moves the checkpoint along has no signature for it.
    let mut superuser = app.database.superuser().await;
    superuser
        .execute("UPDATE dna_app.audit_checkpoints c SET hash = h.hash FROM dna_app.customer_audit_heads h WHERE c.log_of = 1 AND h.customer_id = 1")
        .await
        .unwrap();
    let found = problems().await;
    assert!(matches!(found[0].tampering, Some(Tampering::BadSignature { .. })), "{found:?}");

    // Whoever removes it as well is found by the copy that was kept outside, and by that alone.
    superuser.execute("DELETE FROM dna_app.audit_checkpoints WHERE log_of = 1").await.unwrap();
    assert!(problems().await.is_empty());
    let known: Vec<_> = kept
        .lines()
        .map(|line| SignedCheckpoint::from_line(line).unwrap().checkpoint)
        .map(|stated| KnownEnd { customer: stated.customer, head: stated.head })
        .collect();
    let found = app.context.verify_audit_logs(&known, &[]).await.unwrap();
    assert!(found.iter().any(|report| matches!(report.tampering, Some(Tampering::OtherThanCheckpoint { .. }))), "{found:?}");
}

/// The commands, as somebody at the machine uses them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_commands_sign_and_verify() {
    let app = TestApp::start().await;
    let folder = Folder::new("commands");
    work(&app.admin().await).await;
    let url = app.database.url();
    let database = ["--database", url.as_str()];
    let data = folder.0.as_path();
    let (code, words) = audit(&[&["checkpoint"], &database[..]].concat(), &[("--data", data)]);
    assert!(code == Some(1) && words.contains("`muster serve` makes it"), "{words}");

    let document = draw_audit_key().unwrap();
    std::fs::write(data.join("audit-signing-key"), &document).unwrap();
    let public = SigningKey::from_pkcs8(&document).unwrap().public();
    let key_file = folder.file("key.pub", &format!("{public}\n"));
    let other_key = folder.file("other.pub", &key().public().to_string());
    let kept = folder.0.join("kept.jsonl");
    // The test server has fsync off, which a command that writes refuses; so the context signs here.
    let context = app.context.clone().with_audit_key(SigningKey::from_pkcs8(&document).unwrap());
    context.make_checkpoints().await.unwrap();
    std::fs::write(&kept, context.checkpoint_file().await.unwrap()).unwrap();

    let verify = [&["verify"], &database[..]].concat();
    let (code, words) = audit(&[&["key"], &database[..]].concat(), &[]);
    assert_eq!((code, words.trim()), (Some(0), public.to_string().as_str()));
    let (code, words) = audit(&verify, &[("--key", &key_file), ("--against", &kept)]);
    assert!(code == Some(0) && words.contains("under signed checkpoints"), "{words}");
    let (code, words) = audit(&verify, &[("--key", &other_key)]);
    assert!(code == Some(1) && words.contains("another key than this installation's"), "{words}");
    let (code, words) = audit(&verify, &[("--key", &kept)]);
    assert!(code == Some(1) && words.contains("holds no public key"), "{words}");
    let forged = std::fs::read_to_string(&kept).unwrap().replacen("\"number\":", "\"number\":1", 1);
    let (code, words) = audit(&verify, &[("--against", &folder.file("forged.jsonl", &forged))]);
    assert!(code == Some(1) && words.contains("not as it was signed"), "{words}");

    rewrite(&app, 2).await;
    app.database.superuser().await.execute("DELETE FROM dna_app.audit_checkpoints").await.unwrap();
    assert_eq!(audit(&verify, &[]).0, Some(0));
    let (code, words) = audit(&[&verify[..], &["--json"]].concat(), &[("--against", &kept)]);
    let answer: serde_json::Value = serde_json::from_str(words.lines().next().unwrap()).unwrap();
    assert!(code == Some(1) && answer["is_good"] == false && words.contains("the log was rewritten"), "{words}");
}

/// An export is signed whole, and a key that was kept outside vouches for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_signed() {
    let app = TestApp::start().await;
    let context = signing(&app);
    work(&app.admin().await).await;
    let admin = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    let folder = Folder::new("export");
    let key_file = folder.file("key.pub", &context.audit_key().unwrap().to_string());
    for text in [
        context.export_audit_log(&admin, muster_domain::ids::CustomerId(1)).await.unwrap(),
        context.export_firm_audit_log(&admin).await.unwrap(),
    ] {
        let (code, words) = audit(&["verify"], &[("--file", &folder.file("good.jsonl", &text)), ("--key", &key_file)]);
        assert!(code == Some(0) && words.contains("signed with the key that you gave"), "{words}");
        let (code, words) = audit(&["verify", "--json"], &[("--file", &folder.file("good.jsonl", &text))]);
        assert!(code == Some(0) && words.contains(&context.audit_key().unwrap().to_string()), "{words}");
        let renamed = text.replacen("\"customer_name\":\"", "\"customer_name\":\"X", 1);
        let (code, words) = audit(&["verify"], &[("--file", &folder.file("bad.jsonl", &renamed))]);
        assert!(code == Some(1) && words.contains("the header was changed"), "{words}");
    }
    let unsigned = app.context.export_firm_audit_log(&admin).await.unwrap();
    let (code, words) = audit(&["verify"], &[("--file", &folder.file("unsigned.jsonl", &unsigned))]);
    assert!(code == Some(0) && words.contains("no signed checkpoint"), "{words}");
    let (code, _) = audit(&["verify"], &[("--file", &folder.file("unsigned.jsonl", &unsigned)), ("--key", &key_file)]);
    assert_eq!(code, Some(1));
}

/// The service adds checkpoints and keys, and can do nothing else with them.
#[tokio::test]
async fn the_service_cannot_change_a_checkpoint() {
    let app = TestApp::start().await;
    let mut service = app.database.service().await;
    for statement in [
        "UPDATE dna_app.audit_checkpoints SET number = 1",
        "DELETE FROM dna_app.audit_checkpoints",
        "TRUNCATE dna_app.audit_checkpoints",
        "UPDATE dna_app.audit_keys SET added_at = now()",
        "DELETE FROM dna_app.audit_keys",
    ] {
        let error = service.execute(statement).await.unwrap_err().to_string();
        assert!(error.contains("permission denied"), "{statement}: {error}");
    }
}

/// Ten thousand entries in a real database, and every kind of tampering with them.
#[tokio::test]
async fn any_tampering_with_ten_thousand_entries_is_found() {
    let app = TestApp::start().await;
    let context = signing(&app);
    let admin = app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    for _ in 0..10 {
        let mut writer = app
            .store
            .writer(&admin, muster_domain::ids::CustomerId(1), muster_domain::access::Action::EditCustomer, context.now())
            .await
            .unwrap();
        for number in 0..1000 {
            let subject = muster_domain::audit::Subject { kind: "task".into(), id: number.to_string(), title: format!("Task {number}") };
            writer.note(muster_domain::audit::AuditNote::made("task.added", subject, serde_json::json!({ "number": number })));
        }
        writer.commit().await.unwrap();
    }
    context.make_checkpoints().await.unwrap();
    let is_found = || async { app.context.verify_audit_logs(&[], &[]).await.unwrap().iter().any(|report| report.tampering.is_some()) };
    assert!(!is_found().await);
    let mut superuser = app.database.superuser().await;
    superuser
        .execute("CREATE TABLE kept AS TABLE dna_app.customer_audit_log; CREATE TABLE kept_heads AS TABLE dna_app.customer_audit_heads")
        .await
        .unwrap();
    for statement in [
        "UPDATE dna_app.customer_audit_log SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) WHERE customer_id = 1 AND id = 7000",
        "UPDATE dna_app.customer_audit_log SET subject_title = 'X' WHERE customer_id = 1 AND id = 10000",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id = 5001",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id > 9000",
        "INSERT INTO dna_app.customer_audit_log SELECT customer_id, id + 5, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id,
             subject_title, before, after, previous_hash, hash FROM dna_app.customer_audit_log WHERE customer_id = 1 ORDER BY id DESC LIMIT 1",
        "UPDATE dna_app.customer_audit_log SET id = CASE id WHEN 5000 THEN 25001 ELSE 25000 END WHERE customer_id = 1 AND id IN (5000, 5001);
         UPDATE dna_app.customer_audit_log SET id = id - 20000 WHERE customer_id = 1 AND id > 25000 - 1",
        "DELETE FROM dna_app.customer_audit_log WHERE customer_id = 1 AND id > 9000;
         UPDATE dna_app.customer_audit_heads h SET number = l.id, hash = l.hash FROM dna_app.customer_audit_log l
         WHERE h.customer_id = 1 AND l.customer_id = 1 AND l.id = 9000",
    ] {
        superuser.execute(statement).await.unwrap();
        assert!(is_found().await, "{statement}");
        superuser
            .execute(
                "TRUNCATE dna_app.customer_audit_log, dna_app.customer_audit_heads;
                 INSERT INTO dna_app.customer_audit_log TABLE kept; INSERT INTO dna_app.customer_audit_heads TABLE kept_heads",
            )
            .await
            .unwrap();
    }
    assert!(!is_found().await);
}
