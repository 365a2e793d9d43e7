//! Views that a person keeps of lists of tasks. They are a matter of taste, like the choice of
//! appearance: no log tells of them.

use muster_domain::{
    access::{Actor, Decision, decide_in_person},
    ids::{CustomerId, ViewId},
    views::{MOST_VIEWS, SavedView, ViewName, ViewedList},
};

use crate::{Context, Error, FieldError, Result};

/// A view to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    /// Of which list.
    pub list: ViewedList,
    /// The only customer that it is for.
    pub customer: Option<CustomerId>,
    /// Its name.
    pub name: ViewName,
    /// The filters, as the address of the list has them.
    pub query: String,
    /// The list opens with it.
    pub is_default: bool,
}

impl Context {
    /// The actor's own views of a list; of a customer's list, those of this customer and of all.
    pub async fn views(&self, actor: &Actor, list: ViewedList, customer: Option<CustomerId>) -> Result<Vec<SavedView>> {
        Ok(self.store.views(actor, list, customer).await?)
    }

    /// Keeps a view.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the person keeps as many as they may.
    pub async fn keep_view(&self, actor: &Actor, new: &NewView) -> Result<SavedView> {
        in_person(actor)?;
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        if writer.count_views(new.list).await? >= MOST_VIEWS {
            let message = format!("there are {MOST_VIEWS} views already: delete one first");
            return Err(Error::field(FieldError::new("/name", "too-many", message)));
        }
        let id = ViewId(self.ids.next());
        writer.insert_view(id, new.list, new.customer, &new.name, &new.query).await?;
        let view = writer.lock_view(id).await?;
        if new.is_default {
            writer.set_default_view(&view, true).await?;
        }
        writer.commit().await?;
        Ok(SavedView { is_default: new.is_default, ..view })
    }

    /// Gives a view another name, other filters, or makes it the one that its list opens with.
    pub async fn change_view(
        &self,
        actor: &Actor,
        id: ViewId,
        name: Option<&ViewName>,
        query: Option<&str>,
        is_default: Option<bool>,
    ) -> Result<SavedView> {
        in_person(actor)?;
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        let view = writer.lock_view(id).await?;
        writer.update_view(id, name.map_or(view.name.as_str(), ViewName::as_str), query.unwrap_or(&view.query)).await?;
        if let Some(is_default) = is_default.filter(|wanted| *wanted != view.is_default) {
            writer.set_default_view(&view, is_default).await?;
        }
        let changed = writer.lock_view(id).await?;
        writer.commit().await?;
        Ok(changed)
    }

    /// Removes a view, and gives what it was.
    pub async fn delete_view(&self, actor: &Actor, id: ViewId) -> Result<SavedView> {
        in_person(actor)?;
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        let view = writer.lock_view(id).await?;
        writer.delete_view(id).await?;
        writer.commit().await?;
        Ok(view)
    }
}

fn in_person(actor: &Actor) -> Result<()> {
    match decide_in_person(actor) {
        Decision::Forbid(denial) => Err(Error::Forbidden(denial)),
        Decision::Allow | Decision::Invisible => Ok(()),
    }
}
