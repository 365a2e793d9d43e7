//! The pages of imports, with forms alone.

use super::titles;
use crate::app::TestApp;

#[tokio::test]
async fn a_file_goes_all_the_way_without_scripts() {
    let app = TestApp::start().await;
    let manager = app.as_person("manager").await;
    let list = manager.get("/imports").await.expect(200).text;
    assert!(list.contains("Nothing imported yet") && !list.contains("value=\"customers\""));
    let empty = manager.upload("/imports", &[("holds", "tasks")], ("", b"")).await.expect(422).text;
    assert!(empty.contains("Fill this in."));
    let file = b"What,When\nImport one,03/17/2026\nImport two,04/31/2026\n";
    let uploaded = manager.upload("/imports", &[("holds", "tasks")], ("t.csv", file)).await.expect(303);
    let path = uploaded.header("location").to_owned();
    let page = manager.get(&path).await.expect(200).text;
    // The second column was not understood, so nothing is refused yet; what it holds is said.
    assert!(page.contains("2 tasks would be made") && page.contains("name=\"column-1\""), "{page}");
    let fields = [
        ("version", "1"),
        ("holds", "tasks"),
        ("column-0", "title"),
        ("column-1", "due_date"),
        ("date_order", "month_first"),
        ("customer_id", "1"),
        ("skip_duplicates", "1"),
    ];
    manager.form(&path, &fields).await.expect(303);
    let page = manager.get(&path).await.expect(200).text;
    assert!(page.contains("1 row has a refused cell") && page.contains("Due date must be a day between"), "{page}");
    assert!(!page.contains(&format!("{path}/run")));
    // A form that was sent all the same changes nothing.
    manager.form(&format!("{path}/run"), &[("version", "2")]).await.expect(303);
    assert!(titles(&manager, 1, "Import").await.is_empty());
    let fields = [("version", "2"), ("column-0", "title"), ("customer_id", "1")];
    manager.form(&path, &fields).await.expect(303);
    let page = manager.get(&path).await.expect(200).text;
    assert!(page.contains("Make 2 tasks"));
    manager.form(&format!("{path}/run"), &[("version", "3")]).await.expect(303);
    assert_eq!(titles(&manager, 1, "Import").await, ["Import one", "Import two"]);
    let page = manager.get(&path).await.expect(200).text;
    assert!(page.contains("2 tasks were made.") && page.contains("Take it back"));
    manager.form(&format!("{path}/undo"), &[]).await.expect(303);
    assert!(manager.get(&path).await.text.contains("2 rows were taken back."));
    assert!(titles(&manager, 1, "Import").await.is_empty());
    assert!(manager.get("/imports").await.text.contains("Taken back"));
}

#[tokio::test]
async fn a_draft_is_thrown_away() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let uploaded = admin.upload("/imports", &[("holds", "customers")], ("c.csv", b"Name\nA\n")).await.expect(303);
    let path = uploaded.header("location").to_owned();
    admin.form(&format!("{path}/discard"), &[]).await.expect(303);
    admin.get(&path).await.expect(404);
}
