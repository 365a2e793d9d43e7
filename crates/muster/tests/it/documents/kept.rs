//! What is kept stays as it was: the service cannot change it, and whoever can is noticed.

use serde_json::json;
use sqlx::Executor as _;

use super::Patching;
use crate::app::PASSWORD;

/// Runs a statement with the rights of the owner, past everything that the service keeps.
async fn tamper(it: &Patching, statement: &'static str) {
    it.app.database.superuser().await.execute(statement).await.unwrap();
}

async fn problems(it: &Patching) -> Vec<&'static str> {
    it.app.context.verify_documents().await.unwrap().1.into_iter().map(|found| found.problem).collect()
}

#[tokio::test]
async fn a_tampered_version_is_noticed_everywhere() {
    let it = Patching::approved().await;
    assert_eq!(problems(&it).await, Vec::<&str>::new());
    assert_eq!(it.app.context.verify_documents().await.unwrap().0, 1);
    tamper(&it, "UPDATE dna_app.customer_document_versions SET content = jsonb_set(content, '{body}', '\"Nothing is patched.\"')").await;
    let document = it.read().await;
    assert_eq!(document["integrity"], "tampered");
    assert_eq!(it.contributor.get(&format!("{}/versions/1", it.path)).await.json()["integrity"], "tampered");
    assert_eq!(problems(&it).await, ["its content is not what was handed in and approved"]);
    let id = document["id"].as_str().unwrap().parse().unwrap();
    let actor = it.app.store.firm_actor("admin@test.example").await.unwrap().unwrap();
    let taken = it.app.context.document_version_to_export(&actor, id, 1, None).await;
    assert!(matches!(taken, Err(muster_service::Error::Conflict(muster_service::Conflict::DocumentTampered))), "{taken:?}");
}

#[tokio::test]
async fn whatever_is_changed_shows() {
    let it = Patching::approved().await;
    for (change, back, problem) in [
        (
            "UPDATE dna_app.customer_documents SET content = jsonb_set(content, '{body}', '\"Nothing.\"'), updated_at = '2001-01-01'",
            "UPDATE dna_app.customer_documents d SET content = v.content FROM dna_app.customer_document_versions v WHERE v.document_id = d.id",
            "the document says something else than what was handed in",
        ),
        (
            "UPDATE dna_app.customer_document_versions SET document_name = document_name || '!'",
            "UPDATE dna_app.customer_document_versions SET document_name = rtrim(document_name, '!')",
            "its content is not what was handed in and approved",
        ),
        (
            "UPDATE dna_app.customer_document_versions SET branding = jsonb_set(branding, '{customer_name}', '\"Globex\"')",
            "UPDATE dna_app.customer_document_versions SET branding = jsonb_set(branding, '{customer_name}', '\"Acme\"')",
            "its content is not what was handed in and approved",
        ),
        (
            "UPDATE dna_app.customer_document_approvals SET content_sha256 = sha256('x') WHERE step = 'ciso'",
            "UPDATE dna_app.customer_document_approvals a SET content_sha256 = v.content_sha256 FROM dna_app.customer_document_versions v",
            "its content is not what was handed in and approved",
        ),
        (
            "UPDATE dna_app.customer_document_versions SET content = jsonb_build_object('title', 1, 'body', 2, 'answers', 3)",
            "UPDATE dna_app.customer_document_versions v SET content = d.content FROM dna_app.customer_documents d WHERE d.id = v.document_id",
            "it can no longer be read",
        ),
    ] {
        tamper(&it, change).await;
        assert_eq!(problems(&it).await, [problem], "{change}");
        tamper(&it, back).await;
        assert_eq!(problems(&it).await, Vec::<&str>::new(), "{back}");
    }
    // Approved without everybody, or with all hashes made to fit: the log knows better.
    tamper(&it, "DELETE FROM dna_app.customer_document_approvals WHERE step = 'ciso'").await;
    assert_eq!(it.read().await["integrity"], "tampered");
}

#[tokio::test]
async fn hashes_that_were_made_to_fit_are_not_in_the_log() {
    let it = Patching::approved().await;
    // Whoever knows the form of the bytes could compute new hashes; the log has the old one.
    for statement in ["UPDATE dna_app.customer_audit_log SET after = NULL WHERE action = 'document.approved'"] {
        tamper(&it, statement).await;
    }
    assert_eq!(problems(&it).await, ["the audit log has no approval of this content"]);
}

#[tokio::test]
async fn a_tampered_file_is_noticed_and_not_given_out() {
    let it = Patching::approved().await;
    let file = format!("{}/export?format=html", it.path);
    it.contributor.get(&file).await.expect(200);
    assert_eq!(problems(&it).await, Vec::<&str>::new());
    for statement in [
        "UPDATE dna_app.customer_document_exports SET bytes = bytes || 'x'",
        // A hash that was made to fit is not in the log.
        "UPDATE dna_app.customer_document_exports SET sha256 = sha256(bytes)",
    ] {
        tamper(&it, statement).await;
        assert_eq!(problems(&it).await, ["a file that was made of it is not the one that was kept"], "{statement}");
    }
    tamper(&it, "UPDATE dna_app.customer_document_exports SET bytes = substring(bytes FROM 1 FOR length(bytes) - 1)").await;
    it.contributor.get(&file).await.refused(409, "document-tampered");
    tamper(&it, "UPDATE dna_app.customer_document_exports SET sha256 = sha256(bytes)").await;
    it.contributor.get(&file).await.expect(200);
    assert_eq!(problems(&it).await, Vec::<&str>::new());
    tamper(&it, "UPDATE dna_app.customer_document_exports SET content_sha256 = sha256('x')").await;
    assert_eq!(problems(&it).await, ["a file that was made of it is not the one that was kept"]);
}

#[tokio::test]
async fn a_tampered_version_in_review_is_not_approved() {
    let it = Patching::reviewed().await;
    tamper(&it, "UPDATE dna_app.customer_document_versions SET note = note, content = jsonb_set(content, '{title}', '\"Other\"')").await;
    it.approver.post(&format!("{}/approve", it.path), json!({ "password": PASSWORD })).await.refused(409, "document-tampered");
    it.contributor.get(&it.path).await.expect(200);
    // It can still be sent back.
    it.approver.post(&format!("{}/reject", it.path), json!({ "reason": "Tampered with" })).await.expect(200);
}

#[tokio::test]
async fn the_service_cannot_change_what_is_kept() {
    let it = Patching::approved().await;
    let service: String = sqlx::query_scalar("SELECT rolname::text FROM pg_roles WHERE rolname LIKE '%\\_service' AND has_table_privilege(oid, 'dna_app.customer_documents', 'UPDATE') ORDER BY 1 LIMIT 1")
        .fetch_one(&mut it.app.database.superuser().await)
        .await
        .unwrap();
    for statement in [
        "UPDATE dna_app.customer_document_versions SET content = content",
        "UPDATE dna_app.customer_document_versions SET content_sha256 = content_sha256",
        "UPDATE dna_app.customer_document_versions SET steps = '[]'",
        "UPDATE dna_app.customer_document_versions SET branding = branding",
        "DELETE FROM dna_app.customer_document_versions",
        "UPDATE dna_app.customer_document_approvals SET user_name = 'Somebody else'",
        "DELETE FROM dna_app.customer_document_approvals",
    ] {
        let mut connection = it.app.database.superuser().await;
        connection.execute(sqlx::AssertSqlSafe(format!("SET ROLE \"{service}\""))).await.unwrap();
        connection.execute("SET app.customer = '1'").await.unwrap();
        let refused = connection.execute(statement).await.unwrap_err();
        assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"), "{statement}: {refused}");
    }
}
