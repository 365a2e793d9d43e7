//! Progress, from the views.

use muster_domain::{
    access::{Action, Actor},
    ids::{CustomerId, PlanId},
    progress::{PlanProgress, TemplateProgress},
};

use crate::{Context, Error, Result, boxed};

/// Progress of a customer's plans and their templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerProgress {
    /// Per plan.
    pub plans: Vec<PlanProgress>,
    /// Per template of each plan.
    pub templates: Vec<TemplateProgress>,
}

impl Context {
    /// Progress of all plans of a customer.
    #[boxed]
    pub async fn customer_progress(&self, actor: &Actor, customer: CustomerId) -> Result<CustomerProgress> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(CustomerProgress { plans: reader.plan_progress(None).await?, templates: reader.template_progress(None).await? })
    }

    /// Progress of one plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] also while the plan is ignored: it has no progress then.
    #[boxed]
    pub async fn plan_progress(&self, actor: &Actor, plan: PlanId) -> Result<(PlanProgress, Vec<TemplateProgress>)> {
        let customer = self.customer_of_plan(actor, plan).await?;
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let progress = reader.plan_progress(Some(plan)).await?.pop().ok_or(Error::NotFound)?;
        Ok((progress, reader.template_progress(Some(plan)).await?))
    }
}
