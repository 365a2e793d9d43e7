//! The number beside "My work" on every page: one's own open tasks that are past their due date, in what one may see.

use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::app::{Client, TestApp};

/// The number that a page shows; nothing where it shows none.
async fn shown(person: &Client) -> Option<u32> {
    let page = person.get("/my-work").await.expect(200).text;
    let (_, rest) = page.split_once("class=\"count\" data-tone=\"bad\">")?;
    rest.split_once('<')?.0.parse().ok()
}

async fn add_task(admin: &Client, customer: i64, body: Value) -> String {
    let task = admin.post(&format!("/api/v1/customers/{customer}/tasks"), body).await.expect(201).json();
    task["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_one_s_own_open_and_late_is_counted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let manager = app.as_person("manager").await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    assert_eq!(shown(&manager).await, None);
    let late = add_task(&admin, 1, json!({ "title": "Late", "due_date": "2026-03-16", "assigned_to": 3 })).await;
    add_task(&admin, 1, json!({ "title": "Late in a plan", "due_date": "2026-03-01", "assigned_to": 3, "plan_id": plan["id"] })).await;
    add_task(&admin, 1, json!({ "title": "Today", "due_date": "2026-03-17", "assigned_to": 3 })).await;
    add_task(&admin, 1, json!({ "title": "Somebody else's", "due_date": "2026-03-16", "assigned_to": 4 })).await;
    assert_eq!(shown(&manager).await, Some(2));
    // The same connections serve everybody: what one of them may see is gone with their statement.
    for name in ["stranger", "consultant", "admin"] {
        assert_eq!(shown(&app.as_person(name).await).await, None, "{name}");
    }
    assert_eq!(shown(&manager).await, Some(2));
    let plan = plan["id"].as_str().unwrap();
    admin.post(&format!("/api/v1/plans/{plan}/ignore"), json!({ "reason": "Not now" })).await.expect(200);
    assert_eq!(shown(&manager).await, Some(1));
    manager.post(&format!("/api/v1/tasks/{late}/complete"), json!({})).await.expect(200);
    assert_eq!(shown(&manager).await, None);
}

#[tokio::test]
async fn more_than_ninety_nine_are_not_counted() {
    let app = TestApp::start().await;
    let late = |many: u32| {
        format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, task_scope, task_type, title, due_date, assigned_to)
             SELECT 1, 'customer', 'general', 'Late', '2026-03-16', 3 FROM generate_series(1, {many})"
        )
    };
    let mut superuser = app.database.superuser().await;
    superuser.execute(sqlx::AssertSqlSafe(late(99))).await.unwrap();
    let manager = app.as_person("manager").await;
    assert!(manager.get("/my-work").await.expect(200).text.contains("data-tone=\"bad\">99<"));
    superuser.execute(sqlx::AssertSqlSafe(late(200))).await.unwrap();
    assert!(manager.get("/my-work").await.expect(200).text.contains("data-tone=\"bad\">99+<"));
}

/// Whether anything can be overdue is looked up with the session, of whoever has few tasks.
#[tokio::test]
async fn one_late_task_is_counted_among_few_and_among_hundreds() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    let mut superuser = app.database.superuser().await;
    for (many, status, due) in [(150, "completed", "2026-03-01"), (40, "pending", "2026-03-18"), (300, "pending", "2026-03-18")] {
        let tasks = format!(
            "INSERT INTO dna_app.customer_tasks (customer_id, task_scope, task_type, title, due_date, assigned_to, status)
             SELECT 1, 'customer', 'general', 'Not late', '{due}', 3, '{status}' FROM generate_series(1, {many})"
        );
        superuser.execute(sqlx::AssertSqlSafe(tasks)).await.unwrap();
        assert_eq!(shown(&manager).await, None);
        let late = add_task(&admin, 1, json!({ "title": "Late", "due_date": "2026-03-16", "assigned_to": 3 })).await;
        assert_eq!(shown(&manager).await, Some(1));
        manager.post(&format!("/api/v1/tasks/{late}/complete"), json!({})).await.expect(200);
        assert_eq!(shown(&manager).await, None);
    }
}

#[tokio::test]
async fn what_one_may_not_see_is_not_counted() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let seen = admin.assign_plan(1, "ISO 27001:2022").await;
    let hidden = admin.assign_plan(1, "ISO 9001:2015").await;
    for (customer, plan) in [(1, &seen["id"]), (1, &hidden["id"]), (2, &json!(null))] {
        add_task(&admin, customer, json!({ "title": "Late", "due_date": "2026-03-16", "plan_id": plan })).await;
    }
    // However they came to them: an auditor is given no task, and nobody one of a customer where they have no role.
    let mut superuser = app.database.superuser().await;
    superuser.execute("UPDATE dna_app.customer_tasks SET assigned_to = 6 WHERE title = 'Late'").await.unwrap();
    let auditor = app.as_person("auditor").await;
    assert_eq!(shown(&auditor).await, Some(2));
    let limit = format!("UPDATE dna_app.customer_members SET plan_ids = ARRAY['{}'::uuid] WHERE user_id = 6", seen["id"].as_str().unwrap());
    superuser.execute(sqlx::AssertSqlSafe(limit)).await.unwrap();
    assert_eq!(shown(&auditor).await, Some(1));
    superuser.execute("UPDATE dna_app.customer_members SET plan_ids = '{}' WHERE user_id = 6").await.unwrap();
    assert_eq!(shown(&auditor).await, None);
}

/// At ten in the morning in Greenwich it is the next day already where it is that first, and the day before where it
/// is that last.
#[tokio::test]
async fn what_is_late_is_so_where_the_customer_is() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.as_person("manager").await);
    for due in ["2026-03-17", "2026-03-16", "2026-03-15"] {
        add_task(&admin, 1, json!({ "title": "Due", "due_date": due, "assigned_to": 3 })).await;
    }
    let mut superuser = app.database.superuser().await;
    for (zone, late) in [("Pacific/Kiritimati", 3), ("Europe/Lisbon", 2), ("Etc/GMT+12", 1)] {
        let moved = format!("UPDATE dna_app.customers SET time_zone = '{zone}' WHERE id = 1");
        superuser.execute(sqlx::AssertSqlSafe(moved)).await.unwrap();
        assert_eq!(shown(&manager).await, Some(late), "{zone}");
    }
}
