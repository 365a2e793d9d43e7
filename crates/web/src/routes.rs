//! The whole router: API, pages, assets, and what stands around them.

use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{admission, api, assets, guard, metrics, problem, state::AppState};

/// Puts the router together. From the outside in: measuring, the request's id and the security headers,
/// compression, the rendering of problems, admission, the check against forged requests, the routes.
///
/// All of it is one layer of four: a router boxes and clones each of its layers, with all below it, at every request.
pub fn router(state: AppState) -> Router {
    let (api, document) = api::router();
    let panics = CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
        let internal = problem::Problem::of_status(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        axum::response::IntoResponse::into_response(internal)
    });
    Router::new()
        .merge(api)
        .merge(crate::pages::router(document))
        .route("/assets/{*name}", get(assets::serve))
        .route("/metrics", get(metrics::show))
        .layer((
            middleware::from_fn_with_state(state.clone(), around_all),
            CompressionLayer::new(),
            middleware::from_fn_with_state(state.clone(), around_routes),
            panics,
        ))
        .with_state(state)
}

/// What stands outside of compression.
async fn around_all(State(state): State<AppState>, request: Request, next: Next) -> Response {
    metrics::measure(&state, request, |request| guard::identify(&state, request, |request| next.run(request))).await
}

/// What stands inside.
async fn around_routes(State(state): State<AppState>, request: Request, next: Next) -> Response {
    problem::render(request, |request| admission::admit(&state, request, |request| guard::protect(&state, request, next))).await
}
