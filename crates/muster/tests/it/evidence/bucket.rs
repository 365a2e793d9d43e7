//! Evidence in a bucket: handed in, given out, and refused where the storage is away or has another file.

use muster_files::FileStore;
use serde_json::json;

use super::{PDF, files_below, handed_in, storage::Storage, task};
use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_lives_in_a_bucket() {
    let mut storage = Storage::start();
    let mut app = TestApp::start().await;
    let admin = app.admin().await;
    let old = handed_in(&admin, &task(&app, json!({})).await).await;
    app.use_bucket(storage.bucket());
    let admin = app.admin().await;
    admin.get(&format!("{old}/content")).await.expect(200);

    let evidence = admin.upload("/api/v1/customers/1/evidence", &[], ("new.pdf", b"%PDF-1.7\nanother")).await.expect(201).json();
    let path = format!("/api/v1/evidence/{}", evidence["id"].as_str().unwrap());
    assert_eq!(admin.get(&format!("{path}/content")).await.expect(200).text, "%PDF-1.7\nanother");
    assert_eq!(files_below(&app.files.0).len(), 1, "the one from before");

    let digest: Vec<u8> = evidence["sha256"].as_str().unwrap().as_bytes().chunks(2).map(hex).collect();
    let key = FileStore::key("1", &digest.try_into().unwrap()).unwrap();
    assert_eq!(storage.object(&key), b"%PDF-1.7\nanother");
    storage.replace(&key, b"%PDF-1.7\nbnother");
    admin.get(&format!("{path}/content")).await.refused(500, "file-damaged");
    storage.replace(&key, b"%PDF-1.7\nanother");
    admin.get(&format!("{path}/content")).await.expect(200);

    storage.stop();
    let before = super::kept(&app).await;
    admin.get(&format!("{path}/content")).await.refused(503, "storage-away");
    admin.upload("/api/v1/customers/1/evidence", &[], ("late.pdf", PDF)).await.refused(503, "storage-away");
    assert_eq!(super::kept(&app).await, before, "what was refused has left something");
}

fn hex(pair: &[u8]) -> u8 {
    u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()
}
