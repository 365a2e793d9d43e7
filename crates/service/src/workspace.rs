//! The customer workspace.

use muster_domain::{
    access::{Action, Actor},
    ids::CustomerId,
    workspace::Workspace,
};

use crate::{Context, Result};

impl Context {
    /// The whole workspace of a customer, from one statement.
    pub async fn workspace(&self, actor: &Actor, customer: CustomerId) -> Result<Workspace> {
        let mut reader = self.store.reader(actor, customer, Action::ReadWorkspace, self.now()).await?;
        Ok(reader.workspace().await?)
    }
}
