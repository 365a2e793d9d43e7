//! `GET /library/standards`, `POST /library/standards`.

use askama::Template;

use super::Tab;
use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::Field;

/// The standards that can be assigned to customers.
#[derive(Debug, Clone, Template)]
#[template(path = "library/standards.html")]
pub struct StandardsPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The standards, by code.
    pub rows: Vec<StandardRow>,
    /// The form for a new one, for administrators.
    pub form: Option<StandardForm>,
}

/// A standard.
#[derive(Debug, Clone)]
pub struct StandardRow {
    /// Id.
    pub id: String,
    /// "ISO 27001:2022".
    pub code: String,
    /// "Information security".
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Its templates.
    pub templates: u32,
    /// Plans of customers for it.
    pub plans: u32,
}

/// What a new standard needs.
#[derive(Debug, Clone, Default)]
pub struct StandardForm {
    /// Code with the edition.
    pub code: Field,
    /// Name.
    pub name: Field,
    /// Description.
    pub description: Field,
    /// Open, because something in it was refused.
    pub unfolded: bool,
}

impl StandardsPage {
    fn tab(&self) -> Tab {
        Tab::Standards
    }
}
