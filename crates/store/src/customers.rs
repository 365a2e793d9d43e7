//! Customers.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    clock,
    customers::{Customer, CustomerDetails, CustomerStatus},
    ids::CustomerId,
    text::{Email, Line, Name, Prose},
};

use crate::{CustomerReader, CustomerWriter, Error, Page, PortfolioReader, Result, Slice};

/// Which customers a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// With these words in the name.
    pub words: Option<String>,
    /// Archived ones too.
    pub with_archived: bool,
}

struct CustomerRow {
    id: i32,
    name: String,
    email: Option<String>,
    contact_person: Option<String>,
    phone: Option<String>,
    address: Option<String>,
    website: Option<String>,
    description: Option<String>,
    time_zone: String,
    status: String,
    version: i32,
    workspace_version: i64,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
}

impl TryFrom<CustomerRow> for Customer {
    type Error = Error;

    fn try_from(row: CustomerRow) -> Result<Self> {
        Ok(Self {
            id: CustomerId(row.id),
            name: row.name,
            email: row.email,
            contact_person: row.contact_person,
            phone: row.phone,
            address: row.address,
            website: row.website,
            description: row.description,
            time_zone: row.time_zone,
            status: row.status.parse()?,
            version: row.version,
            workspace_version: row.workspace_version,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

impl PortfolioReader {
    /// One page of the customers the actor may see, by name.
    pub async fn customers(&mut self, filter: &CustomerFilter, slice: Slice) -> Result<Page<Customer>> {
        let visible = self.customers.clone();
        let rows = sqlx::query_as!(
            CustomerRow,
            r#"SELECT id, name, email, contact_person, phone, address, website, description, time_zone, status, version,
                      workspace_version, created_at, updated_at
               FROM dna_app.customers
               WHERE ($1::integer[] IS NULL OR id = ANY($1)) AND ($2 OR status <> 'archived')
                 AND ($3::text IS NULL OR strpos(lower(name), lower($3)) > 0)
               ORDER BY lower(name), id LIMIT $4 OFFSET $5"#,
            visible.as_deref(),
            filter.with_archived,
            filter.words,
            slice.limit,
            slice.offset
        )
        .fetch_all(self.connection())
        .await?;
        let total = sqlx::query_scalar!(
            r#"SELECT count(*) AS "count!" FROM dna_app.customers
               WHERE ($1::integer[] IS NULL OR id = ANY($1)) AND ($2 OR status <> 'archived')
                 AND ($3::text IS NULL OR strpos(lower(name), lower($3)) > 0)"#,
            visible.as_deref(),
            filter.with_archived,
            filter.words
        )
        .fetch_one(self.connection())
        .await?;
        let items = rows.into_iter().map(Customer::try_from).collect::<Result<_>>()?;
        Ok(Page { items, total })
    }
}

impl CustomerReader {
    /// The day that it is for the customer.
    pub async fn today(&mut self) -> Result<Date> {
        Ok(clock::day_in(self.at, &self.customer().await?.time_zone))
    }

    /// The customer itself.
    pub async fn customer(&mut self) -> Result<Customer> {
        let id = self.customer.0;
        sqlx::query_as!(
            CustomerRow,
            r#"SELECT id, name, email, contact_person, phone, address, website, description, time_zone, status, version,
                      workspace_version, created_at, updated_at
               FROM dna_app.customers WHERE id = $1"#,
            id
        )
        .fetch_one(self.connection())
        .await?
        .try_into()
    }
}

impl CustomerWriter {
    /// Whether the database knows a time zone too: what it cannot convert, no view could show.
    pub async fn knows_time_zone(&mut self, zone: &str) -> Result<bool> {
        let known = sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS "known!""#, zone);
        Ok(known.fetch_one(self.connection()).await?)
    }

    /// Creates the customer under this scope's id.
    pub async fn insert_customer(&mut self, details: &CustomerDetails) -> Result<()> {
        let (id, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customers (id, name, email, contact_person, phone, address, website, description, time_zone,
                                              created_by, created_at, updated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"#,
            id,
            details.name.as_str(),
            details.email.as_ref().map(Email::as_str),
            details.contact_person.as_ref().map(Name::as_str),
            details.phone.as_ref().map(Line::as_str),
            details.address.as_ref().map(Prose::as_str),
            details.website.as_ref().map(Line::as_str),
            details.description.as_ref().map(Prose::as_str),
            details.time_zone.as_str(),
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Puts the customer away, or takes it up again.
    pub async fn set_customer_status(&mut self, status: CustomerStatus) -> Result<()> {
        let (id, at) = (self.customer.0, self.at);
        sqlx::query!(
            "UPDATE dna_app.customers SET status = $2, updated_at = $3, version = version + 1 WHERE id = $1 AND status <> $2",
            id,
            status.as_str(),
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Replaces the customer's data, if nobody changed it since `expected`.
    pub async fn update_customer(&mut self, details: &CustomerDetails, expected: i32) -> Result<()> {
        let (id, at) = (self.customer.0, self.at);
        let changed = sqlx::query!(
            r#"UPDATE dna_app.customers
               SET name = $2, email = $3, contact_person = $4, phone = $5, address = $6, website = $7, description = $8,
                   time_zone = $9, updated_at = $10, version = version + 1
               WHERE id = $1 AND version = $11"#,
            id,
            details.name.as_str(),
            details.email.as_ref().map(Email::as_str),
            details.contact_person.as_ref().map(Name::as_str),
            details.phone.as_ref().map(Line::as_str),
            details.address.as_ref().map(Prose::as_str),
            details.website.as_ref().map(Line::as_str),
            details.description.as_ref().map(Prose::as_str),
            details.time_zone.as_str(),
            at.to_sqlx(),
            expected
        )
        .execute(self.connection())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(Error::Stale { current: self.customer().await?.version });
        }
        Ok(())
    }
}
