//! Shows every sample page under the product's own security policy.
//!
//! `cargo run -p muster-web --features samples --example gallery -- 8090`, then open <http://127.0.0.1:8090/>.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use muster_web::{assets, samples};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Pages = Arc<HashMap<String, String>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = std::env::args().nth(1).map_or(Ok(8090), |text| text.parse())?;
    let pages: HashMap<String, String> = samples::all()?.into_iter().map(|one| (one.path, one.html)).collect();
    let app = Router::new().route("/assets/{*name}", get(assets::serve)).fallback(page).with_state(Arc::new(pages)).layer(from_fn(policy));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}

/// A sample, or the list of them. A form leads back to the page it stands on, and a link to a task of the full workspace
/// to the sample that shows one, so that scripts can be tried.
async fn page(State(pages): State<Pages>, request: Request<Body>) -> Response {
    if request.method() == Method::POST {
        let back = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
        return Redirect::to(back.unwrap_or("/")).into_response();
    }
    let query = request.uri().query().unwrap_or_default();
    let path = match request.uri().path() {
        "/workspace/full" | "/customers/5" if query.contains("task=") => "/workspace/task",
        "/workspace/full" | "/customers/5" if query.contains("add=") => "/workspace/adding",
        "/workspace/full" | "/customers/5" if query.contains("overdue=") => "/workspace/filtered",
        "/customers/5" => "/workspace/full",
        path => path,
    };
    match pages.get(path) {
        Some(html) => Html(html.clone()).into_response(),
        None if path == "/" => index(&pages).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn index(pages: &HashMap<String, String>) -> Html<String> {
    let mut paths: Vec<&str> = pages.keys().map(String::as_str).collect();
    paths.sort_unstable();
    let links: String = paths.iter().map(|path| format!("<li><a href=\"{path}\">{path}</a></li>")).collect();
    Html(format!("<!doctype html><title>Gallery</title><ul>{links}</ul>"))
}

async fn policy(request: Request<Body>, next: Next) -> Response {
    let mut answer = next.run(request).await;
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer
}
