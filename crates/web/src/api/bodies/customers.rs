//! A customer's body.

use muster_domain::customers::Customer;
use serde::Serialize;
use utoipa::ToSchema;

/// A customer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerBody {
    id: i32,
    name: String,
    email: Option<String>,
    contact_person: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    website: Option<String>,
    description: Option<String>,
    time_zone: String,
    status: &'static str,
    pub version: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: String,
    #[schema(value_type = String, format = DateTime)]
    updated_at: String,
}

impl From<Customer> for CustomerBody {
    fn from(customer: Customer) -> Self {
        Self {
            id: customer.id.0,
            name: customer.name,
            email: customer.email,
            contact_person: customer.contact_person,
            phone: customer.phone,
            address: customer.address,
            website: customer.website,
            description: customer.description,
            time_zone: customer.time_zone,
            status: customer.status.as_str(),
            version: customer.version,
            created_at: customer.created_at.to_string(),
            updated_at: customer.updated_at.to_string(),
        }
    }
}
