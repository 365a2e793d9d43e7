//! One person's stream of events across the customers that they may see: what lists of several
//! customers' tasks are kept fresh by.

use std::sync::Arc;

use jiff::tz::TimeZone;
use muster_domain::{
    access::{Action, Actor, Decision, decide, decide_across},
    events::Change,
};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Duration, Instant, Interval, MissedTickBehavior},
};

use super::{
    Watcher,
    hub::{SeatAcross, Told},
    watch::{GOOD_FOR, LOOK},
};
use crate::{Context, Error, Result, boxed};

/// What a stream across customers says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewsAcross {
    /// The first word. Whoever has read something before reads anew.
    Hello,
    /// Something has changed at a customer of theirs.
    Changed(Change),
    /// Something may have been missed: read anew.
    Missed,
}

/// One person's stream across customers. It holds no connection.
#[derive(Debug)]
pub struct WatchAcross {
    watcher: Watcher,
    actor: Actor,
    told: Receiver<Told>,
    looked_at: Instant,
    look: Interval,
    is_new: bool,
    _seat: SeatAcross,
}

impl Context {
    /// Opens a stream of the events of all customers that the person may see.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`] where they have too many open.
    #[boxed]
    pub async fn watch_across(&self, watcher: Watcher) -> Result<WatchAcross> {
        let actor = self.look_at_actor(&watcher).await?;
        if let Decision::Forbid(denial) = decide_across(&actor) {
            return Err(Error::Forbidden(denial));
        }
        let (seat, told) = self.events.open_across(actor.user_id())?;
        let mut look = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(WatchAcross { watcher, actor, told, looked_at: Instant::now(), look, is_new: true, _seat: seat })
    }

    /// What a stream says next, in its own time. None: it has ended with the session or the token.
    #[boxed]
    pub async fn next_news_across(&self, watch: &mut WatchAcross) -> Option<NewsAcross> {
        if std::mem::take(&mut watch.is_new) {
            return Some(NewsAcross::Hello);
        }
        loop {
            let told = tokio::select! {
                told = watch.told.recv() => told,
                _ = watch.look.tick() => {
                    self.look_across(watch, Duration::ZERO).await.ok()?;
                    continue;
                }
            };
            let news = match told {
                Ok(Told::Change(change)) => self.change_across(watch, &change).await.ok()?,
                Ok(Told::Presence(_)) => None,
                Ok(Told::Gap) | Err(RecvError::Lagged(_)) => {
                    self.look_across(watch, GOOD_FOR).await.ok()?;
                    Some(NewsAcross::Missed)
                }
                Err(RecvError::Closed) => return None,
            };
            if news.is_some() {
                return news;
            }
        }
    }

    async fn change_across(&self, watch: &mut WatchAcross, change: &Arc<Change>) -> Result<Option<NewsAcross>> {
        // Most changes are of customers of other people: they cost no look at the session.
        if change.is_about_people() {
            self.look_across(watch, Duration::ZERO).await?;
        }
        let today = self.now().to_zoned(TimeZone::UTC).date();
        if decide(&watch.actor, change.customer, Action::ReadWorkspace, today) != Decision::Allow {
            return Ok(None);
        }
        self.look_across(watch, GOOD_FOR).await?;
        let seen = self.seen_by(&watch.actor, change).await?;
        Ok(seen.map(NewsAcross::Changed))
    }

    /// Looks whether the person may still have the stream, unless that was seen just now.
    async fn look_across(&self, watch: &mut WatchAcross, good_for: Duration) -> Result<()> {
        if watch.looked_at.elapsed() >= good_for {
            watch.actor = self.look_at_actor(&watch.watcher).await?;
            watch.looked_at = Instant::now();
        }
        Ok(())
    }
}
