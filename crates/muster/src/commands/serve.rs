//! `muster serve`: an installation, without demo data.

use clap::Args;
use muster_files::FileStore;
use muster_service::{CheckpointRound, PdfProgram};
use muster_web::{AppState, Draining};
use tokio::net::TcpListener;

use super::say;
use crate::{
    Failure,
    config::{Config, Options},
    database::{Database, explain},
    in_words, sealing,
    server::{self, Stop},
    signing,
};

/// Serve an installation.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    options: Options,
    /// Print the ready line as JSON
    #[arg(long)]
    json: bool,
}

impl Serve {
    /// Serves until the program is told to stop.
    pub async fn run(self) -> Result<(), Failure> {
        let stop = Stop::listen()?;
        let config = self.options.resolve("installation")?;
        let listener = server::listen(config.listen).await?;
        let database = Database::open(&config).await?;
        let served = async {
            let config = complete(config.clone(), &database).await?;
            serve_on(&config, &database, listener, stop, self.json).await
        }
        .await;
        database.close().await?;
        served
    }
}

async fn serve_on(config: &Config, database: &Database, listener: TcpListener, stop: Stop, json: bool) -> Result<(), Failure> {
    database.load_starter_library().await?;
    let url = base_url(config, &listener)?;
    let setup = database.context().setup_secret().await.map_err(explain)?.map(|secret| format!("{url}/setup/{secret}"));
    if json {
        say(&serde_json::json!({ "url": url, "setup": setup }).to_string());
    } else {
        say(&format!("Muster is ready at {url}"));
        if let Some(link) = setup {
            say(&format!("Nobody can sign in yet. Open this link once, within a day, to make the first administrator:\n  {link}"));
        }
    }
    run_server(config, database, listener, stop, &url).await
}

/// The settings with what the firm has set and the program was not started with.
pub async fn complete(config: Config, database: &Database) -> Result<Config, Failure> {
    config.completed_by(&database.context().firm_settings().await.map_err(explain)?)
}

/// The address to tell people: the public one, or the one that is listened on.
pub fn base_url(config: &Config, listener: &TcpListener) -> Result<String, Failure> {
    match &config.public_url {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None => Ok(format!("http://{}", listener.local_addr().map_err(in_words)?)),
    }
}

/// Serves the router on a database that is ready. `url` is the address that people are told.
pub async fn run_server(config: &Config, database: &Database, listener: TcpListener, stop: Stop, url: &str) -> Result<(), Failure> {
    let key = signing::load_or_make(&config.data)?;
    let draining = Draining::default();
    let context = database.context().with_public_url(url).with_audit_key(key).with_sealing_key(sealing::key_of(&config.data)?);
    let files = open_files(config).await?;
    let context = context
        .with_files(files, config.file_limit)
        .with_renewal_days(config.renewal_days)
        .with_ready_room(config.ready_room)
        .with_pdf(PdfProgram::at(config.pdf_program.clone()));
    let context = match &config.mailer {
        Some(mailer) => context.with_mailer(mailer.clone()),
        None => context,
    };
    let context = match config.identity_provider(url)? {
        Some(provider) => context.with_identity_provider(provider),
        None => context,
    };
    // The worker of the outbox stops with the server. A mail that it is handing over just then is
    // sent again after the next start.
    let jobs = tokio::spawn({
        let context = context.clone();
        async move { context.run_jobs(|error| tracing::warn!(%error, "the outbox could not be worked on")).await }
    });
    let checkpoints = tokio::spawn({
        let context = context.clone();
        async move { context.run_checkpoints(report_checkpoints).await }
    });
    let exports = tokio::spawn({
        let context = context.clone();
        async move { context.run_exports(|error| tracing::warn!(%error, "the files of an approved document could not be kept")).await }
    });
    let events = tokio::spawn({
        let context = context.clone();
        async move { context.run_events(|error| tracing::warn!(%error, "changes are not heard of at present")).await }
    });
    let figures = tokio::spawn({
        let context = context.clone();
        async move { context.run_figures(|error| tracing::warn!(%error, "the figures of the portfolio could not be counted ahead")).await }
    });
    let words = tokio::spawn({
        let context = context.clone();
        async move { context.run_words(|error| tracing::warn!(%error, "the words for the search could not be learned")).await }
    });
    let state = AppState {
        is_secure: config.is_secure(),
        trusted_proxies: config.trusted_proxies.clone().into(),
        draining: draining.clone(),
        metrics_from: config.metrics_from.clone().into(),
        ..AppState::new(context.clone())
    };
    server::serve(listener, muster_web::router(state), draining, stop).await;
    events.abort();
    jobs.abort();
    checkpoints.abort();
    exports.abort();
    figures.abort();
    words.abort();
    // What was done since the last round is signed, too.
    report_checkpoints(context.make_checkpoints().await);
    Ok(())
}

/// Where files are kept. A bucket that cannot be written to is told now, not with somebody's first file.
async fn open_files(config: &Config) -> Result<FileStore, Failure> {
    let why = |error: &muster_files::Error| std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let files = FileStore::open(&config.data.join("files")).map_err(|error| {
        Failure::new(format!(
            "Files cannot be kept in {}: {error}: {}. Choose another folder with --data.",
            config.data.display(),
            why(&error)
        ))
    })?;
    let Some(bucket) = &config.files_bucket else { return Ok(files) };
    bucket.check().await.map_err(|error| {
        Failure::new(format!(
            "Files cannot be kept in the bucket of --files-bucket or MUSTER_FILES_BUCKET: {error}: {}. Look at the address, at AWS_ENDPOINT_URL, AWS_REGION and the access key, and whether the bucket is there.",
            why(&error)
        ))
    })?;
    Ok(files.in_bucket(bucket.clone()))
}

/// A log that does not continue its last checkpoint is for a person to look at: nothing more is signed of it.
fn report_checkpoints(round: muster_service::Result<CheckpointRound>) {
    match round {
        Ok(round) => {
            for log in &round.refused {
                tracing::error!(customer = ?log.customer, problem = ?log.tampering, "an audit log has been tampered with; run `muster audit verify`");
            }
        }
        Err(error) => tracing::warn!(%error, "the audit logs could not be signed"),
    }
}
