//! Word files, good and hostile, through the public reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod build;
mod hostile;
mod made_by_word_processors;
mod template;
