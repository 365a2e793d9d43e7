//! One person's stream of a customer's events.

use std::{sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use muster_domain::{
    access::{Action, Actor, Decision, decide},
    events::{Change, Place, others},
    ids::CustomerId,
    people::Person,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, Interval, MissedTickBehavior},
};

use super::hub::{Seat, Told};
use crate::{Context, Error, Result, boxed};

/// How often a stream looks by itself whether its person may still have it.
pub(super) const LOOK: Duration = Duration::from_secs(30);
/// For how long a look is good while events come in.
pub(super) const GOOD_FOR: Duration = Duration::from_secs(1);

/// What somebody watches with: what they signed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watcher {
    /// The token of a session.
    Session(String),
    /// An API token.
    Token {
        /// The token.
        text: String,
        /// The network address that it is used from.
        network: String,
    },
}

/// What a stream says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The first word: the version of the workspace from which on changes are told. Whoever has read
    /// an older one reads anew.
    Hello {
        /// That version.
        workspace_version: i64,
    },
    /// Something has changed.
    Changed(Change),
    /// Who else is at the place that is watched.
    Present(Vec<Person>),
    /// Something may have been missed: read anew.
    Missed,
}

/// One person's stream of a customer's events. It holds no connection.
#[derive(Debug)]
pub struct Watch {
    watcher: Watcher,
    actor: Actor,
    customer: CustomerId,
    place: Option<Place>,
    seat: Seat,
    told: Receiver<Told>,
    looked_at: Instant,
    look: Interval,
    waiting: Option<News>,
    present: Vec<Person>,
}

impl Context {
    /// Whoever holds a session or a token, without noting that it is used.
    ///
    /// # Errors
    /// As for [`Context::actor`] and [`Context::token_actor`].
    #[boxed]
    pub async fn look_at_actor(&self, watcher: &Watcher) -> Result<Actor> {
        match watcher {
            Watcher::Session(token) => self.look_at_session(token).await,
            Watcher::Token { text, network } => self.token_actor(text, network).await,
        }
    }

    /// Opens a stream of a customer's events. `place` is the questionnaire that the person is at, if
    /// they are at one: the others there are told, and they are told of the others.
    ///
    /// # Errors
    /// As for reading the workspace; [`Error::TooManyStreams`] where they have too many open.
    #[boxed]
    pub async fn watch(&self, watcher: Watcher, customer: CustomerId, place: Option<Place>) -> Result<Watch> {
        let actor = self.look_at_actor(&watcher).await?;
        let mut reader = self.store.reader(&actor, customer, Action::ReadWorkspace, self.now()).await?;
        if let Some(place) = place {
            reader.assignment(place.plan, place.template).await?;
        }
        drop(reader);
        let person = Person { id: actor.user_id(), name: actor.name().to_owned(), is_firm: actor.is_firm() };
        let (seat, told) = self.events.open(customer, person, place)?;
        // Read only now: what changes from here on is told.
        let mut reader = self.store.reader(&actor, customer, Action::ReadWorkspace, self.now()).await?;
        let (workspace_version, _) = reader.workspace_version().await?;
        let mut look = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let waiting = Some(News::Hello { workspace_version });
        Ok(Watch { watcher, actor, customer, place, seat, told, looked_at: Instant::now(), look, waiting, present: Vec::new() })
    }

    /// What a stream says next, in its own time. None: it has ended, because the person may not see
    /// this any more or cannot be told from anybody else.
    #[boxed]
    pub async fn next_news(&self, watch: &mut Watch) -> Option<News> {
        if let Some(first) = watch.waiting.take() {
            return Some(first);
        }
        loop {
            let told = tokio::select! {
                told = watch.told.recv() => told,
                _ = watch.look.tick() => {
                    self.look_again(watch, Duration::ZERO).await.ok()?;
                    continue;
                }
            };
            match self.news_of(watch, told).await {
                Ok(Some(news)) => return Some(news),
                Ok(None) => {}
                Err(_) => return None,
            }
        }
    }

    async fn news_of(&self, watch: &mut Watch, told: std::result::Result<Told, RecvError>) -> Result<Option<News>> {
        match told {
            Ok(Told::Change(change)) => self.change_for(watch, &change).await,
            Ok(Told::Presence(place)) => {
                self.look_again(watch, GOOD_FOR).await?;
                Ok(watch.presence(place))
            }
            Ok(Told::Gap) | Err(RecvError::Lagged(_)) => {
                self.look_again(watch, GOOD_FOR).await?;
                Ok(Some(News::Missed))
            }
            Err(RecvError::Closed) => Err(Error::NotFound),
        }
    }

    async fn change_for(&self, watch: &mut Watch, change: &Arc<Change>) -> Result<Option<News>> {
        self.look_again(watch, if change.is_about_people() { Duration::ZERO } else { GOOD_FOR }).await?;
        Ok(self.seen_by(&watch.actor, change).await?.map(News::Changed))
    }

    /// A change as far as somebody who may see the customer may know of it; none where that is nothing.
    pub(super) async fn seen_by(&self, actor: &Actor, change: &Change) -> Result<Option<Change>> {
        let (at, mut seen) = (self.now(), change.clone());
        let today = at.to_zoned(TimeZone::UTC).date();
        if actor.plan_limit(change.customer, today).is_some() {
            // What belongs to which plan the database knows.
            let mut reader = self.store.reader(actor, change.customer, Action::ReadWorkspace, at).await?;
            seen.subjects = reader.visible_subjects(seen.subjects).await?;
        }
        if decide(actor, change.customer, Action::ReadAudit, today) != Decision::Allow {
            seen = seen.of_work();
        }
        Ok((!seen.is_empty()).then_some(seen))
    }

    /// Looks whether the person may still have the stream, unless that was seen just now.
    async fn look_again(&self, watch: &mut Watch, good_for: Duration) -> Result<()> {
        if watch.looked_at.elapsed() >= good_for {
            watch.actor = self.look_at_actor(&watch.watcher).await?;
            watch.looked_at = Instant::now();
        }
        let today = self.now().to_zoned(TimeZone::UTC).date();
        if decide(&watch.actor, watch.customer, Action::ReadWorkspace, today) != Decision::Allow {
            return Err(Error::NotFound);
        }
        let is_in_sight = |place: Place| watch.actor.plan_limit(watch.customer, today).is_none_or(|plans| plans.contains(&place.plan));
        if watch.place.is_some_and(|place| !is_in_sight(place)) { Err(Error::NotFound) } else { Ok(()) }
    }
}

impl Watch {
    /// Who else is at the place that is watched, if that is not what was told last.
    fn presence(&mut self, moved: Place) -> Option<News> {
        let place = self.place.filter(|place| *place == moved)?;
        let people = others(self.actor.user_id(), self.seat.hub().people_at(self.customer, place, Instant::now()));
        if people == self.present {
            return None;
        }
        self.present.clone_from(&people);
        Some(News::Present(people))
    }
}
