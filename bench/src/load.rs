//! The load: many connections that ask as fast as they are answered, from a process of its own.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    process::Stdio,
    rc::Rc,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use tokio::{io::AsyncWriteExt as _, process::Command, task::LocalSet};

use crate::{
    Result,
    http::{Connection, request},
    numbers::quantile,
};

/// What is asked, and how.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Load {
    /// Whom, as address and port.
    pub address: String,
    /// What, one after the other and again from the start.
    pub asked: Vec<Asked>,
    /// Headers of every request.
    pub headers: Vec<String>,
    /// How many connections.
    pub connections: usize,
    /// How long; everything once where it is nothing.
    pub seconds: f64,
    /// For how many seconds a connection rests after each answer.
    pub rest: f64,
    /// The statuses that an answer may have.
    pub statuses: Vec<u16>,
    /// How long the body of every answer is, where that is known.
    pub length: Option<usize>,
    /// Whether the same question has to be answered at the same length each time.
    pub is_steady: bool,
}

/// One question.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The version that is known already.
    pub known: Option<String>,
    /// What is sent, as JSON; nothing for a question that changes nothing.
    pub body: Option<String>,
}

impl From<String> for Asked {
    fn from(path: String) -> Self {
        Self { path, ..Self::default() }
    }
}

/// What came of it. Times are milliseconds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// Answers of a status in which the request succeeded.
    pub good: u64,
    /// Over so many seconds.
    pub seconds: f64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// Connections that failed.
    pub broken: u64,
    /// How long good answers took.
    pub p50: f64,
    /// The same, of a hundred the sixth longest.
    pub p95: f64,
    /// The same, of a hundred the second longest.
    pub p99: f64,
    /// The same, the longest.
    pub max: f64,
    /// When the first byte of good answers was there.
    pub first_byte: f64,
    /// How long refusals took at the most, leaving out the longest of a hundred.
    pub refused_p99: f64,
    /// The mean size of a good answer's body.
    pub bytes: f64,
}

impl Outcome {
    /// Good answers in a second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.seconds
    }
}

#[derive(Default)]
struct Notes {
    next: usize,
    good: Vec<f64>,
    first: Vec<f64>,
    refused: Vec<f64>,
    statuses: BTreeMap<u16, u64>,
    broken: u64,
    bytes: u64,
    lengths: Vec<usize>,
    wrong: Option<String>,
}

/// Gives the load from a process of its own, and reads what came of it.
pub async fn give(load: &Load) -> Result<Outcome> {
    let mut child =
        Command::new(std::env::current_exe()?).arg("load").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(&serde_json::to_vec(load)?).await?;
    }
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        return Err(format!("the load of {} failed", load.address).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The process of its own.
pub async fn serve() -> Result<()> {
    let load: Load = serde_json::from_reader(std::io::stdin())?;
    let requests: Vec<Vec<u8>> = load.asked.iter().map(|asked| bytes_of(&load, asked)).collect();
    let notes = Rc::new(RefCell::new(Notes { lengths: vec![usize::MAX; requests.len()], ..Notes::default() }));
    let (load, requests) = (Rc::new(load), Rc::new(requests));
    let began = Instant::now();
    let until = began + Duration::from_secs_f64(if load.seconds > 0.0 { load.seconds } else { 600.0 });
    let local = LocalSet::new();
    for _ in 0..load.connections {
        local.spawn_local(one(Rc::clone(&load), Rc::clone(&requests), Rc::clone(&notes), until));
    }
    local.await;
    let seconds = began.elapsed().as_secs_f64();
    let mut notes = notes.take();
    if let Some(wrong) = notes.wrong {
        return Err(wrong.into());
    }
    notes.good.sort_by(f64::total_cmp);
    notes.first.sort_by(f64::total_cmp);
    notes.refused.sort_by(f64::total_cmp);
    let outcome = Outcome {
        good: notes.good.len() as u64,
        seconds,
        statuses: notes.statuses,
        broken: notes.broken,
        p50: quantile(&notes.good, 0.5),
        p95: quantile(&notes.good, 0.95),
        p99: quantile(&notes.good, 0.99),
        max: quantile(&notes.good, 1.0),
        first_byte: quantile(&notes.first, 0.5),
        refused_p99: quantile(&notes.refused, 0.99),
        bytes: notes.bytes as f64 / (notes.good.len().max(1) as f64),
    };
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

fn bytes_of(load: &Load, asked: &Asked) -> Vec<u8> {
    let mut headers = load.headers.clone();
    headers.extend(asked.known.as_ref().map(|known| format!("If-None-Match: {known}")));
    request(&load.address, &asked.path, &headers, asked.body.as_deref())
}

/// One connection: it asks until the time is over, or everything has been asked.
async fn one(load: Rc<Load>, requests: Rc<Vec<Vec<u8>>>, notes: Rc<RefCell<Notes>>, until: Instant) {
    let mut connection = None;
    while Instant::now() < until && notes.borrow().wrong.is_none() {
        if load.rest > 0.0 {
            tokio::time::sleep(Duration::from_secs_f64(load.rest)).await;
        }
        let index = {
            let mut notes = notes.borrow_mut();
            notes.next += 1;
            notes.next - 1
        };
        if load.seconds <= 0.0 && index >= requests.len() {
            return;
        }
        let index = index % requests.len();
        let outcome = match ask(&mut connection, &load.address, &requests[index]).await {
            Ok(answer) => answer,
            Err(_) => {
                connection = None;
                notes.borrow_mut().broken += 1;
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        let mut notes = notes.borrow_mut();
        *notes.statuses.entry(outcome.status).or_default() += 1;
        let whole = outcome.whole.as_secs_f64() * 1000.0;
        if outcome.status >= 400 {
            notes.refused.push(whole);
        } else {
            notes.good.push(whole);
            notes.first.push(outcome.first_byte.as_secs_f64() * 1000.0);
            notes.bytes += outcome.body.len() as u64;
        }
        let length = outcome.body.len();
        if !load.statuses.contains(&outcome.status) {
            let said: String = String::from_utf8_lossy(&outcome.body).chars().take(300).collect();
            notes.wrong = Some(format!("{} was answered with {}: {said}", load.asked[index].path, outcome.status));
        } else if outcome.status < 400 && load.length.is_some_and(|wanted| wanted != length) {
            notes.wrong = Some(format!("{} has {length} bytes", load.asked[index].path));
        } else if load.is_steady && outcome.status < 400 {
            let before = std::mem::replace(&mut notes.lengths[index], length);
            if before != usize::MAX && before != length {
                notes.wrong = Some(format!("{} has {length} bytes, and had {before}", load.asked[index].path));
            }
        }
    }
}

async fn ask(connection: &mut Option<Connection>, address: &str, request: &[u8]) -> Result<crate::http::Answer> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(address).await?,
    };
    let answer = open.ask(request).await?;
    if answer.header("connection") != Some("close") {
        *connection = Some(open);
    }
    Ok(answer)
}
