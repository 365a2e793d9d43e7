//! Reading and exporting a customer's log.

use muster_domain::{
    access::{Action, Actor},
    audit::{
        AuditEntry,
        export::{self, ExportHeader},
        hex,
    },
    ids::CustomerId,
};
use muster_store::{AuditFilter, Page, Slice};

use super::Notes as _;
use crate::{Context, Error, Result};

impl Context {
    /// One page of a customer's log, the latest first.
    pub async fn audit_entries(&self, actor: &Actor, id: CustomerId, filter: &AuditFilter, slice: Slice) -> Result<Page<AuditEntry>> {
        Ok(self.store.reader(actor, id, Action::ReadAudit, self.now()).await?.audit_entries(filter, slice).await?)
    }

    /// A customer's whole log as a file that can be verified without a database. That somebody
    /// took it is an entry itself, the last one of the file unless others came meanwhile.
    pub async fn export_audit_log(&self, actor: &Actor, id: CustomerId) -> Result<String> {
        let mut writer = self.store.writer(actor, id, Action::ReadAudit, self.now()).await?;
        let customer = writer.customer().await?;
        writer.note_read("audit.exported", &customer);
        writer.commit().await?;
        let entries = self.store.reader(actor, id, Action::ReadAudit, self.now()).await?.whole_audit_log().await?;
        let header = ExportHeader {
            format: export::FORMAT.to_owned(),
            customer_id: id,
            customer_name: customer.name,
            exported_at: self.now(),
            entries: entries.last().map_or(0, |entry| entry.number),
            head: hex(&entries.last().map_or([0; 32], |entry| entry.hash)),
        };
        export::write(&header, &entries).map_err(Error::internal)
    }
}
