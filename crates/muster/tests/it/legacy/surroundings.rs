//! What differs from place to place: who runs the upgrade, where files lie, how the lesser tables look.

use muster_service::legacy::{MoveOptions, Phase, inspect, roll_back, run};
use sqlx::{AssertSqlSafe, Row as _};

use super::{
    equal,
    older::{OlderDatabase, Written},
    shapes::every_shape,
};
use crate::{
    app::{Client, TestApp},
    program::Folder,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_of_the_older_tables_will_do() {
    let mut older = OlderDatabase::create().await;
    every_shape(&mut older).await;
    let role = format!("test_owner_{}", std::process::id());
    let name: String =
        sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut older.database.superuser().await).await.unwrap();
    older
        .run(&format!(
            "CREATE ROLE {role} LOGIN CREATEROLE; GRANT CREATE ON DATABASE {name} TO {role};
             DO $$ DECLARE one record; BEGIN
                 FOR one IN SELECT c.oid::regclass AS place, c.relkind FROM pg_class c WHERE c.relnamespace IN ('auth'::regnamespace, 'dna_app'::regnamespace) AND c.relkind IN ('r', 'v') LOOP
                     EXECUTE format('ALTER TABLE %s OWNER TO {role}', one.place);
                 END LOOP;
             END $$;"
        ))
        .await;
    let url = older.database.url_as(&role);
    let refused = run(&url, &MoveOptions::default(), &mut |_| ()).await.unwrap_err().to_string();
    assert!(refused.contains("may not move the database over"), "{refused}");
    older.run(&format!("ALTER SCHEMA auth OWNER TO {role}; ALTER SCHEMA dna_app OWNER TO {role}")).await;
    assert_eq!(run(&url, &MoveOptions::default(), &mut |_| ()).await.unwrap().phase, Phase::CutOver);
    equal(&url).await;
    let back = roll_back(&url, false).await.unwrap();
    assert!(back.is_back, "{back:?}");
    let tasks: i64 =
        sqlx::query_scalar("SELECT count(*) FROM dna_app.customer_tasks").fetch_one(&mut older.database.superuser().await).await.unwrap();
    assert!(tasks > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_stay_where_they_are_and_are_given_out() {
    let mut older = OlderDatabase::create().await;
    older.run("INSERT INTO auth.users (email, password_hash, full_name, role) VALUES ('admin@firm.example', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e', 'Ada', 'admin')").await;
    let customer = older.customer("Acme").await;
    let task = older.task(Written { plan: None, ..Written::of_plan(customer, uuid::Uuid::nil(), "Show it") }).await;
    let folder = Folder::new("older-files");
    std::fs::create_dir_all(folder.0.join("acme")).unwrap();
    std::fs::write(folder.0.join("acme/log.txt"), "patched on Monday\n").unwrap();
    let outside = Folder::new("older-outside");
    std::fs::write(outside.0.join("secret.txt"), "not yours").unwrap();
    let files = serde_json::json!([
        { "filename": "log.txt", "storage_path": "acme/log.txt", "uploaded_at": "2025-01-02T10:00:00", "uploaded_by": 1 },
        { "filename": "gone.txt", "storage_path": "acme/gone.txt" },
        { "filename": "secret.txt", "path": outside.0.join("secret.txt") },
        { "filename": "passwd", "path": "../../../../etc/passwd" },
    ]);
    older.run(&format!("UPDATE dna_app.customer_tasks SET status = 'completed', evidence_files = '{files}'")).await;
    older.run(&format!("INSERT INTO dna_app.customer_storage_files (customer_id, task_id, file_name, storage_path, uploaded_at) VALUES ({customer}, '{task}', 'log.txt', '/acme/log.txt', '2025-01-02 10:00')")).await;
    let options = MoveOptions { files: Some(folder.0.clone()), time_zone: Some("Europe/Vienna".to_owned()), ..MoveOptions::default() };
    let moved = run(&older.database.url(), &options, &mut |_| ()).await.unwrap();
    let missing: Vec<_> = moved.remarks.iter().filter(|one| one.kind == "missing_file").collect();
    assert_eq!(missing.len(), 3, "{missing:?}");
    let rows = sqlx::query("SELECT id::text, filename, status, size, received_at = '2025-01-02 10:00 Europe/Vienna'::timestamptz FROM dna_app.customer_evidence")
        .fetch_all(&mut older.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    let (id, name, status, size, at): (String, String, String, i64, bool) =
        (rows[0].get(0), rows[0].get(1), rows[0].get(2), rows[0].get(3), rows[0].get(4));
    assert_eq!((name.as_str(), status.as_str(), size, at), ("log.txt", "accepted", 18, true));
    let app = TestApp::on(older.database.clone(), 4).await;
    let answer = app
        .anonymous()
        .post("/api/v1/session", serde_json::json!({ "email": "admin@firm.example", "password": "correct horse" }))
        .await
        .expect(201);
    let admin = Client { cookie: answer.header("set-cookie").split(';').next().map(ToOwned::to_owned), ..app.anonymous() };
    assert_eq!(admin.get(&format!("/api/v1/evidence/{id}/content")).await.expect(200).text, "patched on Monday\n");
    // One that was changed since is given to nobody.
    std::fs::write(folder.0.join("acme/log.txt"), "patched on Tuesday").unwrap();
    assert_ne!(admin.get(&format!("/api/v1/evidence/{id}/content")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn lesser_tables_may_look_otherwise_or_be_missing() {
    let mut older = OlderDatabase::create().await;
    every_shape(&mut older).await;
    older
        .run(
            "DROP TABLE auth.sessions, dna_app.task_templates, dna_app.customer_interview_sessions, dna_app.template_iso_mapping;
             CREATE TABLE auth.sessions (token text PRIMARY KEY, user_id integer);
             CREATE TABLE dna_app.template_iso_mapping (template_id uuid, iso_standard_id uuid, PRIMARY KEY (template_id, iso_standard_id));
             CREATE TABLE dna_app.customer_interview_sessions (customer_id integer, state text);
             INSERT INTO auth.sessions VALUES ('a', 1), ('b', 1); INSERT INTO dna_app.customer_interview_sessions VALUES (1, 'x'), (1, 'x');
             INSERT INTO dna_app.template_iso_mapping SELECT t.id, s.id FROM dna_app.templates t CROSS JOIN dna_app.iso_standards s;
             DELETE FROM dna_app.customer_tasks WHERE plan_id IS NULL; UPDATE dna_app.customer_iso_plans SET is_ignored = NULL",
        )
        .await;
    let found = inspect(&older.database.url()).await.unwrap();
    assert!(found.untouched.iter().any(|one| one.contains("customer_interview_sessions, because")), "{:?}", found.untouched);
    run(&older.database.url(), &MoveOptions::default(), &mut |_| ()).await.unwrap();
    equal(&older.database.url()).await;
    let count = async |statement: &str| -> i64 {
        sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_one(&mut older.database.superuser().await).await.unwrap().get(0)
    };
    assert_eq!(count("SELECT count(*) FROM muster_upgrade.original_rows WHERE table_name = 'sessions'").await, 2);
    assert_eq!(count("SELECT count(*) FROM dna_app.customer_interview_sessions").await, 2);
}
