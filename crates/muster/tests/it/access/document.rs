//! `docs/ACCESS.md`: the golden tables in words, for whoever has to answer for a customer's data.

use std::{collections::BTreeMap, fmt::Write as _, path::PathBuf};

use serde_json::Value;

use super::{PAGES, TABLE, shape};
use crate::app::TestApp;

const HEAD: &str = "# Who may do what

This page is made from the tables that the tests hold the program to: for each thing that can be asked of Muster, and each kind
of person, what happens. A test asks every one of these questions as every one of these people, and fails where the answer is
another one; it also fails where something can be asked that does not stand here. Change the tables in
`crates/muster/tests/it/access/`, never this page.

## The people

| column | who |
|---|---|
| nobody | somebody who is not signed in |
| admin | an administrator of the firm |
| consultant | a consultant of the firm, where this customer is assigned to them |
| manager, contributor, approver, auditor | people of this customer with that role |
| stranger | the manager of another customer |
| ended | somebody of this customer whose last day has passed |
| suspended | somebody of this customer whose access was taken away for now |

## The answers

| word | what happens |
|---|---|
| **yes** | it is done or shown, as far as the state of things allows |
| no | refused: this person may know that it is there, but not do this (403) |
| hidden | told that there is nothing, the same as for what does not exist (404) |
| sign in | asked to sign in first (401; pages lead to the sign-in page) |

People who are limited to some plans (auditors can be) are told *hidden* for everything of the others. API tokens do at most what
their issuer may do at that moment, narrowed to the token's rights and customers. A respondent's link shows the questions that were
delegated to them and nothing else.
";

const PEOPLE: &str = "nobody | admin | consultant | manager | contributor | approver | auditor | stranger | ended | suspended";

fn word(status: u16, is_page: bool, column: usize) -> &'static str {
    match status {
        401 => "sign in",
        303 if is_page && column == 0 => "sign in",
        403 => "no",
        404 => "hidden",
        _ => "**yes**",
    }
}

fn row(what: &str, place: &str, statuses: &[u16; 10], is_page: bool) -> String {
    let words: Vec<&str> = statuses.iter().enumerate().map(|(column, status)| word(*status, is_page, column)).collect();
    format!("| {what} | `{place}` | {} |\n", words.join(" | "))
}

/// What each route does, and which part it belongs to, from the description of the API.
fn routes(document: &Value) -> BTreeMap<String, (String, String, String)> {
    let mut routes = BTreeMap::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let place = format!("{} {}", method.to_uppercase(), path);
            let key = format!("{} {}", method.to_uppercase(), shape(path));
            routes.insert(key, (text(&operation["tags"][0]), text(&operation["summary"]), place));
        }
    }
    routes
}

async fn rendered() -> String {
    let app = TestApp::start().await;
    let document = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    let routes = routes(&document);
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for (method, path, _, statuses) in TABLE {
        let (part, what, place) = routes.get(&format!("{method} {}", shape(path))).cloned().unwrap_or_default();
        parts.entry(part).or_default().push_str(&row(&what, &place, statuses, false));
    }
    let mut text = HEAD.to_owned();
    text.push_str("\n## Through the API\n");
    let table = format!("\n| what | where | {PEOPLE} |\n|{}\n", "---|".repeat(12));
    for (part, rows) in parts {
        write!(text, "\n### {}\n{table}{rows}", if part.is_empty() { "health" } else { &part }).unwrap();
    }
    text.push_str("\n## On the pages\n");
    text.push_str(&table);
    for (method, path, _, statuses) in PAGES {
        let what = if *method == "GET" { "open the page" } else { "send the form" };
        text.push_str(&row(what, path, statuses, true));
    }
    text
}

/// `MUSTER_TEST_WRITE_DOCS=1` writes the page anew.
#[tokio::test]
async fn the_page_for_people_is_what_the_tables_say() {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ACCESS.md"));
    let text = rendered().await;
    if std::env::var_os("MUSTER_TEST_WRITE_DOCS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = kept.lines().zip(text.lines()).find(|(kept, made)| kept != made);
    assert!(kept == text, "docs/ACCESS.md is not up to date: run `make access`. First difference: {differs:?}");
}
