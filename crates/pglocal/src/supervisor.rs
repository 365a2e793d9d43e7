//! Keeps the server running: starts it, starts it again when it dies, stops it when asked.
//!
//! A thread does this rather than a task, so that a server is also looked after, and stopped on
//! drop, when the async runtime is busy or already gone.

use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::error::Error;
use crate::postmaster::Postmaster;
use crate::signals::{self, POLL};

/// Replaying a long log after a crash takes its time; nothing is won by giving up early.
const START_LIMIT: Duration = Duration::from_secs(300);

/// When a start is slow enough for a word in the log.
const SLOW_START: Duration = Duration::from_secs(5);

/// How long the children of a server that was killed may take to notice.
const ORPHANS_LIMIT: Duration = Duration::from_secs(15);

const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Before a server is started again that has not run for long.
const SHORT_LIFE_PAUSE: Duration = Duration::from_millis(500);

const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A running server. Stops it on drop.
#[derive(Debug)]
pub(crate) struct Supervisor {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Returns when clients can connect.
    pub(crate) fn start(postmaster: Postmaster) -> Result<Self, Error> {
        let shared = Arc::new(Shared { postmaster, state: Mutex::default() });
        let child = shared.first_launch()?;
        let watched = Arc::clone(&shared);
        let thread = thread::Builder::new().name("pglocal".into()).spawn(move || watched.watch(child)).map_err(|source| {
            // The handle of the child is gone, but its number is in the state.
            shared.send(Signal::INT);
            let path = shared.postmaster.folder.base().to_owned();
            Error::Io { action: "start a thread to watch", path, source }
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    pub(crate) fn postmaster(&self) -> &Postmaster {
        &self.shared.postmaster
    }

    /// Stops the server and waits until it is gone. Does nothing the second time.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        let Some(thread) = self.thread.take() else {
            return Ok(());
        };
        let pid = {
            let mut state = self.shared.lock();
            state.stopping = true;
            state.pid.map(|pid| pid.as_raw_nonzero().get().unsigned_abs())
        };
        thread.thread().unpark();
        if !signals::end(|signal| self.shared.send(signal), || thread.is_finished()) {
            let data = self.shared.postmaster.folder.data();
            return Err(Error::DoesNotStop { pid, data });
        }
        let _ = thread.join();
        Ok(())
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "PostgreSQL was not stopped");
        }
    }
}

#[derive(Debug)]
struct Shared {
    postmaster: Postmaster,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    /// Set while the process exists. It is collected under the same lock, so a signal never goes
    /// to a number that has become somebody else's.
    pid: Option<Pid>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopping(&self) -> bool {
        self.lock().stopping
    }

    fn send(&self, signal: Signal) {
        if let Some(pid) = self.lock().pid {
            let _ = kill_process(pid, signal);
        }
    }

    /// When a server was killed, its children live on for a moment and block a new one.
    fn first_launch(&self) -> Result<Child, Error> {
        let begin = Instant::now();
        loop {
            match self.launch() {
                Err(error) if is_blocked(&error) && begin.elapsed() < ORPHANS_LIMIT => {
                    thread::sleep(FIRST_PAUSE);
                }
                Err(error) => return Err(error),
                Ok(Some(child)) => return Ok(child),
                Ok(None) => return Err(Error::CutShort),
            }
        }
    }

    /// Starts the server and waits until it is ready; `None` when it is to stop instead.
    fn launch(&self) -> Result<Option<Child>, Error> {
        let (mut child, log_begin) = {
            let mut state = self.lock();
            if state.stopping {
                return Ok(None);
            }
            let spawned = self.postmaster.spawn()?;
            state.pid = Some(Pid::from_child(&spawned.0));
            spawned
        };
        let begin = Instant::now();
        let mut told = false;
        loop {
            if let Some(status) = self.collect(&mut child) {
                return Err(self.postmaster.failure(in_words(&status), log_begin));
            }
            if self.postmaster.is_ready(&child) {
                return Ok(Some(child));
            }
            if begin.elapsed() > START_LIMIT {
                signals::end(|signal| self.send(signal), || self.collect(&mut child).is_some());
                let reason = format!("not ready after {} seconds", START_LIMIT.as_secs());
                return Err(self.postmaster.failure(reason, log_begin));
            }
            if begin.elapsed() > SLOW_START && !told {
                told = true;
                let log = self.postmaster.folder.log();
                tracing::info!(log = %log.display(), "PostgreSQL is still starting");
            }
            thread::sleep(POLL);
        }
    }

    /// The life of the thread.
    fn watch(&self, mut child: Child) {
        loop {
            let begin = Instant::now();
            let status = self.wait(&mut child);
            if self.stopping() {
                return;
            }
            tracing::warn!(ended = in_words(&status), "PostgreSQL ended unasked; restarting it");
            // Not in a circle, when it dies again and again.
            if begin.elapsed() < LONGEST_PAUSE {
                thread::park_timeout(SHORT_LIFE_PAUSE);
            }
            match self.relaunch() {
                Some(started) => child = started,
                None => return,
            }
        }
    }

    /// Tries until it works, or until it is to stop.
    fn relaunch(&self) -> Option<Child> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.launch() {
                Ok(started) => {
                    if started.is_some() {
                        tracing::info!("PostgreSQL is running again");
                    }
                    return started;
                }
                Err(error) if is_blocked(&error) => {
                    tracing::debug!("processes of the old server are still ending");
                    pause = FIRST_PAUSE;
                }
                Err(error) => {
                    tracing::error!(%error, "PostgreSQL could not be restarted");
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            thread::park_timeout(pause);
            if self.stopping() {
                return None;
            }
        }
    }

    /// Sleeps until the process has ended, then collects it.
    fn wait(&self, child: &mut Child) -> ExitStatus {
        loop {
            let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            // When this fails, looking from time to time does as well.
            if waitid(WaitId::Pid(Pid::from_child(child)), ended).is_err() {
                thread::sleep(POLL);
            }
            if let Some(status) = self.collect(child) {
                return status;
            }
        }
    }

    fn collect(&self, child: &mut Child) -> Option<ExitStatus> {
        let mut state = self.lock();
        let status = match child.try_wait() {
            Ok(status) => status,
            // It was collected behind our back: a program that ignores SIGCHLD.
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::CHILD.raw_os_error()) => Some(ExitStatus::default()),
            Err(_) => None,
        };
        if status.is_some() {
            state.pid = None;
        }
        status
    }
}

fn is_blocked(error: &Error) -> bool {
    matches!(error, Error::StartFailed { tail, .. } if tail.contains("is still in use"))
}

fn in_words(status: &impl ToString) -> String {
    status.to_string()
}
