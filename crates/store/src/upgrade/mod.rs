//! Moving an older database over (docs/UPGRADING.md).
//!
//! Muster's tables are laid out beside the older ones and filled from them; at the cutover the
//! schemas change names. The statements here are not checked at compile time, because older databases
//! differ in their columns: each is run by a test on a database of that shape.

mod layout;
mod notes;
mod shape;
mod staging;
mod tables;
mod watch;
