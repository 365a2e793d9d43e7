//! People: who gets in, how far, and how they lose it again.

mod firm;
mod members;
mod plans;
mod settings;

use serde_json::Value;

use crate::app::{Client, PASSWORD, TestApp};

/// The secret of a link that was answered to be handed on.
fn secret(answer: &Value) -> String {
    answer["invitation"]["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Somebody who has accepted an invitation and signed in.
pub async fn accept(app: &TestApp, answer: &Value) -> Client {
    let path = format!("/api/v1/invitations/{}/accept", secret(answer));
    app.anonymous().post(&path, serde_json::json!({ "password": PASSWORD })).await.expect(200);
    sign_in(app, answer["email"].as_str().unwrap()).await
}

async fn sign_in(app: &TestApp, email: &str) -> Client {
    let mut client = app.anonymous();
    let answer = client.post("/api/v1/session", serde_json::json!({ "email": email, "password": PASSWORD })).await.expect(201);
    client.cookie = Some(answer.header("set-cookie").split(';').next().unwrap().to_owned());
    client
}
