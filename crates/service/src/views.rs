//! Views that a person keeps of lists of tasks. They are a matter of taste, like the choice of
//! appearance: no log tells of them.

use muster_domain::{
    access::{Actor, Decision, decide_in_person},
    ids::{CustomerId, ViewId},
    views::{MOST_VIEWS, SavedView, ViewName, ViewedList},
};

use crate::{Context, Created, Error, FieldError, Once, Result, boxed};

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

/// A change of a view: what is not given stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewChange {
    /// Another name.
    pub name: Option<ViewName>,
    /// Other filters, as the address of the list has them.
    pub query: Option<String>,
    /// The list opens with it, or no longer.
    pub is_default: Option<bool>,
}

impl Context {
    /// The actor's own views of a list; of a customer's list, those of this customer and of all.
    #[boxed]
    pub async fn views(&self, actor: &Actor, list: ViewedList, customer: Option<CustomerId>) -> Result<Vec<SavedView>> {
        Ok(self.store.views(actor, list, customer).await?)
    }

    /// One of the actor's own views.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they have no such view.
    #[boxed]
    pub async fn view(&self, actor: &Actor, id: ViewId) -> Result<SavedView> {
        in_person(actor)?;
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        let view = writer.lock_view(id).await?;
        writer.leave().await?;
        Ok(view)
    }

    /// Keeps a view.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the person keeps as many as they may; [`Error::NotFound`] where it is for
    /// a customer that they may not know of.
    #[boxed]
    pub async fn keep_view(&self, actor: &Actor, new: &NewView, once: &Once) -> Result<Created<SavedView>> {
        in_person(actor)?;
        if let Some(customer) = new.customer {
            self.customer(actor, customer).await?;
        }
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        if let Some(before) = once.answered(&mut writer).await? {
            writer.leave().await?;
            return Ok(before);
        }
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
        let created = Created { value: SavedView { is_default: new.is_default, ..view }, is_new: true };
        once.keep(&mut writer, &created).await?;
        writer.commit().await?;
        Ok(created)
    }

    /// Gives a view another name, other filters, or makes it the one that its list opens with.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the person has no such view.
    #[boxed]
    pub async fn change_view(&self, actor: &Actor, id: ViewId, change: &ViewChange) -> Result<SavedView> {
        in_person(actor)?;
        let mut writer = self.store.view_writer(actor, self.now()).await?;
        let view = writer.lock_view(id).await?;
        let name = change.name.as_ref().map_or(view.name.as_str(), ViewName::as_str);
        writer.update_view(id, name, change.query.as_deref().unwrap_or(&view.query)).await?;
        if let Some(is_default) = change.is_default.filter(|wanted| *wanted != view.is_default) {
            writer.set_default_view(&view, is_default).await?;
        }
        let changed = writer.lock_view(id).await?;
        writer.commit().await?;
        Ok(changed)
    }

    /// Removes a view, and gives what it was.
    #[boxed]
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
