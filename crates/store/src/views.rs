//! Views that a person keeps of lists of tasks. They are the person's own: nobody else's are read
//! or changed here, whatever id is given.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::Actor,
    ids::{CustomerId, UserId, ViewId},
    views::{SavedView, ViewName, ViewedList},
};
use sqlx::{PgConnection, Postgres, Transaction};

use crate::{Error, Result, Store, db::Mode};

/// Reads and changes one person's own views.
#[derive(Debug)]
pub struct ViewWriter {
    tx: Transaction<'static, Postgres>,
    pub(crate) user: UserId,
    pub(crate) at: Timestamp,
}

impl Store {
    /// The actor's own views of a list. Those of one customer are given with those of all of them.
    pub async fn views(&self, actor: &Actor, list: ViewedList, customer: Option<CustomerId>) -> Result<Vec<SavedView>> {
        let rows = sqlx::query!(
            r#"SELECT id, for_customer, name, query, is_default FROM auth.task_views
               WHERE user_id = $1 AND list = $2 AND (for_customer IS NULL OR for_customer = $3)
               ORDER BY lower(name), created_at, id"#,
            actor.user_id().0,
            list.as_str(),
            customer.map(|id| id.0)
        )
        .fetch_all(&self.pool)
        .await?;
        let view = |id: uuid::Uuid, for_customer: Option<i32>, name, query, is_default| SavedView {
            id: ViewId(id),
            list,
            customer: for_customer.map(CustomerId),
            name,
            query,
            is_default,
        };
        Ok(rows.into_iter().map(|row| view(row.id, row.for_customer, row.name, row.query, row.is_default)).collect())
    }

    /// A writer of the actor's own views. There is one at a time for each person: two that are kept at the same moment
    /// are counted, and one of them becomes the list's default after the other.
    pub async fn view_writer(&self, actor: &Actor, at: Timestamp) -> Result<ViewWriter> {
        let user = actor.user_id();
        // The kept answers of repeated creations are the actor's own, too.
        let settings = format!("SET LOCAL app.actor = '{user}'; SELECT pg_advisory_xact_lock(hashtextextended('muster views {user}', 0))");
        Ok(ViewWriter { tx: self.begin(Mode::Write, &settings).await?, user, at })
    }
}

impl ViewWriter {
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// A view of theirs, held until the transaction ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they have no such view.
    pub async fn lock_view(&mut self, id: ViewId) -> Result<SavedView> {
        let row = sqlx::query!(
            "SELECT list, for_customer, name, query, is_default FROM auth.task_views WHERE user_id = $1 AND id = $2 FOR UPDATE",
            self.user.0,
            id.0
        )
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::NotFound)?;
        Ok(SavedView {
            id,
            list: row.list.parse()?,
            customer: row.for_customer.map(CustomerId),
            name: row.name,
            query: row.query,
            is_default: row.is_default,
        })
    }

    /// How many views they have of a list.
    pub async fn count_views(&mut self, list: ViewedList) -> Result<i64> {
        let count = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM auth.task_views WHERE user_id = $1 AND list = $2"#,
            self.user.0,
            list.as_str()
        );
        Ok(count.fetch_one(&mut *self.tx).await?)
    }

    /// Keeps a view.
    pub async fn insert_view(
        &mut self,
        id: ViewId,
        list: ViewedList,
        customer: Option<CustomerId>,
        name: &ViewName,
        query: &str,
    ) -> Result<()> {
        sqlx::query!(
            r#"INSERT INTO auth.task_views (id, user_id, list, for_customer, name, query, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"#,
            id.0,
            self.user.0,
            list.as_str(),
            customer.map(|id| id.0),
            name.as_str(),
            query,
            self.at.to_sqlx()
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Gives a view another name, or other filters.
    pub async fn update_view(&mut self, id: ViewId, name: &str, query: &str) -> Result<()> {
        sqlx::query!("UPDATE auth.task_views SET name = $3, query = $4 WHERE user_id = $1 AND id = $2", self.user.0, id.0, name, query)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Opens the list with a view (`true`), or with nothing in particular; the view that it opened
    /// with before is one among the others.
    pub async fn set_default_view(&mut self, view: &SavedView, is_default: bool) -> Result<()> {
        sqlx::query!(
            r#"UPDATE auth.task_views SET is_default = false
               WHERE user_id = $1 AND list = $2 AND for_customer IS NOT DISTINCT FROM $3 AND is_default"#,
            self.user.0,
            view.list.as_str(),
            view.customer.map(|id| id.0)
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!("UPDATE auth.task_views SET is_default = $3 WHERE user_id = $1 AND id = $2", self.user.0, view.id.0, is_default)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Removes a view.
    pub async fn delete_view(&mut self, id: ViewId) -> Result<()> {
        sqlx::query!("DELETE FROM auth.task_views WHERE user_id = $1 AND id = $2", self.user.0, id.0).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    /// Ends without having changed anything.
    pub async fn leave(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}
