//! What whoever runs Muster watches: how long requests take, how full the pools are, how well answers that are
//! ready serve, how far the outbox lags. Read by Prometheus and its like, as OpenMetrics text.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use axum::{
    Extension,
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use muster_service::{Error, Load};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::Histogram,
    },
    registry::Registry,
};

use crate::{problem::Problem, state::AppState};

/// The bounds of the histogram's buckets, in seconds: from an answer that was ready to one that is too slow for anybody.
const BOUNDS: [f64; 13] = [0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0];

/// What is counted of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    /// One of those that HTTP names: anybody may send any word, and each would be another series.
    method: &'static str,
    /// The route as it is written in the program, never the address: that would be another series for every customer.
    route: String,
    status: u16,
}

/// What is counted since the program started. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Metrics(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    duration: Family<Kind, Histogram, fn() -> Histogram>,
    in_flight: AtomicI64,
    refused: Counter,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            duration: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            in_flight: AtomicI64::new(0),
            refused: Counter::default(),
        }
    }
}

/// One request under way; counted until it is dropped, also when the client leaves.
struct UnderWay<'a>(&'a AtomicI64);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// A request was refused because there are too many.
    pub(crate) fn refused(&self) {
        self.0.refused.inc();
    }
}

/// Measures every request.
pub async fn measure<F: Future<Output = Response>>(state: &AppState, request: Request, next: impl FnOnce(Request) -> F) -> Response {
    let counts = &state.metrics.0;
    let began = Instant::now();
    let method = method_of(&request);
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    counts.in_flight.fetch_add(1, Ordering::Relaxed);
    let under_way = UnderWay(&counts.in_flight);
    let response = next(request).await;
    drop(under_way);
    let kind = Kind { method, route, status: response.status().as_u16() };
    counts.duration.get_or_create(&kind).observe(began.elapsed().as_secs_f64());
    response
}

fn method_of(request: &Request) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|one| *one == request.method().as_str()).unwrap_or("other")
}

/// `GET /metrics`, for whoever asks from the networks that may know; by default from this machine only, and not
/// through a proxy.
pub async fn show(State(state): State<AppState>, peer: Option<Extension<ConnectInfo<SocketAddr>>>, headers: HeaderMap) -> Response {
    let is_known = peer.is_some_and(|Extension(ConnectInfo(peer))| may_know(&state, peer.ip(), &headers));
    if !is_known {
        return Problem::from(Error::NotFound).into_response();
    }
    let load = match state.context.load().await {
        Ok(load) => load,
        Err(error) => return Problem::from(error).into_response(),
    };
    match text(&state.metrics.0, &load) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn may_know(state: &AppState, peer: IpAddr, headers: &HeaderMap) -> bool {
    if !state.metrics_from.is_empty() {
        return state.metrics_from.iter().any(|network| network.contains(peer));
    }
    let is_forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
    let is_here = matches!(peer.to_canonical(), IpAddr::V4(Ipv4Addr::LOCALHOST) | IpAddr::V6(Ipv6Addr::LOCALHOST));
    is_here && !is_forwarded
}

fn text(counts: &Counts, load: &Load) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("muster");
    registry.register("http_request_duration_seconds", "From the request's head to the answer's", counts.duration.clone());
    registry.register("http_requests_refused", "Refused because there were too many", counts.refused.clone());
    let mut gauge = |name: &str, help: &str, value: i64| registry.register(name, help, ConstGauge::new(value));
    gauge("http_requests_in_flight", "Requests under way", counts.in_flight.load(Ordering::Relaxed));
    gauge("pool_connections_busy", "Connections to the database in use", load.connections_busy);
    gauge("pool_connections_idle", "Connections to the database that wait for work", load.connections_idle);
    gauge("pool_connections_most", "The most connections to the database", load.connections_most);
    gauge("workspace_cache_bytes", "The bytes of answers that are ready", whole(load.ready.bytes));
    gauge("outbox_waiting", "Mails that are due and have not left", load.mails_waiting);
    gauge("outbox_oldest_seconds", "For how long the oldest of them has been due", load.mails_waiting_seconds);
    gauge("process_resident_bytes", "Memory of the program", resident_bytes());
    registry.register("workspace_cache_hits", "Answers that were ready", ConstCounter::new(load.ready.hits));
    registry.register("workspace_cache_misses", "Answers that were made", ConstCounter::new(load.ready.misses));
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The memory that the program holds, as Linux tells it; 0 elsewhere.
fn resident_bytes() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse::<i64>().ok()).unwrap_or(0) * 1024
}
