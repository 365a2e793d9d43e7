//! Word files, good and hostile, through the public reader.

mod build;
mod hostile;
mod made_by_word_processors;
mod template;
