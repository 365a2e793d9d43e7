//! Starts a private PostgreSQL from the binaries on the machine.
//!
//! [`Cluster::start`] makes a cluster below the given folder when there is none, starts the
//! server, and keeps it running until [`Cluster::stop`] or drop. The server listens on a Unix
//! socket only, inside a folder that nobody but its own operating-system user and root can enter.
//!
//! ```no_run
//! # async fn example() -> Result<(), pglocal::Error> {
//! let cluster = pglocal::Cluster::start(pglocal::Settings::new("/srv/app")).await?;
//! let url = cluster.url(cluster.superuser(), "postgres");
//! // ... connect to `url` ...
//! cluster.stop().await
//! # }
//! ```
//!
//! # What lies on disk
//!
//! | path | holds |
//! |---|---|
//! | `<data_dir>/postgres/data` | the cluster; it appears here only once it is complete |
//! | `<data_dir>/postgres/data.new-N` | a cluster being made; a leftover is removed |
//! | `<data_dir>/postgres/socket` | the socket, unless the path would be too long for one |
//! | `<data_dir>/postgres/server.log` | what the server and its tools say |
//! | `<data_dir>/postgres/lock` | locked by, and names, the process that uses the folder |
//!
//! # Who runs the server
//!
//! PostgreSQL refuses to run as root. Started as root, the server and its tools run as the owner
//! of the existing cluster, else as `postgres`, else as `nobody`. That user must be able to walk
//! to the folder; [`Error::Unreachable`] names the folder that is closed.
//!
//! # When this process dies without stopping the server
//!
//! The server then keeps running: tying it to its parent needs code that this crate forbids
//! itself. The next start on the same folder stops it first and loses nothing.

mod account;
mod binaries;
mod cluster;
mod error;
mod folder;
mod initdb;
mod packages;
mod postmaster;
mod previous;
mod settings;
mod signals;
mod socket;
mod supervisor;
mod version;

pub use cluster::Cluster;
pub use error::Error;
pub use settings::Settings;
pub use version::Version;
