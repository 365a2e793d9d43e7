//! Laying out one customer's rows from the original ones.

use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{
    LegacyDatabase, Result,
    columns::{IGNORED, with_lookups},
    layout::next,
    tables::Schema,
};

impl LegacyDatabase {
    /// Lays out a customer with plans, the templates that their rows name, and people; what an earlier
    /// attempt laid out of it goes first. Tasks, documents, answers and evidence follow.
    pub async fn lay_out_customer(&mut self, customer: i32) -> Result<()> {
        for statement in [remove(), customer_row(), portal_member(), auditors(), plans(), assignments()] {
            sqlx::query(with_lookups(&statement)).bind(customer).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Takes away the customers that the older program has deleted meanwhile.
    pub async fn remove_gone_customers(&mut self) -> Result<()> {
        let statement = format!(
            "DELETE FROM {app}.customers c WHERE NOT EXISTS (
                 SELECT FROM muster_upgrade.original_rows o WHERE o.table_name = 'customers' AND o.customer_id = c.id)",
            app = next(Schema::App)
        );
        sqlx::query(with_lookups(&statement)).execute(&mut self.connection).await?;
        for table in ["laid_out", "placements", "remarks", "sums"] {
            let statement = format!(
                "DELETE FROM muster_upgrade.{table} l WHERE l.customer_id IS NOT NULL AND NOT EXISTS (
                     SELECT FROM muster_upgrade.original_rows o WHERE o.table_name = 'customers' AND o.customer_id = l.customer_id)"
            );
            sqlx::query(with_lookups(&statement)).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Adds the assignments of templates to plans that used them without saying so, as plans in the
    /// mode "all" did. Gives those that were added.
    pub async fn add_assignments(&mut self, customer: i32, pairs: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, Uuid)>> {
        add_assignments(&mut self.connection, customer, pairs).await
    }

    /// Says that a customer is laid out.
    pub async fn note_laid_out(&mut self, customer: i32) -> Result<()> {
        let statement = format!(
            "INSERT INTO muster_upgrade.laid_out (customer_id, audit_number)
             SELECT customer_id, number FROM {app}.customer_audit_heads WHERE customer_id = $1
             ON CONFLICT (customer_id) DO UPDATE SET audit_number = excluded.audit_number",
            app = next(Schema::App)
        );
        sqlx::query(with_lookups(&statement)).bind(customer).execute(&mut self.connection).await?;
        Ok(())
    }
}

fn remove() -> String {
    format!("DELETE FROM {app}.customers WHERE id = $1", app = next(Schema::App))
}

/// Texts that the new columns cannot hold whole stay whole in the provenance.
fn customer_row() -> String {
    format!(
        "WITH r AS (
             SELECT r.* FROM muster_upgrade.original_rows o
             CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id integer, name text, email text, contact_person text,
                 phone text, address text, website text, description text, status text, created_by integer, created_at text, updated_at text)
             WHERE o.table_name = 'customers' AND o.customer_id = $1
         ), head AS (
             INSERT INTO {app}.customers (id, name, email, contact_person, phone, address, website, description, status, time_zone, created_by, created_at, updated_at)
             SELECT id, coalesce(nullif(btrim(name), ''), 'Customer ' || id), left(nullif(btrim(email), ''), 255),
                    contact_person, phone, address, website, description,
                    CASE WHEN status IN ('active', 'inactive', 'pending', 'completed') THEN status ELSE 'active' END,
                    CASE WHEN current_setting('muster.zone') ~ '^(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
                         THEN current_setting('muster.zone') ELSE 'UTC' END,
                    muster_upgrade.person(created_by), coalesce(muster_upgrade.moment(created_at), muster_upgrade.began()),
                    coalesce(muster_upgrade.moment(updated_at), muster_upgrade.moment(created_at), muster_upgrade.began())
             FROM r RETURNING id
         )
         INSERT INTO {app}.customer_audit_heads (customer_id) SELECT id FROM head",
        app = next(Schema::App)
    )
}

/// The one login that the customer's portal had runs the programme on the customer's side.
fn portal_member() -> String {
    format!(
        "INSERT INTO {app}.customer_members (customer_id, user_id, role, status)
         SELECT $1, u.id, 'manager', CASE WHEN NOT o.original ? 'portal_enabled' OR (o.original ->> 'portal_enabled')::boolean THEN 'active' ELSE 'suspended' END
         FROM muster_upgrade.original_rows o JOIN {auth}.users u ON lower(u.sign_in_name) = lower(btrim(o.original ->> 'portal_username'))
         WHERE o.table_name = 'customers' AND o.customer_id = $1",
        app = next(Schema::App),
        auth = next(Schema::Auth)
    )
}

/// Who could look at everything in the older program still can.
fn auditors() -> String {
    format!(
        "INSERT INTO {app}.customer_members (customer_id, user_id, role)
         SELECT $1, u.id, 'auditor' FROM {auth}.users u JOIN muster_upgrade.original_rows o ON o.table_name = 'users' AND o.row_key = u.id::text
         WHERE u.role = 'member' AND EXISTS (SELECT FROM {app}.customers c WHERE c.id = $1)",
        app = next(Schema::App),
        auth = next(Schema::Auth)
    )
}

fn plans() -> String {
    format!(
        "INSERT INTO {app}.customer_iso_plans (id, customer_id, iso_standard_id, plan_name, plan_status, template_selection_mode,
             target_completion_date, started_at, completed_at, created_by, created_at, updated_at, is_ignored, ignored_at, ignored_by, ignore_reason)
         SELECT r.id, $1, r.iso_standard_id, left(nullif(btrim(r.plan_name), ''), 255), muster_upgrade.word('plan_status', r.plan_status),
                CASE r.template_selection_mode WHEN 'all' THEN 'all' ELSE 'selective' END, muster_upgrade.day(r.target_completion_date),
                muster_upgrade.moment(r.started_at), muster_upgrade.moment(r.completed_at), muster_upgrade.person(r.created_by),
                coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()), coalesce(muster_upgrade.moment(r.updated_at), muster_upgrade.moment(r.created_at), muster_upgrade.began()),
                {ignored}
         FROM muster_upgrade.original_rows o
         CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id uuid, iso_standard_id uuid, plan_name text, plan_status text,
             template_selection_mode text, target_completion_date text, started_at text, completed_at text, created_by integer, created_at text,
             updated_at text, is_ignored boolean, ignored_at text, ignored_by integer, ignore_reason text)
         WHERE o.table_name = 'customer_iso_plans' AND o.customer_id = $1",
        app = next(Schema::App),
        ignored = IGNORED,
    )
}

fn assignments() -> String {
    format!(
        "INSERT INTO {app}.customer_iso_plan_templates (id, customer_id, plan_id, template_id, release_id, included, created_at, updated_at,
             is_ignored, ignored_at, ignored_by, ignore_reason)
         SELECT r.id, $1, r.plan_id, r.template_id, latest.id, coalesce(r.included, true), coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()),
                coalesce(muster_upgrade.moment(r.created_at), muster_upgrade.began()), {ignored}
         FROM muster_upgrade.original_rows o
         CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id uuid, plan_id uuid, template_id uuid, included boolean, created_at text,
             updated_at text, is_ignored boolean, ignored_at text, ignored_by integer, ignore_reason text)
         CROSS JOIN LATERAL (SELECT id FROM {app}.template_releases l WHERE l.template_id = r.template_id AND l.released_at IS NOT NULL
                             ORDER BY l.number DESC LIMIT 1) latest
         WHERE o.table_name = 'customer_iso_plan_templates' AND o.customer_id = $1",
        app = next(Schema::App),
        ignored = IGNORED,
    )
}

/// Adds the assignment of a template to a plan that used it without saying so, as plans in the mode
/// "all" did.
async fn add_assignments(connection: &mut PgConnection, customer: i32, pairs: &[(Uuid, Uuid)]) -> Result<Vec<(Uuid, Uuid)>> {
    let (plans, templates): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().copied().unzip();
    let statement = format!(
        "INSERT INTO {app}.customer_iso_plan_templates (customer_id, plan_id, template_id, release_id, created_at, updated_at)
         SELECT $1, w.plan_id, w.template_id, latest.id, p.created_at, p.created_at
         FROM unnest($2::uuid[], $3::uuid[]) AS w (plan_id, template_id)
         JOIN {app}.customer_iso_plans p ON p.customer_id = $1 AND p.id = w.plan_id
         CROSS JOIN LATERAL (SELECT id FROM {app}.template_releases l WHERE l.template_id = w.template_id AND l.released_at IS NOT NULL
                             ORDER BY l.number DESC LIMIT 1) latest
         ON CONFLICT (customer_id, plan_id, template_id) DO NOTHING
         RETURNING plan_id, template_id",
        app = next(Schema::App)
    );
    let rows = sqlx::query(with_lookups(&statement)).bind(customer).bind(plans).bind(templates).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.get(0), row.get(1))).collect())
}
