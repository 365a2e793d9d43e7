//! A real OpenID provider in a process of its own, and a person with a browser at it.

use std::{collections::BTreeMap, path::Path, process::Stdio};

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use muster_service::IdentityProvider;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// The secret of the provider's clients, as `provider/serve.js` has it. Its signs would not survive
/// being sent unwritten.
const SECRET: &str = "a secret + with & signs % of its own";

/// The provider; it ends with the test.
pub struct Provider {
    pub issuer: String,
    child: Child,
}

impl Provider {
    /// A provider whose clients come back to an address. `claims_in_token` tells whether it puts the
    /// address into the ID token, or tells it only to those who ask.
    pub async fn start(base: &str, claims_in_token: bool) -> Self {
        Self::on_port(base, claims_in_token, 0).await
    }

    /// The same on a port.
    pub async fn on_port(base: &str, claims_in_token: bool, port: u16) -> Self {
        let settings =
            json!({ "redirect_uri": format!("{base}/sign-in/organisation/return"), "claims_in_token": claims_in_token, "port": port });
        let mut child = Command::new("node")
            .arg("serve.js")
            .arg(settings.to_string())
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/identity_provider/provider"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Node.js is missing: `make identity-provider` installs it");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap();
        let ready: Value = serde_json::from_str(&line.expect("the provider did not start: `make identity-provider` installs it")).unwrap();
        // Its further words must be read, or it stops when nobody does.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { issuer: ready["issuer"].as_str().unwrap().to_owned(), child }
    }

    /// What Muster is told of it, as one of its clients.
    pub fn as_client(&self, client: &str, base: &str) -> IdentityProvider {
        let secret = (client != "muster-public").then_some(SECRET);
        IdentityProvider::new(&self.issuer, client, secret, Some("The Firm"), base).unwrap()
    }

    pub fn port(&self) -> u16 {
        self.issuer.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Ends it.
    pub async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells the provider what it knows of a subject.
    pub async fn knows(&self, subject: &str, email: &str, is_verified: bool) {
        let claims = json!({ "email": email, "email_verified": is_verified });
        let request = Request::put(format!("{}/people/{subject}", self.issuer)).body(claims.to_string()).unwrap();
        assert_eq!(Visitor::default().send(request).await.status(), 204);
    }
}

/// Somebody with a browser at the provider: follows redirects and fills in its forms.
#[derive(Default)]
pub struct Visitor(BTreeMap<String, String>);

impl Visitor {
    /// Signs in as a subject, agrees, and gives the address that the provider then sends the
    /// browser to. Without a subject the visitor turns back.
    pub async fn go(&mut self, address: &str, subject: Option<&str>) -> String {
        let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let mut request = Request::get(address).body(String::new()).unwrap();
        for _ in 0..12 {
            let response = self.send(request).await;
            if let Some(location) = response.headers().get("location").map(|value| value.to_str().unwrap().to_owned()) {
                let next = if location.starts_with('/') { format!("{origin}{location}") } else { location };
                if !next.starts_with(&origin) {
                    return next;
                }
                request = Request::get(next).body(String::new()).unwrap();
                continue;
            }
            assert_eq!(response.status(), 200, "{}", response.body());
            request = filled_in(response.body(), subject);
        }
        panic!("the provider leads nowhere");
    }

    async fn send(&mut self, mut request: Request<String>) -> Response<String> {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.headers_mut().insert("cookie", cookies.join("; ").parse().unwrap());
        let client: Client<HttpConnector, Full<hyper::body::Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let (parts, body) = client.request(request.map(Full::from)).await.unwrap().into_parts();
        for cookie in parts.headers.get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.0.insert(name.to_owned(), value.to_owned());
        }
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Response::from_parts(parts, text)
    }
}

/// What sends the form of a page, or follows its way back.
fn filled_in(page: &str, subject: Option<&str>) -> Request<String> {
    let page = Html::parse_document(page);
    let first = |selector: &str| page.select(&Selector::parse(selector).unwrap()).next().expect("no such thing on the page");
    let Some(subject) = subject else {
        return Request::get(first("a[href$='/abort']").value().attr("href").unwrap()).body(String::new()).unwrap();
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for field in page.select(&Selector::parse("form input").unwrap()) {
        let value = match field.value().attr("name").unwrap() {
            "login" => subject,
            "password" => "any",
            _ => field.value().attr("value").unwrap_or_default(),
        };
        form.append_pair(field.value().attr("name").unwrap(), value);
    }
    Request::post(first("form").value().attr("action").unwrap())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.finish())
        .unwrap()
}
