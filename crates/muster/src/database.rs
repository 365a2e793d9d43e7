//! The database behind a command: a server that was named, or a private one.

use std::path::Path;

use muster_service::{Context, SystemClock, TimeOrderedIds, library::Library};
use muster_store::{Settings, Store};
use pglocal::Cluster;
use std::sync::Arc;

use crate::{Failure, config::Config, in_words};

/// An open database. Whoever opened it closes it, so that the private server stops with us.
pub struct Database {
    /// The store, as the service role.
    pub store: Store,
    cluster: Option<Cluster>,
}

impl Database {
    /// Starts the private server where none is named, migrates, and opens the store.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let (cluster, url) = match &config.database {
            Some(url) => (None, url.clone()),
            None => {
                let cluster = start_private(&config.data).await?;
                let url = cluster.url(cluster.superuser(), "muster");
                (Some(cluster), url)
            }
        };
        let migrated = async {
            if let Some(cluster) = &cluster {
                muster_store::create_database(&cluster.url(cluster.superuser(), "postgres"), "muster").await?;
            }
            muster_store::migrate(&url, true).await
        };
        match migrated.await {
            Ok(options) => Ok(Self { store: Store::open(&Settings::new(options)), cluster }),
            Err(error) => {
                if let Some(cluster) = cluster {
                    let _ = cluster.stop().await;
                }
                Err(in_words(error))
            }
        }
    }

    /// Opens a named database as it is, without migrating; a private one is opened as always.
    pub async fn open_to_look(config: &Config) -> Result<Self, Failure> {
        match &config.database {
            Some(url) => Ok(Self { store: Store::open_as_is(url).map_err(in_words)?, cluster: None }),
            None => Self::open(config).await,
        }
    }

    /// The use cases on this database, with the machine's clock.
    pub fn context(&self) -> Context {
        Context::new(self.store.clone(), Arc::new(SystemClock), Arc::new(TimeOrderedIds))
    }

    /// Loads the starter library; what is there already stays as it is.
    pub async fn load_starter_library(&self) -> Result<(), Failure> {
        let library = Library::starter().map_err(in_words)?;
        let summary = self.context().import_library(&library).await.map_err(explain)?;
        tracing::info!(?summary, "starter library");
        Ok(())
    }

    /// Closes all connections and stops the private server.
    pub async fn close(self) -> Result<(), Failure> {
        self.store.close().await;
        match self.cluster {
            Some(cluster) => cluster.stop().await.map_err(in_words),
            None => Ok(()),
        }
    }
}

/// The words of an error with what is behind it, for a person at the machine itself.
pub fn explain(error: muster_service::Error) -> Failure {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    if let muster_service::Error::Invalid(fields) = &error {
        let fields: Vec<String> =
            fields.iter().map(|field| format!("{} {}", field.pointer.trim_start_matches('/'), field.message)).collect();
        words = fields.join("; ");
    }
    Failure::new(words)
}

async fn start_private(data: &Path) -> Result<Cluster, Failure> {
    Cluster::start(pglocal::Settings::new(data)).await.map_err(in_words)
}
