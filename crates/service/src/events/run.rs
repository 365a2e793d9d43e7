//! Hearing what other servers tell, and telling them who is here.

use std::{sync::Arc, time::Duration};

use muster_store::Heard;
use tokio::time::Instant;

use super::Hub;
use crate::{Context, Result};

/// How often the other servers are told who is here, without anything having changed.
const REPEAT: Duration = Duration::from_secs(20);
/// How long a connection that could not be had is waited for.
const AGAIN: Duration = Duration::from_secs(2);
/// Comings and goings are told together.
const TOGETHER: Duration = Duration::from_millis(50);

impl Context {
    /// Hands what is heard to the streams of this process, until it is dropped. Two of these in one
    /// process would tell everything twice.
    pub async fn run_events(&self, report: impl Fn(&crate::Error)) {
        tokio::join!(self.hear_changes(&report), self.announce(&report));
    }

    async fn hear_changes(&self, report: &impl Fn(&crate::Error)) {
        loop {
            if let Err(error) = self.hear_until_it_breaks().await {
                report(&error);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn hear_until_it_breaks(&self) -> Result<()> {
        let mut listener = self.store.change_listener().await?;
        // What was told before nobody here has heard.
        self.events.gap();
        loop {
            match listener.hear().await? {
                Heard::Change(change) => self.events.change(change),
                Heard::Presence(presence) => self.events.believe(presence, Instant::now()),
                Heard::Gap => self.events.gap(),
                Heard::Unknown => {}
            }
        }
    }

    async fn announce(&self, report: &impl Fn(&crate::Error)) {
        let hub: &Arc<Hub> = &self.events;
        let mut repeat = tokio::time::interval(REPEAT);
        loop {
            let of_all = tokio::select! {
                () = hub.moved() => false,
                _ = repeat.tick() => true,
            };
            tokio::time::sleep(TOGETHER).await;
            hub.expire(Instant::now());
            for presence in hub.announcements(of_all) {
                if let Err(error) = self.store.tell_presence(presence).await {
                    report(&error.into());
                }
            }
        }
    }
}
