//! What people decide of tasks whose place could not be told: before the cutover, and on the page.

use muster_service::legacy::{MoveOptions, run};
use serde_json::json;
use sqlx::Row as _;

use super::{
    equal,
    older::{OlderDatabase, Written},
    running::{BCRYPT, count, moved},
};
use crate::{
    app::{Client, TestApp},
    program::{Folder, muster},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_decides_before_the_cutover_is_followed() {
    let mut older = OlderDatabase::create().await;
    let (customer, standard) = (older.customer("Acme").await, older.standard("ISO 27001:2022").await);
    let templates = [older.template("A", &[("s", "Who?")]).await, older.template("B", &[("s", "Who?")]).await];
    let plan = older.plan(customer, standard, &templates).await;
    let task = older.task(Written::question(customer, plan, "s", "Who?")).await;
    let url = older.database.url();
    let options = MoveOptions { prepare_only: true, ..MoveOptions::default() };
    let prepared = run(&url, &options, &mut |_| ()).await.unwrap();
    assert_eq!((prepared.ambiguous.len(), prepared.ambiguous[0].candidates.len()), (1, 3));
    let folder = Folder::new("decisions");
    let file = folder.0.join("decisions.json");
    // A place that is none of the candidates, such as another customer's plan, is not taken.
    let decide = async |place: &serde_json::Value| {
        std::fs::write(&file, json!([{ "task_id": task, "decision": place }]).to_string()).unwrap();
        let output = muster(&["upgrade", "decide", "--database", &url, "--file", file.to_str().unwrap()]).output().await.unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let foreign = json!({ "task_scope": "plan", "plan_id": uuid::Uuid::from_u128(7), "template_id": null, "document_id": null });
    let (_, said) = decide(&foreign).await;
    assert!(said.starts_with("0 decisions") && said.contains(&task.to_string()), "{said}");
    let decision = prepared.ambiguous[0].candidates.iter().find(|place| place.template_id == Some(templates[1])).unwrap();
    let (_, said) = decide(&json!(decision)).await;
    assert!(said.starts_with("1 decisions"), "{said}");
    moved(&older).await;
    let place: uuid::Uuid = sqlx::query("SELECT template_id FROM dna_app.customer_tasks")
        .fetch_one(&mut older.database.superuser().await)
        .await
        .unwrap()
        .get(0);
    assert_eq!(place, templates[1]);
    // From now on the page decides: it moves the task as well.
    assert!(!decide(&json!(decision)).await.0);
    equal(&url).await;
}

/// Two people at the page at the same time: neither loses what they decided, though the list of the
/// other has moved on; of the same task the later word counts, and both are noted.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_decide_beside_each_other() {
    let mut older = OlderDatabase::create().await;
    older.run(&format!("INSERT INTO auth.users (email, password_hash, full_name, role) VALUES ('ada@firm.example', '{BCRYPT}', 'Ada', 'admin'), ('bo@firm.example', '{BCRYPT}', 'Bo', 'admin')")).await;
    let customer = older.customer("Acme").await;
    let templates = [older.template("A", &[("s", "Who?")]).await, older.template("B", &[("s", "Who?")]).await];
    let mut tasks = Vec::new();
    for code in ["ISO 9001:2015", "ISO 27001:2022"] {
        let standard = older.standard(code).await;
        let plan = older.plan(customer, standard, &templates).await;
        tasks.push(older.task(Written::question(customer, plan, "s", "Who?")).await);
    }
    let moved = moved(&older).await;
    let number = |task: uuid::Uuid, template: usize| {
        let candidates = &moved.ambiguous.iter().find(|one| one.task_id == task).unwrap().candidates;
        candidates.iter().position(|place| place.template_id == Some(templates[template])).unwrap().to_string()
    };
    let app = TestApp::on(older.database.clone(), 8).await;
    let mut people = Vec::new();
    for name in ["ada@firm.example", "bo@firm.example"] {
        let answer = app.anonymous().post("/api/v1/session", json!({ "email": name, "password": "correct horse" })).await.expect(201);
        let cookie = answer.header("set-cookie").split(';').next().map(ToOwned::to_owned);
        people.push(Client { cookie, ..app.anonymous() });
    }
    let page = "/firm/older-database";
    for person in &people {
        assert!(person.get(page).await.expect(200).text.contains(&format!("place-{}", tasks[0])));
    }
    people[0].form(page, &[(&format!("place-{}", tasks[0]), &number(tasks[0], 0))]).await.expect(303);
    let both = [(format!("place-{}", tasks[0]), number(tasks[0], 1)), (format!("place-{}", tasks[1]), number(tasks[1], 1))];
    let both: Vec<(&str, &str)> = both.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    people[1].form(page, &both).await.expect(303);
    let placed = format!("SELECT count(*) FROM dna_app.customer_tasks WHERE template_id = '{}'", templates[1]);
    assert_eq!(count(&older, &placed).await, 2);
    let noted = format!("SELECT count(*) FROM dna_app.customer_audit_log WHERE customer_id = {customer} AND action = 'task.placed'");
    assert_eq!(count(&older, &noted).await, 3);
    // The same form once more changes nothing.
    people[1].form(page, &both).await.expect(303);
    assert_eq!(count(&older, &noted).await, 3);
    equal(&older.database.url()).await;
}
