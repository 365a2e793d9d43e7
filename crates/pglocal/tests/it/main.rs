//! Runs the PostgreSQL of this machine. Works as root and as an ordinary user.

// A test that fails is to say so, and timings are worth a look with `--nocapture`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod binaries;
mod folders;
mod leftovers;
mod lifecycle;
mod support;
