//! What an export needs of the library beyond what pages show.

use std::collections::HashMap;

use muster_domain::ids::{RuleId, TemplateId};

use crate::{LibraryReader, Result};

/// The keys under which an import finds templates and rules again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryKeys {
    /// Of each template.
    pub templates: HashMap<TemplateId, String>,
    /// Of each rule.
    pub rules: HashMap<RuleId, String>,
}

/// A standard with all that a library file says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeStandard {
    /// The code with its edition.
    pub code: String,
    /// Our own short title.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Where it stands in the list.
    pub display_order: i32,
    /// Its colour.
    pub color: Option<String>,
}

impl LibraryReader {
    /// The keys of all templates and rules.
    pub async fn library_keys(&mut self) -> Result<LibraryKeys> {
        let templates = sqlx::query!("SELECT id, library_key FROM dna_app.templates").fetch_all(self.connection()).await?;
        let rules = sqlx::query!("SELECT id, library_key FROM dna_app.task_rules").fetch_all(self.connection()).await?;
        Ok(LibraryKeys {
            templates: templates.into_iter().map(|row| (TemplateId(row.id), row.library_key)).collect(),
            rules: rules.into_iter().map(|row| (RuleId(row.id), row.library_key)).collect(),
        })
    }

    /// All standards whole, in the firm's order.
    pub async fn whole_standards(&mut self) -> Result<Vec<WholeStandard>> {
        let rows = sqlx::query_as!(
            WholeStandard,
            "SELECT code, name, description, display_order, color FROM dna_app.iso_standards ORDER BY display_order, code"
        );
        Ok(rows.fetch_all(self.connection()).await?)
    }
}
