//! Writing a template: without scripts, and in a real browser.

use scraper::{Html, Selector};
use serde_json::json;

use super::browser::Browser;
use crate::app::{Answer, Client, TestApp};

const TEXT: &str = "## Purpose\n\nFor {{org_name}}.\n\n| System | Until |\n|---|---|\n| {{rows.system}} | {{rows.until}} |\n\n{{#if cloud}}\nIn the cloud.\n{{/if}}\n";

fn parsed(answer: &Answer) -> Html {
    Html::parse_document(&answer.text)
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    page.select(&Selector::parse(selector).unwrap()).map(|one| words(one.text().collect())).collect()
}

fn value(page: &Html, selector: &str) -> String {
    page.select(&Selector::parse(selector).unwrap()).next().unwrap().attr("value").unwrap().to_owned()
}

/// A new template, made on its page; the path of its draft.
async fn new_template(admin: &Client) -> String {
    let fields = [("name", "Cloud use"), ("reference", "ISMS 40"), ("iso_codes", "ISO 27001:2022")];
    admin.form("/library/templates", &fields).await.expect(303).header("location").to_owned()
}

/// Saves the text with what a button says, from the version that the page shows.
async fn save(admin: &Client, draft: &str, body: &str, then: &str) -> Answer {
    let version = value(&parsed(&admin.get(draft).await.expect(200)), "#version");
    let fields = [("document_title", "Cloud use of {{org_name}}"), ("body", body), ("version", version.as_str()), ("then", then)];
    admin.form(draft, &fields).await
}

#[tokio::test]
async fn a_template_is_written_without_scripts() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let draft = new_template(&admin).await;
    // The title of the document begins as the template's name.
    assert_eq!(value(&parsed(&admin.get(&draft).await.expect(200)), "#document_title"), "Cloud use");
    save(&admin, &draft, TEXT, "").await.expect(303);
    let page = parsed(&admin.get(&draft).await.expect(200));
    let problems = texts(&page, ".faults li");
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems.iter().any(|one| one.contains("{{org_name}} has no question") && one.contains("Line 3")), "{problems:?}");
    // Each placeholder gets its question with one button.
    for key in ["org_name", "rows", "cloud"] {
        let answer = save(&admin, &draft, TEXT, &format!("make:{key}")).await.expect(303);
        assert_eq!(answer.header("location"), format!("{draft}#q-{key}"));
    }
    let page = parsed(&admin.get(&draft).await.expect(200));
    assert_eq!(texts(&page, ".faults li"), [""; 0]);
    assert_eq!(texts(&page, ".ask .badge.line"), ["Short text", "Table", "Yes or no"]);
    // A question is moved, changed under another key, and put into the text again.
    save(&admin, &draft, TEXT, "up:cloud").await.expect(303);
    let path = format!("{draft}/questions/rows");
    let form = parsed(&admin.get(&path).await.expect(200));
    assert_eq!(value(&form, "[name=column-2-label]"), "Until");
    let version = value(&form, "#question [name=version]");
    let fields = [
        ("label", "Which systems?"),
        ("key", "systems"),
        ("kind", "table"),
        ("required", "1"),
        ("column-1-label", "System"),
        ("column-1-key", "system"),
        ("column-1-kind", "text"),
        ("column-1-required", "1"),
        ("column-2-label", "Until"),
        ("column-2-key", "until"),
        ("column-2-kind", "date"),
        ("column-2-required", ""),
        ("position", "1"),
        ("version", version.as_str()),
    ];
    let saved = admin.form(&path, &fields).await.expect(303);
    assert_eq!(saved.header("location"), format!("{draft}#q-systems"));
    let api = format!("/api/v1/templates/{}", draft.split('/').nth(3).unwrap());
    let stored = admin.get(&api).await.json()["draft"].clone();
    assert!(stored["body"].as_str().unwrap().contains("{{systems.until}}"), "the text did not follow: {stored}");
    let keys: Vec<_> = stored["questions"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect();
    assert_eq!(keys, ["systems", "org_name", "cloud"]);
    assert_eq!(
        (&stored["questions"][0]["columns"][1]["kind"], &stored["questions"][0]["columns"][1]["required"]),
        (&json!("date"), &json!(false))
    );
    release(&admin, &draft).await;
}

/// The draft goes out, and its page shows what it was made of.
async fn release(admin: &Client, draft: &str) {
    let path = draft.replace("/draft", "/release");
    let page = parsed(&admin.get(&path).await.expect(200));
    assert!(texts(&page, "main").concat().contains("3 questions are new"), "{:?}", texts(&page, "main"));
    let version = value(&page, "main form [name=version]");
    let template = draft.replace("/draft", "");
    let released = admin.form(&path, &[("note", "The first one."), ("version", &version)]).await.expect(303);
    assert_eq!(released.header("location"), template);
    let page = parsed(&admin.get(&template).await.expect(200));
    assert!(texts(&page, "table tbody tr").concat().contains("Release 1 Latest The first one."));
    let one = parsed(&admin.get(&format!("{template}/releases/1")).await.expect(200));
    assert!(texts(&one, "main").concat().contains("This is the first release"));
    // Once more there is nothing to release.
    admin.form(&path, &[("version", "99")]).await.expect(409);
}

#[tokio::test]
async fn an_unfinished_draft_stays_a_draft() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let draft = new_template(&admin).await;
    save(&admin, &draft, "{{nobody}}", "release").await.expect(303);
    let path = draft.replace("/draft", "/release");
    let page = parsed(&admin.get(&path).await.expect(200));
    assert_eq!(texts(&page, ".faults li"), ["Line 1 {{nobody}} has no question.", "The title has {{org_name}}, which has no question."]);
    assert_eq!(texts(&page, "main form"), [""; 0], "a release is offered");
    let version = value(&parsed(&admin.get(&draft).await.expect(200)), "#version");
    let refused = admin.form(&path, &[("version", version.as_str()), ("note", "Kept")]).await.expect(409);
    assert!(refused.text.contains("{{nobody}} has no question"));
    // What was typed is tried out and not saved.
    let tried = admin.form(&format!("{draft}/preview"), &[("document_title", "T"), ("body", "## Tried <b>out</b>")]).await.expect(200);
    let page = parsed(&tried);
    assert_eq!(texts(&page, ".paper h3"), ["Tried <b>out</b>"]);
    assert_eq!(texts(&page, "#state [data-unsaved]:not([hidden])").len(), 1);
    assert!(!admin.get(&draft).await.text.contains("Tried"));
    admin.form(&format!("{draft}/discard"), &[("version", version.as_str())]).await.expect(303);
    assert!(!admin.get(&draft).await.expect(200).text.contains("nobody"));
}

#[tokio::test]
async fn two_people_at_one_draft_see_both_versions() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let draft = new_template(&admin).await;
    let version = value(&parsed(&admin.get(&draft).await.expect(200)), "#version");
    save(&admin, &draft, "Theirs", "").await.expect(303);
    let late = [("document_title", "Cloud use"), ("body", "Mine"), ("version", version.as_str())];
    let page = parsed(&admin.form(&draft, &late).await.expect(409));
    let rows = texts(&page, ".compare .differs");
    assert!(rows.concat().contains("Mine Theirs"), "{rows:?}");
    assert_eq!(value(&page, "[name=body]"), "Mine");
    // A question that comes late shows its fields, and the text that came with it.
    let fields = [("label", "Who?"), ("kind", "person"), ("document_title", "T"), ("body", "Mine too"), ("version", version.as_str())];
    let page = parsed(&admin.form(&format!("{draft}/questions"), &fields).await.expect(409));
    assert!(texts(&page, ".compare").concat().contains("Mine too") && texts(&page, ".compare").concat().contains("Who?"));
    let current = value(&page, "[name=version]");
    let again = [("label", "Who?"), ("kind", "person"), ("document_title", "T"), ("body", "Mine too"), ("version", current.as_str())];
    admin.form(&format!("{draft}/questions"), &again).await.expect(303);
    let page = parsed(&admin.get(&draft).await.expect(200));
    assert_eq!((texts(&page, "#body"), texts(&page, ".ask code")), (vec!["Mine too".to_owned()], vec!["who".to_owned()]));
}

#[tokio::test]
async fn a_refused_question_keeps_what_was_typed() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let draft = new_template(&admin).await;
    save(&admin, &draft, "{{a}}", "make:a").await.expect(303);
    let version = value(&parsed(&admin.get(&draft).await.expect(200)), "#version");
    let fields = [("label", "Again?"), ("key", "a"), ("kind", "number"), ("minimum", "9"), ("maximum", "x"), ("version", version.as_str())];
    let page = parsed(&admin.form(&format!("{draft}/questions"), &fields).await.expect(422));
    assert_eq!((value(&page, "#label-new"), value(&page, "#maximum-new")), ("Again?".to_owned(), "x".to_owned()));
    let taken = [("label", "Again?"), ("key", "a"), ("kind", "text"), ("version", version.as_str())];
    let page = parsed(&admin.form(&format!("{draft}/questions"), &taken).await.expect(422));
    assert!(texts(&page, ".error").concat().contains("Another question has this key"));
    admin.form(&format!("{draft}/questions/zzz"), &taken).await.expect(404);
    admin.form(&draft, &[("body", "x"), ("version", version.as_str()), ("then", "explode:a")]).await.expect(400);
    admin.form(&draft, &[("body", "x")]).await.expect(428);
}

/// A template of 300 questions: the list, one question, and the live preview.
#[tokio::test]
async fn a_long_template_stays_usable() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let questions: Vec<_> = (0..300)
        .map(|number| json!({ "key": format!("q{number}"), "section": format!("Part {}", number / 20), "label": "What?", "kind": "text", "example": "E" }))
        .collect();
    let body: String = (0..300).map(|number| format!("Paragraph {number}: {{{{q{number}}}}}\n\n")).collect();
    let content = json!({ "document_title": "Long", "questions": questions, "body": body });
    let template = admin.post("/api/v1/templates", json!({ "name": "Long", "content": content })).await.expect(201).json();
    let draft = format!("/library/templates/{}/draft", template["id"].as_str().unwrap());
    let page = admin.get(&draft).await.expect(200);
    let html = parsed(&page);
    assert_eq!((texts(&html, ".ask").len(), texts(&html, "form.asking").len()), (300, 0), "questions are folded");
    let fields: String =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("document_title", "Long"), ("body", &body)]).finish();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("hx-request", "true"), ("hx-target", "div#live")];
    let live = admin.send("POST", &format!("{draft}/preview"), &headers, fields).await.expect(200);
    assert_eq!(texts(&parsed(&live), ".ask").len(), 0, "the preview sends the questions too");
    assert!(live.text.len() * 2 < page.text.len(), "{} of {}", live.text.len(), page.text.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_is_written_in_the_browser() {
    let browser = Browser::start(1440, 1000).await;
    browser.sign_in("admin").await;
    browser.open("/library/templates").await;
    browser.click("main a[href='/library/templates/new']").await;
    browser.type_into("#name", "Cloud use").await;
    browser.click("main form button.primary").await;

    // The preview and the problems follow what is typed, and nothing is saved by that.
    browser.type_into("#body", "For {{org_name}}.").await;
    browser.wait_for_text("{{org_name}} has no question.").await;
    browser.wait_for("#state [data-unsaved]:not([hidden])").await;

    // A question for the placeholder; the text stays as it was typed.
    browser.click(".faults button[value='make:org_name']").await;
    browser.wait_for("#q-org_name").await;
    browser.wait_for("#state [data-unsaved][hidden]").await;
    browser.wait_for_text("Every placeholder has its question").await;

    // A table, written where the cursor stands, becomes a question with columns.
    browser.run("document.querySelector('#body').focus()").await;
    browser.run("const b = document.querySelector('#body'); b.setSelectionRange(b.value.length, b.value.length); b.blur()").await;
    browser.run("[...document.querySelectorAll('[data-insert]')].find(one => one.textContent === 'Table').click()").await;
    browser.click(".faults button[value='make:rows']").await;
    browser.wait_for("#q-rows").await;
    browser.click("#q-rows button[value='question:rows']").await;
    browser.type_into("#edit-rows [name=label]", "Which services?").await;
    browser.click("#edit-rows footer button.primary").await;
    browser.wait_for_text("Which services?").await;
    browser.wait_for_text("First 2").await;

    // An optional section.
    browser
        .run("const b = document.querySelector('#body'); b.focus(); b.setSelectionRange(b.value.length, b.value.length); b.blur()")
        .await;
    browser.run("[...document.querySelectorAll('[data-insert]')].find(one => one.textContent === 'Optional section').click()").await;
    browser.click(".faults button[value='make:key']").await;
    browser.wait_for("#q-key").await;
    browser.wait_for_text("This appears only when the answer is yes.").await;
    browser.wait_for_text("Every placeholder has its question").await;

    // Nothing is left over, so it goes out.
    browser.click("header button[value=release]").await;
    browser.wait_for_text("Nothing is left over").await;
    browser.wait_for_text("3 questions are new").await;
    browser.type_into("#note", "The first one").await;
    browser.click("main form button.primary").await;
    browser.wait_for_text("The first one").await;
    browser.wait_for_text("Release 1").await;
    browser.close().await;
}
