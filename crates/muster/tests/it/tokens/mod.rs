//! API tokens: making, using, revoking, and what each right opens.

mod command;
mod making;
mod rights;
mod using;

use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp};

/// Makes a token and gives its text.
pub async fn token(client: &Client, rights: &[&str], customers: Option<&[i32]>) -> String {
    let made = make(client, "/api/v1/me/tokens", rights, customers).await.expect(201).json();
    made["token"].as_str().unwrap().to_owned()
}

pub async fn make(client: &Client, path: &str, rights: &[&str], customers: Option<&[i32]>) -> Answer {
    client.post(path, json!({ "name": "Report", "rights": rights, "customer_ids": customers, "expires_in_days": 30 })).await
}

/// A program with a token: no cookie, and no browser that would say where it comes from.
pub struct Program {
    pub client: Client,
    pub authorization: String,
}

impl Program {
    pub fn new(app: &TestApp, token: &str) -> Self {
        Self { client: app.anonymous(), authorization: format!("Bearer {token}") }
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut all = vec![("authorization", self.authorization.as_str()), ("sec-fetch-site", ""), ("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.client.send(method, path, &all, body.to_owned()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &[], &body.to_string()).await
    }
}
