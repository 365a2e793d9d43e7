//! One's own account: profile, password, sessions, two-step sign-in, lost passwords.

mod profile;
mod required;
mod resets;
mod sessions;
mod totp;

use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::app::{Answer, Client, PASSWORD, TestApp};

/// Signs in with what the API takes.
async fn sign_in(app: &TestApp, body: Value) -> Answer {
    app.anonymous().post("/api/v1/session", body).await
}

fn credentials(name: &str) -> Value {
    json!({ "email": format!("{name}@test.example"), "password": PASSWORD })
}

fn with_code(name: &str, code: &str) -> Value {
    json!({ "email": format!("{name}@test.example"), "password": PASSWORD, "totp": code })
}

/// A client with the cookie of an answer.
fn holding(app: &TestApp, answer: &Answer, name: &str) -> Client {
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.filter_map(|one| one.split(';').next()).find(|one| one.starts_with(&format!("{name}="))).unwrap();
    Client { cookie: Some(cookie.to_owned()), ..app.anonymous() }
}

/// Somebody's phone.
struct Phone(Totp);

impl Phone {
    fn with_key(key: &str) -> Self {
        Self(Builder::new().with_secret(Secret::try_from_base32(key).unwrap()).build().unwrap())
    }

    /// The code of the present, or of so many steps beside it.
    fn code(&self, app: &TestApp, steps: i64) -> String {
        let at = app.context.now().as_second() + 30 * steps;
        self.0.generate(u64::try_from(at).unwrap()).to_string()
    }
}

/// Turns two-step sign-in on for somebody, and gives their phone and recovery codes. The code of the
/// present step is used by it.
async fn with_totp(app: &TestApp, client: &Client) -> (Phone, Vec<String>) {
    let begun = client.post("/api/v1/me/totp", json!({ "password": PASSWORD })).await.expect(201).json();
    let phone = Phone::with_key(begun["secret"].as_str().unwrap());
    let confirmed = client.post("/api/v1/me/totp/confirm", json!({ "code": phone.code(app, 0) })).await.expect(200).json();
    let codes = confirmed["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    (phone, codes)
}

/// What the firm's audit log says was done, the latest last.
async fn firm_log(app: &TestApp) -> Vec<String> {
    let mut superuser = app.database.superuser().await;
    sqlx::query_scalar(
        "SELECT action || ' by ' || actor_name FROM dna_app.firm_audit_log WHERE action LIKE 'account.%' OR action LIKE 'firm.%' ORDER BY id",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap()
}
