//! The place of a task in the hierarchy.

use crate::{
    ids::{DocumentId, PlanId, TemplateId},
    tasks::TaskScope,
};

/// The place of a task in the hierarchy. A combination that the database's
/// `task_scope_hierarchy` would refuse cannot be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaskPlace {
    /// The customer itself.
    Customer,
    /// A plan.
    Plan(PlanId),
    /// A template assigned to a plan.
    Template(PlanId, TemplateId),
    /// A document of a template of a plan.
    Document(PlanId, TemplateId, DocumentId),
}

/// Links that name no place: a template without its plan, or a level that does not fit them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// A link is missing above the ones given.
    #[error("a task with a template or document also needs its plan")]
    LinkMissing,
    /// The level asked for is not the one that the links lead to.
    #[error("the links lead to the level `{derived}`, not `{given}`")]
    ScopeMismatch {
        /// The level that was asked for.
        given: TaskScope,
        /// The level of the links.
        derived: TaskScope,
    },
}

impl TaskPlace {
    /// Derives the place from the links given, and checks it against the level, if one is given.
    pub fn from_links(
        plan: Option<PlanId>,
        template: Option<TemplateId>,
        document: Option<DocumentId>,
        given: Option<TaskScope>,
    ) -> Result<Self, PlaceError> {
        let place = match (plan, template, document) {
            (None, None, None) => Self::Customer,
            (Some(plan), None, None) => Self::Plan(plan),
            (Some(plan), Some(template), None) => Self::Template(plan, template),
            (Some(plan), Some(template), Some(document)) => Self::Document(plan, template, document),
            _ => return Err(PlaceError::LinkMissing),
        };
        match given {
            Some(given) if given != place.scope() => Err(PlaceError::ScopeMismatch { given, derived: place.scope() }),
            _ => Ok(place),
        }
    }

    /// The level.
    pub const fn scope(self) -> TaskScope {
        match self {
            Self::Customer => TaskScope::Customer,
            Self::Plan(_) => TaskScope::Plan,
            Self::Template(..) => TaskScope::Template,
            Self::Document(..) => TaskScope::Document,
        }
    }

    /// The plan, below customer level.
    pub const fn plan(self) -> Option<PlanId> {
        match self {
            Self::Customer => None,
            Self::Plan(plan) | Self::Template(plan, _) | Self::Document(plan, _, _) => Some(plan),
        }
    }

    /// The template, at template and document level.
    pub const fn template(self) -> Option<TemplateId> {
        match self {
            Self::Template(_, template) | Self::Document(_, template, _) => Some(template),
            Self::Customer | Self::Plan(_) => None,
        }
    }

    /// The document, at document level.
    pub const fn document(self) -> Option<DocumentId> {
        match self {
            Self::Document(_, _, document) => Some(document),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn links_make_a_place_or_none(plan: Option<u128>, template: Option<u128>, document: Option<u128>, given in prop::option::of(select(TaskScope::ALL))) {
            let links = (plan.map(|n| PlanId(Uuid::from_u128(n))), template.map(|n| TemplateId(Uuid::from_u128(n))), document.map(|n| DocumentId(Uuid::from_u128(n))));
            match TaskPlace::from_links(links.0, links.1, links.2, given) {
                Ok(place) => {
                    prop_assert_eq!((place.plan(), place.template(), place.document()), links);
                    prop_assert!(given.is_none_or(|scope| scope == place.scope()));
                }
                Err(PlaceError::LinkMissing) => prop_assert!((document.is_some() && template.is_none()) || (template.is_some() && plan.is_none())),
                Err(PlaceError::ScopeMismatch { given: asked, derived }) => prop_assert_ne!(asked, derived),
            }
        }
    }
}
