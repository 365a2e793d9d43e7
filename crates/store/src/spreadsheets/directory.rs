//! What is known of customers, so that the names in a spreadsheet can be looked up.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, PlanId, TemplateId, UserId},
    people::MemberRole,
};

use crate::{PortfolioReader, Result};

/// A customer, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCustomer {
    /// The customer.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
}

/// A plan of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPlan {
    /// The customer.
    pub customer: CustomerId,
    /// The plan.
    pub id: PlanId,
    /// The standard's code.
    pub iso_code: String,
    /// A name of its own.
    pub name: Option<String>,
    /// Whether it is ignored.
    pub is_ignored: bool,
}

/// A template assigned to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAssignment {
    /// The plan.
    pub plan: PlanId,
    /// The template.
    pub template: TemplateId,
    /// The template's name.
    pub name: String,
    /// Whether it is ignored.
    pub is_ignored: bool,
}

/// Somebody of a customer or of the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// Who.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Whether they belong to the firm.
    pub is_firm: bool,
    /// Whether they run the firm: then they can be given work anywhere.
    pub is_admin: bool,
    /// The customers that they belong to, with their role there and whether they can be given work.
    pub places: Vec<(CustomerId, MemberRole, bool)>,
}

/// A task that is there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTask {
    /// The customer.
    pub customer: CustomerId,
    /// The plan that it stands under.
    pub plan: Option<PlanId>,
    /// The template that it stands under.
    pub template: Option<TemplateId>,
    /// The title, in small letters.
    pub title: String,
}

impl PortfolioReader {
    /// The customers that the actor may see, those that were put away left out.
    pub async fn known_customers(&mut self) -> Result<Vec<KnownCustomer>> {
        let visible = self.customers.clone();
        let rows = sqlx::query!(
            "SELECT id, name FROM dna_app.customers WHERE ($1::integer[] IS NULL OR id = ANY($1)) AND status <> 'archived' ORDER BY lower(name), id",
            visible.as_deref()
        );
        Ok(rows
            .fetch_all(self.connection())
            .await?
            .into_iter()
            .map(|row| KnownCustomer { id: CustomerId(row.id), name: row.name })
            .collect())
    }

    /// The plans of some customers, ignored or not.
    pub async fn known_plans(&mut self, customers: &[i32]) -> Result<Vec<KnownPlan>> {
        let rows = sqlx::query!(
            r#"SELECT p.customer_id, p.id, s.code, p.plan_name, p.is_ignored
               FROM dna_app.customer_iso_plans p JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               WHERE p.customer_id = ANY($1) ORDER BY p.customer_id, s.code"#,
            customers
        );
        Ok(rows
            .fetch_all(self.connection())
            .await?
            .into_iter()
            .map(|row| KnownPlan {
                customer: CustomerId(row.customer_id),
                id: PlanId(row.id),
                iso_code: row.code,
                name: row.plan_name,
                is_ignored: row.is_ignored,
            })
            .collect())
    }

    /// The templates assigned to plans of some customers, ignored or not.
    pub async fn known_assignments(&mut self, customers: &[i32]) -> Result<Vec<KnownAssignment>> {
        let rows = sqlx::query!(
            r#"SELECT a.plan_id, a.template_id, t.name, a.is_ignored
               FROM dna_app.customer_iso_plan_templates a JOIN dna_app.templates t ON t.id = a.template_id
               WHERE a.customer_id = ANY($1) ORDER BY lower(t.name), t.id"#,
            customers
        );
        Ok(rows
            .fetch_all(self.connection())
            .await?
            .into_iter()
            .map(|row| KnownAssignment {
                plan: PlanId(row.plan_id),
                template: TemplateId(row.template_id),
                name: row.name,
                is_ignored: row.is_ignored,
            })
            .collect())
    }

    /// The people of some customers and of the firm, and whoever else has one of these addresses.
    pub async fn known_people(&mut self, customers: &[i32], emails: &[String], today: Date) -> Result<Vec<KnownPerson>> {
        let rows = sqlx::query!(
            r#"SELECT u.id, u.email, u.full_name, u.role, m.customer_id AS "customer_id?", m.role AS "member_role?",
                      coalesce(m.status = 'active' AND m.role <> 'auditor' AND (m.expires_on IS NULL OR m.expires_on >= $3), false) AS "works!"
               FROM auth.users u
               LEFT JOIN dna_app.customer_members m ON m.user_id = u.id AND m.customer_id = ANY($1) AND m.status <> 'removed'
               WHERE u.is_active AND (m.customer_id IS NOT NULL OR u.role <> 'member' OR lower(u.email) = ANY($2))
               ORDER BY u.id, m.customer_id, m.role"#,
            customers,
            emails,
            today.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        let mut people: Vec<KnownPerson> = Vec::new();
        for row in rows {
            let place = row
                .customer_id
                .zip(row.member_role)
                .map(|(customer, role)| Ok::<_, crate::Error>((CustomerId(customer), role.parse()?, row.works)));
            if people.last().is_none_or(|last| last.id.0 != row.id) {
                people.push(KnownPerson {
                    id: UserId(row.id),
                    email: row.email.to_lowercase(),
                    name: row.full_name,
                    is_firm: row.role != "member",
                    is_admin: row.role == "admin",
                    places: Vec::new(),
                });
            }
            if let (Some(person), Some(place)) = (people.last_mut(), place) {
                person.places.push(place?);
            }
        }
        Ok(people)
    }

    /// The visible tasks of some customers that have one of these titles, in small letters.
    pub async fn known_tasks(&mut self, customers: &[i32], titles: &[String]) -> Result<Vec<KnownTask>> {
        let rows = sqlx::query!(
            r#"SELECT customer_id, plan_id, template_id, lower(title) AS "title!" FROM dna_app.customer_tasks
               WHERE customer_id = ANY($1) AND document_id IS NULL AND NOT is_ignored AND status <> 'cancelled' AND lower(title) = ANY($2)"#,
            customers,
            titles
        );
        Ok(rows
            .fetch_all(self.connection())
            .await?
            .into_iter()
            .map(|row| KnownTask {
                customer: CustomerId(row.customer_id),
                plan: row.plan_id.map(PlanId),
                template: row.template_id.map(TemplateId),
                title: row.title,
            })
            .collect())
    }
}
