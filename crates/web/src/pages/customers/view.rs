//! The form of a customer as its page shows it.

use muster_domain::{
    access::Action,
    customers::{Customer, CustomerStatus},
};

use super::{CustomerForm, CustomerFormPage, Existing};
use crate::{
    format,
    input::customers::{CustomerPatch, NewCustomer},
    layout::Layout,
    pages::{
        conflict::{ConflictPage, Versions},
        field_errors::FieldErrors,
        surroundings::{may, zone_choices},
        visit::{Form, Visit},
    },
    parts::Crumb,
};

/// The fields as they were sent.
pub(super) fn given(form: &Form) -> NewCustomer {
    let text = |name: &str| form.get(name).map(ToOwned::to_owned);
    NewCustomer {
        name: text("name"),
        email: text("email"),
        contact_person: text("contact_person"),
        phone: text("phone"),
        address: text("address"),
        website: text("website"),
        description: text("description"),
        time_zone: text("time_zone"),
    }
}

/// The fields as they are stored.
pub(super) fn stored(customer: Customer) -> NewCustomer {
    CustomerPatch::default().applied_to(customer)
}

pub(super) fn form(
    visit: &Visit,
    layout: Layout,
    existing: Option<&Customer>,
    given: &NewCustomer,
    refused: &FieldErrors,
) -> CustomerFormPage {
    let t = visit.t;
    let field = |name: &str, value: &Option<String>| refused.field(name, value.clone().unwrap_or_default(), t);
    let crumbs = match existing {
        Some(customer) => [visit.way_to(customer.id, &customer.name), vec![Crumb::here(t.customer.edit)]].concat(),
        None => [visit.way_to_portfolio(), vec![Crumb::here(t.customer.new_title)]].concat(),
    };
    CustomerFormPage {
        layout,
        crumbs,
        existing: existing.map(|customer| Existing {
            id: customer.id.0,
            version: customer.version.into(),
            name: customer.name.clone(),
            archived: may(visit, customer.id, Action::ArchiveCustomer).then_some(customer.status == CustomerStatus::Archived),
        }),
        form: CustomerForm {
            name: field("name", &given.name),
            email: field("email", &given.email),
            contact_person: field("contact_person", &given.contact_person),
            phone: field("phone", &given.phone),
            website: field("website", &given.website),
            address: field("address", &given.address),
            description: field("description", &given.description),
            time_zone: field("time_zone", &given.time_zone),
            time_zones: zone_choices(given.time_zone.as_deref()),
        },
    }
}

/// What the visitor sent beside what is saved.
pub(super) fn conflict(visit: &Visit, layout: Layout, yours: &NewCustomer, theirs: Customer) -> ConflictPage {
    let words = &visit.t.customer;
    let (id, name, version) = (theirs.id, theirs.name.clone(), theirs.version.into());
    let at = format::moment(theirs.updated_at, &visit.zone(), visit.t);
    let saved = stored(theirs);
    let versions = |name: &str, label: &str, yours: &Option<String>, theirs: &Option<String>| {
        let yours = yours.clone().unwrap_or_default();
        Versions {
            name: name.to_owned(),
            label: label.to_owned(),
            yours_shown: yours.replace("\r\n", "\n").trim().to_owned(),
            yours,
            theirs_shown: theirs.clone().unwrap_or_default(),
        }
    };
    let fields = vec![
        versions("name", words.name, &yours.name, &saved.name),
        versions("description", words.description, &yours.description, &saved.description),
        versions("time_zone", words.time_zone, &yours.time_zone, &saved.time_zone),
        versions("contact_person", words.contact_person, &yours.contact_person, &saved.contact_person),
        versions("email", words.email, &yours.email, &saved.email),
        versions("phone", words.phone, &yours.phone, &saved.phone),
        versions("website", words.website, &yours.website, &saved.website),
        versions("address", words.address, &yours.address, &saved.address),
    ];
    ConflictPage {
        layout,
        crumbs: [visit.way_to(id, &name), vec![Crumb::here(visit.t.conflict.title)]].concat(),
        name,
        by: None,
        at: Some(at),
        fields,
        action: format!("/customers/{id}"),
        version,
        next: format!("/customers/{id}"),
    }
}
