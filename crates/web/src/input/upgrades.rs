//! Fields of upgrades.

use std::collections::BTreeMap;

use muster_domain::upgrades::{Decisions, DroppedTask};
use muster_service::{Error, UpgradeChoice};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Check;

/// Bringing a plan's template to a newer release.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Upgrade)]
pub struct UpgradeBody {
    /// The number of the release; the latest without one.
    pub release: Option<i32>,
    /// true: say what would be done; false: do it.
    pub preview: bool,
    /// What becomes of tasks that were worked on and whose questions are dropped, by question key:
    /// ignore or keep. Without a decision they are kept.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub decisions: BTreeMap<String, String>,
}

/// Bringing the plans of several customers to a newer release.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomersUpgrade)]
pub struct CustomersUpgradeBody {
    /// The number of the release; the latest without one.
    pub release: Option<i32>,
    /// "all" for every plan that pins an older one, or the ids of plans.
    #[schema(value_type = UpgradePlansSchema)]
    pub plans: UpgradePlans,
    /// true: say what would be done; false: do it.
    pub preview: bool,
}

/// Which plans.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum UpgradePlans {
    /// A word; only "all" is one.
    Word(String),
    /// Ids of plans.
    Ids(Vec<String>),
}

/// Which plans, for the OpenAPI document.
#[derive(ToSchema)]
#[serde(untagged)]
#[schema(as = UpgradePlans)]
#[expect(dead_code, reason = "describes the body for the OpenAPI document")]
pub enum UpgradePlansSchema {
    /// "all".
    Word(String),
    /// Ids of plans.
    Ids(Vec<Uuid>),
}

impl UpgradeBody {
    /// The decisions.
    pub fn decisions(&self) -> Result<Decisions, Error> {
        let mut check = Check::default();
        let mut decisions = Decisions::new();
        for (key, word) in &self.decisions {
            if let Some(decision) = check.required_word::<DroppedTask>(&format!("/decisions/{key}"), word) {
                decisions.insert(key.clone(), decision);
            }
        }
        check.finish(Some(decisions))
    }
}

impl UpgradePlans {
    /// The plans.
    pub fn parse(&self) -> Result<UpgradeChoice, Error> {
        let mut check = Check::default();
        let choice = match self {
            Self::Word(word) if word == "all" => Some(UpgradeChoice::All),
            Self::Word(_) => {
                check.refuse("/plans", "not-an-option", "must be `all` or a list of ids");
                None
            }
            Self::Ids(ids) => {
                let plans = ids.iter().enumerate().filter_map(|(index, id)| check.id(&format!("/plans/{index}"), Some(id)));
                Some(UpgradeChoice::These(plans.collect()))
            }
        };
        check.finish(choice)
    }
}
