//! Lists of tasks: what a filter leaves, against the same worked out here from all tasks.

use std::{collections::BTreeSet, time::Instant};

use serde_json::Value;
use sqlx::Executor as _;

use crate::app::{Client, TestApp};

/// Today, as the tests' clock and Vienna have it: a Tuesday. The week ends on the 22nd.
const TODAY: &str = "2026-03-17";
const SUNDAY: &str = "2026-03-22";
/// People of the firm among the tests' people.
const FIRM: [i64; 2] = [1, 2];

/// Two customers with tasks of all kinds.
async fn mixed() -> TestApp {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for customer in [1, 2] {
        let plan = admin.assign_plan(customer, "ISO 27001:2022").await;
        admin.assign_template(&plan, "Patch Management").await;
        let other = admin.assign_plan(customer, "ISO 9001:2015").await;
        admin.assign_template(&other, "Patch Management").await;
    }
    let mixed = "WITH numbered AS (SELECT id, row_number() OVER (ORDER BY customer_id, id) AS n FROM dna_app.customer_tasks)
        UPDATE dna_app.customer_tasks t SET
            status = (ARRAY['pending', 'in_progress', 'on_hold', 'blocked', 'under_review', 'completed', 'cancelled'])[1 + n % 7],
            priority = (ARRAY['low', 'medium', 'high', 'urgent'])[1 + n % 4],
            due_date = CASE WHEN n % 5 = 0 THEN NULL ELSE date '2026-03-17' + (n % 13)::integer - 4 END,
            assigned_to = CASE WHEN n % 3 = 0 THEN NULL WHEN t.customer_id = 1 THEN 1 + n % 5 ELSE 7 END,
            assignee_role = (ARRAY['admin', 'consultant', 'manager', 'contributor', 'approver', NULL])[1 + n % 6],
            approval_step = CASE WHEN n % 11 = 0 THEN 'ciso' END,
            requires_evidence = n % 4 = 1, evidence_uploaded = n % 8 = 1,
            is_ignored = n % 17 = 0, ignored_at = CASE WHEN n % 17 = 0 THEN now() END, ignore_reason = CASE WHEN n % 17 = 0 THEN 'R' END,
            title = CASE WHEN n % 6 = 0 THEN 'Firewall ' || n ELSE t.title END,
            updated_at = timestamptz '2026-03-01 00:00Z' + (n * 7 % 50) * interval '1 hour',
            completed_at = CASE WHEN n % 7 = 5 THEN now() END
        FROM numbered WHERE numbered.id = t.id";
    app.database.superuser().await.execute(mixed).await.unwrap();
    app
}

async fn all(client: &Client, path: &str) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{cursor}")).await.expect(200).json();
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => {
                assert_eq!(page["total"], items.len());
                return items;
            }
        }
    }
}

fn is_open(task: &Value) -> bool {
    !["completed", "cancelled"].contains(&task["status"].as_str().unwrap())
}

fn lacks_evidence(task: &Value) -> bool {
    is_open(task) && (task["requires_evidence"] == true || task["task_type"] == "provide_evidence") && task["evidence_uploaded"] == false
}

fn waits(task: &Value) -> bool {
    let by_role = ["manager", "contributor", "approver"].contains(&task["assignee_role"].as_str().unwrap_or_default());
    is_open(task) && task["assigned_to"].as_i64().map_or(by_role, |id| !FIRM.contains(&id))
}

fn is_due(task: &Value, word: &str) -> bool {
    match (word, task["due_date"].as_str()) {
        ("", _) => true,
        ("undated", due) => due.is_none(),
        (_, None) => false,
        ("overdue", Some(due)) => due < TODAY && is_open(task),
        ("today", Some(due)) => due == TODAY,
        ("this_week", Some(due)) => (TODAY..=SUNDAY).contains(&due),
        ("later", Some(due)) => due > SUNDAY,
        ("range", Some(due)) => ("2026-03-15"..="2026-03-19").contains(&due),
        _ => unreachable!(),
    }
}

fn stands(task: &Value, word: &str) -> bool {
    match word {
        "any" => true,
        "open" => is_open(task),
        "closed" => !is_open(task),
        status => task["status"] == status,
    }
}

/// Whether a task is of somebody that a word means; `me` and `role` say who looks.
fn is_of(task: &Value, word: &str, me: i64, role: &str) -> bool {
    let (by, is_free) = (task["assigned_to"].as_i64(), task["assigned_to"].is_null() && is_open(task) && task["assignee_role"] == role);
    // Nobody but the approver named for a step takes an approval, and a manager or the firm all of them.
    let may = task["approval_step"].is_null() || role != "contributor";
    match word {
        "anybody" => true,
        "nobody" => by.is_none(),
        "me" => by == Some(me),
        "my_roles" => is_free && may,
        "mine" => by == Some(me) || (is_free && may),
        id => by == id.parse().ok(),
    }
}

fn ids(tasks: &[Value]) -> BTreeSet<String> {
    tasks.iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_filter_leaves_exactly_what_it_says() {
    let app = mixed().await;
    let manager = app.as_person("manager").await;
    let every = all(&manager, "/api/v1/customers/1/tasks?limit=200").await;
    assert!(every.len() > 30, "{}", every.len());
    let mut seen = BTreeSet::new();
    for status in ["any", "open", "closed", "on_hold", "completed"] {
        for due in ["", "overdue", "today", "this_week", "later", "undated", "range"] {
            for assignee in ["anybody", "me", "my_roles", "mine", "nobody", "4"] {
                for (flag, keeps) in [
                    ("", (|_| true) as fn(&Value) -> bool),
                    ("&needs_evidence=true", lacks_evidence),
                    ("&waiting_on_customer=true", waits),
                    ("&q=fireWALL", |task| task["title"].as_str().unwrap().starts_with("Firewall")),
                    ("&scope=template", |task| task["task_scope"] == "template"),
                ] {
                    let asked = if due == "range" { "due_from=2026-03-15&due_until=2026-03-19".to_owned() } else { format!("due={due}") };
                    let path = format!("/api/v1/customers/1/tasks?limit=200&status={status}&{asked}&assignee={assignee}{flag}");
                    let expected: Vec<Value> = every
                        .iter()
                        .filter(|task| stands(task, status) && is_due(task, due) && is_of(task, assignee, 3, "manager") && keeps(task))
                        .cloned()
                        .collect();
                    assert_eq!(ids(&all(&manager, &path).await), ids(&expected), "{path}");
                    seen.insert(expected.len());
                }
            }
        }
    }
    assert!(seen.len() > 15, "the filters tell nothing apart: {seen:?}");
    for task in every.iter().filter(|task| !task["plan_id"].is_null()).take(3) {
        for name in ["plan_id", "template_id"].iter().filter(|name| !task[**name].is_null()) {
            let path = format!("/api/v1/customers/1/tasks?limit=200&{name}={}", task[*name].as_str().unwrap());
            let expected: Vec<Value> = every.iter().filter(|other| other[*name] == task[*name]).cloned().collect();
            assert_eq!(ids(&all(&manager, &path).await), ids(&expected), "{path}");
        }
    }
}

/// The numbers above somebody's own work; those of the date, which comes first, are left out.
fn numbers_above(page: &str) -> Vec<usize> {
    let (_, summary) = page.split_once("id=\"summary\">").unwrap();
    let (summary, _) = summary.split_once("</p>").unwrap();
    let counts = summary.split_once(". ").map_or("", |(_, counts)| counts);
    counts.split(|one: char| !one.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

#[tokio::test]
async fn everybody_finds_their_own_work() {
    let app = mixed().await;
    let admin = app.admin().await;
    let (acme, globex) =
        (all(&admin, "/api/v1/customers/1/tasks?limit=200").await, all(&admin, "/api/v1/customers/2/tasks?limit=200").await);
    for (person, me, role, customers) in [
        ("manager", 3, "manager", vec![&acme]),
        ("contributor", 4, "contributor", vec![&acme]),
        ("consultant", 2, "consultant", vec![&acme]),
        ("stranger", 7, "manager", vec![&globex]),
        ("admin", 1, "admin", vec![&acme, &globex]),
        ("auditor", 6, "nothing", vec![&acme]),
    ] {
        let client = app.as_person(person).await;
        let own = customers.iter().flat_map(|tasks| tasks.iter()).filter(|task| is_open(task));
        let expected: Vec<Value> = own.clone().filter(|task| is_of(task, "mine", me, role)).cloned().collect();
        assert_eq!(ids(&all(&client, "/api/v1/me/tasks?limit=7").await), ids(&expected), "{person}");
        let late: Vec<Value> = expected.iter().filter(|task| is_due(task, "overdue")).cloned().collect();
        assert_eq!(ids(&all(&client, "/api/v1/me/tasks?limit=200&due=overdue").await), ids(&late), "{person}");
        let visible: Vec<Value> = own.cloned().collect();
        assert_eq!(ids(&all(&client, "/api/v1/me/tasks?limit=200&assignee=anybody").await), ids(&visible), "{person}");
        let page = client.get("/my-work").await.expect(200).text;
        assert_eq!(page.matches("class=\"task\"").count(), expected.len().min(100), "{person}");
        // What stands above it counts what is theirs by name: how many, of how many customers, how many late.
        let named: Vec<&Value> = expected.iter().filter(|task| task["assigned_to"] == me).collect();
        let of: BTreeSet<_> = named.iter().map(|task| task["customer_id"].as_i64()).collect();
        let late = named.iter().filter(|task| is_due(task, "overdue")).count();
        let mut counted = vec![named.len(), of.len(), late];
        counted.retain(|number| *number > 0);
        assert_eq!(numbers_above(&page), counted, "{person}");
    }
    // An approver takes the steps they are named for, and nothing else that nobody has.
    let approver = all(&app.as_person("approver").await, "/api/v1/me/tasks?limit=200&assignee=my_roles").await;
    assert!(approver.iter().all(|task| task["approval_step"] == "ciso" && task["assigned_to"].is_null()), "{approver:?}");
    let expected = acme.iter().filter(|task| is_open(task) && task["assigned_to"].is_null() && task["assignee_role"] == "approver");
    assert_eq!(approver.len(), expected.filter(|task| task["approval_step"] == "ciso").count());
    // Another customer is nobody's to ask for.
    assert_eq!(app.as_person("manager").await.get("/api/v1/me/tasks?assignee=anybody&customer_id=2").await.json()["total"], 0);
}

#[tokio::test]
async fn a_list_is_in_order_and_cut_into_pages() {
    let app = mixed().await;
    let consultant = app.as_person("consultant").await;
    let key = |task: &Value, name: &str| task[name].as_str().map(str::to_lowercase);
    for (sort, sorted) in [
        ("due_date", (|a, b| a["due_date"].as_str().unwrap_or("9").cmp(b["due_date"].as_str().unwrap_or("9"))) as fn(&Value, &Value) -> _),
        ("title", |a, b| a["title"].as_str().unwrap().to_lowercase().cmp(&b["title"].as_str().unwrap().to_lowercase())),
        ("updated", |a, b| b["updated_at"].as_str().cmp(&a["updated_at"].as_str())),
        ("priority", |a, b| {
            let place = |task: &Value| ["urgent", "high", "medium", "low"].iter().position(|one| task["priority"] == *one);
            place(a).cmp(&place(b))
        }),
    ] {
        let whole = all(&consultant, &format!("/api/v1/customers/1/tasks?limit=200&sort={sort}")).await;
        let cut = all(&consultant, &format!("/api/v1/customers/1/tasks?limit=7&sort={sort}")).await;
        assert_eq!(whole, cut, "{sort}");
        if sort != "title" {
            assert!(whole.is_sorted_by(|a, b| sorted(a, b).is_le()), "{sort}");
        } else {
            // The database sorts words as people do; the same words stand together all the same.
            let titles: Vec<_> = whole.iter().map(|task| key(task, "title")).collect();
            let each: BTreeSet<_> = titles.iter().collect();
            assert_eq!(titles.iter().zip(titles.iter().skip(1)).filter(|(a, b)| a != b).count() + 1, each.len());
        }
    }
    consultant.get("/api/v1/customers/1/tasks?sort=id;drop").await.refused(422, "invalid-fields");
    for wrong in ["status=moon", "due=soon", "assignee=x", "due_from=2026-02-30", "needs_evidence=perhaps"] {
        consultant.get(&format!("/api/v1/customers/1/tasks?{wrong}")).await.refused(422, "invalid-fields");
        consultant.get(&format!("/customers/1/tasks?{wrong}")).await.expect(200);
    }
}

#[tokio::test]
async fn ten_thousand_tasks_are_no_burden() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let many = format!(
        "INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_scope, task_type, title, status, priority, due_date, assigned_to)
         SELECT 1, '{}', 'plan', 'general', 'Task ' || n, (ARRAY['pending', 'in_progress', 'completed'])[1 + n % 3],
                (ARRAY['low', 'medium', 'high', 'urgent'])[1 + n % 4], date '2026-03-01' + n % 90, 1 + n % 5
         FROM generate_series(1, 10000) n",
        plan["id"].as_str().unwrap()
    );
    let mut superuser = app.database.superuser().await;
    superuser.execute(sqlx::AssertSqlSafe(many)).await.unwrap();
    superuser.execute("ANALYZE dna_app.customer_tasks").await.unwrap();
    let manager = app.as_person("manager").await;
    for (what, path, rows) in [
        ("the first page", "/customers/1/tasks", 100),
        ("page 60", "/customers/1/tasks?page=60&status=any", 100),
        ("words in the title", "/customers/1/tasks?q=task+99&sort=title", 75),
        ("my work", "/my-work", 100),
    ] {
        manager.get(path).await.expect(200);
        let begun = Instant::now();
        let page = manager.get(path).await.expect(200).text;
        let took = begun.elapsed();
        assert!(page.matches("class=\"task\"").count() >= rows, "{what}: {}", page.matches("class=\"task\"").count());
        eprintln!("10,000 tasks, {what}: {took:?}, {} bytes", page.len());
        assert!(took.as_millis() < 2000, "{what} took {took:?}");
    }
    let page = manager.get("/customers/1/tasks?page=2").await.expect(200).text;
    assert!(page.contains("101–200 of"), "{page}");

    // Once it has been counted how many they are, lists of them are planned another way, and are the same.
    let lists = ["limit=50", "limit=200&sort=title&status=any", "due=overdue&limit=50", "assignee=me&sort=priority"]
        .map(|list| format!("/api/v1/customers/1/tasks?{list}"));
    let mut before = Vec::new();
    for list in &lists {
        before.push(manager.get(list).await.expect(200).text);
    }
    let portfolio = admin.get("/api/v1/portfolio").await.expect(200).json();
    let acme = portfolio["items"].as_array().unwrap().iter().find(|one| one["customer_id"] == 1).unwrap();
    assert!(acme["progress"]["total"].as_i64() >= Some(10_000), "{acme}");
    for (list, before) in lists.iter().zip(before) {
        assert_eq!(manager.get(list).await.expect(200).text, before, "{list}");
    }
}
