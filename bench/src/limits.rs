//! What no server on this machine can do better: one row by its primary key and a body of the same size, and
//! the same bytes without asking anybody.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::net::TcpListener;

use crate::Result;

/// How the limits are served.
#[derive(Debug, clap::Args)]
pub struct Limits {
    /// The database to read a row from
    #[arg(long)]
    database: String,
    /// How many bytes an answer has
    #[arg(long)]
    size: usize,
}

#[derive(Clone)]
struct Served {
    pool: PgPool,
    body: Arc<[u8]>,
}

impl Limits {
    /// Serves on a free port, and says which one.
    pub async fn serve(self) -> Result<()> {
        // As many connections as Muster takes.
        let cores = std::thread::available_parallelism()?.get();
        let pool = PgPoolOptions::new().max_connections(u32::try_from((cores * 4).clamp(8, 64))?).connect(&self.database).await?;
        let body = vec![b'm'; self.size].into();
        let router = Router::new().route("/row/{id}", get(row)).route("/static", get(fixed)).with_state(Served { pool, body });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", serde_json::json!({ "url": format!("http://{}", listener.local_addr()?) }));
        Ok(axum::serve(listener, router).await?)
    }
}

async fn row(State(served): State<Served>, Path(id): Path<i32>) -> Response {
    let found = sqlx::query_scalar::<_, String>("SELECT name FROM dna_app.customers WHERE id = $1").bind(id).fetch_one(&served.pool).await;
    match found {
        Ok(_) => bytes(&served),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn fixed(State(served): State<Served>) -> Response {
    bytes(&served)
}

/// The body is copied, as a body that was made for the occasion would have been.
fn bytes(served: &Served) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], served.body.to_vec()).into_response()
}
