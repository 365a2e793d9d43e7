//! A database with rows of every shape that the older program's writers made, with the truth of each
//! task beside it.

use std::collections::HashMap;

use muster_domain::{legacy::Destination, tasks::TaskScope};
use muster_service::legacy::Moved;
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use super::older::{OlderDatabase, Written};

/// Where each task belongs.
pub struct Truth {
    /// A customer with two plans.
    pub customer: i32,
    /// Tasks whose place is certain.
    pub certain: Vec<(Uuid, Destination)>,
    /// Tasks whose place cannot be told, with the right one.
    pub ambiguous: Vec<(Uuid, Destination)>,
}

/// Fills the database.
pub async fn every_shape(older: &mut OlderDatabase) -> Truth {
    older.run("ALTER TABLE dna_app.customer_tasks ADD is_ignored boolean, ADD ignored_at timestamp, ADD ignored_by integer, ADD ignore_reason text, ADD template_id uuid, ADD answer text, ADD answered_at timestamp, ADD colour text;
               ALTER TABLE dna_app.customer_iso_plan_templates ADD is_ignored boolean DEFAULT false, ADD ignored_at timestamp, ADD ignored_by integer, ADD ignore_reason text;
               CREATE TABLE dna_app.invoices (id integer PRIMARY KEY, customer_id integer REFERENCES dna_app.customers (id)); INSERT INTO dna_app.invoices VALUES (1)").await;
    older.run("INSERT INTO auth.users (id, email, password_hash, full_name, role) VALUES (90, 'worker@firm.example', 'x', 'Worker', 'viewer'); SELECT setval('auth.users_id_seq', 100)").await;
    let (customer, other) = (older.customer("Acme Corp").await, older.customer("Other").await);
    let (iso, quality) = (older.standard("ISO 27001:2022").await, older.standard("ISO 9001:2015").await);
    let patching = older.template("Patch Management", &[("s1", "Team"), ("s2", "Frequency"), ("s9", "Who is responsible?")]).await;
    let backup = older.template("Backup", &[("s1", "Tool"), ("s2", "Frequency of backups"), ("s9", "Who is responsible?")]).await;
    let text = json!({"document_title": "T", "fillable_sections": [{"id": "s1", "title": "Scope"}]}).to_string();
    let wrapped = older.template_of("Wrapped", &Value::String(text)).await;
    let fields = older
        .template_of(
            "Fields",
            &json!({"template_name": "F", "fields": [{"name": "site", "label": "Which site?"}], "tagged_document": "At {{site}}."}),
        )
        .await;
    let plan = older.plan(customer, iso, &[patching, backup]).await;
    let whole = older.plan(customer, quality, &[]).await;
    let foreign = older.plan(other, iso, &[patching]).await;
    older.run(&format!("INSERT INTO dna_app.template_iso_mapping (template_id, iso_standard_id) VALUES ('{wrapped}', '{quality}'), ('{fields}', '{quality}')")).await;
    let document = older.document(customer, plan, Some(patching)).await;
    let bare = older.document(customer, plan, None).await;
    let (mut certain, mut ambiguous) = (Vec::new(), Vec::new());
    let template = |template| Destination::template(plan, template);

    // Questions: ids repeat between templates, titles tell them apart.
    for (section, title, of) in
        [("s1", "Team", patching), ("s1", "Tool", backup), ("s2", "Frequency", patching), ("s2", "Frequency of backups", backup)]
    {
        certain.push((older.task(Written::question(customer, plan, section, title)).await, template(of)));
        let evidence = Written { task_type: "evidence_required", scope: "document", ..Written::question(customer, plan, section, title) };
        certain.push((older.task(evidence).await, template(of)));
    }
    // Shared between templates: one row for each, and one alone.
    for of in [patching, backup] {
        ambiguous.push((older.task(Written::question(customer, plan, "s9", "Who is responsible?")).await, template(of)));
    }
    let alone = Written { task_type: "upload_evidence", ..Written::question(customer, plan, "s9", "Who is responsible?") };
    ambiguous.push((older.task(alone).await, template(backup)));
    // A plan with all templates and no assignment.
    certain.push((older.task(Written::question(customer, whole, "s1", "Scope")).await, Destination::template(whole, wrapped)));
    certain.push((older.task(Written::question(customer, whole, "site", "Which site?")).await, Destination::template(whole, fields)));
    // Documents, with and without a plan id, and one that has no template.
    let of_document = Written {
        document: Some(document),
        scope: "document",
        task_type: "fillable_section",
        ..Written::question(customer, plan, "s1", "Complete: Team")
    };
    certain.push((older.task(of_document).await, Destination::document(plan, patching, document)));
    certain.push((older.task(Written { plan: None, ..of_document }).await, Destination::document(plan, patching, document)));
    let of_bare = older.task(Written { document: Some(bare), ..of_document }).await;
    // The customer's, with and without a plan id; the plan's; by hand.
    certain.push((
        older.task(Written { scope: "customer", ..Written::of_plan(customer, plan, "Send welcome email") }).await,
        Destination::CUSTOMER,
    ));
    certain.push((older.task(Written { plan: None, ..Written::of_plan(customer, plan, "Loose") }).await, Destination::CUSTOMER));
    certain.push((older.task(Written::of_plan(customer, plan, "Review scope")).await, Destination::plan(plan)));
    certain.push((
        older.task(Written { scope: "manual", task_type: "schedule_meeting", ..Written::of_plan(customer, plan, "Meet") }).await,
        Destination::plan(plan),
    ));
    // What no template has.
    ambiguous.push((older.task(Written::question(customer, plan, "s77", "Gone")).await, Destination::plan(plan)));
    // Another customer's plan.
    ambiguous.push((older.task(Written::question(customer, foreign, "s1", "Team")).await, Destination::CUSTOMER));

    older.run("UPDATE dna_app.customer_tasks SET template_id = (SELECT id FROM dna_app.templates ORDER BY id LIMIT 1) WHERE plan_id IS NOT NULL;
               UPDATE dna_app.customer_tasks SET status = 'answered', answer = 'IT Operations', answered_at = '2025-03-01 09:30', assigned_to = 90 WHERE title = 'Team';
               UPDATE dna_app.customer_tasks SET priority = 'critical', status = 'odd', due_date = '2025-06-30', notes = 'Ask Jo', completed_at = now() WHERE title = 'Review scope';
               UPDATE dna_app.customer_tasks SET is_ignored = true, status = NULL, priority = NULL WHERE title = 'Meet';
               UPDATE dna_app.customer_tasks SET evidence_files = '[{\"filename\": \"log.txt\", \"storage_path\": \"acme/log.txt\"}]', evidence_uploaded = true WHERE title = 'Loose';
               INSERT INTO dna_app.task_resolutions (task_id, answer, resolved_by, resolved_at) SELECT id, 'Veeam', 90, '2025-02-01' FROM dna_app.customer_tasks WHERE title = 'Tool' AND task_type = 'answer_question';
               INSERT INTO dna_app.customer_configuration (config_key) VALUES ('mail'), ('mail')").await;
    older.run(&format!("UPDATE dna_app.customer_documents SET status = 'approved', content = '{{\"s1\": \"IT\", \"remark\": \"# <b>\"}}', approved_by = 90, approved_at = '2025-05-01 10:00', document_version = 2 WHERE id = '{document}';
               INSERT INTO dna_app.customer_document_history (document_id, version, content, change_summary, changed_by) VALUES ('{document}', 1, '{{\"s1\": \"HR\"}}', 'First', 90);
               UPDATE dna_app.customer_iso_plan_templates SET included = false WHERE template_id = '{backup}'")).await;
    // It stands under a template of its own kind, whose id is not known here.
    let _ = of_bare;
    Truth { customer, certain, ambiguous }
}

/// Whether the database and the report say the truth.
pub async fn told(older: &OlderDatabase, truth: &Truth, moved: &Moved) {
    let mut connection = older.database.superuser().await;
    let rows = sqlx::query("SELECT id, task_scope, plan_id, template_id, document_id FROM dna_app.customer_tasks")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let places: HashMap<Uuid, Destination> = rows
        .iter()
        .map(|row| {
            let task_scope: TaskScope = row.get::<&str, _>(1).parse().unwrap();
            (row.get(0), Destination { task_scope, plan_id: row.get(2), template_id: row.get(3), document_id: row.get(4) })
        })
        .collect();
    let reported: Vec<Uuid> =
        moved.ambiguous.iter().map(|one| one.task_id).chain(moved.contradictions.iter().filter_map(|one| one.task_id)).collect();
    for (task, place) in &truth.certain {
        assert_eq!(places[task], *place, "{task}");
        assert!(!reported.contains(task), "{task} is certain");
    }
    for (task, place) in &truth.ambiguous {
        assert!(reported.contains(task), "{task} is reported");
        let candidates = moved.ambiguous.iter().find(|one| one.task_id == *task).map(|one| &one.candidates);
        assert!(candidates.is_none_or(|candidates| candidates.contains(place)), "{task}: {candidates:?}");
    }
    let text = async |statement: &'static str| -> Vec<String> {
        sqlx::query_scalar(statement).fetch_all(&mut older.database.superuser().await).await.unwrap()
    };
    assert_eq!(
        text("SELECT question_key || '=' || (value #>> '{}') || ' by ' || answered_by FROM dna_app.customer_answers ORDER BY 1").await,
        ["s1=IT Operations by 90", "s1=Veeam by 90"]
    );
    assert_eq!(
        text("SELECT concat_ws(' ', status, priority, due_date, notes) FROM dna_app.customer_tasks WHERE title = 'Review scope'").await,
        ["pending urgent 2025-06-30 Ask Jo"]
    );
    assert_eq!(
        text("SELECT concat_ws(' ', status, priority, is_ignored) FROM dna_app.customer_tasks WHERE title = 'Meet'").await,
        ["pending medium t"]
    );
    assert_eq!(
        text("SELECT concat_ws(' ', number, round, status, note) FROM dna_app.customer_document_versions ORDER BY number").await,
        ["1 1 draft First", "2 1 approved"]
    );
    assert_eq!(text("SELECT concat_ws(' ', status, document_version, content -> 'answers' -> 's1' ->> 'words') FROM dna_app.customer_documents WHERE status = 'approved'").await, ["approved 2 IT"]);
    assert_eq!(
        text("SELECT action || ' ' || actor_name FROM dna_app.customer_audit_log ORDER BY id").await,
        ["task.answered_before Worker"; 4].into_iter().chain(["document.approved Worker"]).collect::<Vec<_>>()
    );
    assert!(moved.remarks.iter().any(|one| one.kind == "file_not_looked_for"), "{:?}", moved.remarks);
    assert!(moved.remarks.iter().any(|one| one.kind == "document_without_template"), "{:?}", moved.remarks);
    assert_eq!(
        text(
            "SELECT original ->> 'colour' FROM muster_upgrade.original_rows WHERE original ? 'colour' AND original ->> 'colour' IS NOT NULL"
        )
        .await,
        Vec::<String>::new()
    );
    assert_eq!(text("SELECT id::text FROM dna_app.invoices").await, ["1"]);
}
