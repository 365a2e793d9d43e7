//! Two people in two browsers: one writes a document, the other sends it back and approves it.

use serde_json::json;

use super::browser::Browser;
use crate::app::PASSWORD;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_written_sent_back_and_approved() {
    let author = Browser::start(1440, 1000).await;
    let (admin, consultant) = (author.app.admin().await, author.app.as_person("consultant").await);
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let assignment = admin.assign_template(&plan, "Patch Management").await;
    author.app.as_person("contributor").await.answer_all(&assignment).await;

    // The manager saves the filled template, writes at it, and hands it in.
    author.sign_in("manager").await;
    author.open(&format!("{}/questionnaire", assignment.trim_start_matches("/api/v1"))).await;
    author.click("main form[action$='/documents'] button, main button[form=save]").await;
    author.wait_for(".paper").await;
    let url = author.page.current_url().await.unwrap();
    let document = url.path().to_owned();
    author.click(&format!("a[href='{document}/edit']")).await;
    author.type_into("#note", "First version for Acme").await;
    let add = "const body = document.querySelector('#body'); body.value += '\\n\\nLaptops are patched <b>like</b> servers.\\n'";
    author.run(add).await;
    author.click("button[name=preview]").await;
    author.wait_for_text("Laptops are patched <b>like</b> servers.").await;
    author.click("form.card button.primary").await;
    author.wait_for_text("The text was edited").await;
    author.click(&format!("form[action='{document}/submit'] button")).await;
    author.wait_for_text("The document was handed in").await;
    consultant.post(&format!("/api/v1{document}/review"), json!({})).await.expect(200);

    // The approver finds it in their work, sees what was edited, and sends it back with a reason.
    let approver = author.beside(390, 844).await;
    approver.sign_in("approver").await;
    approver.open("/my-work").await;
    approver.click(&format!("a[href='{document}']")).await;
    approver.wait_for_text("Your decision as").await;
    approver.open(&format!("{document}?view=changes&from=template")).await;
    approver.wait_for(".paper ins").await;
    approver.open(&document).await;
    approver.click("input[name=decision][value=changes]").await;
    approver.click("#decide button").await;
    approver.wait_for_text("Say what should change.").await;
    approver.type_into("#words", "Say who patches the laptops.").await;
    approver.click("#decide button").await;
    approver.wait_for_text("The document was sent back").await;

    // The author reads why, changes it, and hands it in again.
    author.open("/my-work").await;
    author.wait_for_text("Revise").await;
    author.open(&document).await;
    author.wait_for_text("Say who patches the laptops.").await;
    author.click(&format!("a[href='{document}/edit']")).await;
    author.run("const body = document.querySelector('#body'); body.value = body.value.replace('patched <b>', 'patched by IT, <b>')").await;
    author.click("form.card button.primary").await;
    author.click(&format!("form[action='{document}/submit'] button")).await;
    author.wait_for_text("The document was handed in").await;
    consultant.post(&format!("/api/v1{document}/review"), json!({})).await.expect(200);

    // The approver compares both, and approves: not without their password.
    approver.open(&format!("{document}?view=changes")).await;
    approver.wait_for(".paper ins").await;
    approver.wait_for_text("1 change").await;
    approver.click("#decide button").await;
    approver.wait_for_text("Enter your password or a code.").await;
    approver.type_into("#proof", PASSWORD).await;
    approver.click("#decide button").await;
    approver.wait_for_text("The document is approved and in force.").await;
    approver.wait_for_text("CISO: approved by approver").await;
    approver.close().await;

    // An answer changes: the document says so, and the next version takes it over.
    let name = format!("{assignment}/answers/organisation_name");
    admin.with("PUT", &name, &[("if-match", "\"1\"")], json!({ "value": "Acme Holding" })).await.expect(200);
    author.open(&document).await;
    author.wait_for_text("What has changed").await;
    author.wait_for_text("Acme Holding").await;
    author.click("#main form[action$='/versions'] button").await;
    author.wait_for_text("stays in force until this one is approved").await;
    author.click("#view-changes").await;
    author.wait_for(".paper del").await;
    author.close().await;
}
