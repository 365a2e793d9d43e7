//! The check of everything that is kept of documents, for the machine itself.

use muster_domain::{documents::Integrity, ids::CustomerId};
use uuid::Uuid;

use crate::{Context, Result, boxed};

/// A version that is not what was handed in and approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentReport {
    /// Whose.
    pub customer: CustomerId,
    /// The document's name.
    pub name: String,
    /// The version.
    pub number: i32,
    /// What is wrong with it.
    pub problem: &'static str,
}

impl Context {
    /// Looks at every version that was ever handed in: whether it gives the SHA-256 that was kept
    /// with it and approved, whether the document says the same, whether the audit log knows its
    /// approval, and whether the files that were made of it are still those. Gives how many were looked at, and those that are not as they were. For
    /// commands run at the machine itself.
    #[boxed]
    pub async fn verify_documents(&self) -> Result<(usize, Vec<DocumentReport>)> {
        let mut logs = self.store.audit_logs().await?;
        let customers: Vec<CustomerId> = logs.owners().await?.into_iter().filter_map(|owner| owner.customer).collect();
        let (mut looked_at, mut found) = (0, Vec::new());
        for customer in customers {
            let mut after = Uuid::nil();
            loop {
                let kept = logs.kept_versions_after(customer, after).await?;
                let Some(last) = kept.last() else { break };
                after = last.id;
                looked_at += kept.len();
                for one in kept {
                    let problem = match one.version {
                        Err(_) => Some("it can no longer be read"),
                        Ok(kept) if kept.version.integrity() == Integrity::Tampered => {
                            Some("its content is not what was handed in and approved")
                        }
                        Ok(_) if !one.is_mirrored => Some("the document says something else than what was handed in"),
                        Ok(_) if !one.is_in_log => Some("the audit log has no approval of this content"),
                        Ok(_) if !one.are_files_intact => Some("a file that was made of it is not the one that was kept"),
                        Ok(_) => None,
                    };
                    let (name, number) = one.title;
                    found.extend(problem.map(|problem| DocumentReport { customer, name, number, problem }));
                }
            }
        }
        Ok((looked_at, found))
    }
}
