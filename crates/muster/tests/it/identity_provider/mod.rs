//! Signing in with the firm's identity provider, against a real one in a process of its own.

mod browser;
mod linking;
mod refusals;
mod server;
mod sign_in;

use scraper::{Html, Selector};

use self::server::{Provider, Visitor};
use crate::app::{Answer, Client, TestApp};

/// The address of a Muster that is not served on a port.
const BASE: &str = "http://muster.test";

/// Muster and a provider that know each other.
async fn start(client: &str, claims_in_token: bool) -> (TestApp, Provider) {
    let (mut app, provider) = (TestApp::start().await, Provider::start(BASE, claims_in_token).await);
    app.use_identity_provider(provider.as_client(client, BASE));
    (app, provider)
}

/// Sends the form that leads to the provider, and gives the address that it leads to.
async fn begin(client: &mut Client, form: &str, next: &str) -> String {
    let answer = client.form(form, &[("next", next)]).await.expect(200);
    let link = Selector::parse("main a[rel=external]").unwrap();
    let address = Html::parse_document(&answer.text).select(&link).next().unwrap().value().attr("href").unwrap().to_owned();
    assert_eq!(answer.header("refresh"), format!("0; url={address}"));
    keep_cookies(client, &answer);
    address
}

/// Signs in with the provider, from the form to the last redirect.
async fn sign_in(client: &mut Client, subject: &str, next: &str) -> Answer {
    let address = begin(client, "/sign-in/organisation", next).await;
    let back = Visitor::default().go(&address, Some(subject)).await;
    come_back(client, &back).await
}

/// Follows the provider's redirect to us, as from another site.
async fn come_back(client: &mut Client, back: &str) -> Answer {
    let path = back.strip_prefix(BASE).unwrap_or_else(|| panic!("{back} is not ours"));
    let answer = client.send("GET", path, &[("sec-fetch-site", "cross-site")], "").await;
    keep_cookies(client, &answer);
    answer
}

/// Keeps cookies as a browser does.
fn keep_cookies(client: &mut Client, answer: &Answer) {
    let mut kept: Vec<(String, String)> = Vec::new();
    let set = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap().split(';').next().unwrap());
    for pair in client.cookie.iter().flat_map(|all| all.split("; ")).chain(set) {
        let (name, value) = pair.split_once('=').unwrap();
        kept.retain(|one| one.0 != name);
        if !value.is_empty() {
            kept.push((name.to_owned(), value.to_owned()));
        }
    }
    client.cookie =
        Some(kept.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")).filter(|all| !all.is_empty());
}

/// The address in a query, as it would be after a change.
fn with_parameter(address: &str, name: &str, value: &str) -> String {
    let mut url = url::Url::parse(address).unwrap();
    let pairs: Vec<(String, String)> =
        url.query_pairs().filter(|pair| pair.0 != name).map(|(a, b)| (a.into_owned(), b.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(pairs).append_pair(name, value);
    url.into()
}

/// Who the client is signed in as.
async fn name(client: &Client) -> String {
    client.get("/api/v1/me").await.expect(200).json()["name"].as_str().unwrap().to_owned()
}
