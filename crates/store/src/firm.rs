//! The firm's settings: one row.

use jiff::Timestamp;
use muster_domain::{
    access::{Actor, FirmAction, decide_firm},
    audit::AuditNote,
    firm::{Firm, FirmDetails, Logo},
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{Error, Result, Store, audit::Notebook, db::Mode, scope::allow};

/// Changes the firm's settings, in one transaction, with a note of it in the firm's log.
#[derive(Debug)]
pub struct FirmWriter {
    tx: Transaction<'static, Postgres>,
    notebook: Notebook,
}

async fn read(connection: &mut PgConnection) -> Result<Firm> {
    Ok(sqlx::query_as!(
        Firm,
        r#"SELECT name, mail_from, public_url, trusted_proxies, logo IS NOT NULL AS "has_logo!", version FROM dna_app.firm"#
    )
    .fetch_one(connection)
    .await?)
}

impl Store {
    /// The firm's settings, for the program itself.
    pub async fn firm(&self) -> Result<Firm> {
        read(&mut *self.pool.acquire().await?).await
    }

    /// The firm's logo, for everybody: it stands on the sign-in page.
    pub async fn firm_logo(&self) -> Result<Option<Logo>> {
        let bytes = sqlx::query_scalar!("SELECT logo FROM dna_app.firm").fetch_one(&self.pool).await?;
        bytes.map(|bytes| Logo::parse(bytes).map_err(|error| Error::Corrupt(error.to_string()))).transpose()
    }

    /// A writer of the firm's settings, for those who may change them.
    pub async fn firm_writer(&self, actor: &Actor, at: Timestamp) -> Result<FirmWriter> {
        allow(decide_firm(actor, FirmAction::EditFirm))?;
        Ok(FirmWriter { tx: self.begin(Mode::Write, "").await?, notebook: Notebook::of(actor, at) })
    }
}

impl FirmWriter {
    /// The settings as they are.
    pub async fn firm(&mut self) -> Result<Firm> {
        read(&mut self.tx).await
    }

    /// Replaces the settings, if nobody changed them since `expected`.
    pub async fn update(&mut self, details: &FirmDetails, expected: i32) -> Result<()> {
        let proxies = details.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let changed = sqlx::query!(
            r#"UPDATE dna_app.firm SET name = $1, mail_from = $2, public_url = $3, trusted_proxies = nullif($4, ''), version = version + 1
               WHERE version = $5"#,
            details.name.as_str(),
            details.mail_from.as_ref().map(ToString::to_string),
            details.public_url.as_ref().map(|url| url.as_str()),
            proxies,
            expected
        )
        .execute(&mut *self.tx)
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.firm().await?.version });
        }
        Ok(())
    }

    /// Replaces the logo, or takes it away.
    pub async fn set_logo(&mut self, logo: Option<&Logo>) -> Result<()> {
        sqlx::query!(
            "UPDATE dna_app.firm SET logo = $1, logo_type = $2, version = version + 1",
            logo.map(Logo::bytes),
            logo.map(Logo::media_type)
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Notes what has been done: an entry of the firm's audit log, if the writer commits.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, and adds what was noted to the firm's audit log.
    pub async fn commit(mut self) -> Result<()> {
        self.notebook.write_for_firm(&mut self.tx).await?;
        Ok(self.tx.commit().await?)
    }
}
