//! Task rules: reading, editing, and applying one to what exists already.

use std::collections::BTreeMap;

use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, RuleId},
    rules::{RuleDetails, RuleError, TaskRule},
};
use muster_store::{LibraryWriter, RuleTarget};

use crate::{
    Context, Created, Error, FieldError, Once, Result,
    audit::{AppliedRule, Notes as _},
    boxed,
    generation::generate_for_rule,
};

/// What applying a rule means for one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEffect {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Tasks that would be, or were, made.
    pub tasks: usize,
}

/// What applying a rule to existing customers would do, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleApplied {
    /// The rule.
    pub rule: TaskRule,
    /// The customers concerned.
    pub customers: Vec<RuleEffect>,
    /// Whether it was done, rather than only looked at.
    pub is_done: bool,
}

impl Context {
    /// All rules, by level and position.
    #[boxed]
    pub async fn task_rules(&self, actor: &Actor) -> Result<Vec<TaskRule>> {
        Ok(self.store.library(actor).await?.task_rules().await?)
    }

    /// One rule.
    #[boxed]
    pub async fn task_rule(&self, actor: &Actor, id: RuleId) -> Result<TaskRule> {
        Ok(self.store.library(actor).await?.task_rule(id).await?)
    }

    /// Adds a rule. It applies to what happens from now on.
    #[boxed]
    pub async fn create_task_rule(&self, actor: &Actor, details: &RuleDetails, once: &Once) -> Result<Created<TaskRule>> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
        check(&mut writer, details).await?;
        let id = RuleId(self.ids.next());
        writer.insert_task_rule(id, details).await?;
        let created = Created { value: writer.task_rule(id).await?, is_new: true };
        writer.note_made("task_rule.created", &created.value)?;
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Replaces a rule's data, if nobody changed it since `expected`. Tasks that it made stay.
    #[boxed]
    pub async fn update_task_rule(&self, actor: &Actor, id: RuleId, details: &RuleDetails, expected: i32) -> Result<TaskRule> {
        let mut writer = self.store.library_writer(actor, self.now()).await?;
        let before = writer.task_rule(id).await?;
        check(&mut writer, details).await?;
        writer.update_task_rule(id, details, expected).await?;
        let rule = writer.task_rule(id).await?;
        writer.note_changed("task_rule.changed", &before, &rule)?;
        writer.commit().await?;
        Ok(rule)
    }

    /// What applying a rule to existing customers would do.
    #[boxed]
    pub async fn preview_task_rule(&self, actor: &Actor, id: RuleId) -> Result<RuleApplied> {
        let rule = self.store.library(actor).await?.task_rule(id).await?;
        let targets = self.rule_targets(actor, &rule).await?;
        let customers = targets.into_values().map(|(name, places)| effect(name, &places)).collect();
        Ok(RuleApplied { rule, customers, is_done: false })
    }

    /// Applies a rule to existing customers: one transaction for each, so that nobody waits long;
    /// repeated after an interruption, it does what is left.
    #[boxed]
    pub async fn apply_task_rule(&self, actor: &Actor, id: RuleId) -> Result<RuleApplied> {
        // Only those who may edit rules may apply them.
        self.store.library_writer(actor, self.now()).await?.leave().await?;
        let rule = self.store.library(actor).await?.task_rule(id).await?;
        let mut customers = Vec::new();
        for ((_, customer_id), (customer_name, places)) in self.rule_targets(actor, &rule).await? {
            let mut writer = self.store.writer(actor, customer_id, Action::ShapeWork, self.now()).await?;
            let mut tasks = 0;
            for target in &places {
                tasks += generate_for_rule(&mut writer, &*self.ids, &rule, target.place).await?;
            }
            if tasks > 0 {
                writer.note_made("task_rule.applied", &AppliedRule { rule: &rule, tasks })?;
            }
            writer.commit().await?;
            customers.push(RuleEffect { customer_id, customer_name, tasks });
        }
        Ok(RuleApplied { rule, customers, is_done: true })
    }

    async fn rule_targets(&self, actor: &Actor, rule: &TaskRule) -> Result<BTreeMap<(String, CustomerId), (String, Vec<RuleTarget>)>> {
        let mut grouped = BTreeMap::<_, (String, Vec<RuleTarget>)>::new();
        for target in self.store.portfolio(actor, self.now()).await?.rule_targets(rule).await? {
            let key = (target.customer_name.to_lowercase(), target.customer_id);
            let group = grouped.entry(key).or_insert_with(|| (target.customer_name.clone(), Vec::new()));
            group.1.push(target);
        }
        Ok(grouped)
    }
}

fn effect(customer_name: String, places: &[RuleTarget]) -> RuleEffect {
    let customer_id = places.first().map_or(CustomerId(0), |target| target.customer_id);
    RuleEffect { customer_id, customer_name, tasks: places.len() }
}

/// Refuses a rule that contradicts itself, or names a standard or template that does not exist.
async fn check(writer: &mut LibraryWriter, details: &RuleDetails) -> Result<()> {
    details.check().map_err(|error| {
        let (pointer, code) = match error {
            RuleError::ScopeTooNarrow => ("/level", "scope-too-narrow"),
            RuleError::ApprovalMisplaced => ("/approval_step", "approval-misplaced"),
            RuleError::QuestionByRule => ("/task_type", "generated-only"),
            RuleError::RecursAtDocuments => ("/recurrence", "recurs-at-documents"),
            RuleError::DueOffset => ("/due_offset_days", "out-of-range"),
        };
        Error::field(FieldError::new(pointer, code, error.to_string()))
    })?;
    if let Some(id) = details.standard_id {
        writer.standard(id).await.map_err(|_| Error::field(FieldError::unknown_reference("/iso_standard_id")))?;
    }
    if let Some(id) = details.template_id {
        writer.template(id).await.map_err(|_| Error::field(FieldError::unknown_reference("/template_id")))?;
    }
    Ok(())
}
