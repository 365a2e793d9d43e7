//! Assigning standards to a customer, and templates to a plan.

mod assign_plan;
mod assign_templates;
mod handlers;
pub(crate) use handlers::routes;

use muster_domain::templates::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::pages::surroundings;
use crate::parts::{Crumb, Field};

/// `GET /customers/{id}/plans`, `POST /customers/{id}/plans`.
#[derive(Debug, Clone, askama::Template)]
#[template(path = "plans/assign_plan.html")]
pub struct AssignPlanPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the customer.
    pub customer_id: i32,
    /// Name of the customer.
    pub customer: String,
    /// Standards of the library.
    pub standards: Vec<StandardChoice>,
    /// Templates to choose from, across standards.
    pub templates: Vec<TemplateChoice>,
    /// Which templates come with the plan: `all`, `some` or `none`.
    pub mode: String,
    /// Target date.
    pub target: Field,
    /// Why nothing was chosen, or could not be.
    pub error: Option<String>,
    /// The reader may open the library.
    pub may_library: bool,
}

/// A standard to choose.
#[derive(Debug, Clone)]
pub struct StandardChoice {
    /// Id.
    pub id: String,
    /// "ISO 27001:2022".
    pub code: String,
    /// "Information security".
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// How many released templates it has.
    pub templates: u32,
    /// Chosen now.
    pub chosen: bool,
    /// The customer has it already.
    pub assigned: bool,
}

/// A template to choose.
#[derive(Debug, Clone)]
pub struct TemplateChoice {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is about, or the standards it is for.
    pub about: Option<String>,
    /// How many questions it asks.
    pub questions: u32,
    /// Chosen now.
    pub chosen: bool,
}

impl AssignPlanPage {
    /// Something is left to assign.
    fn any(&self) -> bool {
        self.standards.iter().any(|one| !one.assigned)
    }
}

/// `GET /plans/{plan_id}/templates/assign`, `POST /plans/{plan_id}/templates`.
#[derive(Debug, Clone, askama::Template)]
#[template(path = "plans/assign_templates.html")]
pub struct AssignTemplatesPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Id of the plan.
    pub plan_id: String,
    /// "ISO 27001:2022 of Acme Corp".
    pub plan: String,
    /// "ISO 27001:2022".
    pub code: String,
    /// Id of the customer, to go back to.
    pub customer_id: i32,
    /// Templates of the plan's standard that are not assigned yet.
    pub own: Vec<TemplateChoice>,
    /// Templates of other standards.
    pub other: Vec<TemplateChoice>,
    /// Why it was refused.
    pub error: Option<String>,
}

/// Templates as choices; those in `chosen` are ticked.
fn choices<'a>(templates: impl Iterator<Item = &'a Template>, chosen: &[&str]) -> Vec<TemplateChoice> {
    let choice = |template: &Template| {
        let id = template.id.to_string();
        TemplateChoice {
            chosen: chosen.contains(&id.as_str()),
            id,
            name: template.name.clone(),
            about: template.description.clone(),
            questions: surroundings::count(template.question_count),
        }
    };
    templates.map(choice).collect()
}

#[cfg(any(test, feature = "samples"))]
mod samples {
    use super::*;
    use crate::samples::{Sampled, consultant};

    fn template(id: &str, name: &str, questions: u32, chosen: bool) -> TemplateChoice {
        TemplateChoice { id: id.into(), name: name.into(), about: None, questions, chosen }
    }

    fn templates() -> Vec<TemplateChoice> {
        vec![
            TemplateChoice { about: Some("How systems are kept up to date.".into()), ..template("31", "Patch management", 14, true) },
            template("32", "Access control", 9, false),
            template("33", &"Lieferantensicherheitsrichtlinie".repeat(3), 1, false),
            template("34", "أمن الموردين", 0, false),
        ]
    }

    impl Sampled for AssignPlanPage {
        const NAME: &'static str = "assign-plan";

        fn samples() -> Vec<(&'static str, Self)> {
            let standard = |id: &str, code: &str, name: &str, assigned| StandardChoice {
                id: id.into(),
                code: code.into(),
                name: name.into(),
                description: Some("What the organisation does about it, checked every year.".into()),
                templates: 5,
                chosen: false,
                assigned,
            };
            let full = Self {
                layout: consultant("Assign plan", Nav::Portfolio),
                crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::to("Acme Corp", "/customers/5"), Crumb::here("Assign plan")],
                customer_id: 5,
                customer: "Acme Corp".into(),
                standards: vec![
                    standard("1", "ISO 27001:2022", "Information security", true),
                    standard("2", "ISO 9001:2015", "Quality management", false),
                ],
                templates: templates(),
                mode: "all".into(),
                target: Field::default(),
                error: None,
                may_library: true,
            };
            let refused = Self {
                mode: "some".into(),
                error: Some("Choose a standard.".into()),
                target: Field::refused("2020-01-01", "Choose a day from today on."),
                ..full.clone()
            };
            vec![("full", full.clone()), ("refused", refused), ("empty", Self { standards: Vec::new(), ..full })]
        }
    }

    impl Sampled for AssignTemplatesPage {
        const NAME: &'static str = "assign-templates";

        fn samples() -> Vec<(&'static str, Self)> {
            let full = Self {
                layout: consultant("Assign templates", Nav::Portfolio),
                crumbs: vec![
                    Crumb::to("Portfolio", "/"),
                    Crumb::to("Acme Corp", "/customers/5"),
                    Crumb::to("ISO 27001:2022", "/customers/5#plan-p1"),
                    Crumb::here("Assign templates"),
                ],
                plan_id: "p1".into(),
                plan: "ISO 27001:2022 of Acme Corp".into(),
                code: "ISO 27001:2022".into(),
                customer_id: 5,
                own: templates(),
                other: vec![template("41", "Context and interested parties", 7, false)],
                error: None,
            };
            let refused = Self { error: Some("Choose at least one template.".into()), other: Vec::new(), ..full.clone() };
            vec![("full", full.clone()), ("refused", refused), ("empty", Self { own: Vec::new(), other: Vec::new(), ..full })]
        }
    }
}
