//! `TestApp`: the full router on a database of its own, a fixed clock, and a client for each role.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::Action,
    clock::Clock,
    customers::{CustomerDetails, Zone},
    ids::{CustomerId, IdSource, SessionId, UserId},
    people::{MemberRole, Password},
    text::{Email, Name},
};
use muster_files::FileStore;
use muster_service::{Context, IdentityProvider, Once, PdfProgram, library::Library};
use muster_store::{NewMember, NewSession, Settings, Store};
use muster_web::AppState;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::cluster::TestDatabase;

/// The instant at which every test begins: a Tuesday morning.
pub const START: &str = "2026-03-17T10:00:00Z";

/// The password of all test people.
pub const PASSWORD: &str = "a lamp beside the river";

/// A clock that stands still until it is moved.
pub struct FixedClock(Mutex<Timestamp>);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Ids that count up.
struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128((0x0190_0000_u128 << 96) | u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
}

/// A name, a role in the firm, and roles for customers.
type TestPerson = (&'static str, &'static str, &'static [(i32, MemberRole)]);

/// Test people by name, with what they are. Acme is customer 1, Globex customer 2.
pub const PEOPLE: [TestPerson; 9] = [
    ("admin", "admin", &[]),
    ("consultant", "consultant", &[(1, MemberRole::Consultant)]),
    ("manager", "member", &[(1, MemberRole::Manager)]),
    ("contributor", "member", &[(1, MemberRole::Contributor)]),
    ("approver", "member", &[(1, MemberRole::Approver)]),
    ("auditor", "member", &[(1, MemberRole::Auditor)]),
    ("stranger", "member", &[(2, MemberRole::Manager)]),
    ("expired", "member", &[]),
    ("suspended", "member", &[]),
];

/// Muster, in this process.
pub struct TestApp {
    pub router: Router,
    pub context: Context,
    pub store: Store,
    pub clock: Arc<FixedClock>,
    pub database: TestDatabase,
    /// Where uploaded files go.
    pub files: TestFolder,
}

/// The most bytes of a file that the tests' Muster takes.
pub const FILE_LIMIT: u64 = 300_000;

/// A folder of a test's own, removed with it.
pub struct TestFolder(pub PathBuf);

impl TestFolder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let name = format!("muster-test-files-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        Self(folder)
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn context(store: &Store, clock: &Arc<FixedClock>, first_id: u64) -> Context {
    Context::new(store.clone(), Arc::clone(clock) as Arc<dyn Clock>, Arc::new(CountedIds(AtomicU64::new(first_id))))
}

fn router(context: &Context) -> Router {
    muster_web::router(AppState::new(context.clone()))
}

fn fixed_clock() -> Arc<FixedClock> {
    Arc::new(FixedClock(Mutex::new(START.parse().unwrap())))
}

/// Fills the template database: schema, starter library, people, and two customers.
pub async fn people_template(url: &str) {
    let store = Store::open(&Settings::new(muster_store::migrate(url, false).await.unwrap()));
    let clock = fixed_clock();
    let context = context(&store, &clock, 1);
    context.import_library(&Library::starter().unwrap()).await.unwrap();
    for (name, role, _) in PEOPLE {
        let email = Email::parse(&format!("{name}@test.example")).unwrap();
        context.add_user(&Name::parse(name).unwrap(), &email, role, &Password::parse(PASSWORD).unwrap()).await.unwrap();
    }
    let admin = store.firm_actor("admin@test.example").await.unwrap().unwrap();
    for name in ["Acme", "Globex"] {
        let details = CustomerDetails {
            name: Name::parse(name).unwrap(),
            email: None,
            contact_person: None,
            phone: None,
            address: None,
            website: None,
            description: None,
            time_zone: Zone::parse("Europe/Vienna").unwrap(),
        };
        context.create_customer(&admin, &details, &Once::unkeyed()).await.unwrap();
    }
    for (index, (_, _, memberships)) in PEOPLE.iter().enumerate() {
        for (customer, role) in *memberships {
            add_member(&store, &clock, *customer, user_id(index), *role).await;
        }
    }
    add_member(&store, &clock, 1, user_id(7), MemberRole::Auditor).await;
    add_member(&store, &clock, 1, user_id(8), MemberRole::Contributor).await;
    store.close().await;
    let mut superuser = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
    for statement in [
        "UPDATE dna_app.customer_members SET expires_on = '2026-03-16' WHERE user_id = 8",
        "UPDATE dna_app.customer_members SET status = 'suspended' WHERE user_id = 9",
        "UPDATE dna_app.customer_members SET approval_steps = '{manager,ciso}' WHERE role = 'approver'",
    ] {
        sqlx::Executor::execute(&mut superuser, statement).await.unwrap();
    }
    sqlx::Connection::close(superuser).await.unwrap();
}

fn user_id(index: usize) -> UserId {
    UserId(i32::try_from(index).unwrap() + 1)
}

async fn add_member(store: &Store, clock: &FixedClock, customer: i32, user_id: UserId, role: MemberRole) {
    let admin = store.firm_actor("admin@test.example").await.unwrap().unwrap();
    let mut writer = store.writer(&admin, CustomerId(customer), Action::EditCustomer, clock.now()).await.unwrap();
    writer.add_member(&NewMember { user_id, role, expires_on: None, approval_steps: &[] }).await.unwrap();
    writer.commit().await.unwrap();
}

impl TestApp {
    /// Muster on a fresh copy of the template.
    pub async fn start() -> Self {
        Self::with_connections(8).await
    }

    /// The same with a pool of so many connections.
    pub async fn with_connections(max_connections: u32) -> Self {
        Self::on(TestDatabase::create().await, max_connections).await
    }

    /// The same on a database that is there.
    pub async fn on(database: TestDatabase, max_connections: u32) -> Self {
        let options = muster_store::migrate(&database.url(), false).await.unwrap();
        let store = Store::open(&Settings { max_connections, ..Settings::new(options) });
        let clock = fixed_clock();
        let files = TestFolder::new();
        let context = context(&store, &clock, 1_000_000).with_files(FileStore::open(&files.0).unwrap(), FILE_LIMIT);
        Self { router: router(&context), context, store, clock, database, files }
    }

    /// Muster with an identity provider. Its clock goes to the machine's time, which the provider has too.
    pub fn use_identity_provider(&mut self, provider: IdentityProvider) {
        *self.clock.0.lock().unwrap() = Timestamp::now();
        self.context = self.context.clone().with_identity_provider(provider);
        self.router = router(&self.context);
    }

    /// Muster with its files in a bucket.
    pub fn use_bucket(&mut self, bucket: muster_files::Bucket) {
        let files = FileStore::open(&self.files.0).unwrap().in_bucket(bucket);
        self.context = self.context.clone().with_files(files, FILE_LIMIT);
        self.router = router(&self.context);
    }

    /// Muster with a program that makes PDF files.
    pub fn use_pdf(&mut self, program: PdfProgram) {
        self.context = self.context.clone().with_pdf(program);
        self.router = router(&self.context);
    }

    /// Moves the clock.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.clock.0.lock().unwrap();
        *now = now.checked_add(by).unwrap();
    }

    /// A client that is not signed in.
    pub fn anonymous(&self) -> Client {
        Client { router: self.router.clone(), cookie: None }
    }

    /// A client signed in as one of [`PEOPLE`]. The session is written directly: hashing the
    /// password belongs to the tests of sign-in.
    pub async fn as_person(&self, name: &str) -> Client {
        let index = PEOPLE.iter().position(|person| person.0 == name).unwrap();
        let token: String = Sha256::digest(format!("{name}{}", self.context.draw_id())).iter().map(|byte| format!("{byte:02x}")).collect();
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let expires = self.clock.now().checked_add(SignedDuration::from_hours(12)).unwrap();
        let session = NewSession {
            id: SessionId(self.context.draw_id()),
            user: user_id(index),
            token_hash: &hash,
            expires_at: expires,
            network: "192.0.2.7",
            user_agent: "Muster tests",
        };
        self.store.create_session(&session, self.clock.now()).await.unwrap();
        Client { router: self.router.clone(), cookie: Some(format!("muster={token}")) }
    }

    /// A client signed in as the firm's admin.
    pub async fn admin(&self) -> Client {
        self.as_person("admin").await
    }
}

/// Somebody with a browser.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub cookie: Option<String>,
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text))
    }

    /// Fails unless the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Fails unless it is a refusal of this kind with the parts that every refusal has.
    #[track_caller]
    pub fn refused(self, status: u16, kind: &str) -> Value {
        let problem = self.expect(status).json();
        let found = problem["type"].as_str().unwrap_or_default();
        assert!(found.ends_with(&format!("/{kind}")), "{found} is not {kind}: {problem}");
        assert_eq!(problem["status"], status);
        for part in ["title", "detail", "request_id"] {
            assert!(problem[part].as_str().is_some_and(|text| !text.is_empty()), "{part} is missing: {problem}");
        }
        problem
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    /// Sends a request as a page of ours would.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::HOST, "muster.test")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        for (name, value) in headers {
            request = if name.eq_ignore_ascii_case("sec-fetch-site") { replace(request, value) } else { request.header(*name, *value) };
        }
        let mut request = request.body(body.into()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4711))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        // A stream of events never ends: its first words are all that is waited for.
        if parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream") {
            let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
            return Answer {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8_lossy(&first).into_owned(),
                bytes: first.to_vec(),
            };
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes: bytes.to_vec() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.with("POST", path, &[], body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.with("PUT", path, &[], body).await
    }

    /// Sends JSON with further headers.
    pub async fn with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(method, path, &all, body.to_string()).await
    }

    /// Changes a resource at a version.
    pub async fn patch(&self, path: &str, version: i64, body: Value) -> Answer {
        self.with("PATCH", path, &[("if-match", &format!("\"{version}\""))], body).await
    }

    /// Sends a form as a page without scripts does.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body).await
    }

    /// Hands in a file as a form with a file does.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        self.send("POST", path, &[("content-type", FORM_TYPE)], multipart(fields, file)).await
    }

    /// Assigns a standard to a customer and gives the plan.
    pub async fn assign_plan(&self, customer: i64, code: &str) -> Value {
        self.post(&format!("/api/v1/customers/{customer}/plans"), json!({ "iso_code": code })).await.json()
    }

    /// The id of a library template, by name.
    pub async fn template_id(&self, name: &str) -> String {
        let list = self.get("/api/v1/templates").await.expect(200).json();
        let found = list["items"].as_array().unwrap().iter().find(|template| template["name"] == name).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// Assigns a template by name and gives the path of the assignment.
    pub async fn assign_template(&self, plan: &Value, name: &str) -> String {
        let (plan, template) = (plan["id"].as_str().unwrap(), self.template_id(name).await);
        self.post(&format!("/api/v1/plans/{plan}/templates"), json!({ "template_id": template })).await;
        format!("/api/v1/plans/{plan}/templates/{template}")
    }

    /// Answers every question of an assigned template.
    pub async fn answer_all(&self, assignment: &str) {
        let questionnaire = self.get(&format!("{assignment}/questionnaire")).await.expect(200).json();
        for question in questionnaire["questions"].as_array().unwrap() {
            if question["answer"].is_null() {
                let path = format!("{assignment}/answers/{}", question["key"].as_str().unwrap());
                self.put(&path, json!({ "value": answer_for(question) })).await.expect(201);
            }
        }
    }
}

fn replace(request: axum::http::request::Builder, site: &str) -> axum::http::request::Builder {
    let mut request = request;
    if let Some(headers) = request.headers_mut() {
        headers.remove("sec-fetch-site");
        if !site.is_empty() {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
    }
    request
}

/// The type of what [`multipart`] makes.
pub const FORM_TYPE: &str = "multipart/form-data; boundary=between-the-parts";

/// A form with a file, as a browser sends it.
pub fn multipart(fields: &[(&str, &str)], (name, content): (&str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in fields {
        body.extend(format!("--between-the-parts\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream");
    body.extend(format!("--between-the-parts\r\n{head}\r\n\r\n").bytes());
    body.extend(content);
    body.extend(b"\r\n--between-the-parts--\r\n");
    body
}

/// A value that answers a question of any kind.
pub fn answer_for(question: &Value) -> Value {
    match question["kind"].as_str().unwrap() {
        "choice" => question["options"][0]["value"].clone(),
        "choices" => json!([question["options"][0]["value"]]),
        "number" => json!(14),
        "yes_no" => json!(true),
        "date" => json!("2026-12-01"),
        "table" => {
            let cells = question["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|column| (column["key"].as_str().unwrap().to_owned(), answer_for(column)));
            json!([cells.collect::<serde_json::Map<String, Value>>()])
        }
        _ => json!("An answer"),
    }
}
