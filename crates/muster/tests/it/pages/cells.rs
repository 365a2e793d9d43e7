//! Changing a task in its row: as the script of a list asks for it, and in browsers.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    lists::{press, task, wait_until},
};
use crate::app::{Answer, Client, TestApp};

async fn made(app: &TestApp, body: Value) -> String {
    app.admin().await.post("/api/v1/customers/1/tasks", body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn read(app: &TestApp, id: &str) -> Value {
    app.admin().await.get(&format!("/api/v1/tasks/{id}")).await.expect(200).json()
}

/// Sends a cell as the script does: for the row that it stands in.
async fn send(client: &Client, id: &str, fields: &[(&str, &str)]) -> Answer {
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let row = format!("li#t-{id}");
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("hx-target", row.as_str())];
    client.send("POST", &format!("/tasks/{id}"), &headers, body).await
}

fn count(page: &Html, selector: &str) -> usize {
    page.select(&Selector::parse(selector).unwrap()).count()
}

fn text(page: &Html, selector: &str) -> String {
    page.select(&Selector::parse(selector).unwrap()).flat_map(|element| element.text()).collect::<Vec<_>>().join(" ")
}

fn attribute(page: &Html, selector: &str, name: &str) -> String {
    let found = page.select(&Selector::parse(selector).unwrap()).next().unwrap_or_else(|| panic!("no {selector}: {}", page.html()));
    found.attr(name).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_cell_opens_as_the_task_stands() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report <b>", "due_date": "2026-03-20", "assigned_to": 4 })).await;
    let contributor = app.as_person("contributor").await;
    // Nobody is offered before somebody asks.
    let list = Html::parse_document(&contributor.get("/customers/1/tasks").await.expect(200).text);
    assert_eq!((count(&list, ".task option"), count(&list, ".task .edit")), (0, 2 * count(&list, ".task")));
    let due = contributor.get(&format!("/tasks/{id}/due")).await.expect(200).text;
    assert!(!due.contains("<main"), "{due}");
    let due = Html::parse_fragment(&due);
    assert_eq!(attribute(&due, ".cell [name=due_date]", "value"), "2026-03-20");
    assert_eq!(attribute(&due, ".cell [name=due_date]", "aria-label"), "Due date of “Report <b>”");
    assert_eq!(attribute(&due, ".cell [name=version]", "value"), "1");
    let people = Html::parse_fragment(&contributor.get(&format!("/tasks/{id}/assignee")).await.expect(200).text);
    let mut ids: Vec<String> =
        people.select(&Selector::parse("option").unwrap()).map(|one| one.attr("value").unwrap().to_owned()).collect();
    assert_eq!((ids[0].as_str(), attribute(&people, "option[selected]", "value")), ("", "4".to_owned()));
    ids.sort_unstable();
    assert_eq!(ids, ["", "1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn what_is_saved_comes_back_as_the_row_of_the_list() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    let manager = app.as_person("manager").await;
    let sent = [("due_date", "2026-03-25"), ("version", "1"), ("next", "/customers/1/tasks?status=any&page=2")];
    let answer = send(&manager, &id, &sent).await.expect(200).text;
    assert!(!answer.contains("<main"), "{answer}");
    let row = Html::parse_fragment(&answer);
    assert_eq!((count(&row, "li.task"), count(&row, ".cell")), (1, 0));
    assert!(text(&row, ".edit[data-cell=due]").contains("Wed 25 Mar") && text(&row, ".toast").contains("Due 25 Mar 2026."), "{answer}");
    assert_eq!(attribute(&row, ".what a", "href"), format!("/customers/1/tasks?status=any&page=2&task={id}#task"));
    // In one's own work, what is one's own needs no name.
    let answer = send(&manager, &id, &[("assigned_to", "3"), ("version", "2"), ("next", "/my-work")]).await.expect(200).text;
    let row = Html::parse_fragment(&answer);
    assert!(text(&row, ".toast").contains("Assigned to manager.") && count(&row, ".avatar.none") == 1, "{answer}");
    let answer = send(&manager, &id, &[("due_date", ""), ("version", "3"), ("next", "/my-work")]).await.expect(200).text;
    assert!(answer.contains("No due date now."), "{answer}");
    let task = read(&app, &id).await;
    assert_eq!((&task["due_date"], &task["assigned_to"], &task["version"]), (&json!(null), &json!(3), &json!(4)));
    // What opens a cell names its task.
    assert!(text(&row, ".edit[data-cell=assignee] .sr").contains("Assign: Report"));
    // Other pages go on as they do without scripts.
    send(&manager, &id, &[("due_date", "2026-05-01"), ("version", "4"), ("next", "/customers/1")]).await.expect(303);
    manager.form(&format!("/tasks/{id}"), &[("due_date", ""), ("version", "5"), ("next", "/my-work")]).await.expect(303);
}

#[tokio::test]
async fn who_was_slower_keeps_what_they_typed() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    app.admin().await.patch(&format!("/api/v1/tasks/{id}"), 1, json!({ "due_date": "2026-04-01" })).await.expect(200);
    let manager = app.as_person("manager").await;
    let typed = [("due_date", "2026-04-30"), ("next", "/customers/1/tasks")];
    let answer = send(&manager, &id, &[&typed[..], &[("version", "1")]].concat()).await.expect(409).text;
    let row = Html::parse_fragment(&answer);
    assert_eq!(attribute(&row, ".cell [name=due_date]", "value"), "2026-04-30");
    assert_eq!(attribute(&row, ".cell [name=version]", "value"), "2");
    assert!(text(&row, ".cell .error").contains("1 Apr 2026") && text(&row, ".cell button").contains("Save mine over it"), "{answer}");
    assert!(text(&row, ".edit[data-cell=due]").contains("1 Apr") && count(&row, ".toast") == 0, "{answer}");
    assert_eq!(read(&app, &id).await["due_date"], "2026-04-01");
    send(&manager, &id, &[&typed[..], &[("version", "2")]].concat()).await.expect(200);
    assert_eq!(read(&app, &id).await["due_date"], "2026-04-30");
}

#[tokio::test]
async fn a_change_of_something_else_is_told_as_that() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    app.admin().await.patch(&format!("/api/v1/tasks/{id}"), 1, json!({ "notes": "N" })).await.expect(200);
    let manager = app.as_person("manager").await;
    let typed = [("due_date", "2026-04-30"), ("was", "2026-03-20"), ("version", "1"), ("next", "/customers/1/tasks")];
    let answer = send(&manager, &id, &typed).await.expect(409).text;
    let row = Html::parse_fragment(&answer);
    assert!(text(&row, ".cell .error").contains("Here it still says: 20 Mar 2026."), "{answer}");
    assert_eq!(attribute(&row, ".cell [name=was]", "value"), "2026-03-20");
    // What was refused keeps what it was opened with.
    let typed = [("due_date", "2026-02-30"), ("was", "2026-03-19"), ("version", "1"), ("next", "/customers/1/tasks")];
    let answer = send(&manager, &id, &typed).await.expect(422).text;
    assert_eq!(attribute(&Html::parse_fragment(&answer), ".cell [name=was]", "value"), "2026-03-19");
}

#[tokio::test]
async fn nothing_opens_at_an_archived_customer() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    let manager = app.as_person("manager").await;
    app.admin().await.post("/api/v1/customers/1/archive", json!({})).await.expect(200);
    let list = Html::parse_document(&manager.get("/customers/1/tasks").await.expect(200).text);
    assert_eq!((count(&list, ".task .edit"), count(&list, &format!("#t-{id}"))), (0, 1));
    for cell in ["due", "assignee"] {
        manager.get(&format!("/tasks/{id}/{cell}")).await.expect(409);
    }
    // Neither what could be taken otherwise, nor a day that is none, nor one that comes too late.
    for (day, version) in [("2026-03-25", "1"), ("2026-02-30", "1"), ("2026-03-25", "7")] {
        let sent = [("due_date", day), ("version", version), ("next", "/customers/1/tasks")];
        let answer = send(&manager, &id, &sent).await.expect(409).text;
        assert_eq!(count(&Html::parse_document(&answer), ".cell"), 0, "{answer}");
    }
    assert_eq!(read(&app, &id).await["version"], 1);
    app.admin().await.post("/api/v1/customers/1/unarchive", json!({})).await.expect(200);
    manager.get(&format!("/tasks/{id}/due")).await.expect(200);
}

#[tokio::test]
async fn what_cannot_be_taken_says_why_at_its_row() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    let manager = app.as_person("manager").await;
    // 7 belongs to another customer.
    for (field, value, why) in
        [("due_date", "2026-02-30", "Enter a day"), ("assigned_to", "7", "Choose one that"), ("assigned_to", "x", "Choose one that")]
    {
        let answer = send(&manager, &id, &[(field, value), ("version", "1"), ("next", "/customers/1/tasks")]).await.expect(422).text;
        let row = Html::parse_fragment(&answer);
        assert!(text(&row, ".cell .error").contains(why), "{field}={value}: {answer}");
        assert_eq!(attribute(&row, &format!(".cell [name={field}]"), "aria-invalid"), "true");
        assert_eq!(attribute(&row, ".cell [name=version]", "value"), "1");
        assert_eq!(count(&row, ".cell option[selected]"), usize::from(field == "assigned_to"), "{answer}");
    }
    send(&manager, &id, &[("due_date", "2026-03-25"), ("next", "/customers/1/tasks")]).await.expect(428);
    assert_eq!(read(&app, &id).await["version"], 1);
}

#[tokio::test]
async fn who_may_not_change_a_task_has_no_cell_to_open() {
    let app = TestApp::start().await;
    let id = made(&app, json!({ "title": "Report", "due_date": "2026-03-20" })).await;
    let auditor = app.as_person("auditor").await;
    let list = Html::parse_document(&auditor.get("/customers/1/tasks").await.expect(200).text);
    assert_eq!((count(&list, ".task .edit"), count(&list, &format!("#t-{id}"))), (0, 1));
    for (person, status) in [("auditor", 403), ("approver", 403), ("stranger", 404)] {
        let client = app.as_person(person).await;
        for cell in ["due", "assignee"] {
            client.get(&format!("/tasks/{id}/{cell}")).await.expect(status);
        }
        send(&client, &id, &[("due_date", "2026-03-25"), ("version", "1"), ("next", "/customers/1/tasks")]).await.expect(status);
    }
    app.admin().await.get(&format!("/tasks/{}/due", uuid::Uuid::from_u128(1))).await.expect(404);
    assert_eq!(read(&app, &id).await["version"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_date_is_changed_in_its_row_by_the_keyboard() {
    let browser = Browser::start(1440, 1000).await;
    let id = task(&browser, json!({ "title": "Send the report", "due_date": "2026-03-20" })).await;
    let (button, input) = (format!("#t-{id} .edit[data-cell=due]"), "document.activeElement?.matches('.cell input[type=date]')");
    browser.sign_in("manager").await;
    browser.open("/customers/1/tasks").await;
    browser.wait_for(&format!("{button}[role=button]")).await;
    // A mark that a reload would wipe away.
    browser.run("window.untouched = true").await;
    let height = format!("return document.querySelector('#t-{id}').getBoundingClientRect().height");
    let before = browser.run(&height).await;
    browser.run(&format!("document.querySelector('{button}').focus()")).await;
    press(&browser, " ").await;
    wait_until(&browser, input).await;
    assert_eq!(browser.run(&height).await, before);
    browser.run("document.activeElement.value = '2026-03-26'").await;
    press(&browser, "Enter").await;
    browser.wait_for_text("Due 26 Mar 2026.").await;
    browser.wait_for_text("Thu 26 Mar").await;
    wait_until(&browser, &format!("document.activeElement?.matches('{button}')")).await;

    // What others do meanwhile neither closes the cell nor is lost.
    press(&browser, " ").await;
    wait_until(&browser, input).await;
    browser.run("document.activeElement.value = '2026-03-27'").await;
    task(&browser, json!({ "title": "Newcomer" })).await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(browser.run("return document.querySelector('.cell input[type=date]').value").await, json!("2026-03-27"));
    press(&browser, "Escape").await;
    wait_until(&browser, "!document.querySelector('.cell')").await;
    browser.wait_for_text("Newcomer").await;
    wait_until(&browser, &format!("document.activeElement?.matches('{button}')")).await;
    browser.wait_for_text("Thu 26 Mar").await;

    // Somebody is faster: the row says so, and keeps what was typed.
    press(&browser, " ").await;
    wait_until(&browser, input).await;
    let path = format!("/api/v1/tasks/{id}");
    let version = read(&browser.app, &id).await["version"].as_i64().unwrap();
    browser.app.admin().await.patch(&path, version, json!({ "due_date": "2026-04-01" })).await.expect(200);
    browser.run("document.activeElement.value = '2026-03-30'").await;
    press(&browser, "Enter").await;
    browser.wait_for_text("It now says: 1 Apr 2026.").await;
    assert_eq!(browser.run("return document.querySelector('.cell input[type=date]').value").await, json!("2026-03-30"));
    browser.click(".cell .btn.primary").await;
    browser.wait_for_text("Due 30 Mar 2026.").await;
    assert_eq!(read(&browser.app, &id).await["due_date"], "2026-03-30");
    assert_eq!(browser.run("return window.untouched").await, json!(true));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_chosen_in_the_row_on_a_phone() {
    let phone = Browser::start(390, 844).await;
    let id = task(&phone, json!({ "title": "Send the report", "assigned_to": 4 })).await;
    phone.sign_in("contributor").await;
    phone.open("/my-work").await;
    phone.wait_for(&format!("#t-{id} .edit[role=button]")).await;
    // One that is left as it was closes, and leaves the focus where it went.
    phone.click(&format!("#t-{id} .edit[data-cell=due]")).await;
    wait_until(&phone, "document.activeElement?.matches('.cell input[type=date]')").await;
    phone.run(&format!("document.querySelector('#t-{id} .what a').focus()")).await;
    wait_until(&phone, "!document.querySelector('.cell') && document.activeElement.matches('.what a')").await;
    phone.click(&format!("#t-{id} .edit[data-cell=assignee]")).await;
    wait_until(&phone, "document.activeElement?.matches('.cell select')").await;
    phone.run("document.activeElement.value = '3'; document.activeElement.dispatchEvent(new Event('change', { bubbles: true }))").await;
    phone.wait_for_text("Assigned to manager.").await;
    // It is not theirs any more, and leaves their work by itself.
    wait_until(&phone, &format!("!document.querySelector('#rows #t-{id}')")).await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_cell_outlives_what_is_done_beside_it() {
    let browser = Browser::start(1440, 1000).await;
    let id = task(&browser, json!({ "title": "Send the report", "due_date": "2026-03-20" })).await;
    let other = task(&browser, json!({ "title": "Another", "due_date": "2026-03-21" })).await;
    let button = format!("#t-{id} .edit[data-cell=due]");
    browser.sign_in("manager").await;
    browser.open("/customers/1/tasks").await;
    browser.wait_for(&format!("{button}[role=button]")).await;
    // A mark that a reload would wipe away.
    browser.run("window.untouched = true").await;
    browser.click(&button).await;
    wait_until(&browser, "document.activeElement?.matches('.cell input[type=date]')").await;
    browser.run("document.activeElement.value = '2026-03-27'").await;
    // Without a pointer, so that the cell is not left.
    browser.run(&format!("document.querySelector('#t-{other} .status').click()")).await;
    wait_until(&browser, &format!("!document.querySelector('#rows #t-{other}')")).await;
    wait_until(&browser, &format!("document.activeElement?.matches('{button} + .cell input[type=date]')")).await;
    assert_eq!(browser.run("return document.activeElement.value").await, json!("2026-03-27"));
    assert_eq!(read(&browser.app, &id).await["due_date"], "2026-03-20");
    press(&browser, "Enter").await;
    browser.wait_for_text("Due 27 Mar 2026.").await;
    wait_until(&browser, &format!("document.activeElement?.matches('{button}')")).await;
    assert_eq!(read(&browser.app, &id).await["due_date"], "2026-03-27");
    assert_eq!(browser.run("return window.untouched").await, json!(true));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_cell_that_is_left_by_tab_is_saved() {
    let browser = Browser::start(1440, 1000).await;
    let id = task(&browser, json!({ "title": "Send the report", "assigned_to": 4, "due_date": "2026-03-20" })).await;
    browser.sign_in("manager").await;
    browser.open("/customers/1/tasks").await;
    browser.wait_for(&format!("#t-{id} .edit[role=button]")).await;
    browser.click(&format!("#t-{id} .edit[data-cell=assignee]")).await;
    wait_until(&browser, "document.activeElement?.matches('.cell select')").await;
    browser.run("document.activeElement.value = '3'").await;
    // The key itself, because it is the browser that goes on: WebDriver's letter for it.
    browser.wait_for(".cell select").await.send_keys("\u{e004}").await.unwrap();
    browser.wait_for_text("Assigned to manager.").await;
    wait_until(&browser, &format!("!document.querySelector('.cell') && document.activeElement?.matches('#t-{id} .edit[data-cell=due]')"))
        .await;
    assert_eq!(read(&browser.app, &id).await["assigned_to"], 3);
    browser.close().await;
}
