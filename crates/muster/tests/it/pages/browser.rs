//! A headless Chromium, driven over WebDriver, against the router on a port of loopback.

use std::{net::SocketAddr, process::Stdio, sync::Arc, time::Duration};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::app::{PASSWORD, TestApp};

/// A browser on a Muster of its own.
pub struct Browser {
    pub app: Arc<TestApp>,
    pub page: Client,
    pub base: String,
    _driver: Child,
    _profile: Profile,
}

/// The browser's folder, gone with it.
struct Profile(std::path::PathBuf);

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Browser {
    /// Starts Muster and a browser with a window of this size.
    pub async fn start(width: u32, height: u32) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(TestApp::start().await, listener, width, height).await
    }

    /// The same with a Muster that is there, served on a listener.
    pub async fn on(app: TestApp, listener: tokio::net::TcpListener, width: u32, height: u32) -> Self {
        let base = format!("http://{}", listener.local_addr().unwrap());
        let service = app.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        let context = app.context.clone();
        tokio::spawn(async move { context.run_events(|error| eprintln!("{error}")).await });
        Self::at(Arc::new(app), base, width, height).await
    }

    /// Another browser, of another person, on the same Muster.
    pub async fn beside(&self, width: u32, height: u32) -> Self {
        Self::at(Arc::clone(&self.app), self.base.clone(), width, height).await
    }

    async fn at(app: Arc<TestApp>, base: String, width: u32, height: u32) -> Self {
        let (driver, port) = start_driver().await;
        let profile = Profile(std::env::temp_dir().join(format!("muster-browser-{}-{port}", std::process::id())));
        let mut arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking"]
                .map(ToOwned::to_owned)
                .to_vec();
        arguments.push(format!("--window-size={width},{height}"));
        arguments.push(format!("--user-data-dir={}", profile.0.display()));
        let mut wanted = Map::new();
        wanted.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        wanted.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let page = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Self { app, page, base, _driver: driver, _profile: profile }
    }

    /// Signs in through the page.
    pub async fn sign_in(&self, person: &str) {
        self.open("/sign-in").await;
        self.type_into("#email", &format!("{person}@test.example")).await;
        self.type_into("#password", PASSWORD).await;
        self.click("main form button").await;
        self.wait_for("header.topbar .menu").await;
    }

    /// Opens a path.
    pub async fn open(&self, path: &str) {
        self.page.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, selector: &str) -> Element {
        let found = self.page.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{selector} did not come: {error}\n{}", self.text().await),
        }
    }

    /// Waits until the page shows some words.
    pub async fn wait_for_text(&self, words: &str) {
        for _ in 0..100 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("“{words}” did not come:\n{}", self.text().await);
    }

    /// The words on the page, folded parts and what it says of the last step included.
    pub async fn text(&self) -> String {
        let script =
            "return [...document.querySelectorAll('main, #drawer, #toasts')].map(part => part.textContent).join(' ').replace(/\\s+/g, ' ')";
        self.page.execute(script, vec![]).await.unwrap().as_str().unwrap_or_default().to_owned()
    }

    /// Clicks an element, scrolled into view. What others change may put another in its place meanwhile;
    /// then that one is clicked.
    pub async fn click(&self, selector: &str) {
        let script = "arguments[0].scrollIntoView({ block: 'center' })";
        for attempt in 0.. {
            let element = self.wait_for(selector).await;
            let shown = self.page.execute(script, vec![serde_json::to_value(&element).unwrap()]).await;
            let clicked = match shown {
                Ok(_) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                Ok(()) => return,
                Err(error) if attempt < 3 && is_replaced(&error) => {}
                Err(error) => panic!("{selector} could not be clicked: {error}"),
            }
        }
    }

    /// Types into a field, in place of what is there. Emptying it is a change, of which the page may tell the server,
    /// and put another field in its place; then that one is typed into.
    pub async fn type_into(&self, selector: &str, text: &str) {
        for attempt in 0.. {
            let field = self.wait_for(selector).await;
            let typed = match field.clear().await {
                Ok(()) => field.send_keys(text).await,
                Err(error) => Err(error),
            };
            match typed {
                Ok(()) => return,
                Err(error) if attempt < 3 && is_replaced(&error) => {}
                Err(error) => panic!("nothing could be typed into {selector}: {error}"),
            }
        }
    }

    /// Runs a script and gives its value.
    pub async fn run(&self, script: &str) -> Value {
        self.page.execute(script, vec![]).await.unwrap()
    }

    /// Ends the browser, and fails if the page complained: a refused script or style, a missing file.
    pub async fn close(self) {
        let wide = self.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await;
        assert!(wide.as_i64().unwrap_or_default() <= 0, "the page is wider than its window by {wide}");
        self.page.close().await.unwrap();
    }
}

/// Whether an element was taken from the page after it was found. Where that happens between finding and focusing it, the
/// driver says that it cannot be used.
fn is_replaced(error: &fantoccini::error::CmdError) -> bool {
    let said = error.to_string();
    said.contains("stale element") || said.contains("element not interactable")
}

/// A driver. The port that it finds free may be taken by another one in the same moment; then it ends at once.
async fn start_driver() -> (Child, u16) {
    for _ in 0..5 {
        if let Some(driver) = try_driver().await {
            return driver;
        }
    }
    panic!("chromedriver did not start");
}

async fn try_driver() -> Option<(Child, u16)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver is missing: `make browser` installs it");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(port) = line.split("started successfully on port ").nth(1) {
            let port = port.trim_end_matches('.').parse().unwrap();
            // Its further words must be read, or it stops when the pipe is full.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((driver, port));
        }
    }
    None
}
