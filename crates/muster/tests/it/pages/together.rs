//! Several people at one questionnaire, each in a browser of their own.

use serde_json::json;

use super::browser::Browser;

/// A questionnaire of Acme's, as pages and as the API name it.
async fn questionnaire(browser: &Browser) -> (String, String) {
    let admin = browser.app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    (format!("{}/questionnaire", assignment.trim_start_matches("/api/v1")), assignment)
}

/// Waits until a script gives true.
async fn wait_until(browser: &Browser, script: &str) {
    for _ in 0..100 {
        if browser.run(&format!("return Boolean({script})")).await == json!(true) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never true: {script}\n{}", browser.text().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_answers_shows_itself_to_the_other() {
    let one = Browser::start(1440, 1000).await;
    let other = one.beside(390, 844).await;
    let (page, _) = questionnaire(&one).await;
    one.sign_in("manager").await;
    other.sign_in("contributor").await;
    one.open(&page).await;
    other.open(&page).await;
    // Each sees that the other is there.
    one.wait_for("#present .avatar[title=contributor]").await;
    other.wait_for("#present .avatar[title=manager]").await;
    // A mark that a reload would wipe away.
    one.run("window.untouched = true").await;

    other.type_into("#in-organisation_name", "Acme Corp GmbH").await;
    other.run("document.activeElement.blur()").await;
    other.wait_for_text("1 of 14 answered").await;
    other.wait_for_text("All changes saved").await;
    wait_until(&one, "document.querySelector('#in-organisation_name').value === 'Acme Corp GmbH'").await;
    one.wait_for_text("1 of 14 answered").await;
    one.wait_for("#preview-text a.fill[href='#q-organisation_name']").await;
    one.wait_for_text("by contributor").await;
    assert_eq!(one.run("return window.untouched").await, json!(true));

    // Both write the same answer: the slower one is shown both, and chooses.
    one.run("document.querySelector('#in-organisation_name').value = 'Acme SE'").await;
    other.type_into("#in-organisation_name", "Acme AG").await;
    other.run("document.activeElement.blur()").await;
    wait_until(&one, "document.querySelector('#preview-text').textContent.includes('Acme AG')").await;
    assert_eq!(one.run("return document.querySelector('#in-organisation_name').value").await, json!("Acme SE"));
    one.run("document.querySelector('#in-organisation_name').dispatchEvent(new Event('change', { bubbles: true }))").await;
    one.wait_for("#q-organisation_name [data-clash]").await;
    let clash = one.run("return document.querySelector('[data-clash]').textContent").await;
    assert!(clash.as_str().unwrap().contains("Acme AG") && clash.as_str().unwrap().contains("Acme SE"), "{clash}");
    one.click("[data-clash] button").await;
    wait_until(&one, "!document.querySelector('[data-clash]')").await;
    wait_until(&other, "document.querySelector('#in-organisation_name').value === 'Acme SE'").await;

    // Who leaves is not there any more.
    other.open("/my-work").await;
    wait_until(&one, "!document.querySelector('#present .avatar')").await;
    other.close().await;
    one.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_is_filled_row_by_row() {
    let browser = Browser::start(390, 844).await;
    let admin = browser.app.admin().await;
    let columns = json!([
        { "key": "system", "label": "System", "kind": "text" },
        { "key": "count", "label": "How many", "kind": "number", "required": false }
    ]);
    let questions = json!([
        { "key": "systems", "label": "Which systems cannot be patched?", "kind": "table", "columns": columns, "help": "One row for each." },
        { "key": "why", "label": "Why?", "kind": "text", "required": false }
    ]);
    let content = json!({ "document_title": "Exceptions", "questions": questions, "body": "{{systems}}\n\n{{why}}" });
    let template = admin.post("/api/v1/templates", json!({ "name": "Exceptions", "content": content })).await.expect(201).json();
    admin.post(&format!("/api/v1/templates/{}/releases", template["id"].as_str().unwrap()), json!({})).await.expect(201);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Exceptions").await;
    browser.sign_in("contributor").await;
    browser.open(&format!("{}/questionnaire", assignment.trim_start_matches("/api/v1"))).await;

    browser.type_into("#c-systems-0-system", "Bench").await;
    browser.type_into("#c-systems-0-count", "many").await;
    browser.run("document.activeElement.blur()").await;
    browser.wait_for_text("How many, row 1").await;
    browser.wait_for("#c-systems-0-count[aria-invalid]").await;
    browser.type_into("#c-systems-0-count", "2").await;
    browser.run("document.activeElement.blur()").await;
    browser.wait_for_text("1 of 2 answered").await;

    // The question's own event may set its rows anew just after the click.
    for _ in 0..20 {
        browser.run("if (!document.querySelector('#c-systems-3-system')) document.querySelector('[data-add-row]').click()").await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    browser.type_into("#c-systems-3-system", "Door").await;
    browser.run("document.activeElement.blur()").await;
    browser.wait_for_text("Door").await;
    browser.click("tbody tr:nth-child(1) [data-remove]").await;
    browser.run("document.activeElement.blur()").await;
    for _ in 0..50 {
        let answer = admin.get(&format!("{assignment}/questionnaire")).await.json()["questions"][0]["answer"]["value"].clone();
        if answer == json!([{ "system": "Door" }]) {
            browser.close().await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the row is still there: {}", admin.get(&format!("{assignment}/questionnaire")).await.text);
}
