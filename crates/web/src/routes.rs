//! The whole router: API, pages, assets, and the layers around them.

use axum::{Router, middleware, routing::get};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{admission, api, assets, guard, metrics, problem, state::AppState};

/// Puts the router together. From the outside in: measuring, the request's id and the security headers,
/// compression, the rendering of problems, admission, the check against forged requests, the routes.
pub fn router(state: AppState) -> Router {
    let (api, document) = api::router();
    Router::new()
        .merge(api)
        .merge(crate::pages::router(document))
        .route("/assets/{*name}", get(assets::serve))
        .route("/metrics", get(metrics::show))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            let internal = problem::Problem::of_status(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
            axum::response::IntoResponse::into_response(internal)
        }))
        .layer(middleware::from_fn_with_state(state.clone(), guard::protect))
        .layer(middleware::from_fn_with_state(state.clone(), admission::admit))
        .layer(middleware::from_fn(problem::render))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), guard::identify))
        .layer(middleware::from_fn_with_state(state.clone(), metrics::measure))
        .with_state(state)
}
