//! Runs the PostgreSQL of this machine. Works as root and as an ordinary user.

mod binaries;
mod folders;
mod leftovers;
mod lifecycle;
mod support;
