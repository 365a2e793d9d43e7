//! What a day brings: due soon, overdue and the week, once, whoever looks and however often.

use std::{collections::BTreeMap, time::Duration};

use jiff::SignedDuration;
use serde_json::json;
use sqlx::Executor as _;

use super::{
    header,
    reminders::{delivered, reminders},
    sink::Sink,
    with_server,
};
use crate::app::{Client, TestApp};

async fn add(client: &Client, title: &str, person: i32, due: &str) {
    let body = json!({ "title": title, "assigned_to": person, "due_date": due });
    client.post("/api/v1/customers/1/tasks", body).await.expect(201);
}

/// The kinds and recipients, without those of assignments.
async fn told(app: &TestApp) -> Vec<(String, i32)> {
    reminders(app).await.into_iter().filter(|one| one.0 != "assignment").map(|one| (one.0, one.1)).collect()
}

fn pair(kind: &str, person: i32) -> (String, i32) {
    (kind.to_owned(), person)
}

#[tokio::test]
async fn tasks_are_told_once_by_person_and_date() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    add(&admin, "Late A", 4, "2026-03-16").await;
    add(&admin, "Late B", 4, "2026-03-10").await;
    add(&admin, "Long ago", 4, "2026-02-01").await;
    add(&admin, "Soon", 4, "2026-03-20").await;
    add(&admin, "Today", 3, "2026-03-17").await;
    add(&admin, "Far", 4, "2026-03-21").await;
    app.context.remind_of_days().await.unwrap();
    assert_eq!(told(&app).await, [pair("due_soon", 3), pair("due_soon", 4), pair("overdue", 4)]);
    let mails = delivered(&app).await;
    let overdue = mails.iter().find(|mail| mail.contains("2 tasks of Acme are overdue")).expect("one mail for both");
    assert!(
        overdue.contains("16 Mar 2026: Late A") && overdue.contains("10 Mar 2026: Late B") && !overdue.contains("Long ago"),
        "{overdue}"
    );
    assert!(mails.iter().any(|mail| mail.contains("Subject: Due soon: Soon")), "{mails:?}");
    // The same day brings no more, and the next one only what is new.
    assert_eq!(app.context.remind_of_days().await.unwrap(), 0);
    app.advance(SignedDuration::from_hours(24));
    assert_eq!(app.context.remind_of_days().await.unwrap(), 2);
    assert_eq!(told(&app).await[3..], [pair("due_soon", 4), pair("overdue", 3)]);
    // Another date is another cause.
    let admin = app.admin().await;
    let list = admin.get("/api/v1/customers/1/tasks?q=Late+A").await.json();
    let path = format!("/api/v1/tasks/{}", list["items"][0]["id"].as_str().unwrap());
    admin.patch(&path, 1, json!({ "due_date": "2026-03-19" })).await.expect(200);
    app.advance(SignedDuration::from_hours(24));
    app.context.remind_of_days().await.unwrap();
    assert_eq!(told(&app).await[5..], [pair("due_soon", 4)]);
}

#[tokio::test]
async fn a_day_begins_in_the_customers_zone() {
    let app = TestApp::start().await;
    let mut superuser = app.database.superuser().await;
    superuser.execute("UPDATE dna_app.customers SET time_zone = 'Pacific/Auckland' WHERE id = 1; UPDATE dna_app.customers SET status = 'archived' WHERE id = 2").await.unwrap();
    add(&app.admin().await, "Ends", 4, "2026-03-17").await;
    // It is 23:00 on the 17th there: the task is due today, and overdue from 6:00 on the 18th.
    assert_eq!(app.context.remind_of_days().await.unwrap(), 1);
    app.advance(SignedDuration::from_hours(2));
    assert_eq!(app.context.remind_of_days().await.unwrap(), 0, "nobody is written to at one in the morning");
    app.advance(SignedDuration::from_hours(5));
    assert_eq!(app.context.remind_of_days().await.unwrap(), 1);
    assert_eq!(told(&app).await, [pair("due_soon", 4), pair("overdue", 4)]);
}

#[tokio::test]
async fn the_week_is_told_to_managers_on_monday_or_later() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let task = admin.get("/api/v1/customers/1/tasks").await.json()["items"][1]["id"].as_str().unwrap().to_owned();
    admin.post(&format!("/api/v1/tasks/{task}/complete"), json!({})).await.expect(200);
    app.context.remind_of_days().await.unwrap();
    assert_eq!(told(&app).await, [], "it is Tuesday, and nothing was told before");
    // Nobody looks from then on until Wednesday of the week after.
    app.advance(SignedDuration::from_hours(8 * 24));
    app.context.remind_of_days().await.unwrap();
    let digests: Vec<_> = told(&app).await.into_iter().filter(|one| one.0 == "weekly_digest").collect();
    assert_eq!(digests, [pair("weekly_digest", 3), pair("weekly_digest", 7)], "the managers of both customers");
    app.advance(SignedDuration::from_hours(24));
    app.context.remind_of_days().await.unwrap();
    assert_eq!(told(&app).await.iter().filter(|one| one.0 == "weekly_digest").count(), 2);
    // Whoever is no manager by then gets nothing.
    app.database.superuser().await.execute("UPDATE dna_app.customer_members SET role = 'auditor' WHERE user_id = 7").await.unwrap();
    let mails: Vec<_> = delivered(&app).await.into_iter().filter(|mail| mail.contains("The week of")).collect();
    assert_eq!(mails.len(), 1, "{mails:?}");
    for part in [
        "Subject: The week of Acme",
        "1 task is open.",
        "http://localhost/customers/1",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ] {
        assert!(mails[0].contains(part), "{part} is missing in {}", mails[0]);
    }
}

/// Two servers and many looks at the same moment: the counts are exact.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_servers_at_once_tell_each_thing_once() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for number in 0..30 {
        add(&admin, &format!("T {number}"), 3 + number % 2, "2026-03-19").await;
    }
    let looks: Vec<_> = (0..12)
        .map(|_| {
            let context = app.context.clone();
            tokio::spawn(async move { context.remind_of_days().await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for look in looks {
        taken += look.await.unwrap();
    }
    assert_eq!(taken, 2, "two customers, each once");
    assert_eq!(told(&app).await, [pair("due_soon", 3), pair("due_soon", 4)]);
}

/// Servers that die at any moment while they write and send: every mail is written once, none is lost,
/// and none arrives more often than somebody died.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_in_the_middle_lose_nothing_and_double_nothing() {
    let (app, sink) = (TestApp::start().await, Sink::start().await);
    let context = with_server(&app, &sink.url());
    let admin = app.admin().await;
    for number in 0..20 {
        let due = format!("2026-03-{}", 17 + number % 12);
        add(&admin, &format!("T {number}"), 2 + number % 3, &due).await;
    }
    let mut killed = 0_usize;
    for round in 0..150_u64 {
        let work = tokio::spawn({
            let context = context.clone();
            async move {
                context.remind_of_days().await.unwrap();
                while context.run_one().await.unwrap() {}
            }
        });
        // The last few of each day are let be, so that no day goes by unseen.
        let patience = if round % 15 < 10 { round * 1371 % 23_000 } else { 150_000 };
        tokio::time::sleep(Duration::from_micros(patience)).await;
        work.abort();
        killed += usize::from(work.await.is_err());
        if round % 15 == 14 {
            app.advance(SignedDuration::from_hours(24));
        }
    }
    assert!(killed > 15, "only {killed} were stopped in the middle");
    for _ in 0..6 {
        app.advance(SignedDuration::from_mins(10));
        context.remind_of_days().await.unwrap();
        while context.run_one().await.unwrap() {}
    }
    let mut superuser = app.database.superuser().await;
    // Each task is marked once as due soon for its date and person, and once as overdue.
    let marks: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT kind, count(*), count(DISTINCT (task_id, user_id, due_date)) FROM dna_app.customer_task_reminders GROUP BY kind ORDER BY kind",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert_eq!(marks[0].1, marks[0].2, "{marks:?}");
    assert_eq!(marks[0], ("due_soon".to_owned(), 20, 20));
    let jobs: Vec<(String, String)> = sqlx::query_as("SELECT message_id::text, state::text FROM dna_app.jobs WHERE recipient IS NOT NULL")
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    assert!(jobs.iter().all(|job| ["done", "dropped"].contains(&job.1.as_str())), "{jobs:?}");
    let done: Vec<&String> = jobs.iter().filter(|job| job.1 == "done").map(|job| &job.0).collect();
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for mail in sink.mails() {
        *arrived.entry(header(&mail, "Message-ID").trim_matches(['<', '>']).to_owned()).or_default() += 1;
    }
    assert!(done.iter().all(|id| arrived.contains_key(*id)), "each mail that is told to be out has arrived");
    // One that arrived before its worker was stopped may have lost its point by the time of the next
    // attempt; then it is not sent again, and told as dropped.
    assert!(arrived.keys().all(|id| jobs.iter().any(|job| job.0 == *id)), "no mail came of nothing");
    let again: usize = arrived.values().map(|count| count - 1).sum();
    assert!(again <= killed, "{again} mails came again after {killed} kills");
    // The titles that were told: every task once as due soon.
    let mut said: BTreeMap<usize, usize> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for mail in sink.mails() {
        if !seen.insert(header(&mail, "Message-ID").to_owned()) || !(mail.contains("due soon") || mail.contains("Due soon")) {
            continue;
        }
        let text = mail.split("text/html").next().unwrap();
        for number in 0..20 {
            *said.entry(number).or_default() +=
                usize::from(text.lines().any(|line| line.trim_end().ends_with(&format!("2026: T {number}"))));
        }
    }
    assert!(said.len() == 20 && said.values().all(|count| *count == 1), "{said:?}");
}
