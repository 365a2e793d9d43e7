//! The scope of what belongs to the firm.

use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use muster_domain::{
    access::{self, Actor, FirmAction},
    audit::AuditNote,
    ids::UserId,
};
use sqlx::{PgConnection, Postgres, Transaction};

use super::allow;
use crate::{Result, Store, audit::Notebook, db::Mode};

/// Reads what belongs to the firm: standards, templates, rules.
#[derive(Debug)]
pub struct LibraryReader {
    pub(crate) tx: Transaction<'static, Postgres>,
}

/// Reads and writes what belongs to the firm.
#[derive(Debug)]
pub struct LibraryWriter {
    reader: LibraryReader,
    notebook: Notebook,
    pub(crate) actor: Option<UserId>,
    pub(crate) at: Timestamp,
}

impl Store {
    /// A reader of the library, for people of the firm.
    pub async fn library(&self, actor: &Actor) -> Result<LibraryReader> {
        allow(access::decide_firm(actor, FirmAction::ReadLibrary))?;
        Ok(LibraryReader { tx: self.begin(Mode::Read, "").await? })
    }

    /// A writer of the library, for those who may edit it.
    pub async fn library_writer(&self, actor: &Actor, at: Timestamp) -> Result<LibraryWriter> {
        allow(access::decide_firm(actor, FirmAction::EditLibrary))?;
        let settings = format!("SET LOCAL app.actor = '{}'", actor.user_id());
        let tx = self.begin(Mode::Write, &settings).await?;
        let notebook = Notebook::of(actor, at);
        Ok(LibraryWriter { reader: LibraryReader { tx }, notebook, actor: Some(actor.user_id()), at })
    }

    /// A writer of the library for the program itself, when it loads the starter content.
    pub async fn library_installer(&self, at: Timestamp) -> Result<LibraryWriter> {
        let tx = self.begin(Mode::Write, "").await?;
        let notebook = Notebook::of_the_program(at);
        Ok(LibraryWriter { reader: LibraryReader { tx }, notebook, actor: None, at })
    }
}

impl LibraryReader {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

impl LibraryWriter {
    /// Notes what has been done: an entry of the firm's audit log, if the writer commits.
    pub fn note(&mut self, note: AuditNote) {
        self.notebook.add(note);
    }

    /// Keeps everything written, marks the library as changed, and adds what was noted to the
    /// firm's audit log.
    pub async fn commit(mut self) -> Result<()> {
        sqlx::query!("UPDATE dna_app.firm SET library_version = library_version + 1").execute(self.connection()).await?;
        self.notebook.write_for_firm(&mut self.reader.tx).await?;
        Ok(self.reader.tx.commit().await?)
    }

    /// Ends without having changed anything.
    pub async fn leave(self) -> Result<()> {
        Ok(self.reader.tx.rollback().await?)
    }
}

impl Deref for LibraryWriter {
    type Target = LibraryReader;

    fn deref(&self) -> &LibraryReader {
        &self.reader
    }
}

impl DerefMut for LibraryWriter {
    fn deref_mut(&mut self) -> &mut LibraryReader {
        &mut self.reader
    }
}
