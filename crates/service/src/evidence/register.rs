//! The register of a customer's evidence, and what is missing in it.

use muster_domain::{
    access::{Action, Actor},
    evidence::{Evidence, EvidenceFilter, EvidenceGap, EvidenceSort},
    ids::{CustomerId, EvidenceId, PlanId, TemplateId},
    plans::Plan,
};
use muster_store::{Page, Slice};

use crate::{Context, Result, boxed};

impl Context {
    /// One page of a customer's evidence. What is expiring is so within the days that renewals are
    /// asked for ahead.
    #[boxed]
    pub async fn evidence_list(
        &self,
        actor: &Actor,
        customer: CustomerId,
        filter: &EvidenceFilter,
        sort: EvidenceSort,
        slice: Slice,
    ) -> Result<Page<Evidence>> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let today = reader.today().await?;
        Ok(reader.evidence_list(filter, sort, (today, self.renewal_days()), slice).await?)
    }

    /// One page of the tasks that need evidence and have none that is accepted and still valid: all of
    /// the customer's, or those of a plan or a template.
    #[boxed]
    pub async fn evidence_gaps(
        &self,
        actor: &Actor,
        customer: CustomerId,
        of: (Option<PlanId>, Option<TemplateId>),
        slice: Slice,
    ) -> Result<Page<EvidenceGap>> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let today = reader.today().await?;
        let Page { items: ids, total } = reader.evidence_gaps(of, today, slice).await?;
        let (tasks, evidence) = (reader.tasks_by_ids(&ids).await?, reader.evidence_of_tasks(&ids).await?);
        let gap = |task: muster_domain::tasks::Task| {
            let serving: Vec<Evidence> = evidence.iter().filter(|one| one.task_ids.contains(&task.id)).cloned().collect();
            EvidenceGap::of(task, &serving, today)
        };
        Ok(Page { items: tasks.into_iter().map(gap).collect(), total })
    }

    /// All versions of a piece of evidence, the latest first, itself among them.
    #[boxed]
    pub async fn evidence_versions(&self, actor: &Actor, id: EvidenceId) -> Result<Vec<Evidence>> {
        let customer = self.customer_of_evidence(actor, id).await?;
        Ok(self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?.evidence_versions(id).await?)
    }

    /// What the register can be filtered by: the customer's plans, and the templates assigned to them.
    #[boxed]
    pub async fn register_places(&self, actor: &Actor, customer: CustomerId) -> Result<(Vec<Plan>, Vec<(TemplateId, String)>)> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        let plans = reader.plans().await?;
        let mut templates = Vec::new();
        for plan in &plans {
            templates.extend(reader.assignments(plan.id).await?.into_iter().map(|one| (one.template_id, one.template_name)));
        }
        templates.sort_unstable_by(|one, other| one.1.cmp(&other.1).then(one.0.cmp(&other.0)));
        templates.dedup();
        Ok((plans, templates))
    }
}
