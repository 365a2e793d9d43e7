//! Pages: without scripts through their forms, and with them in a real browser.

mod browser;
mod forms;
mod journey;
