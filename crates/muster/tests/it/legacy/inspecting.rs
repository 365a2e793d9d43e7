//! `muster upgrade inspect`: what it says of databases where the truth is known.

use std::{collections::HashMap, process::Command};

use muster_domain::{legacy::PlacementRule, tasks::TaskScope};
use muster_service::legacy::{Inspection, inspect};
use serde_json::{Value, json};
use uuid::Uuid;

use super::older::{OlderDatabase, Written};

async fn inspected(older: &OlderDatabase) -> Inspection {
    inspect(&older.database.url()).await.unwrap()
}

/// A plan with two templates that share a question, documents, and a task of every writer.
async fn everyday(older: &mut OlderDatabase) -> (i32, Uuid, Uuid, Uuid) {
    let customer = older.customer("Acme Corp").await;
    let standard = older.standard("ISO 27001:2022").await;
    let patching = older.template("Patch Management", &[("s1", "Team"), ("s2", "Frequency"), ("s9", "Who is responsible?")]).await;
    let backup = older.template("Backup", &[("s1", "Tool"), ("s9", "Who is responsible?")]).await;
    let plan = older.plan(customer, standard, &[patching, backup]).await;
    (customer, plan, patching, backup)
}

#[tokio::test]
async fn every_writers_task_goes_where_it_belongs() {
    let mut older = OlderDatabase::create().await;
    let (customer, plan, patching, backup) = everyday(&mut older).await;
    let document = older.document(customer, plan, Some(patching)).await;
    older.task(Written::question(customer, plan, "s1", "Team")).await;
    older.task(Written::question(customer, plan, "s1", "Tool")).await;
    older
        .task(Written {
            task_type: "evidence_required",
            scope: "document",
            ..Written::question(customer, plan, "s2", "Provide Evidence: Frequency")
        })
        .await;
    older
        .task(Written {
            document: Some(document),
            scope: "document",
            task_type: "fillable_section",
            ..Written::question(customer, plan, "s1", "Complete: Team")
        })
        .await;
    older.task(Written { scope: "customer", ..Written::of_plan(customer, plan, "Send welcome email") }).await;
    older.task(Written { plan: None, ..Written::of_plan(customer, plan, "Loose") }).await;
    older.task(Written::of_plan(customer, plan, "Review scope")).await;
    let found = inspected(&older).await;
    let scopes = [TaskScope::Customer, TaskScope::Plan, TaskScope::Template, TaskScope::Document]
        .map(|scope| found.tasks.by_scope.get(&scope).copied());
    assert_eq!(scopes, [Some(2), Some(1), Some(3), Some(1)], "{found:?}");
    assert_eq!(found.tasks.by_template, [(patching, 2), (backup, 1)].into());
    assert!(found.ambiguous.is_empty() && found.contradictions.is_empty(), "{found:?}");
    assert_eq!(found.tasks.by_origin["question/answer_question"], 2);
    assert_eq!(found.shape.rows["dna_app.customer_tasks"], 7);
}

#[tokio::test]
async fn shared_questions_are_reported_with_both_templates() {
    let mut older = OlderDatabase::create().await;
    let (customer, plan, patching, backup) = everyday(&mut older).await;
    let shared = || Written::question(customer, plan, "s9", "Who is responsible?");
    let (first, second) = (older.task(shared()).await, older.task(shared()).await);
    let found = inspected(&older).await;
    let chosen: HashMap<Uuid, Option<Uuid>> = found.ambiguous.iter().map(|one| (one.task_id, one.chosen.template_id)).collect();
    assert_eq!(chosen, [(first, Some(patching)), (second, Some(backup))].into());
    older.task(shared()).await;
    let found = inspected(&older).await;
    assert_eq!(found.ambiguous.len(), 3);
    for task in &found.ambiguous {
        assert_eq!(task.chosen.task_scope, TaskScope::Plan);
        let templates: Vec<_> = task.candidates.iter().filter_map(|place| place.template_id).collect();
        assert!(templates.contains(&patching) && templates.contains(&backup));
    }
}

#[tokio::test]
async fn plans_of_all_templates_and_structures_of_both_forms() {
    let mut older = OlderDatabase::create().await;
    let customer = older.customer("Acme Corp").await;
    let standard = older.standard("ISO 9001:2015").await;
    let structure = json!({"document_title": "T", "fillable_sections": [{"id": "s1", "title": "Team"}]});
    let wrapped = older.template_of("Wrapped", &Value::String(structure.to_string())).await;
    let fields = older
        .template_of(
            "Fields",
            &json!({"template_name": "F", "fields": [{"name": "site", "label": "Which site?"}], "tagged_document": "{{site}}"}),
        )
        .await;
    let plan = older.plan(customer, standard, &[]).await;
    older.run(&format!("INSERT INTO dna_app.template_iso_mapping (template_id, iso_standard_id) VALUES ('{wrapped}', '{standard}')")).await;
    older.run(&format!("UPDATE dna_app.templates SET iso_standard = 'iso 9001:2015' WHERE id = '{fields}'")).await;
    older.task(Written::question(customer, plan, "s1", "Team")).await;
    older.task(Written::question(customer, plan, "site", "Which site?")).await;
    // A question that only an earlier version of a template asked.
    older
        .run(&format!(
            "INSERT INTO dna_app.template_versions (template_id, version_number, template_structure)
             VALUES ('{wrapped}', 1, '{{\"fillable_sections\": [{{\"id\": \"s7\", \"title\": \"Old\"}}]}}')"
        ))
        .await;
    older.task(Written::question(customer, plan, "s7", "Old")).await;
    let found = inspected(&older).await;
    assert_eq!(found.tasks.by_template, [(wrapped, 2), (fields, 1)].into());
    assert_eq!(found.tasks.by_rule, [(PlacementRule::Section, 3)].into());
}

#[tokio::test]
async fn contradictions_are_named_and_nothing_crosses_customers() {
    let mut older = OlderDatabase::create().await;
    let (_, plan, patching, _) = everyday(&mut older).await;
    let document = older.document(1, plan, Some(patching)).await;
    let stranger = older.customer("Other").await;
    let crossing = [
        older.task(Written::question(stranger, plan, "s1", "Team")).await,
        older.task(Written { plan: None, document: Some(document), ..Written::question(stranger, plan, "s1", "Team") }).await,
    ];
    older.run("UPDATE dna_app.customer_tasks SET status = 'odd', priority = 'critical'").await;
    older.run("INSERT INTO dna_app.customer_configuration (config_key) VALUES ('mail'), ('mail')").await;
    let found = inspected(&older).await;
    for task in crossing {
        let reasons: Vec<&str> = found.contradictions.iter().filter(|one| one.task_id == Some(task)).map(|one| one.why.as_str()).collect();
        assert!(reasons.iter().any(|why| why.contains("another customer")), "{reasons:?}");
        assert!(reasons.iter().any(|why| why.contains("`odd`")), "{reasons:?}");
    }
    assert_eq!(found.tasks.by_scope, [(TaskScope::Customer, 2)].into());
    assert_eq!(found.contradictions.iter().filter(|one| one.table == "dna_app.customer_configuration").count(), 2);
}

#[tokio::test]
async fn other_shapes_are_refused_and_what_is_unknown_is_named() {
    let mut older = OlderDatabase::create().await;
    older.run("CREATE TABLE dna_app.invoices (id integer); ALTER TABLE dna_app.customer_tasks ADD template_id uuid, ADD is_ignored boolean, ADD colour text").await;
    let found = inspected(&older).await;
    assert_eq!(found.untouched, ["column dna_app.customer_tasks.colour", "table dna_app.invoices"]);
    assert!(found.shape.variants.iter().any(|one| one == "tasks can be ignored"));
    assert_eq!(found.shape.views, ["dna_app.v_customer_iso_progress", "dna_app.v_customer_overall_progress"]);
    older.run("ALTER TABLE dna_app.customer_tasks DROP COLUMN section_id; DROP TABLE auth.users CASCADE").await;
    let refusal = inspect(&older.database.url()).await.unwrap_err().to_string();
    assert!(refusal.contains("column dna_app.customer_tasks.section_id") && refusal.contains("table auth.users"), "{refusal}");
    let ours = crate::cluster::TestDatabase::create().await;
    assert!(inspect(&ours.url()).await.unwrap_err().to_string().contains("already"));
}

#[tokio::test]
async fn the_program_prints_it() {
    let mut older = OlderDatabase::create().await;
    let (customer, plan, ..) = everyday(&mut older).await;
    older.task(Written::question(customer, plan, "s9", "Who is responsible?")).await;
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_muster"))
            .args(["upgrade", "inspect", "--database", &older.database.url()])
            .args(arguments)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, printed) = run(&["--json"]);
    let report: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(report["tasks"]["by_origin"], json!({"question/answer_question": 1}));
    assert_eq!(report["tasks"]["by_scope"], json!({"plan": 1}));
    assert_eq!(report["ambiguous"][0]["chosen"]["task_scope"], "plan");
    assert_eq!(report["ambiguous"][0]["candidates"].as_array().unwrap().len(), 3);
    let (code, printed) = run(&[]);
    assert_eq!(code, Some(0));
    assert!(printed.contains("Tasks for a person to look at") && printed.contains("“Who is responsible?”"), "{printed}");
}
