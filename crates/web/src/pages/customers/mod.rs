//! The form of a customer: adding one, changing its details.

mod handlers;
mod view;
pub(crate) use handlers::routes;

use askama::Template;

use crate::filters;
use crate::layout::{Layout, Nav, Theme};
use crate::parts::{Choice, Crumb, Field};

/// `GET /customers/new`, `POST /customers`, `GET /customers/{id}/edit`, `POST /customers/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "customers/form.html")]
pub struct CustomerFormPage {
    /// Frame of the page.
    pub layout: Layout,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The customer that is changed, with its version; nothing for a new one.
    pub existing: Option<Existing>,
    /// The fields.
    pub form: CustomerForm,
}

/// A customer that exists.
#[derive(Debug, Clone)]
pub struct Existing {
    /// Id.
    pub id: i32,
    /// Version, so that nobody overwrites somebody else.
    pub version: i64,
    /// Its name as stored.
    pub name: String,
    /// Whether it is archived; none where the visitor may not change that.
    pub archived: Option<bool>,
}

/// The fields of a customer.
#[derive(Debug, Clone, Default)]
pub struct CustomerForm {
    /// Name.
    pub name: Field,
    /// Email.
    pub email: Field,
    /// Contact person.
    pub contact_person: Field,
    /// Phone.
    pub phone: Field,
    /// Website.
    pub website: Field,
    /// Postal address.
    pub address: Field,
    /// About the customer.
    pub description: Field,
    /// Time zones to choose from.
    pub time_zones: Vec<Choice>,
    /// The chosen one, with what was wrong with it.
    pub time_zone: Field,
}

impl CustomerForm {
    /// How many fields were refused.
    #[must_use]
    pub fn refused(&self) -> u32 {
        let fields =
            [&self.name, &self.email, &self.contact_person, &self.phone, &self.website, &self.address, &self.description, &self.time_zone];
        u32::try_from(fields.iter().filter(|field| field.error.is_some()).count()).unwrap_or(u32::MAX)
    }
}

#[cfg(any(test, feature = "samples"))]
impl crate::samples::Sampled for CustomerFormPage {
    const NAME: &'static str = "customer-form";

    fn samples() -> Vec<(&'static str, Self)> {
        let t = &crate::text::ENGLISH.customer;
        let zones = ["Europe/Vienna", "Europe/London", "Asia/Amman", "UTC"];
        let form =
            CustomerForm { time_zones: zones.map(|zone| Choice::new(zone, zone, "Europe/Vienna")).to_vec(), ..CustomerForm::default() };
        let new = Self {
            layout: crate::samples::consultant(t.new_title, Nav::Portfolio),
            crumbs: vec![Crumb::to("Portfolio", "/"), Crumb::here(t.new_title)],
            existing: None,
            form: form.clone(),
        };
        let refused = CustomerForm {
            name: Field::refused("   ", "Give the customer a name."),
            email: Field::refused("elena(at)acme", "Enter an address like name@example.org."),
            address: Field::of("Sensorweg 4\n1210 Wien"),
            ..form.clone()
        };
        let filled = CustomerForm {
            name: Field::of("دار الأفق للنشر"),
            website: Field::of("https://ufuq.example"),
            description: Field::of("Publishing & <b>printing</b>"),
            ..form
        };
        let existing = Existing { id: 8, version: 3, name: "دار الأفق للنشر".into(), archived: Some(false) };
        vec![
            ("new", new.clone()),
            ("refused", Self { form: refused, ..new.clone() }),
            ("edit", Self { existing: Some(existing), form: filled, ..new }),
        ]
    }
}
