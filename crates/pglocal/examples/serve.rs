//! Starts a private PostgreSQL in a folder, prints its address, and stops it when told to.
//! The development scripts use it: `cargo run -p pglocal --example serve -- FOLDER`.

#![allow(clippy::print_stdout, missing_docs)]

use std::io::Write as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder")?;
    let mut settings = pglocal::Settings::new(folder);
    settings.durable = false;
    let cluster = pglocal::Cluster::start(settings).await?;
    println!("{}", cluster.url(cluster.superuser(), "postgres"));
    std::io::stdout().flush()?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(cluster.stop().await?)
}
