//! Bringing templates in and taking them out.

mod export;
mod import;
mod legacy;
mod upgrade;

use crate::app::{Answer, Client};

/// A Word file with a table, an optional section and a choice.
pub const WORD_FILE: &[u8] = include_bytes!("../../../../word/tests/files/supplier-policy.docx");

/// Sends a form with a file, as a page or a program does.
pub async fn upload(client: &Client, path: &str, file: Option<(&str, &[u8])>, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    let mut all = vec![("content-type", "multipart/form-data; boundary=edge")];
    all.extend_from_slice(headers);
    client.send("POST", path, &all, body).await
}
