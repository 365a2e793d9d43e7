//! Customers, people and tasks from spreadsheets.

mod crashes;
mod pages;

use muster_sheet::{Column, Output, Value as Cell};
use serde_json::{Value, json};

use crate::app::{Client, TestApp};

/// Uploads a file and gives the draft with its preview.
pub(super) async fn draft(client: &Client, holds: &str, file: (&str, &[u8])) -> Value {
    let made = client.upload(&format!("/api/v1/imports?holds={holds}"), &[], file).await.expect(201).json();
    client.get(&format!("/api/v1/imports/{}", made["id"].as_str().unwrap())).await.expect(200).json()
}

/// Runs a draft as it is, and gives what came of it.
pub(super) async fn run(client: &Client, draft: &Value) -> Value {
    let path = format!("/api/v1/imports/{}/run", draft["id"].as_str().unwrap());
    let version = format!("\"{}\"", draft["version"]);
    client.with("POST", &path, &[("if-match", &version)], json!({})).await.expect(200).json()
}

pub(super) async fn undo(client: &Client, import: &Value) -> Value {
    client.post(&format!("/api/v1/imports/{}/undo", import["id"].as_str().unwrap()), json!({})).await.expect(200).json()
}

/// Changes how a draft is read.
async fn set(client: &Client, draft: &Value, change: Value) -> Value {
    let path = format!("/api/v1/imports/{}/settings", draft["id"].as_str().unwrap());
    client.with("PUT", &path, &[("if-match", &format!("\"{}\"", draft["version"]))], change).await.expect(200).json()
}

fn outcomes(draft: &Value) -> Vec<&str> {
    draft["preview"]["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect()
}

pub(super) async fn titles(client: &Client, customer: i32, words: &str) -> Vec<String> {
    let list = client.get(&format!("/api/v1/customers/{customer}/tasks?limit=200&sort=title&q={words}")).await.expect(200).json();
    let titles = list["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned());
    // The words may stand within others: "important".
    titles.filter(|title| title.starts_with(words)).collect()
}

/// Everything of a customer that an import could touch.
async fn state(admin: &Client) -> String {
    let mut all = String::new();
    for path in ["customers/1/workspace", "customers/2/workspace", "customers/1/members", "customers", "customers/1/audit"] {
        all.push_str(&admin.get(&format!("/api/v1/{path}?limit=200")).await.expect(200).text);
    }
    all
}

#[tokio::test]
async fn tasks_come_to_their_places_and_go_again_unless_somebody_worked_on_them() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    // As Excel writes it where the comma is the decimal sign: semicolons, Windows-1252, day first.
    let text = "Kunde;Norm;Vorlage;Aufgabe;F\u{e4}llig am;Zust\u{e4}ndig;Nachweis;Priorit\u{e4}t\r\n\
        Acme;;;Import: Gespr\u{e4}ch;17.3.2026;consultant@test.example;;high\r\n\
        acme;ISO 27001;;Import: Plan;31.12.2026;;ja;\r\n\
        Globex;;;Import: Globex;;;;\r\n\
        Acme;iso 27001:2022;patch management;Import: Vorlage;;;;\r\n";
    let bytes: Vec<u8> = text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect();
    let draft = draft(&admin, "tasks", ("aufgaben.csv", &bytes)).await;
    let settings = &draft["settings"];
    assert_eq!(
        (&settings["encoding"], &settings["separator"], &settings["date_order"]),
        (&json!("windows-1252"), &json!("semicolon"), &json!("day_first"))
    );
    assert_eq!((&draft["preview"]["is_clean"], outcomes(&draft)), (&json!(true), vec!["made"; 4]), "{draft}");
    assert!(titles(&admin, 1, "Import").await.is_empty());
    let done = run(&admin, &draft).await;
    assert_eq!((&done["state"], done["items"].as_array().unwrap().len()), (&json!("done"), 4), "{done}");
    assert_eq!(titles(&admin, 1, "Import").await, ["Import: Gespräch", "Import: Plan", "Import: Vorlage"]);
    let list = admin.get("/api/v1/customers/1/tasks?q=Import%3A&sort=title").await.json();
    let task = |at: usize| &list["items"][at];
    assert_eq!(
        (&task(0)["due_date"], &task(0)["assigned_to_name"], &task(0)["priority"]),
        (&json!("2026-03-17"), &json!("consultant"), &json!("high"))
    );
    assert_eq!((&task(1)["plan_id"], &task(1)["requires_evidence"]), (&plan["id"], &json!(true)));
    assert!(task(2)["template_id"].is_string());
    // Each is in the log as if it had been added by hand, and the import itself.
    let log = admin.get("/api/v1/customers/1/audit?limit=5").await.json();
    let actions: Vec<&str> = log["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions[..4], ["import.made", "task.added", "task.added", "task.added"]);

    let worked_on = task(1)["id"].as_str().unwrap();
    app.as_person("contributor").await.post(&format!("/api/v1/tasks/{worked_on}/start"), json!({})).await.expect(200);
    let back = undo(&admin, &done).await;
    assert_eq!(back["state"], "undone");
    let states: Vec<(i64, &str)> =
        back["items"].as_array().unwrap().iter().map(|item| (item["line"].as_i64().unwrap(), item["state"].as_str().unwrap())).collect();
    assert_eq!(states, [(2, "taken_back"), (3, "kept"), (4, "taken_back"), (5, "taken_back")]);
    assert_eq!(back["items"][1]["kept_because"], "worked_on");
    assert_eq!(titles(&admin, 1, "Import").await, ["Import: Plan"]);
    assert!(titles(&admin, 2, "Import").await.is_empty());
    // What was taken back can be restored, and taking back again changes nothing.
    admin.post(&format!("/api/v1/tasks/{}/restore", back["items"][0]["task_id"].as_str().unwrap()), json!({})).await.expect(200);
    undo(&admin, &done).await;
    assert_eq!(titles(&admin, 1, "Import").await.len(), 2);
}

#[tokio::test]
async fn one_refused_cell_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let before = state(&admin).await;
    let file = "Customer,Title,Due date,Plan,Assigned to,Priority\n\
        Acme,Good,2026-04-01,,,\n\
        Acme,,2026-02-30,,,\n\
        Nobody,Lost,,,,\n\
        Acme,Planned,,ISO 9001,nobody@test.example,huge\n";
    let draft = draft(&admin, "tasks", ("t.csv", file.as_bytes())).await;
    assert_eq!(outcomes(&draft), ["made", "refused", "refused", "refused"]);
    let refused = |at: usize| {
        let all = draft["preview"]["rows"][at]["refusals"].as_array().unwrap();
        all.iter().map(|one| format!("{} {}", one["field"].as_str().unwrap(), one["code"].as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(refused(1), ["title blank", "due_date malformed"]);
    assert_eq!(refused(2), ["customer unknown-reference"]);
    assert_eq!(refused(3), ["priority not-an-option", "plan unknown-reference", "assignee unknown-reference"]);
    let path = format!("/api/v1/imports/{}/run", draft["id"].as_str().unwrap());
    admin.with("POST", &path, &[("if-match", "\"1\"")], json!({})).await.refused(409, "import-refused");
    admin.with("POST", &path, &[], json!({})).await.refused(428, "version-required");
    admin.with("POST", &path, &[("if-match", "\"9\"")], json!({})).await.refused(412, "stale");
    admin.post(&format!("/api/v1/imports/{}/undo", draft["id"].as_str().unwrap()), json!({})).await.refused(409, "import-not-done");
    assert_eq!(state(&admin).await, before);
}

#[tokio::test]
async fn customers_come_with_their_tasks_and_are_put_away_again() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let columns = ["Company", "E-Mail", "Time zone"].map(|header| Column { header: header.into(), width: 20 });
    let row = |name: &str, email: &str| {
        vec![Cell::Text(name.into()), Cell::text((!email.is_empty()).then_some(email)), Cell::Text("Europe/Oslo".into())]
    };
    let rows = vec![row("Fjordlight", "post@fjordlight.example"), row("  ACME ", ""), row("Kestrel", ""), row("kestrel", "")];
    let workbook = Output { name: "Kunden".into(), columns: columns.into(), rows }.to_workbook().unwrap();
    let draft = draft(&admin, "customers", ("kunden.xlsx", &workbook)).await;
    assert_eq!((&draft["preview"]["sheets"], outcomes(&draft)), (&json!(["Kunden"]), vec!["made", "skipped", "made", "skipped"]));
    assert_eq!((&draft["preview"]["rows"][1]["repeats_line"], &draft["preview"]["rows"][3]["repeats_line"]), (&json!(null), &json!(4)));
    let done = run(&admin, &draft).await;
    assert_eq!((&done["state"], &done["rows"]), (&json!("done"), &json!(2)));
    let (first, second) = (done["items"][0]["customer_id"].as_i64().unwrap(), done["items"][1]["customer_id"].as_i64().unwrap());
    let made = admin.get(&format!("/api/v1/customers/{first}")).await.expect(200).json();
    assert_eq!(
        (&made["name"], &made["email"], &made["time_zone"]),
        (&json!("Fjordlight"), &json!("post@fjordlight.example"), &json!("Europe/Oslo"))
    );
    // The rules have made their tasks, as for a customer that is added by hand.
    let tasks = admin.get(&format!("/api/v1/customers/{first}/tasks")).await.json();
    assert_eq!(tasks["total"], 2);
    let second_task = admin.get(&format!("/api/v1/customers/{second}/tasks")).await.json()["items"][1]["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{second_task}/complete"), json!({})).await.expect(200);
    let back = undo(&admin, &done).await;
    assert_eq!((&back["items"][0]["state"], &back["items"][1]["kept_because"]), (&json!("taken_back"), &json!("has_work")), "{back}");
    let names = admin.get("/api/v1/customers").await.json();
    let names: Vec<&str> = names["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Acme", "Globex", "Kestrel"]);
    // Brought in once more by mistake, only what is missing would be made, unless it is asked for.
    let again = self::draft(&admin, "customers", ("kunden.xlsx", &workbook)).await;
    assert_eq!(outcomes(&again), ["made", "skipped", "skipped", "skipped"]);
    let again = set(&admin, &again, json!({ "skip_duplicates": false })).await;
    assert_eq!(outcomes(&again), ["made", "made_again", "made_again", "made_again"]);
}

#[tokio::test]
async fn people_are_invited_with_the_roles_that_one_may_give() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let file = "Name\tMail\tRole\tAccess until\tApproval steps\n\
        Ada\tada@acme.example\tapprover, contributor\t\tciso\n\
        Con\tconsultant@test.example\tconsultant\t\t\n\
        Con\tcontributor@test.example\tcontributor\t\t\n\
        Bob\tbob@acme.example\tauditor\t31.12.2026\t\n";
    let draft = draft(&manager, "people", ("people.tsv", file.as_bytes())).await;
    // A manager's rows are of the one customer that they have, and they give no consultant.
    assert_eq!(draft["settings"]["customer_id"], 1);
    assert_eq!(outcomes(&draft), ["made", "refused", "skipped", "made"], "{draft}");
    let file = file.replace("Con\tconsultant@test.example\tconsultant\t\t\n", "");
    let draft = self::draft(&manager, "people", ("people.tsv", file.as_bytes())).await;
    let done = run(&manager, &draft).await;
    assert_eq!(done["state"], "done", "{done}");
    let members = manager.get("/api/v1/customers/1/members").await.expect(200).json();
    let ada = members["items"].as_array().unwrap().iter().find(|one| one["email"] == "ada@acme.example").unwrap().clone();
    assert_eq!(
        (&ada["status"], &ada["roles"], &ada["approval_steps"]),
        (&json!("invited"), &json!(["contributor", "approver"]), &json!(["ciso"]))
    );
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM dna_app.jobs WHERE customer_id = 1 AND payload::text LIKE '%acme.example%'")
        .fetch_one(&mut app.database.superuser().await)
        .await
        .unwrap();
    assert_eq!(mails, 2);
    let back = undo(&manager, &done).await;
    assert_eq!(back["state"], "undone");
    assert!(back["items"].as_array().unwrap().iter().all(|item| item["state"] == "taken_back"), "{back}");
    let members = manager.get("/api/v1/customers/1/members").await.json();
    assert!(members["items"].as_array().unwrap().iter().all(|one| one["email"] != "ada@acme.example"));
}

#[tokio::test]
async fn nobody_reaches_another_customer_or_anothers_import() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let file = b"Customer,Title\nGlobex,Mine now\n";
    let foreign = draft(&manager, "tasks", ("t.csv", file)).await;
    assert_eq!(foreign["preview"]["rows"][0]["refusals"][0]["code"], "unknown-reference");
    assert_eq!(foreign["preview"]["rows"][0]["outcome"], "refused");
    let admin = app.admin().await;
    admin.get(&format!("/api/v1/imports/{}", foreign["id"].as_str().unwrap())).await.expect(404);
    manager.upload("/api/v1/imports?holds=customers", &[], ("c.csv", b"Name\nA\n")).await.refused(403, "forbidden");
    app.as_person("contributor").await.upload("/api/v1/imports?holds=tasks", &[], ("t.csv", file)).await.refused(403, "forbidden");
    let consultant = app.as_person("consultant").await;
    let draft = draft(&consultant, "tasks", ("t.csv", b"Customer,Title\nAcme,Yes\nGlobex,No\n")).await;
    assert_eq!(outcomes(&draft), ["made", "refused"]);
}

#[tokio::test]
async fn files_that_are_too_much_or_no_tables_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let upload = async |name: &str, bytes: &[u8]| admin.upload("/api/v1/imports?holds=customers", &[], (name, bytes)).await;
    upload("big.csv", &vec![b'a'; 5 * 1024 * 1024 + 1]).await.expect(413);
    let rows = "Name\n".to_owned() + &"A\n".repeat(1_001);
    assert_eq!(upload("rows.csv", rows.as_bytes()).await.refused(422, "invalid-fields")["errors"][0]["code"], "too-many-rows");
    let wide = "a,".repeat(61);
    assert_eq!(upload("wide.csv", wide.as_bytes()).await.refused(422, "invalid-fields")["errors"][0]["code"], "too-many-columns");
    assert_eq!(upload("x.xlsx", b"PK\x03\x04 nonsense").await.refused(422, "invalid-fields")["errors"][0]["code"], "no-workbook");
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    assert_eq!(upload("x.xls", &old).await.refused(422, "invalid-fields")["errors"][0]["code"], "old-workbook");
    admin.upload("/api/v1/imports?holds=nonsense", &[], ("a.csv", b"A")).await.refused(422, "invalid-fields");
    // A file that one may not read so is a draft still: another encoding may help.
    let draft = draft(&admin, "customers", ("k.csv", b"Name\nM\xFCller\n")).await;
    let unreadable = set(&admin, &draft, json!({ "encoding": "utf-8" })).await;
    assert!(unreadable["preview"]["unreadable"].is_string());
    let path = format!("/api/v1/imports/{}/run", draft["id"].as_str().unwrap());
    admin.with("POST", &path, &[("if-match", "\"2\"")], json!({})).await.refused(409, "import-refused");
    assert_eq!(set(&admin, &unreadable, json!({ "encoding": "windows-1252" })).await["preview"]["rows"][0]["cells"]["name"], "Müller");
}

#[tokio::test]
async fn a_thousand_rows_come_at_once_and_go_at_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let rows: String =
        (0..1000).map(|number| format!("Acme,Row {number:04},{}\n", if number % 2 == 0 { "2026-05-01" } else { "" })).collect();
    let file = format!("Customer,Title,Due\n{rows}");
    let draft = draft(&admin, "tasks", ("many.csv", file.as_bytes())).await;
    assert_eq!((&draft["preview"]["made"], &draft["preview"]["refused"]), (&json!(1000), &json!(0)));
    let before = admin.get("/api/v1/customers/1").await.json();
    let path = format!("/api/v1/imports/{}", draft["id"].as_str().unwrap());
    admin.with("POST", &format!("{path}/run"), &[("if-match", "\"1\"")], json!({})).await;
    let done = settled(&admin, &path).await;
    assert_eq!((&done["state"], done["items"].as_array().unwrap().len()), (&json!("done"), 1000));
    assert_eq!(admin.get("/api/v1/customers/1/tasks?q=Row").await.json()["total"], 1000);
    // Twice the same file: every row is there already, and nothing would be made.
    let again = self::draft(&admin, "tasks", ("many.csv", file.as_bytes())).await;
    assert_eq!(again["preview"]["duplicates"], 1000);
    let run_again = format!("/api/v1/imports/{}/run", again["id"].as_str().unwrap());
    admin.with("POST", &run_again, &[("if-match", "\"1\"")], json!({})).await.refused(409, "nothing-to-import");
    admin.post(&format!("{path}/undo"), json!({})).await;
    let back = settled(&admin, &path).await;
    assert!(back["items"].as_array().unwrap().iter().all(|item| item["state"] == "taken_back"));
    assert_eq!(admin.get("/api/v1/customers/1/tasks?q=Row").await.json()["total"], 0);
    assert_eq!(before["version"], admin.get("/api/v1/customers/1").await.json()["version"]);
}

/// Waits until nobody works at an import any more.
async fn settled(client: &Client, path: &str) -> Value {
    for _ in 0..300 {
        let answer = client.get(path).await;
        if answer.status == 200 {
            return answer.json();
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the import does not end");
}
