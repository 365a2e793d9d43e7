//! The schema, tried directly: what contradicts itself cannot be stored.

mod contradictions;
mod references;
