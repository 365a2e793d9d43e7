//! Settings: from flags, then from the environment, then from a TOML file.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use muster_domain::{firm::Firm, mail::Mailbox, network::Network};
use muster_service::{Bucket, IdentityProvider, Mailer};
use serde::Deserialize;

use crate::{Failure, in_words};

/// Settings that the commands share.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Where to listen; port 0 takes a free port [default: 127.0.0.1:8080]
    #[arg(long, env = "MUSTER_LISTEN", value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The folder for data; the private database lives below it
    #[arg(long, env = "MUSTER_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// A PostgreSQL server to use instead of a private one
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// The address under which people reach Muster, where that is not the one it listens on
    #[arg(long, env = "MUSTER_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// The mail server, as smtps://USER:PASSWORD@HOST or smtp://HOST:25; without one mails are held
    #[arg(long, env = "MUSTER_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// The address that mails come from, as ADDRESS or NAME <ADDRESS>
    #[arg(long, env = "MUSTER_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Proxies that are believed about where a request comes from: addresses or networks, separated by commas
    #[arg(long, env = "MUSTER_TRUSTED_PROXY", value_name = "NETWORKS")]
    trusted_proxy: Option<String>,
    /// The issuer of the firm's identity provider (OpenID Connect); without one people sign in with passwords only
    #[arg(long, env = "MUSTER_OIDC_ISSUER", value_name = "URL", hide_env_values = true)]
    oidc_issuer: Option<String>,
    /// What Muster is called at the identity provider
    #[arg(long, env = "MUSTER_OIDC_CLIENT_ID", value_name = "ID", hide_env_values = true)]
    oidc_client_id: Option<String>,
    /// Muster's secret at the identity provider, where it has one
    #[arg(long, env = "MUSTER_OIDC_CLIENT_SECRET", value_name = "SECRET", hide_env_values = true)]
    oidc_client_secret: Option<String>,
    /// What people call the identity provider, for the button that leads there
    #[arg(long, env = "MUSTER_OIDC_NAME", value_name = "NAME", hide_env_values = true)]
    oidc_name: Option<String>,
    /// The largest file that is taken as evidence, in megabytes [default: 200]
    #[arg(long, env = "MUSTER_EVIDENCE_LIMIT", value_name = "MEGABYTES")]
    evidence_limit: Option<u32>,
    /// So many days before evidence ends its renewal is asked for [default: 30]
    #[arg(long, env = "MUSTER_EVIDENCE_RENEWAL_DAYS", value_name = "DAYS")]
    evidence_renewal_days: Option<i32>,
    /// A bucket of S3-compatible storage for files, as s3://BUCKET/FOLDER; without one they are kept in the folder for data
    #[arg(long, env = "MUSTER_FILES_BUCKET", value_name = "URL")]
    files_bucket: Option<String>,
    /// The memory for workspaces that are ready to be sent again, in megabytes; 0: each is made anew [default: 48]
    #[arg(long, env = "MUSTER_WORKSPACE_CACHE", value_name = "MEGABYTES")]
    workspace_cache: Option<u32>,
    /// Where /metrics may be asked for from: addresses or networks, separated by commas [default: this machine]
    #[arg(long, env = "MUSTER_METRICS_FROM", value_name = "NETWORKS")]
    metrics_from: Option<String>,
    /// The program that makes PDF files [default: muster-pdf beside this program]
    #[arg(long, env = "MUSTER_PDF_PROGRAM", value_name = "FILE")]
    pdf_program: Option<PathBuf>,
    /// The file with settings [default: muster.toml, if there is one]
    #[arg(long, env = "MUSTER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

/// The environment's names of the settings, to tell a misspelt one.
const ENVIRONMENT: [&str; 18] = [
    "MUSTER_LISTEN",
    "MUSTER_DATA",
    "MUSTER_PUBLIC_URL",
    "MUSTER_SMTP_URL",
    "MUSTER_MAIL_FROM",
    "MUSTER_TRUSTED_PROXY",
    "MUSTER_OIDC_ISSUER",
    "MUSTER_OIDC_CLIENT_ID",
    "MUSTER_OIDC_CLIENT_SECRET",
    "MUSTER_OIDC_NAME",
    "MUSTER_EVIDENCE_LIMIT",
    "MUSTER_EVIDENCE_RENEWAL_DAYS",
    "MUSTER_FILES_BUCKET",
    "MUSTER_WORKSPACE_CACHE",
    "MUSTER_METRICS_FROM",
    "MUSTER_PDF_PROGRAM",
    "MUSTER_CONFIG",
    "MUSTER_LOG",
];

/// The settings file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    data: Option<PathBuf>,
    database: Option<String>,
    public_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    trusted_proxy: Option<String>,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret: Option<String>,
    oidc_name: Option<String>,
    evidence_limit: Option<u32>,
    evidence_renewal_days: Option<i32>,
    files_bucket: Option<String>,
    workspace_cache: Option<u32>,
    metrics_from: Option<String>,
    pdf_program: Option<PathBuf>,
}

/// The firm's identity provider, as the settings name it.
#[derive(Clone)]
struct Provider {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    name: Option<String>,
}

/// Settings as they are in force.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder for data.
    pub data: PathBuf,
    /// The database server, if it is not the private one.
    pub database: Option<String>,
    /// The address under which people reach Muster.
    pub public_url: Option<url::Url>,
    /// The way to the mail server, if there is one.
    pub mailer: Option<Mailer>,
    /// Proxies that are believed about where requests come from.
    pub trusted_proxies: Vec<Network>,
    /// The most bytes of a file that is handed in.
    pub file_limit: u64,
    /// So many days before evidence ends its renewal is asked for.
    pub renewal_days: i32,
    /// The bucket that files are kept in, if they are not kept below the folder for data.
    pub files_bucket: Option<Bucket>,
    /// The room for workspaces that are ready to be sent again, in bytes.
    pub ready_room: u64,
    /// Where `/metrics` may be asked for from; nothing named: this machine only.
    pub metrics_from: Vec<Network>,
    /// Where the program is that makes PDF files, or will be.
    pub pdf_program: PathBuf,
    provider: Option<Provider>,
}

impl Options {
    /// Puts the settings together. `folder` names the command's own folder below the default one
    /// for data, so that the demo and an installation do not share a database by accident.
    pub fn resolve(self, folder: &str) -> Result<Config, Failure> {
        refuse_unknown_environment()?;
        let file = read_file(self.config.as_deref())?;
        let listen = self.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen = listen.parse().map_err(|_| {
            Failure::new(format!("The address to listen on, `{listen}`, is not of the form ADDRESS:PORT, such as 127.0.0.1:8080. Correct --listen or MUSTER_LISTEN."))
        })?;
        let public_url = self.public_url.or(file.public_url).map(|url| read_public_url(&url)).transpose()?;
        let database = self.database.or(file.database).filter(|url| !url.is_empty());
        let data = match self.data.or(file.data) {
            Some(data) => std::path::absolute(data).map_err(in_words)?,
            None => default_data_folder()?.join(folder),
        };
        let mailer = read_mailer(self.smtp_url.or(file.smtp_url), self.mail_from.or(file.mail_from))?;
        let trusted_proxies = read_proxies(self.trusted_proxy.or(file.trusted_proxy).as_deref().unwrap_or_default())?;
        let provider = read_provider(
            self.oidc_issuer.or(file.oidc_issuer),
            self.oidc_client_id.or(file.oidc_client_id),
            self.oidc_client_secret.or(file.oidc_client_secret),
            self.oidc_name.or(file.oidc_name),
        )?;
        let file_limit = read_file_limit(self.evidence_limit.or(file.evidence_limit))?;
        let renewal_days = read_renewal_days(self.evidence_renewal_days.or(file.evidence_renewal_days))?;
        let files_bucket = read_bucket(self.files_bucket.or(file.files_bucket))?;
        let ready_room = read_ready_room(self.workspace_cache.or(file.workspace_cache))?;
        let metrics_from = read_metrics_from(self.metrics_from.or(file.metrics_from).as_deref().unwrap_or_default())?;
        let pdf_program = pdf_program(self.pdf_program.or(file.pdf_program))?;
        let config = Config {
            listen,
            data,
            database,
            public_url,
            mailer,
            trusted_proxies,
            file_limit,
            renewal_days,
            files_bucket,
            ready_room,
            metrics_from,
            pdf_program,
            provider,
        };
        // What is wrong with it is told before anything is started.
        config.identity_provider("http://127.0.0.1")?;
        Ok(config)
    }
}

impl Config {
    /// The address to tell people where no server runs: the public one, or the one that is listened on.
    pub fn told_url(&self) -> String {
        self.public_url.as_ref().map_or_else(|| format!("http://{}", self.listen), |url| url.as_str().trim_end_matches('/').to_owned())
    }

    /// Whether people reach Muster over https.
    pub fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The firm's identity provider, if there is one. `base` is the address under which people
    /// reach Muster.
    pub fn identity_provider(&self, base: &str) -> Result<Option<IdentityProvider>, Failure> {
        let Some(one) = &self.provider else { return Ok(None) };
        IdentityProvider::new(&one.issuer, &one.client_id, one.client_secret.as_deref(), one.name.as_deref(), base).map(Some).map_err(|why| {
            Failure::new(format!(
                "The identity provider `{}` cannot be used: {why}. Its issuer has the form https://HOST or https://HOST/PATH, exactly as the provider writes it; correct --oidc-issuer or MUSTER_OIDC_ISSUER.",
                one.issuer
            ))
        })
    }
}

impl Config {
    /// Fills in what the firm has set and the program was not started with.
    pub fn completed_by(mut self, firm: &Firm) -> Result<Self, Failure> {
        if let (None, Some(url)) = (&self.public_url, &firm.public_url) {
            self.public_url = Some(read_public_url(url)?);
        }
        if let ([], Some(proxies)) = (self.trusted_proxies.as_slice(), &firm.trusted_proxies) {
            self.trusted_proxies = read_proxies(proxies)?;
        }
        Ok(self)
    }
}

fn read_proxies(text: &str) -> Result<Vec<Network>, Failure> {
    Network::parse_list(text).map_err(|_| {
        Failure::new(format!(
            "The trusted proxies `{text}` are not addresses or networks such as 10.0.0.0/8, separated by commas. Correct --trusted-proxy or MUSTER_TRUSTED_PROXY."
        ))
    })
}

fn read_file_limit(megabytes: Option<u32>) -> Result<u64, Failure> {
    match megabytes.unwrap_or(200) {
        megabytes @ 1..=10_000 => Ok(u64::from(megabytes) * 1_000_000),
        other => Err(Failure::new(format!(
            "Files cannot be limited to {other} megabytes: it has to be 1 to 10000. Correct --evidence-limit or MUSTER_EVIDENCE_LIMIT."
        ))),
    }
}

fn read_ready_room(megabytes: Option<u32>) -> Result<u64, Failure> {
    match megabytes {
        None => Ok(muster_service::READY_ROOM),
        Some(megabytes @ 0..=100_000) => Ok(u64::from(megabytes) * 1_000_000),
        Some(other) => Err(Failure::new(format!(
            "There cannot be {other} megabytes for workspaces that are ready: it has to be 0 to 100000. Correct --workspace-cache or MUSTER_WORKSPACE_CACHE."
        ))),
    }
}

fn read_metrics_from(text: &str) -> Result<Vec<Network>, Failure> {
    Network::parse_list(text).map_err(|_| {
        Failure::new(format!(
            "The places that may ask for /metrics, `{text}`, are not addresses or networks such as 10.0.0.0/8, separated by commas. Correct --metrics-from or MUSTER_METRICS_FROM."
        ))
    })
}

fn read_renewal_days(days: Option<i32>) -> Result<i32, Failure> {
    match days.unwrap_or(muster_service::RENEWAL_DAYS) {
        days @ 1..=365 => Ok(days),
        other => Err(Failure::new(format!(
            "The renewal of evidence cannot be asked for {other} days ahead: it has to be 1 to 365. Correct --evidence-renewal-days or MUSTER_EVIDENCE_RENEWAL_DAYS."
        ))),
    }
}

fn read_bucket(address: Option<String>) -> Result<Option<Bucket>, Failure> {
    let Some(address) = address.filter(|address| !address.trim().is_empty()) else { return Ok(None) };
    let environment = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Bucket::new(address.trim(), environment).map(Some).map_err(|why| {
        Failure::new(format!(
            "Files cannot be kept at `{address}`: {why}. Correct --files-bucket or MUSTER_FILES_BUCKET, or what the environment's AWS_… variables say."
        ))
    })
}

/// The program that makes PDF files: the one that is named, or the one beside this program. It need not
/// be there yet.
fn pdf_program(given: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match given {
        Some(path) => std::path::absolute(path).map_err(in_words),
        None => Ok(std::env::current_exe().map_err(in_words)?.with_file_name("muster-pdf")),
    }
}

fn read_public_url(text: &str) -> Result<url::Url, Failure> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Failure::new(format!(
            "The public address `{text}` is not an address of the form https://HOST. Correct --public-url or MUSTER_PUBLIC_URL."
        ))
    })
}

/// The mail server and the address that mails come from go together. The server's address may hold
/// a password, so it is not repeated.
fn read_mailer(url: Option<String>, from: Option<String>) -> Result<Option<Mailer>, Failure> {
    let Some(url) = url.filter(|url| !url.trim().is_empty()) else { return Ok(None) };
    let from = from.ok_or_else(|| {
        Failure::new("A mail server is set, but not whom mails come from. Set --mail-from or MUSTER_MAIL_FROM, such as `Muster <muster@example.com>`.")
    })?;
    let from = Mailbox::parse(&from).map_err(|_| {
        Failure::new(format!(
            "Mails cannot come from `{from}`: it is not of the form ADDRESS or NAME <ADDRESS>. Correct --mail-from or MUSTER_MAIL_FROM."
        ))
    })?;
    Mailer::new(url.trim(), from).map(Some).map_err(|why| {
        Failure::new(format!(
            "The address of the mail server cannot be used: {why}. It has the form smtps://USER:PASSWORD@HOST or smtp://HOST:PORT; correct --smtp-url or MUSTER_SMTP_URL."
        ))
    })
}

/// Issuer and client id go together; a secret or a name alone is a setting that was forgotten half way.
fn read_provider(
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    name: Option<String>,
) -> Result<Option<Provider>, Failure> {
    let [issuer, client_id, client_secret, name] =
        [issuer, client_id, client_secret, name].map(|one| one.map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()));
    match (issuer, client_id) {
        (Some(issuer), Some(client_id)) => Ok(Some(Provider { issuer, client_id, client_secret, name })),
        (None, None) if client_secret.is_none() && name.is_none() => Ok(None),
        (None, _) => Err(Failure::new(
            "The identity provider is set in part only: its issuer is missing. Set --oidc-issuer or MUSTER_OIDC_ISSUER, or take the other settings of it away.",
        )),
        (Some(_), None) => Err(Failure::new(
            "An identity provider is set, but not what Muster is called there. Set --oidc-client-id or MUSTER_OIDC_CLIENT_ID.",
        )),
    }
}

fn read_file(given: Option<&Path>) -> Result<File, Failure> {
    let path = match given {
        Some(path) => path.to_owned(),
        None if Path::new("muster.toml").exists() => PathBuf::from("muster.toml"),
        None => return Ok(File::default()),
    };
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::new(format!("The settings file {} cannot be read: {error}.", path.display())))?;
    toml::from_str(&text).map_err(|error| Failure::new(format!("The settings file {} cannot be used: {error}", path.display())))
}

/// A misspelt setting would be ignored in silence, and found out much later.
fn refuse_unknown_environment() -> Result<(), Failure> {
    let unknown = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with("MUSTER_") && !name.starts_with("MUSTER_TEST_") && !ENVIRONMENT.contains(&name.as_str()));
    match unknown {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!(
            "The environment has a setting that Muster does not know: {name}. Known are {}. Correct its name or take it away.",
            ENVIRONMENT.join(", ")
        ))),
    }
}

/// Where data goes unless told otherwise. The server of a private database does not run as root,
/// and cannot reach below root's home; system services keep their data under /var/lib.
fn default_data_folder() -> Result<PathBuf, Failure> {
    if rustix::process::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/muster"));
    }
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")));
    folder
        .map(|folder| folder.join("muster"))
        .ok_or_else(|| Failure::new("There is no home folder to keep data in. Name a folder with --data or MUSTER_DATA."))
}
