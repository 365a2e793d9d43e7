use std::path::PathBuf;

/// What a cluster is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder below which the cluster lives, in `postgres/`. It is made when missing.
    pub data_dir: PathBuf,

    /// Whether an acknowledged commit survives a crash of the machine.
    ///
    /// `false` is for tests only: a cluster that ever ran without it may be broken after a crash
    /// and is not worth keeping.
    pub durable: bool,

    /// More server settings, as in `postgresql.conf`.
    ///
    /// They go on the command line, where every user of the machine can read them. What this
    /// crate relies on (socket, port, durability, logging to standard error) cannot be changed.
    pub settings: Vec<(String, String)>,

    /// The folders to look for the binaries in; `None` looks in the usual places.
    pub bin_dirs: Option<Vec<PathBuf>>,
}

impl Settings {
    /// A durable cluster below `data_dir`, with binaries from the usual places.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), durable: true, settings: Vec::new(), bin_dirs: None }
    }
}
