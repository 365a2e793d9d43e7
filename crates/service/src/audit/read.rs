//! Reading and exporting logs: a customer's, and the firm's own.

use muster_domain::{
    access::{Action, Actor},
    audit::{
        AuditActor, AuditEntry, AuditNote, Head, Subject, Verification,
        export::{self, ExportHeader, Record},
        hex,
    },
    ids::CustomerId,
};
use muster_store::{AuditFilter, Page, Slice};

use super::{LogState, Notes as _};
use crate::{Context, Error, Result, boxed};

impl Context {
    /// One page of a customer's log, the latest first.
    #[boxed]
    pub async fn audit_entries(&self, actor: &Actor, id: CustomerId, filter: &AuditFilter, slice: Slice) -> Result<Page<AuditEntry>> {
        Ok(self.store.reader(actor, id, Action::ReadAudit, self.now()).await?.audit_entries(filter, slice).await?)
    }

    /// Where a customer's log stands.
    #[boxed]
    pub async fn audit_state(&self, actor: &Actor, id: CustomerId) -> Result<LogState> {
        let mut reader = self.store.reader(actor, id, Action::ReadAudit, self.now()).await?;
        Ok(LogState { entries: reader.audit_length().await?, checkpoint: reader.latest_checkpoint().await? })
    }

    /// One page of the firm's log, the latest first.
    #[boxed]
    pub async fn firm_audit_entries(&self, actor: &Actor, filter: &AuditFilter, slice: Slice) -> Result<Page<AuditEntry>> {
        Ok(self.store.firm_audit(actor).await?.entries(filter, slice).await?)
    }

    /// Where the firm's log stands.
    #[boxed]
    pub async fn firm_audit_state(&self, actor: &Actor) -> Result<LogState> {
        let mut reader = self.store.firm_audit(actor).await?;
        Ok(LogState { entries: reader.length().await?, checkpoint: reader.latest_checkpoint().await? })
    }

    /// A customer's whole log as a file that can be verified without a database. That somebody
    /// took it is an entry itself, the last one of the file unless others came meanwhile.
    #[boxed]
    pub async fn export_audit_log(&self, actor: &Actor, id: CustomerId) -> Result<String> {
        let mut writer = self.store.writer(actor, id, Action::ReadAudit, self.now()).await?;
        let customer = writer.customer().await?;
        writer.note_read("audit.exported", &customer);
        writer.commit().await?;
        let records = self.store.reader(actor, id, Action::ReadAudit, self.now()).await?.whole_audit_log().await?;
        self.write_export(Some(id), customer.name, &records).await
    }

    /// The firm's own log as such a file.
    #[boxed]
    pub async fn export_firm_audit_log(&self, actor: &Actor) -> Result<String> {
        // Asked first: whoever may not read the log adds nothing to it.
        drop(self.store.firm_audit(actor).await?);
        let name = self.firm_name().await?;
        let subject = Subject { kind: "firm".to_owned(), id: String::new(), title: name.clone() };
        self.store.firm_note(AuditActor::of(actor), AuditNote::read("audit.exported", subject), self.now()).await?;
        let records = self.store.firm_audit(actor).await?.whole().await?;
        self.write_export(None, name, &records).await
    }

    /// A log that holds is signed as it is handed out; one that does not is handed out unsigned, to
    /// whoever wants to look at what is wrong with it.
    async fn write_export(&self, customer_id: Option<CustomerId>, customer_name: String, records: &[Record]) -> Result<String> {
        let mut verification = Verification::new(customer_id, Vec::new());
        let holds = records.iter().all(|record| match record {
            Record::Entry(entry) => verification.check(entry).is_ok(),
            Record::Withheld(link) => verification.pass(*link).is_ok(),
        });
        let checkpoint = if holds { self.sign_end(customer_id, &customer_name, verification.end()).await? } else { None };
        let end = match records.last() {
            Some(Record::Entry(entry)) => Head { number: entry.number, hash: entry.hash },
            Some(Record::Withheld(link)) => Head { number: link.number, hash: link.hash },
            None => Head::default(),
        };
        let withheld = records.iter().filter(|record| matches!(record, Record::Withheld(_))).count();
        let now = self.now();
        let header = ExportHeader {
            format: export::FORMAT.to_owned(),
            customer_id,
            customer_name,
            exported_at: checkpoint.as_ref().map_or(now, |signed| signed.checkpoint.at),
            entries: end.number,
            withheld: i64::try_from(withheld).unwrap_or(i64::MAX),
            head: hex(&end.hash),
            checkpoint,
        };
        export::write(&header, records).map_err(Error::internal)
    }
}
