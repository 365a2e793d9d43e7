//! Handing in several files at once, in a browser.

use serde_json::json;

use super::{browser::Browser, lists::wait_until};

/// Puts two files into the form of the register, as if somebody had chosen them: one that is what it says, one that is not.
const CHOOSE: &str = "
    const held = new DataTransfer();
    held.items.add(new File(['%PDF-1.7 evidence of something'], 'good.pdf', { type: 'application/pdf' }));
    held.items.add(new File(['no PDF'], 'bad.pdf', { type: 'application/pdf' }));
    const picker = document.querySelector('#file-register');
    picker.files = held.files;
    picker.dispatchEvent(new Event('change', { bubbles: true }));
    window.untouched = true";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_of_several_files_stands_in_the_register_at_once() {
    let browser = Browser::start(1440, 1000).await;
    browser.sign_in("manager").await;
    browser.open("/customers/1/evidence").await;
    browser.wait_for("#file-register").await;
    browser.run(CHOOSE).await;
    browser.click("#hand-in form[data-upload] .actions button").await;
    browser.wait_for_text("Some files were not taken.").await;
    wait_until(&browser, "document.querySelector('#evidence-list').textContent.includes('good.pdf')").await;
    // What was refused is still there, with why, and waits in the form.
    let kept = browser
        .run(
            "const lines = [...document.querySelectorAll('#hand-in .sends li')].map(line => line.dataset.tone);
             const files = [...document.querySelector('#file-register').files].map(file => file.name);
             return [lines, files, document.querySelector('#evidence-list').textContent.includes('bad.pdf'), window.untouched]",
        )
        .await;
    assert_eq!(kept, json!([["ok", "bad"], ["bad.pdf"], false, true]));
    browser.close().await;
}
