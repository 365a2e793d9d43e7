//! Peers take turns: in each round each is asked for a while, so that what else the machine does falls on all.

use crate::{
    Result,
    load::{Asked, Load, Outcome, give},
    numbers::Spread,
};

/// One of those who take turns.
#[derive(Debug, Clone)]
pub struct Contender {
    /// Its name, in the report.
    pub name: &'static str,
    /// How it is asked.
    pub load: Load,
}

/// What came of one, round by round.
#[derive(Debug, Clone)]
pub struct Rounds {
    /// Its name, in the report.
    pub name: &'static str,
    /// How many connections asked.
    pub connections: usize,
    /// The rounds.
    pub rounds: Vec<Outcome>,
}

impl Contender {
    /// Asks all the paths, over and over, of a server that answers them all.
    pub fn new(name: &'static str, address: &str, asked: Vec<Asked>, headers: &[&str], connections: usize, seconds: f64) -> Self {
        let headers = headers.iter().map(|header| (*header).to_owned()).collect();
        let load = Load {
            address: address.to_owned(),
            asked,
            headers,
            connections,
            seconds,
            statuses: vec![200],
            is_steady: true,
            ..Load::default()
        };
        Self { name, load }
    }
}

impl Rounds {
    /// One figure of each round.
    pub fn each(&self, figure: impl Fn(&Outcome) -> f64) -> Vec<f64> {
        self.rounds.iter().map(figure).collect()
    }

    /// Median and range of one figure.
    pub fn spread(&self, figure: impl Fn(&Outcome) -> f64) -> Spread {
        Spread::of(&self.each(figure))
    }
}

/// Lets them take turns, after each has been asked a little to be warm.
pub async fn hold(contenders: &[Contender], rounds: usize) -> Result<Vec<Rounds>> {
    for contender in contenders {
        give(&Load { seconds: 1.0_f64.min(contender.load.seconds), ..contender.load.clone() }).await?;
    }
    let mut results: Vec<Rounds> = contenders
        .iter()
        .map(|contender| Rounds { name: contender.name, connections: contender.load.connections, rounds: Vec::new() })
        .collect();
    for round in 1..=rounds {
        for (contender, result) in contenders.iter().zip(&mut results) {
            let outcome = give(&contender.load).await?;
            println!("  round {round}: {:<42} {:>8.0} requests/s, p50 {:.2} ms", contender.name, outcome.rate(), outcome.p50);
            result.rounds.push(outcome);
        }
    }
    Ok(results)
}
