//! Views that a person keeps.

use serde_json::json;

use crate::app::{Answer, Client, TestApp};

/// The id in an address that names a view.
fn view_of(answer: &Answer) -> String {
    answer.header("location").split("view=").nth(1).unwrap().to_owned()
}

async fn keep(client: &Client, fields: &[(&str, &str)]) -> Answer {
    client.form("/views", fields).await.expect(303)
}

#[tokio::test]
async fn a_view_is_kept_renamed_opened_first_and_deleted() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let kept =
        keep(&manager, &[("list", "my_work"), ("name", "Late <b>"), ("query", "due=overdue&status=open&x=y"), ("next", "/my-work")]).await;
    let id = view_of(&kept);
    assert_eq!(kept.header("location"), format!("/my-work?due=overdue&view={id}"));
    let page = manager.get(kept.header("location")).await.expect(200).text;
    assert!(page.contains("Late &#60;b&#62;") && page.contains("aria-current=\"page\""));
    manager.get("/my-work").await.expect(200);
    manager.form(&format!("/views/{id}"), &[("name", "Overdue"), ("next", "/my-work")]).await.expect(303);
    manager.form(&format!("/views/{id}"), &[("is_default", "1"), ("next", "/my-work")]).await.expect(303);
    let opened = manager.get("/my-work").await.expect(303);
    assert_eq!(opened.header("location"), format!("/my-work?due=overdue&view={id}"));
    assert!(manager.get("/my-work?view=none").await.expect(200).text.contains("Overdue"));
    // It is nobody else's.
    for path in [format!("/views/{id}"), format!("/views/{id}/delete")] {
        app.admin().await.form(&path, &[("name", "Mine")]).await.expect(404);
    }
    app.admin().await.get("/my-work").await.expect(200);
    manager.form(&format!("/views/{id}/delete"), &[("next", "/my-work")]).await.expect(303);
    assert!(!manager.get("/my-work").await.expect(200).text.contains("Overdue</bdi>"));
    manager.form("/views", &[("list", "my_work"), ("name", " "), ("query", "")]).await.expect(422);
    manager.form("/views", &[("list", "all"), ("name", "N"), ("query", "")]).await.expect(422);
}

#[tokio::test]
async fn a_view_of_one_customers_plan_is_offered_there_only() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let plan = admin.assign_plan(1, "ISO 27001:2022").await;
    let query = format!("plan={}", plan["id"].as_str().unwrap());
    keep(&admin, &[("list", "tasks"), ("customer", "1"), ("name", "One plan"), ("query", &query)]).await;
    keep(&admin, &[("list", "tasks"), ("customer", "1"), ("name", "Every due"), ("query", "due=overdue"), ("is_default", "1")]).await;
    let (here, there) = (admin.get("/customers/1/tasks?view=none").await.text, admin.get("/customers/2/tasks?view=none").await.text);
    assert!(here.contains("One plan") && here.contains("Every due"));
    assert!(!there.contains("One plan") && there.contains("Every due"));
    assert!(admin.get("/customers/2/tasks").await.expect(303).header("location").starts_with("/customers/2/tasks?due=overdue&view="));
    // Twenty are enough.
    for number in 0..30 {
        keep(
            &admin,
            &[("list", "tasks"), ("customer", "1"), ("name", &format!("V{number}")), ("query", "due=today"), ("next", "/my-work")],
        )
        .await;
    }
    let page = admin.get("/customers/1/tasks?view=none").await.text;
    assert!(page.contains("V17</bdi>") && !page.contains("V18</bdi>"));
    assert_eq!(admin.get("/api/v1/me").await.expect(200).json()["id"], json!(1));
}
