//! Lists of tasks in browsers: by the keyboard, several at once, and what another person changes meanwhile.

use serde_json::{Value, json};

use super::browser::Browser;

/// Adds a task for Acme; gives its id.
pub(super) async fn task(browser: &Browser, body: Value) -> String {
    browser.app.admin().await.post("/api/v1/customers/1/tasks", body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

/// Waits until a script gives true.
pub(super) async fn wait_until(browser: &Browser, script: &str) {
    for _ in 0..100 {
        if browser.run(&format!("return Boolean({script})")).await == json!(true) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never true: {script}\n{}", browser.text().await);
}

/// Presses a key where the focus is.
pub(super) async fn press(browser: &Browser, key: &str) {
    let script = format!(
        "(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }}))"
    );
    browser.run(&script).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_watch_each_others_changes() {
    let one = Browser::start(1440, 1000).await;
    let other = one.beside(390, 844).await;
    let id = task(&one, json!({ "title": "Send the report", "assigned_to": 3, "due_date": "2026-03-20" })).await;
    task(&one, json!({ "title": "Another", "assigned_to": 3 })).await;
    one.sign_in("manager").await;
    other.sign_in("contributor").await;
    one.open(&format!("/my-work?task={id}")).await;
    other.open(&format!("/customers/1/tasks?task={id}")).await;
    one.wait_for("#drawer #comment").await;
    // A mark that a reload would wipe away, and something that is being written.
    one.run("window.untouched = true").await;
    one.type_into("#comment", "Half a thought").await;

    // The other says something, moves the date, and begins.
    other.type_into("#comment", "It is on its way, @man").await;
    other.wait_for(".names [role=option]").await;
    press(&other, "Enter").await;
    assert_eq!(other.run("return document.querySelector('#comment').value").await, json!("It is on its way, @manager "));
    other.click("#say button").await;
    other.wait_for_text("It is on its way, @manager").await;
    one.wait_for_text("It is on its way, @manager").await;
    other.run("const due = document.querySelector('#quick-due'); due.value = '2026-03-10'; due.dispatchEvent(new Event('change', { bubbles: true }))").await;
    wait_until(&one, "document.querySelector('#g-late')").await;
    one.wait_for_text("7 days late").await;
    assert_eq!(one.run("return [document.querySelector('#comment').value, window.untouched]").await, json!(["Half a thought", true]));

    // And the other way round: what one completes is gone from the other's list.
    one.run("document.querySelector('#comment').value = ''").await;
    one.click(&format!("#t-{id} .status")).await;
    wait_until(&other, &format!("!document.querySelector('#rows #t-{id}')")).await;
    one.wait_for_text("Another").await;
    other.close().await;
    one.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_worked_by_the_keyboard() {
    let browser = Browser::start(1440, 1000).await;
    let first = task(&browser, json!({ "title": "First", "due_date": "2026-03-01" })).await;
    let second = task(&browser, json!({ "title": "Second", "due_date": "2026-03-02" })).await;
    browser.sign_in("manager").await;
    browser.open("/customers/1/tasks?q=s").await;
    browser.wait_for(&format!("#t-{second}")).await;
    let focused = "return document.activeElement.closest('.task')?.id";
    press(&browser, "j").await;
    assert_eq!(browser.run(focused).await, json!(format!("t-{first}")));
    press(&browser, "j").await;
    press(&browser, "x").await;
    press(&browser, "k").await;
    press(&browser, "x").await;
    browser.wait_for_text("2 selected").await;
    // Several at once, and back.
    browser
        .run("document.querySelector('#bulk-priority').value = 'urgent'; document.querySelector('#bulk [value=priority]').click()")
        .await;
    browser.wait_for_text("2 tasks changed.").await;
    wait_until(&browser, &format!("document.querySelector('#t-{first} .high')")).await;
    browser.click("#toasts form button").await;
    browser.wait_for_text("2 tasks are as they were before.").await;
    wait_until(&browser, &format!("!document.querySelector('#t-{first} .high')")).await;
    // A comment, the person, and out again.
    press(&browser, "j").await;
    press(&browser, "c").await;
    wait_until(&browser, "document.activeElement?.id === 'comment'").await;
    browser.run("document.activeElement.blur()").await;
    press(&browser, "a").await;
    wait_until(&browser, "document.activeElement?.id === 'quick-who'").await;
    browser.run("document.activeElement.value = '3'; document.activeElement.dispatchEvent(new Event('change', { bubbles: true }))").await;
    wait_until(&browser, &format!("document.querySelector('#t-{first} .avatar[title=manager]')")).await;
    press(&browser, "Escape").await;
    wait_until(&browser, "!document.querySelector('#drawer:not([hidden])')").await;
    press(&browser, "d").await;
    wait_until(&browser, &format!("!document.querySelector('#t-{first}')")).await;
    press(&browser, "?").await;
    browser.wait_for("#shortcuts:popover-open").await;
    // Switched off, a key is a letter again.
    browser.click("#keys-enabled").await;
    press(&browser, "Escape").await;
    browser.run("document.querySelector('#shortcuts').hidePopover(); document.activeElement.blur()").await;
    press(&browser, "j").await;
    assert_eq!(browser.run(focused).await, json!(null));
    browser.close().await;
}
