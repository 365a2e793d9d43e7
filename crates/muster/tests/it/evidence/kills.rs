//! The program is killed at every step of an upload: no row is left without its file, whatever was
//! acknowledged is there, and what was half way is gone after the next start (trust promise G7).

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::files_below;
use crate::{
    app::{FORM_TYPE, multipart},
    program::{Folder, Running},
};

/// How often the program dies.
const KILLS: u64 = 6;
/// How many files are on their way when it does.
const AT_ONCE: u64 = 6;
/// The size of each; several pieces.
const SIZE: usize = 1_500_000;

/// Hands a file in piece by piece, and gives the evidence if it was acknowledged.
async fn hand_in(address: String, cookie: String, customer: i64, number: u64) -> Option<Value> {
    let content = format!("{number}\n").into_bytes().into_iter().cycle().take(SIZE).collect::<Vec<u8>>();
    let body = multipart(&[], (&format!("{number}.txt"), &content));
    let head = format!(
        "POST /api/v1/customers/{customer}/evidence HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: {cookie}\r\n\
         Connection: close\r\nContent-Type: {FORM_TYPE}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(&address).await.ok()?;
    stream.write_all(head.as_bytes()).await.ok()?;
    for piece in body.chunks(64 * 1024) {
        stream.write_all(piece).await.ok()?;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    head.starts_with("HTTP/1.1 201").then(|| serde_json::from_str(body).ok())?
}

#[tokio::test]
async fn kills_leave_no_row_without_its_file() {
    let folder = Folder::new("evidence");
    let (mut acknowledged, mut number) = (Vec::new(), 0);
    for round in 0..KILLS {
        let running = Running::start("demo", &folder.0).await;
        let cookie = running.sign_in("admin").await;
        assert_eq!(files_below(&folder.0.join("files/incoming")).len(), 0, "what a killed upload left is still there");
        let (_, _, customers) = running.ask("GET", "/api/v1/customers?limit=1", &cookie, &Value::Null).await.unwrap();
        let customer = customers["items"][0]["id"].as_i64().unwrap();
        check(&running, &cookie, customer, &acknowledged).await;
        let uploads: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                number += 1;
                let (address, cookie, number) = (running.address().to_owned(), cookie.clone(), number);
                tokio::spawn(async move {
                    // One after the other, so that some are done, some half way and some not begun.
                    tokio::time::sleep(Duration::from_millis(number % AT_ONCE * 60)).await;
                    hand_in(address, cookie, customer, number).await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(60 + round * 130)).await;
        // On a slow machine too, something is acknowledged before the last kill.
        if round == KILLS - 1 {
            for _ in 0..600 {
                if uploads.iter().any(tokio::task::JoinHandle::is_finished) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        running.kill().await;
        for upload in uploads {
            acknowledged.extend(upload.await.unwrap());
        }
    }
    let running = Running::start("demo", &folder.0).await;
    let cookie = running.sign_in("admin").await;
    let (_, _, customers) = running.ask("GET", "/api/v1/customers?limit=1", &cookie, &Value::Null).await.unwrap();
    check(&running, &cookie, customers["items"][0]["id"].as_i64().unwrap(), &acknowledged).await;
    assert!(!acknowledged.is_empty(), "nothing was ever acknowledged: the kills come too early");
    assert!(acknowledged.len() < usize::try_from(number).unwrap(), "everything was acknowledged: the kills come too late");
    running.stop().await;
}

/// Every row has its file, whole; everything that was acknowledged has its row.
async fn check(running: &Running, cookie: &str, customer: i64, acknowledged: &[Value]) {
    let (_, _, list) = running.ask("GET", &format!("/api/v1/customers/{customer}/evidence?limit=200"), cookie, &Value::Null).await.unwrap();
    let rows = list["items"].as_array().unwrap();
    for one in acknowledged {
        assert!(rows.iter().any(|row| row["id"] == one["id"]), "lost: {one}");
    }
    for row in rows {
        let path = format!("/api/v1/evidence/{}/content", row["id"].as_str().unwrap());
        let (status, ..) = running.ask("GET", &path, cookie, &json!(null)).await.unwrap();
        assert_eq!(status, 200, "a row without its file: {row}");
    }
}
