//! Searching a customer, or all customers that somebody may see.

use std::time::Duration;

use muster_domain::{
    access::{Action, Actor},
    ids::CustomerId,
    search::{Hit, SearchWords, closest, is_correctable},
};
use muster_store::{Page, Planned, Slice};

use crate::{Context, Error, Result, boxed};

/// How many customers' words are learned in one go.
const BATCH: i64 = 50;
/// How often it is looked for customers whose words have changed.
const LOOK: Duration = Duration::from_secs(10);
/// How long is paused between two goes while there are some, so that others come first.
const PAUSE: Duration = Duration::from_millis(500);

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// One page of it, the best first. What stands in very many places is counted up to a few hundred.
    pub hits: Page<Hit>,
    /// The words that were looked for.
    pub words: SearchWords,
    /// Nothing held the words as they were typed; these are the nearest ones that are in use.
    pub is_corrected: bool,
}

impl Context {
    /// Finds what holds all of the words, each as the beginning of a word: in one customer, or in all
    /// that the actor may see. Where nothing does, words with a slip in them are put right.
    #[boxed]
    pub async fn search(&self, actor: &Actor, customer: Option<CustomerId>, words: SearchWords, slice: Slice) -> Result<Found> {
        let hits = self.search_as_typed(actor, customer, &words, slice).await?;
        if hits.total > 0 || slice.offset > 0 {
            return Ok(Found { hits, words, is_corrected: false });
        }
        let corrected = self.corrected(&words).await?;
        if corrected == words {
            return Ok(Found { hits, words, is_corrected: false });
        }
        let found = self.search_as_typed(actor, customer, &corrected, slice).await?;
        let is_corrected = found.total > 0;
        Ok(if is_corrected { Found { hits: found, words: corrected, is_corrected } } else { Found { hits, words, is_corrected } })
    }

    async fn search_as_typed(&self, actor: &Actor, customer: Option<CustomerId>, words: &SearchWords, slice: Slice) -> Result<Page<Hit>> {
        let at = self.now();
        Ok(match customer {
            Some(customer) => {
                self.store.reader_planned(Planned::Once, actor, customer, Action::ReadWorkspace, at).await?.search(words, slice).await?
            }
            None => self.store.portfolio_planned(Planned::Once, actor, at).await?.search(words, slice).await?,
        })
    }

    /// The words with each that nobody uses replaced by the nearest that somebody does. Which customer
    /// uses it is not known here and not told: what is found is found in the actor's scope.
    async fn corrected(&self, words: &SearchWords) -> Result<SearchWords> {
        let mut nearest = Vec::new();
        for word in words.words().iter().filter(|word| is_correctable(word)) {
            let similar = self.store.similar_words(word).await?;
            nearest.push((word.clone(), closest(word, similar.iter().map(String::as_str)).map(ToOwned::to_owned)));
        }
        Ok(words.with(|word| nearest.iter().find(|(typed, _)| typed == word).and_then(|(_, near)| near.clone())))
    }

    /// Learns the words of customers whose work has changed, and gives how many customers they were. For
    /// the program itself, which does it regularly.
    ///
    /// # Errors
    /// Whatever the database refuses; what has been learned by then stays.
    #[boxed]
    pub async fn learn_words(&self) -> Result<usize> {
        let unlearned = self.store.unlearned_words(BATCH).await?;
        for one in &unlearned {
            self.store.learn_words(*one).await?;
        }
        Ok(unlearned.len())
    }

    /// Learns new words as they come, until dropped. `report` gets what went wrong with the database; the
    /// next look may do better.
    pub async fn run_words(&self, report: impl Fn(&Error)) {
        loop {
            match self.learn_words().await {
                Ok(learned) if learned > 0 => tokio::time::sleep(PAUSE).await,
                Ok(_) => tokio::time::sleep(LOOK).await,
                Err(error) => {
                    report(&error);
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }
}
