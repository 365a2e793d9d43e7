//! Scopes: the only roads to rows, each handed out after the access decision.

mod library;
mod limits;
mod planned;
mod portfolio;

use std::ops::{Deref, DerefMut};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use muster_domain::{
    access::{self, Action, Actor, Decision, FirmAction},
    audit::{AuditActor, AuditNote},
    customers::CustomerStatus,
    events::Change,
    ids::{CustomerId, RespondentId, UserId},
};
use sqlx::{PgConnection, Postgres, Transaction};

use self::limits::Limits;
pub(crate) use self::limits::portfolio_setting;
pub use self::{
    library::{LibraryReader, LibraryWriter},
    planned::Planned,
    portfolio::{Locator, PortfolioReader},
};
use crate::{Error, Result, Store, audit::Notebook, db::Mode, events::tell_change, workspace::Names};

/// Reads rows of one customer, all in one snapshot.
#[derive(Debug)]
pub struct CustomerReader {
    pub(crate) tx: Transaction<'static, Postgres>,
    pub(crate) customer: CustomerId,
    pub(crate) actor: UserId,
    pub(crate) at: Timestamp,
    pub(crate) names: Names,
}

/// Reads and writes rows of one customer, in one transaction. Nothing is kept unless
/// [`CustomerWriter::commit`] is called.
#[derive(Debug)]
pub struct CustomerWriter {
    reader: CustomerReader,
    notebook: Notebook,
    /// Who answers, where it is nobody with an account.
    pub(crate) respondent: Option<RespondentId>,
    /// Nothing of an archived customer changes, but for the few things that have to.
    may_be_archived: bool,
}

pub(crate) fn allow(decision: Decision) -> Result<()> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        Decision::Invisible => Err(Error::NotFound),
    }
}

/// The day by which memberships are judged.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// The row security settings of a customer scope: numbers only.
pub(crate) fn customer_settings(customer: CustomerId, actor: UserId) -> String {
    format!("SET LOCAL app.customer = '{customer}'; SET LOCAL app.actor = '{actor}'")
}

impl Store {
    /// A reader of one customer's rows, if the actor may do `action` there.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the actor may not know of the customer, [`Error::Forbidden`]
    /// where they may not do this.
    pub async fn reader(&self, actor: &Actor, customer: CustomerId, action: Action<'_>, at: Timestamp) -> Result<CustomerReader> {
        self.customer_scope(Mode::Read, actor, customer, action, at, Planned::Usually).await
    }

    /// The same for statements of which it is known how often to plan them.
    ///
    /// # Errors
    /// As for [`Store::reader`].
    pub async fn reader_planned(
        &self,
        planned: Planned,
        actor: &Actor,
        customer: CustomerId,
        action: Action<'_>,
        at: Timestamp,
    ) -> Result<CustomerReader> {
        self.customer_scope(Mode::Read, actor, customer, action, at, planned).await
    }

    /// A writer of one customer's rows, if the actor may do `action` there.
    ///
    /// # Errors
    /// As for [`Store::reader`].
    pub async fn writer(&self, actor: &Actor, customer: CustomerId, action: Action<'_>, at: Timestamp) -> Result<CustomerWriter> {
        let reader = self.customer_scope(Mode::Write, actor, customer, action, at, Planned::Usually).await?;
        // People lose their access to archived customers too, and an export is noted.
        let may_be_archived = matches!(action, Action::ArchiveCustomer | Action::ReadAudit | Action::ManageMember { .. });
        Ok(CustomerWriter { reader, notebook: Notebook::of(actor, at), may_be_archived, respondent: None })
    }

    async fn customer_scope(
        &self,
        mode: Mode,
        actor: &Actor,
        customer: CustomerId,
        action: Action<'_>,
        at: Timestamp,
        planned: Planned,
    ) -> Result<CustomerReader> {
        allow(access::decide(actor, customer, action, day(at)))?;
        let mut reader = self.customer_reader(mode, actor, customer, at, planned).await?;
        // A firm admin may see every customer, so a customer that does not exist shows only here.
        if actor.is_admin() && !reader.exists().await? {
            return Err(Error::NotFound);
        }
        Ok(reader)
    }

    /// The scope of a customer, for whoever may have it: the decision was made before.
    pub(crate) async fn customer_reader(
        &self,
        mode: Mode,
        actor: &Actor,
        customer: CustomerId,
        at: Timestamp,
        planned: Planned,
    ) -> Result<CustomerReader> {
        let limits = Limits::of(actor, &[customer], day(at)).settings();
        let tx = self.begin(mode, &format!("{}{limits}{}", customer_settings(customer, actor.user_id()), planned.setting())).await?;
        Ok(self.scope_of_customer(tx, customer, actor.user_id(), at))
    }

    /// The scope of a customer in a transaction whose settings have been made.
    pub(crate) fn scope_of_customer(
        &self,
        tx: Transaction<'static, Postgres>,
        customer: CustomerId,
        actor: UserId,
        at: Timestamp,
    ) -> CustomerReader {
        CustomerReader { tx, customer, actor, at, names: self.names.clone() }
    }

    /// A writer for a customer that is about to be created, under a fresh id.
    pub async fn new_customer_writer(&self, actor: &Actor, at: Timestamp) -> Result<CustomerWriter> {
        allow(access::decide_firm(actor, FirmAction::CreateCustomer))?;
        let id = sqlx::query_scalar!(r#"SELECT nextval(pg_get_serial_sequence('dna_app.customers', 'id'))::integer AS "id!""#)
            .fetch_one(&self.pool)
            .await?;
        let customer = CustomerId(id);
        let tx = self.begin(Mode::Write, &customer_settings(customer, actor.user_id())).await?;
        let reader = self.scope_of_customer(tx, customer, actor.user_id(), at);
        Ok(CustomerWriter { reader, notebook: Notebook::of(actor, at), may_be_archived: false, respondent: None })
    }

    /// Decides once more, as for each of several roles that one change touches.
    pub fn allow(&self, actor: &Actor, customer: CustomerId, action: Action<'_>, at: Timestamp) -> Result<()> {
        allow(access::decide(actor, customer, action, day(at)))
    }
}

impl CustomerReader {
    /// Whose rows these are.
    pub const fn customer_id(&self) -> CustomerId {
        self.customer
    }

    /// The instant at which the use case began.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    async fn exists(&mut self) -> Result<bool> {
        let id = self.customer.0;
        let found = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM dna_app.customers WHERE id = $1) AS "found!""#, id);
        Ok(found.fetch_one(self.connection()).await?)
    }
}

impl CustomerWriter {
    /// A writer for work that the program finishes by itself: its log says that it was the program.
    pub(crate) fn for_job(reader: CustomerReader) -> Self {
        let notebook = Notebook::of_the_program(reader.at);
        Self { reader, notebook, may_be_archived: true, respondent: None }
    }

    /// A writer for an import: in the name of whoever brought it in. What it made can be taken back
    /// also where the customer is put away, or is put away by that.
    pub(crate) fn for_import(reader: CustomerReader, by: AuditActor, takes_back: bool) -> Self {
        let notebook = Notebook::by(by, reader.at);
        Self { reader, notebook, may_be_archived: takes_back, respondent: None }
    }

    /// A writer for somebody who was let in by a link rather than by a session.
    pub(crate) fn for_guest(reader: CustomerReader, by: AuditActor) -> Self {
        let notebook = Notebook::by(by, reader.at);
        Self { reader, notebook, may_be_archived: false, respondent: None }
    }

    /// A writer for a respondent: what they do is nobody's with an account.
    pub(crate) fn for_respondent(reader: CustomerReader, by: AuditActor, respondent: RespondentId) -> Self {
        Self { respondent: Some(respondent), ..Self::for_guest(reader, by) }
    }

    /// The respondent who acts, where it is nobody with an account.
    pub const fn acting_respondent(&self) -> Option<RespondentId> {
        self.respondent
    }

    /// The number of who does it; none for a respondent.
    pub(crate) fn author(&self) -> Option<i32> {
        self.respondent.is_none().then_some(self.actor.0)
    }

    /// Notes what has been done. The note becomes an entry of the customer's audit log when the
    /// writer commits, and never if it does not.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, marks the workspace as changed, and adds what was noted to the
    /// audit log. The customer's row is taken late, so that writers of one customer wait for each
    /// other as briefly as can be, and the head of the log after it. All writers take these two in
    /// this order, also one that has changed the customer's row itself, so none waits in a circle.
    /// Whoever looks at the customer's work is told, once it is kept.
    ///
    /// # Errors
    /// [`Error::Archived`] where the customer is archived: looked at here, on the row that is held
    /// anyway, it costs nothing and nobody slips in between.
    pub async fn commit(mut self) -> Result<()> {
        let id = self.customer.0;
        let raised = sqlx::query!(
            "UPDATE dna_app.customers SET workspace_version = workspace_version + 1 WHERE id = $1 RETURNING status, workspace_version",
            id
        )
        .fetch_one(self.connection())
        .await?;
        if raised.status == CustomerStatus::Archived.as_str() && !self.may_be_archived {
            return Err(Error::Archived);
        }
        let change = Change::of(self.customer, raised.workspace_version, self.notebook.subjects());
        self.notebook.write_for_customer(&mut self.reader.tx, self.reader.customer).await?;
        tell_change(&mut self.reader.tx, &change).await?;
        Ok(self.reader.tx.commit().await?)
    }

    /// Keeps what is written without marking the workspace as changed and without a word in the log.
    pub(crate) async fn keep_quietly(self) -> Result<()> {
        Ok(self.reader.tx.commit().await?)
    }

    /// Ends without having changed anything, as when a repeated request is answered from before.
    pub async fn leave(self) -> Result<()> {
        Ok(self.reader.tx.rollback().await?)
    }
}

impl Deref for CustomerWriter {
    type Target = CustomerReader;

    fn deref(&self) -> &CustomerReader {
        &self.reader
    }
}

impl DerefMut for CustomerWriter {
    fn deref_mut(&mut self) -> &mut CustomerReader {
        &mut self.reader
    }
}
