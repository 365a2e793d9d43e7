//! Only so many requests are worked on at once: more would make all of them slow and none of them done. What is
//! too much waits for a moment, and is then told to come back.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::Request,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use tokio::sync::Semaphore;

use crate::{problem::Problem, state::AppState, text::ENGLISH};

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);
/// So many requests wait for each that is worked on; the next one is refused at once.
const WAITING: usize = 32;

/// Lets requests in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Admission {
    places: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Admission {
    /// With so many places.
    #[must_use]
    pub fn with_places(places: usize) -> Self {
        let places = places.max(1);
        Self { places: Arc::new(Semaphore::new(places)), queue: Arc::new(Semaphore::new(places * WAITING)) }
    }
}

/// Lets a request in, in its turn. What carries a body is let in at once: its client may be slow to send it, and it
/// waits for the database in a queue that is bounded as well.
pub async fn admit<F: Future<Output = Response>>(state: &AppState, request: Request, next: impl FnOnce(Request) -> F) -> Response {
    let path = request.uri().path();
    let is_light = path.starts_with("/assets/") || path.starts_with("/health/") || path == "/metrics";
    if is_light || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next(request).await;
    }
    let Some(_place) = state.admission.turn().await else {
        state.metrics.refused();
        let t = &ENGLISH.problem;
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", t.unavailable, t.unavailable_do).retry_after(1).into_response();
    };
    next(request).await
}

impl Admission {
    async fn turn(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        let _waits = self.queue.try_acquire().ok()?;
        tokio::time::timeout(PATIENCE, self.places.acquire()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_too_much_waits_and_is_told_to_come_back() {
        let admission = Admission::with_places(2);
        let (first, second) = (admission.turn().await.unwrap(), admission.turn().await.unwrap());
        assert!(admission.turn().await.is_none(), "a third was let in");
        let (waited, ()) = tokio::join!(admission.turn(), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            drop(first);
        });
        assert!(waited.is_some(), "a place that became free was given to nobody");
        drop((second, waited));
    }

    #[tokio::test]
    async fn a_crowd_is_refused_at_once() {
        let admission = Admission::with_places(1);
        let _busy = admission.turn().await.unwrap();
        for _ in 0..WAITING {
            let admission = admission.clone();
            tokio::spawn(async move { admission.turn().await.is_some() });
        }
        tokio::task::yield_now().await;
        let began = tokio::time::Instant::now();
        assert!(admission.turn().await.is_none());
        assert!(began.elapsed() < PATIENCE / 2, "it waited");
    }
}
