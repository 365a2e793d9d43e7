//! The portfolio.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn the_portfolio_counts_what_the_workspaces_show() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    admin.assign_template(&plan, "Patch Management").await;
    let task = admin.post("/api/v1/customers/1/tasks", json!({ "title": "Late", "due_date": "2026-03-16" })).await.expect(201).json();
    let portfolio = admin.get("/api/v1/portfolio").await.expect(200).json();
    let acme = &portfolio["items"][0];
    let workspace = admin.get("/api/v1/customers/1/workspace").await.json();
    assert_eq!(acme["progress"], workspace["progress"]);
    assert_eq!((&acme["progress"]["overdue"], &acme["next_due"]["task_id"]), (&json!(1), &task["id"]));
    let tasks = admin.get("/api/v1/customers/1/tasks?open=1&limit=200").await.json();
    let falls_to_customer =
        |task: &&serde_json::Value| ["manager", "contributor", "approver"].contains(&task["assignee_role"].as_str().unwrap_or_default());
    let waiting = tasks["items"].as_array().unwrap().iter().filter(falls_to_customer).count();
    assert!(waiting >= 15);
    assert_eq!(acme["waiting"], waiting);
    let overdue = admin.get("/api/v1/portfolio?filter=overdue&sort=overdue").await.json();
    assert_eq!((&overdue["total"], &overdue["items"][0]["customer_name"]), (&json!(1), &json!("Acme")));
    let consultant = app.as_person("consultant").await.get("/api/v1/portfolio").await.json();
    assert_eq!(consultant["total"], 1);
    for path in ["/api/v1/portfolio?sort=id;drop", "/api/v1/portfolio?filter=none", "/api/v1/portfolio?limit=1000000000"] {
        admin.get(path).await.refused(422, "invalid-fields");
    }
}

/// The figures of the portfolio against the same figures counted by other means: the rows themselves.
#[tokio::test]
async fn the_figures_are_those_that_the_rows_add_up_to() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let hidden = admin.assign_template(&plan, "Patch Management").await;
    admin.assign_template(&plan, "Access Control").await;
    admin.post(&format!("{hidden}/ignore"), json!({ "reason": "R" })).await.expect(200);
    let mut superuser = app.database.superuser().await;
    // Tasks of every kind, spread over half a year around today, a Tuesday at noon in Vienna.
    sqlx::query(
        "INSERT INTO dna_app.customer_tasks (customer_id, task_scope, task_type, title, status, due_date, completed_at, assignee_role, is_ignored, ignored_at, ignore_reason)
         SELECT 1 + n % 2, 'customer', 'general', 'Task ' || n,
                (ARRAY['pending', 'completed', 'cancelled', 'in_progress', 'completed'])[1 + n % 5],
                CASE WHEN n % 7 <> 0 THEN date '2026-03-17' - 130 + (n * 11) % 190 END,
                CASE WHEN n % 5 IN (1, 4) THEN timestamptz '2026-03-17 10:00Z' - ((n * 37) % 130) * interval '23 hours' END,
                (ARRAY['consultant', 'manager', NULL])[1 + n % 3], n % 17 = 0, CASE WHEN n % 17 = 0 THEN now() END, CASE WHEN n % 17 = 0 THEN 'R' END
         FROM generate_series(1, 600) n",
    )
    .execute(&mut superuser)
    .await
    .unwrap();
    sqlx::query("UPDATE dna_app.customers SET workspace_version = workspace_version + 1").execute(&mut superuser).await.unwrap();
    /// A title and what may stand beside it.
    type Row = (String, Option<String>, Option<String>, Option<String>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT t.status, t.due_date::text, (t.completed_at AT TIME ZONE 'Europe/Vienna')::date::text, t.assignee_role FROM dna_app.customer_tasks t
         LEFT JOIN dna_app.customer_iso_plan_templates a ON a.plan_id = t.plan_id AND a.template_id = t.template_id
         WHERE NOT t.is_ignored AND NOT coalesce(a.is_ignored, false)",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    let day = |text: &Option<String>| text.as_ref().map(|text| text.parse::<jiff::civil::Date>().unwrap());
    let today = jiff::civil::date(2026, 3, 17);
    let is_open = |status: &str| !matches!(status, "completed" | "cancelled");
    let totals = admin.get("/api/v1/portfolio/totals").await.expect(200).json();
    let overdue = rows.iter().filter(|row| is_open(&row.0) && day(&row.1).is_some_and(|due| due < today)).count();
    let this_week = rows
        .iter()
        .filter(|row| is_open(&row.0) && day(&row.1).is_some_and(|due| due >= today && due <= jiff::civil::date(2026, 3, 22)))
        .count();
    let waiting = rows
        .iter()
        .filter(|row| is_open(&row.0) && ["manager", "contributor", "approver"].contains(&row.3.as_deref().unwrap_or("")))
        .count();
    assert!(overdue > 50 && this_week > 3);
    assert_eq!((&totals["overdue"], &totals["due_this_week"], &totals["waiting"]), (&json!(overdue), &json!(this_week), &json!(waiting)));
    let trend = totals["trend"].as_array().unwrap();
    assert_eq!((trend.len(), &trend[11]["monday"], &trend[0]["monday"]), (12, &json!("2026-03-16"), &json!("2025-12-29")));
    for week in trend {
        let monday: jiff::civil::Date = week["monday"].as_str().unwrap().parse().unwrap();
        let sunday = monday.checked_add(jiff::Span::new().days(6)).unwrap();
        let completed =
            rows.iter().filter(|row| row.0 == "completed" && day(&row.2).is_some_and(|done| done >= monday && done <= sunday)).count();
        let late = |row: &&(String, Option<String>, Option<String>, Option<String>)| {
            let due = day(&row.1).is_some_and(|due| if monday == jiff::civil::date(2026, 3, 16) { due < today } else { due <= sunday });
            row.0 != "cancelled" && due && if row.0 == "completed" { day(&row.2).unwrap() > sunday } else { true }
        };
        assert_eq!((&week["completed"], &week["overdue"]), (&json!(completed), &json!(rows.iter().filter(late).count())), "{monday}");
    }
    // What changes shows at once, though nothing else is counted anew.
    let late = admin.get("/api/v1/customers/1/tasks?overdue=1&limit=1").await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{late}/complete"), json!({})).await.expect(200);
    let after = admin.get("/api/v1/portfolio/totals").await.json();
    assert_eq!(after["overdue"], overdue - 1);
    assert_eq!(after["trend"][11]["completed"].as_i64().unwrap(), totals["trend"][11]["completed"].as_i64().unwrap() + 1);
}

#[tokio::test]
async fn evidence_that_runs_out_and_quiet_customers_are_found() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for (days, name) in [("2026-03-16", "past.pdf"), ("2026-04-16", "soon.pdf"), ("2026-04-17", "later.pdf")] {
        let made = admin
            .upload("/api/v1/customers/1/evidence", &[("valid_until", days)], (name, name_bytes(name).as_slice()))
            .await
            .expect(201)
            .json();
        admin.post(&format!("/api/v1/evidence/{}/accept", made["id"].as_str().unwrap()), json!({})).await.expect(200);
    }
    let list = admin.get("/api/v1/portfolio?filter=expiring&sort=expiring").await.expect(200).json();
    assert_eq!(
        (&list["total"], &list["items"][0]["evidence_expired"], &list["items"][0]["evidence_expiring"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(admin.get("/api/v1/portfolio?filter=quiet").await.json()["total"], 0);
    app.advance(jiff::SignedDuration::from_hours(15 * 24));
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "T" })).await;
    let admin = app.admin().await;
    admin.post("/api/v1/customers/2/tasks", json!({ "title": "T" })).await.expect(201);
    let quiet = admin.get("/api/v1/portfolio?filter=quiet").await.json();
    assert_eq!((&quiet["total"], &quiet["items"][0]["customer_name"]), (&json!(1), &json!("Acme")));
    let page = admin.get("/?quiet=1&expiring=1&sort=expiring").await.expect(200).text;
    assert!(page.contains("2 expired") || page.contains("1 expired"));
}

fn name_bytes(name: &str) -> Vec<u8> {
    [b"%PDF-1.7 ", name.as_bytes()].concat()
}

#[tokio::test]
async fn tables_go_out_whole_and_without_formulas() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    admin.post("/api/v1/customers", json!({ "name": "=cmd|' /C calc'!A0", "description": "@SUM(A1)" })).await.expect(201);
    admin
        .post("/api/v1/customers/1/tasks", json!({ "title": "+1; \"quoted\", late", "due_date": "2026-03-16", "notes": "-2+3" }))
        .await
        .expect(201);
    let csv = admin.get("/api/v1/portfolio/export?format=csv").await.expect(200);
    assert!(csv.bytes.starts_with(b"\xEF\xBB\xBFCustomer,About"), "{}", csv.text);
    assert!(csv.text.contains("\r\n'=cmd|' /C calc'!A0,'@SUM(A1),"), "{}", csv.text);
    assert!(csv.header("content-disposition").contains("Portfolio.csv"));
    let filtered = admin.get("/portfolio/export?format=csv&overdue=1").await.expect(200);
    assert_eq!(filtered.text.lines().count(), 2);
    assert!(filtered.text.contains("Acme"));
    let tasks = admin.get("/api/v1/customers/1/tasks/export?format=csv&overdue=1").await.expect(200);
    assert!(
        tasks.text.contains("\"'+1; \"\"quoted\"\", late\"") && tasks.text.contains("'-2+3") && tasks.text.contains("2026-03-16"),
        "{}",
        tasks.text
    );
    let limits = muster_sheet::Limits { rows: 100, columns: 30, characters: 1000, unpacked: 10 << 20 };
    let workbook = admin.get("/api/v1/customers/1/tasks/export").await.expect(200);
    let (names, rows) = muster_sheet::read_workbook(&workbook.bytes, None, &limits).unwrap();
    assert_eq!(names, ["Tasks"]);
    let total = admin.get("/api/v1/customers/1/tasks").await.json()["total"].as_u64().unwrap();
    assert_eq!(rows.len() as u64, total + 1);
    assert!(rows.iter().any(|row| row.cells.contains(&muster_sheet::Cell::Text("+1; \"quoted\", late".into()))));
    admin.get("/api/v1/portfolio/export?format=pdf").await.refused(422, "invalid-fields");
}

#[tokio::test]
async fn the_board_holds_what_needs_the_firm() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let add = async |title: &str, day: &str, role: &str| {
        admin.post("/api/v1/customers/1/tasks", json!({ "title": title, "due_date": day, "assignee_role": role })).await.expect(201);
    };
    add("Firm late", "2026-03-10", "consultant").await;
    add("Firm today", "2026-03-17", "consultant").await;
    add("Customer late", "2026-03-01", "manager").await;
    add("Firm tomorrow", "2026-03-18", "admin").await;
    let contributor = app.as_person("contributor").await;
    let evidence = contributor.upload("/api/v1/customers/1/evidence", &[], ("proof.pdf", b"%PDF-1.7")).await.expect(201).json();
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let filled = admin.assign_template(&plan, "Access Control").await;
    let list = admin.get("/api/v1/customers/1/tasks?scope=template&limit=200").await.json();
    let questions = list["items"].as_array().unwrap().iter().filter(|task| task["task_type"] == "answer_question").count();
    let board = app.as_person("consultant").await.get("/api/v1/today").await.expect(200).json();
    let titles = |list: &str| {
        board[list]["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((titles("overdue"), &board["overdue"]["total"]), (vec!["Firm late".to_owned()], &json!(1)));
    assert_eq!(titles("due_today"), ["Firm today"]);
    assert_eq!((&board["evidence"]["total"], &board["evidence"]["items"][0]["id"]), (&json!(1), &evidence["id"]));
    assert_eq!(
        (&board["customers_late"]["items"][0]["customer_id"], &board["customers_late"]["items"][0]["count"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(board["answers"]["items"][0]["count"], questions);
    // A document that was handed in waits for the firm's review.
    admin.answer_all(&filled).await;
    let document = admin.post(&format!("{filled}/documents"), json!({})).await.expect(201).json();
    admin.post(&format!("/api/v1/documents/{}/submit", document["id"].as_str().unwrap()), json!({})).await.expect(200);
    let page = app.as_person("consultant").await.get("/today").await.expect(200).text;
    for part in ["Firm late", "Firm today", "proof.pdf", "1 overdue task", &format!("/documents/{}", document["id"].as_str().unwrap())] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    assert!(!page.contains("Firm tomorrow") && !page.contains("Customer late"));
    app.as_person("manager").await.get("/api/v1/today").await.refused(403, "forbidden");
}
