//! Templates of the older program.

use serde_json::{Value, json};

use crate::app::{Client, TestApp};

async fn import(admin: &Client, body: Value) -> Value {
    admin.post("/api/v1/templates/import", body).await.expect(201).json()
}

fn question<'a>(template: &'a Value, key: &str) -> &'a Value {
    let questions = template["draft"]["questions"].as_array().unwrap();
    questions.iter().find(|question| question["key"] == key).unwrap_or_else(|| panic!("{key} in {template}"))
}

fn sections() -> Value {
    json!({
        "document_title": "ISMS 20 Patch Management",
        "fixed_sections": [
            { "id": "s1", "title": "Purpose", "content": "It holds for [Company Name].\nAlways.", "section_type": "text" },
            { "id": "s2", "title": "Rules", "content": "As follows." }
        ],
        "fillable_sections": [
            { "id": "Org Name!", "title": "What is org name?", "type": "field", "placeholder": "[Company Name]", "is_mandatory": true, "semantic_tags": ["organization"] },
            { "id": "systems", "title": "Systems", "type": "table", "section_id": "s2", "current_content": "| System | Owner |\n|---|---|\n| A | B |", "is_mandatory": false },
            { "id": "systems", "title": "Other systems", "type": "list", "requires_evidence": true, "evidence_description": "A list" },
            { "id": "how", "title": "How often?", "type": "select", "options": ["weekly", "monthly"] },
            { "id": "proof", "title": "Proof", "type": "image" },
            { "id": "when", "title": "When?", "type": "date", "format": "YYYY-MM-DD" },
            { "id": "x", "title": "X?", "type": "hologram" }
        ],
        "metadata": { "source": "upload" }
    })
}

#[tokio::test]
async fn the_shape_with_sections() {
    let app = TestApp::start().await;
    let template = import(&app.admin().await, sections()).await;
    assert_eq!((&template["name"], &template["status"]), (&json!("ISMS 20 Patch Management"), &json!("draft")));
    let org = question(&template, "org_name");
    assert_eq!(
        (&org["label"], &org["kind"], &org["required"], &org["section"]),
        (&json!("What is org name?"), &json!("text"), &json!(true), &json!("Purpose"))
    );
    let systems = question(&template, "systems");
    assert_eq!(
        (&systems["kind"], &systems["required"], &systems["columns"][1]["label"]),
        (&json!("table"), &json!(false), &json!("Owner"))
    );
    let other = question(&template, "systems_2");
    assert_eq!(
        (&other["kind"], &other["requires_evidence"], &other["evidence_description"]),
        (&json!("long_text"), &json!(true), &json!("A list"))
    );
    assert_eq!(question(&template, "how")["options"].as_array().unwrap().len(), 2);
    assert_eq!((&question(&template, "proof")["kind"], &question(&template, "when")["kind"]), (&json!("file"), &json!("date")));
    let body = template["draft"]["body"].as_str().unwrap();
    assert!(body.starts_with("## Purpose\n\nIt holds for {{org_name}}.\nAlways.\n\n## Rules\n\nAs follows.\n\n### Systems\n\n{{systems}}\n\n## Other systems\n\n{{systems_2}}"), "{body}");
    assert_eq!(template["problems"], json!([]), "{template}");
    let notices = template["notices"].to_string();
    for part in ["`Org Name!` and has the key `org_name`", "hologram", "at its end: “Other systems”", "one entry in each line"] {
        assert!(notices.contains(part), "{part} in {notices}");
    }
}

#[tokio::test]
async fn the_shape_with_tags_and_either_wrapped() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let fields = json!({
        "template_name": "Backup policy",
        "document_type": "policy",
        "tagged_document": "# Backup\n\nDone by {{ Backup Owner }} every {{interval}}. {{extra}} {{/if}}",
        "fields": [
            { "name": "Backup Owner", "type": "text", "required": true, "description": "Who does it", "example": "IT", "section": "Roles" },
            { "name": "interval", "type": "number", "required": "no" },
            { "name": "unused", "type": "textarea" }
        ]
    });
    let template = import(&admin, fields.clone()).await;
    assert_eq!(template["draft"]["body"], "# Backup\n\nDone by {{backup_owner}} every {{interval}}. {{extra}} {{/if}}\n");
    let owner = question(&template, "backup_owner");
    assert_eq!(
        (&owner["label"], &owner["help"], &owner["example"], &owner["section"]),
        (&json!("Backup Owner"), &json!("Who does it"), &json!("IT"), &json!("Roles"))
    );
    assert_eq!((&question(&template, "interval")["kind"], &question(&template, "interval")["required"]), (&json!("number"), &json!(false)));
    assert_eq!(question(&template, "extra")["kind"], "text");
    assert_eq!(template["problems"].as_array().unwrap().len(), 1, "what appears nowhere is named: {template}");
    // As a text inside JSON, and inside the row of a table.
    let wrapped = import(&admin, json!(fields.to_string())).await;
    assert_eq!(wrapped["draft"], template["draft"]);
    let row = json!({ "name": "Of the row", "iso_standard": "ISO 27001:2022", "template_structure": fields.to_string() });
    let of_row = import(&admin, row).await;
    assert_eq!(
        (&of_row["name"], &of_row["iso_codes"], &of_row["draft"]["body"]),
        (&json!("Of the row"), &json!(["ISO 27001:2022"]), &template["draft"]["body"])
    );
}

#[tokio::test]
async fn what_is_no_such_template() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let path = "/api/v1/templates/import";
    for body in [json!([]), json!(7), json!("no json"), json!({}), json!({ "fields": 3 }), json!({ "fillable_sections": ["a"] })] {
        let problem = admin.post(path, body).await.refused(422, "invalid-fields");
        assert_eq!(problem["errors"][0]["code"], "legacy-json", "{problem}");
    }
    admin.post(path, json!({ "fields": [] , "tagged_document": "x" })).await.refused(422, "invalid-fields");
    let many: Vec<Value> = (0..600).map(|_| json!({ "name": "same", "type": "text" })).collect();
    admin.post(path, json!({ "template_name": "T", "fields": many })).await.refused(422, "invalid-fields");
    // What no column holds is taken out, not stored and not an error of ours.
    let odd = json!({ "template_name": "T\u{0}", "tagged_document": "{{a}}", "fields": [{ "name": "a", "type": "select", "options": ["x\u{0}y", { "value": "x y", "label": "\u{7}" }] }] });
    let template = import(&admin, odd).await;
    assert_eq!(question(&template, "a")["options"], json!([{ "value": "x y", "label": "x y" }]));
}
