//! What the program may take of the machine.

use rustix::process::{Resource, Rlimit, nice, setrlimit};

/// The most memory in bytes of address space. 200 pages take a quarter of it.
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// The most seconds of processor time, of all threads together.
const SECONDS: u64 = 60;

/// So many threads at once.
const THREADS: usize = 2;

/// Sets the limits, for this process and from now on.
pub(crate) fn set() -> Result<(), String> {
    let limit = |what, most| setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) });
    limit(Resource::As, MEMORY)
        .and_then(|()| limit(Resource::Cpu, SECONDS))
        // Leaves no core.
        .and_then(|()| limit(Resource::Core, 0))
        .and_then(|()| nice(10).map(drop))
        .map_err(|error| format!("cannot limit itself: {error}"))?;
    // More threads would each reserve address space, and take processors from others.
    rayon::ThreadPoolBuilder::new().num_threads(THREADS).build_global().map_err(|error| format!("cannot limit its threads: {error}"))
}
