//! Pages: without scripts through their forms, and with them in a real browser.

mod approving;
pub mod browser;
mod cells;
mod editor;
mod forms;
mod journey;
mod lists;
mod together;
mod uploads;
