//! Pages: without scripts through their forms, and with them in a real browser.

pub mod browser;
mod editor;
mod forms;
mod journey;
mod together;
