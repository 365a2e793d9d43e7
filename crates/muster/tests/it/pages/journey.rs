//! The story from the first sign-in to a document, in a real browser.

use super::browser::Browser;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_new_customer_to_a_document() {
    let browser = Browser::start(1440, 1000).await;
    browser.sign_in("admin").await;

    // A new customer, with its first tasks.
    browser.click("a[href='/customers/new']").await;
    browser.type_into("#name", "Initech").await;
    browser.click("main form button.primary").await;
    browser.wait_for("#customer-tasks").await;
    browser.wait_for_text("Send welcome email").await;
    browser.wait_for_text("No plan yet").await;

    // A standard, with its plan tasks, and a template with its questions.
    browser.click("main a[href$='/plans']").await;
    browser.click("input[name=iso_standard_id]").await;
    browser.click("input[name=mode][value=none]").await;
    browser.click("main form button.primary").await;
    browser.wait_for_text("Identify stakeholders").await;
    browser.click("main .node[data-level=plan] a[href$='/templates/assign']").await;
    browser
        .run("[...document.querySelectorAll('label')].find(l => l.textContent.includes('Patch Management')).querySelector('input').click()")
        .await;
    browser.click("main form button.primary").await;
    browser.wait_for_text("How often are patches applied?").await;

    // Answering: each answer saves itself, and its task is done.
    browser.click("main .node[data-level=template] a[href$='/questionnaire']").await;
    browser.type_into("#in-organisation_name", "Initech </script> & Sons").await;
    browser.run("document.activeElement.blur()").await;
    browser.wait_for_text("1 of 14 answered").await;
    browser.wait_for_text("Initech </script> & Sons").await;
    answer_the_rest(&browser).await;

    // The document with its tasks.
    browser.page.refresh().await.unwrap();
    browser.click("main form[action$='/documents'] button, main button[form=save]").await;
    browser.wait_for(".paper").await;
    browser.wait_for_text("Initech </script> & Sons").await;
    browser.wait_for_text("Get CISO approval").await;
    browser.close().await;
}

/// The other thirteen, as another person would from another place.
async fn answer_the_rest(browser: &Browser) {
    let url = browser.page.current_url().await.unwrap();
    let assignment = format!("/api/v1{}", url.path().trim_end_matches("/questionnaire"));
    browser.app.admin().await.answer_all(&assignment).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_on_the_workspace() {
    let browser = Browser::start(1440, 1000).await;
    browser.sign_in("manager").await;
    browser.open("/customers/1").await;

    // A task is done with one click, and taken up again with another.
    let row = "li.task[data-status=open], li.task[data-status=waiting]";
    let id = browser.wait_for(row).await.attr("id").await.unwrap().unwrap();
    browser.click(&format!("#{id} button.status")).await;
    browser.wait_for(&format!("#{id}[data-status=done]")).await;
    browser.click(&format!("#{id} button.status")).await;
    browser.wait_for(&format!("#{id}:not([data-status=done])")).await;

    // The drawer opens beside the tree, keeps the place in the address, and Escape closes it.
    browser.click(&format!("#{id} .what a")).await;
    browser.wait_for("#drawer[data-open], #drawer:not(:empty)").await;
    assert!(browser.page.current_url().await.unwrap().query().unwrap_or_default().contains("task="));

    // Ignoring asks for a reason, and what was ignored comes back.
    browser.click("#drawer a[href$='/ignore'], #drawer a[href*='/ignore?']").await;
    browser.type_into("textarea[name=reason]", "Not for us").await;
    browser.click("main form button.primary, main form button[data-tone=bad], main form footer button").await;
    browser.wait_for_text("Not for us").await;
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)").await;
    browser.click("button[formaction$='/restore']").await;
    browser.wait_for(&format!("#{id}")).await;

    // A task added in place.
    browser.open("/customers/1?add=customer#add").await;
    browser.type_into("form input[name=title]", "Call the auditor").await;
    browser.click("form.task-form button.primary").await;
    browser.wait_for_text("Call the auditor").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_fits_a_phone() {
    let browser = Browser::start(500, 844).await;
    browser.sign_in("admin").await;
    let admin = browser.app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    let questionnaire = format!("{}/questionnaire", assignment.trim_start_matches("/api/v1"));
    for path in [
        "/",
        "/my-work",
        "/customers/1",
        "/customers/new",
        "/customers/1/plans",
        "/library/templates",
        "/library/task-rules",
        &questionnaire,
    ] {
        browser.open(path).await;
        let facts = browser.run("return [document.documentElement.scrollWidth - document.documentElement.clientWidth, document.querySelectorAll('h1').length]").await;
        assert!(facts[0].as_i64().unwrap() <= 0, "{path} is wider than its window: {facts}");
        assert_eq!(facts[1], 1, "{path} has not one heading");
    }
    browser.close().await;
}
