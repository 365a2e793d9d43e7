//! Ending a server, gently first.

use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Signal;

/// Fast shutdown, which throws clients out and leaves nothing to recover; then immediate
/// shutdown, after which the next start replays the log; then the end.
const STEPS: [(Signal, Duration); 3] =
    [(Signal::INT, Duration::from_secs(10)), (Signal::QUIT, Duration::from_secs(5)), (Signal::KILL, Duration::from_secs(2))];

/// How often things are looked at that the system does not report.
pub(crate) const POLL: Duration = Duration::from_millis(10);

/// Sends one signal after the other until `gone`; `false` when it never is.
pub(crate) fn end(mut send: impl FnMut(Signal), mut gone: impl FnMut() -> bool) -> bool {
    for (signal, patience) in STEPS {
        send(signal);
        let sent = Instant::now();
        while sent.elapsed() < patience {
            if gone() {
                return true;
            }
            sleep(POLL);
        }
        tracing::warn!(?signal, ?patience, "PostgreSQL did not stop in time");
    }
    gone()
}
