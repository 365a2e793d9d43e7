//! `muster demo`: the main job in one command.

use std::{collections::BTreeMap, fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

use clap::Args;
use muster_domain::people::Password;
use muster_service::demo::{DemoPerson, PEOPLE};

use super::{
    say,
    serve::{base_url, complete, run_server},
};
use crate::{
    Failure,
    config::{Config, Options},
    database::{Database, explain},
    server::{self, Stop},
    signing::make_folder,
};

/// Try Muster with demo data.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    options: Options,
    /// Print the ready line, with the people, as JSON
    #[arg(long)]
    json: bool,
}

/// The demo people's passwords, by address, as kept in the data folder.
type Passwords = BTreeMap<String, String>;

impl Demo {
    /// Serves the demo until the program is told to stop.
    pub async fn run(self) -> Result<(), Failure> {
        let stop = Stop::listen()?;
        let config = self.options.resolve("demo")?;
        let listener = server::listen(config.listen).await?;
        let database = Database::open(&config).await?;
        let served = async {
            database.load_starter_library().await?;
            let passwords = load(&config, &database).await?;
            let config = complete(config.clone(), &database).await?;
            let url = base_url(&config, &listener)?;
            announce(&url, &passwords, self.json);
            run_server(&config, &database, listener, stop, &url).await
        }
        .await;
        database.close().await?;
        served
    }
}

/// Loads the demo's data. Its passwords are drawn once and kept in the data folder; where that
/// file is gone, new ones are drawn.
async fn load(config: &Config, database: &Database) -> Result<Passwords, Failure> {
    let context = database.context();
    let file = config.data.join("demo-people.json");
    let kept = fs::read_to_string(&file).ok().and_then(|text| serde_json::from_str::<Passwords>(&text).ok());
    let kept = kept.filter(|kept| PEOPLE.iter().all(|person| kept.contains_key(person.email)));
    let passwords = match &kept {
        Some(kept) => kept.clone(),
        None => {
            let drawn: Passwords = PEOPLE.iter().map(|person| (person.email.to_owned(), draw_password())).collect();
            keep(&file, &drawn)?;
            drawn
        }
    };
    let password_of = |person: &DemoPerson| {
        let text = passwords.get(person.email).map(String::as_str).unwrap_or_default();
        Password::parse(text).map_err(muster_service::Error::internal)
    };
    context.load_demo(password_of).await.map_err(explain)?;
    if kept.is_none() {
        for person in &PEOPLE {
            context.reset_demo_password(person, &password_of(person).map_err(explain)?).await.map_err(explain)?;
        }
    }
    Ok(passwords)
}

fn keep(file: &Path, passwords: &Passwords) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        Failure::new(format!("The file {} cannot be written: {error}. Choose another folder with --data.", file.display()))
    };
    if let Some(folder) = file.parent() {
        make_folder(folder).map_err(cannot)?;
    }
    let mut kept = fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(file).map_err(cannot)?;
    kept.write_all(serde_json::to_string_pretty(passwords).unwrap_or_default().as_bytes()).map_err(cannot)
}

/// Sixteen random letters and digits in four groups: easily copied, not easily guessed.
fn draw_password() -> String {
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    // Drawn for a person, like an id: nothing repeats it.
    #[allow(clippy::disallowed_methods)]
    let bytes: [u8; 16] = rand::random();
    let signs: Vec<char> = bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn announce(url: &str, passwords: &Passwords, json: bool) {
    let password = |person: &DemoPerson| passwords.get(person.email).cloned().unwrap_or_default();
    if json {
        let people: Vec<_> = PEOPLE
            .iter()
            .map(|person| serde_json::json!({ "email": person.email, "password": password(person), "role": person.role }))
            .collect();
        say(&serde_json::json!({ "url": url, "people": people }).to_string());
        return;
    }
    say(&format!("Muster is ready at {url}"));
    say("Sign in as one of these people; Ctrl-C stops Muster and its database.");
    for person in &PEOPLE {
        say(&format!("  {:<12} {:<26} {}", person.role, person.email, password(person)));
    }
}
