//! Questions that many ask at the same moment, answered by one statement.
//!
//! Every request begins with the same small question, who holds a session, and its round trip takes several times as
//! long as its answer. So whoever asks while others are being answered is answered together with all who came
//! meanwhile. Nobody waits for others to come, and every question is answered by a statement that began after it was
//! asked: what is told is never older than it would be by a statement of its own.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{Error, Result};

/// The most questions of one statement, so that what it answers is bounded.
const MOST_TOGETHER: usize = 64;
/// Whoever has waited for so long is not made to wait for the statements that are under way: they may be stuck.
const LONG: Duration = Duration::from_millis(20);

/// Questions of one kind and those who wait for their answers. Cheap to clone.
pub(crate) struct Gathering<Q, A> {
    waiting: Arc<Mutex<Waiting<Q, A>>>,
    /// How many statements are under way at once as long as none takes long.
    statements: usize,
}

struct Waiting<Q, A> {
    asked: VecDeque<Asked<Q, A>>,
    under_way: usize,
}

struct Asked<Q, A> {
    question: Q,
    since: Instant,
    give: Give<A>,
}

/// Where somebody waits for their answer.
type Give<A> = oneshot::Sender<Result<A>>;

impl<Q, A> Gathering<Q, A> {
    /// A gathering that has so many statements under way at once.
    pub(crate) fn of(statements: usize) -> Self {
        Self { waiting: Arc::new(Mutex::new(Waiting { asked: VecDeque::new(), under_way: 0 })), statements: statements.max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<Q, A>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits with the others; whoever gets a turn answers them.
    fn join(&self, question: Q, give: Give<A>) -> Option<Turn<Q, A>> {
        let since = Instant::now();
        let mut waiting = self.lock();
        waiting.asked.push_back(Asked { question, since, give });
        let waits_long = waiting.asked.front().is_some_and(|first| since.duration_since(first.since) > LONG);
        if waiting.under_way >= self.statements && !waits_long {
            return None;
        }
        waiting.under_way += 1;
        Some(Turn { of: self.clone(), ended: false })
    }
}

impl<Q: Send + 'static, A: Send + 'static> Gathering<Q, A> {
    /// The answer to a question. `answer` gives one for each question, in their order.
    ///
    /// # Errors
    /// Those of `answer`; all who were asked together share them.
    pub(crate) async fn ask<F: Future<Output = Result<Vec<A>>> + Send + 'static>(
        &self,
        question: Q,
        answer: impl Fn(Vec<Q>) -> F + Send + 'static,
    ) -> Result<A> {
        let (give, given) = oneshot::channel();
        if let Some(turn) = self.join(question, give) {
            // A task of its own: whoever leaves takes nobody's answer along.
            tokio::spawn(turn.answer_all(answer));
        }
        given.await.unwrap_or_else(|_| Err(Error::Unavailable("a lookup was given up".to_owned())))
    }
}

/// The right to answer those who wait, as long as there are any.
struct Turn<Q, A> {
    of: Gathering<Q, A>,
    ended: bool,
}

impl<Q, A> Turn<Q, A> {
    async fn answer_all<F: Future<Output = Result<Vec<A>>>>(mut self, answer: impl Fn(Vec<Q>) -> F) {
        while let Some((questions, gives)) = self.take() {
            // Whoever has left meanwhile needs no answer.
            match answer(questions).await {
                Ok(answers) => gives.into_iter().zip(answers).for_each(|(give, answer)| drop(give.send(Ok(answer)))),
                Err(error) => gives.into_iter().for_each(|give| drop(give.send(Err(once_more(&error))))),
            }
        }
    }

    /// The next ones. The turn ends in the same moment in which nobody is found waiting, so that nobody is overlooked.
    fn take(&mut self) -> Option<(Vec<Q>, Vec<Give<A>>)> {
        let mut waiting = self.of.lock();
        if waiting.asked.is_empty() {
            waiting.under_way -= 1;
            self.ended = true;
            return None;
        }
        let together = waiting.asked.len().min(MOST_TOGETHER);
        Some(waiting.asked.drain(..together).map(|asked| (asked.question, asked.give)).unzip())
    }
}

impl<Q, A> Drop for Turn<Q, A> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        // It came to grief: those who wait are told so where nobody else is left to answer them.
        let mut waiting = self.of.lock();
        waiting.under_way -= 1;
        if waiting.under_way == 0 {
            waiting.asked.clear();
        }
    }
}

/// The same error for somebody else.
fn once_more(error: &Error) -> Error {
    match error {
        Error::Unavailable(why) => Error::Unavailable(why.clone()),
        Error::Unexpected(source) => Error::Unexpected(sqlx::Error::Protocol(source.to_string())),
        other => Error::Unexpected(sqlx::Error::Protocol(other.to_string())),
    }
}

impl<Q, A> Clone for Gathering<Q, A> {
    fn clone(&self) -> Self {
        Self { waiting: Arc::clone(&self.waiting), statements: self.statements }
    }
}

/// Without what was asked, which nobody needs to read.
impl<Q, A> fmt::Debug for Gathering<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gathering").field("statements", &self.statements).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::{sync::Semaphore, task::JoinHandle, time::sleep};

    use super::*;

    /// Its statement takes until it is let go on.
    const SLOW: u32 = 1;
    /// Its statement fails.
    const REFUSED: u32 = 2;
    /// Its statement comes to grief.
    const FATAL: u32 = 3;

    /// Answers each question with ten times itself.
    struct Tester {
        gathering: Gathering<u32, u32>,
        go_on: Arc<Semaphore>,
        statements: Arc<AtomicUsize>,
    }

    impl Tester {
        fn new() -> Self {
            Self { gathering: Gathering::of(1), go_on: Arc::new(Semaphore::new(0)), statements: Arc::default() }
        }

        fn ask(&self, question: u32) -> JoinHandle<Result<u32>> {
            let (gathering, go_on, statements) = (self.gathering.clone(), Arc::clone(&self.go_on), Arc::clone(&self.statements));
            let answer = move |questions: Vec<u32>| {
                let go_on = Arc::clone(&go_on);
                statements.fetch_add(1, Ordering::SeqCst);
                async move {
                    if questions.contains(&SLOW) {
                        go_on.acquire().await.expect("nobody closes it").forget();
                    }
                    assert!(!questions.contains(&FATAL), "what a test asks for");
                    let refused = questions.contains(&REFUSED);
                    if refused {
                        Err(Error::Unavailable("refused".to_owned()))
                    } else {
                        Ok(questions.iter().map(|question| question * 10).collect())
                    }
                }
            };
            tokio::spawn(async move { gathering.ask(question, answer).await })
        }

        /// A statement that is under way, with its question.
        async fn ask_slowly(&self) -> JoinHandle<Result<u32>> {
            let slow = self.ask(SLOW);
            while self.statements.load(Ordering::SeqCst) == 0 {
                sleep(Duration::from_millis(1)).await;
            }
            slow
        }

        /// Until so many wait, or have been taken because a slow machine made them wait for long.
        async fn until_waiting(&self, questions: usize) {
            while self.gathering.lock().asked.len() < questions && self.statements.load(Ordering::SeqCst) == 1 {
                sleep(Duration::from_millis(1)).await;
            }
        }
    }

    async fn answered(asked: JoinHandle<Result<u32>>) -> u32 {
        asked.await.expect("no panic").expect("an answer")
    }

    async fn is_unavailable(asked: JoinHandle<Result<u32>>) -> bool {
        matches!(asked.await.expect("no panic"), Err(Error::Unavailable(_)))
    }

    #[tokio::test]
    async fn those_who_come_meanwhile_are_answered_together_and_each_with_their_own() {
        let tester = Tester::new();
        let slow = tester.ask_slowly().await;
        let meanwhile: Vec<_> = (100..200).map(|question| (question, tester.ask(question))).collect();
        tester.until_waiting(100).await;
        tester.go_on.add_permits(1);
        assert_eq!(answered(slow).await, SLOW * 10);
        for (question, asked) in meanwhile {
            assert_eq!(answered(asked).await, question * 10);
        }
        assert!(tester.statements.load(Ordering::SeqCst) < 20, "100 questions in few statements");
    }

    #[tokio::test]
    async fn a_statement_that_is_stuck_holds_nobody_up() {
        let tester = Tester::new();
        let slow = tester.ask_slowly().await;
        let early = tester.ask(100);
        tester.until_waiting(1).await;
        sleep(LONG * 2).await;
        assert_eq!(answered(tester.ask(101)).await, 1010);
        assert_eq!(answered(early).await, 1000);
        assert!(!slow.is_finished());
    }

    #[tokio::test]
    async fn who_leaves_takes_nobodys_answer_along() {
        let tester = Tester::new();
        let slow = tester.ask_slowly().await;
        let other = tester.ask(100);
        slow.abort();
        tester.go_on.add_permits(1);
        assert_eq!(answered(other).await, 1000);
    }

    #[tokio::test]
    async fn all_who_were_asked_together_are_told_what_went_wrong_and_the_next_are_answered() {
        for broken in [REFUSED, FATAL] {
            let tester = Tester::new();
            assert!(is_unavailable(tester.ask(broken)).await);
            assert_eq!(answered(tester.ask(100)).await, 1000);

            let tester = Tester::new();
            let slow = tester.ask_slowly().await;
            let together = [tester.ask(broken), tester.ask(101)];
            tester.until_waiting(2).await;
            tester.go_on.add_permits(1);
            assert_eq!(answered(slow).await, SLOW * 10);
            for asked in together {
                assert!(is_unavailable(asked).await);
            }
            assert_eq!(answered(tester.ask(100)).await, 1000);
        }
    }
}
