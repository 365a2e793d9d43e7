//! The people of an older database: its users, and the one login that each customer's portal has.

use sqlx::Executor as _;

use super::{
    LegacyDatabase, Result,
    columns::{OLDER_PROGRAM, with_lookups},
    layout::next,
    tables::Schema,
};

impl LegacyDatabase {
    /// Lays out the people: users, portal logins, and the one who stands for the older program.
    pub async fn lay_out_people(&mut self, older_program: &str) -> Result<()> {
        let statement = format!(
            "INSERT INTO {auth}.users (email, full_name, is_active) VALUES ($1, $2, false) ON CONFLICT (lower(email)) DO NOTHING",
            auth = next(Schema::Auth)
        );
        for one in [users(), users_sequence()] {
            self.connection.execute(with_lookups(&one)).await?;
        }
        sqlx::query(with_lookups(&statement)).bind(OLDER_PROGRAM).bind(older_program).execute(&mut self.connection).await?;
        self.connection.execute(with_lookups(&portal_logins())).await?;
        Ok(())
    }

    /// Makes those auditors of every customer who could look at everything in the older program, where
    /// they came after the customer was laid out.
    pub async fn lay_out_auditors(&mut self) -> Result<()> {
        let statement = format!(
            "INSERT INTO {app}.customer_members (customer_id, user_id, role)
             SELECT c.id, u.id, 'auditor' FROM {app}.customers c CROSS JOIN {auth}.users u
             JOIN muster_upgrade.original_rows o ON o.table_name = 'users' AND o.row_key = u.id::text
             WHERE u.role = 'member' ON CONFLICT (customer_id, user_id, role) DO NOTHING",
            app = next(Schema::App),
            auth = next(Schema::Auth)
        );
        self.connection.execute(with_lookups(&statement)).await?;
        Ok(())
    }
}

/// Lays out the users, roles of customers aside. Admins stay admins; everybody else is a member, and
/// becomes what they are for each customer when that customer is laid out.
///
/// Addresses that differ only in case are one address here: the account that was used last keeps it.
fn users() -> String {
    format!(
        "INSERT INTO {auth}.users (id, email, password_hash, full_name, role, is_active, last_login, created_at, updated_at)
         SELECT u.id, CASE WHEN u.place = 1 AND NOT EXISTS (SELECT FROM {auth}.users x WHERE lower(x.email) = lower(u.email) AND x.id <> u.id) THEN u.email ELSE left(u.email, 240) || '#' || u.id END, u.password_hash,
                coalesce(nullif(btrim(u.full_name), ''), u.email), CASE WHEN u.role = 'admin' THEN 'admin' ELSE 'member' END,
                coalesce(u.is_active, true), u.last_login, coalesce(u.created_at, muster_upgrade.began()), coalesce(u.updated_at, u.created_at, muster_upgrade.began())
         FROM (
             SELECT r.*, row_number() OVER (PARTITION BY lower(r.email) ORDER BY coalesce(r.is_active, true) DESC, r.last_login DESC NULLS LAST, r.id) AS place
             FROM muster_upgrade.original_rows o
             CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id integer, email text, password_hash text, full_name text, role text,
                 is_active boolean, last_login timestamptz, created_at timestamptz, updated_at timestamptz)
             WHERE o.table_name = 'users'
         ) u
         ON CONFLICT (id) DO UPDATE SET email = excluded.email, password_hash = excluded.password_hash, full_name = excluded.full_name,
             role = excluded.role, is_active = excluded.is_active, last_login = excluded.last_login, updated_at = excluded.updated_at",
        auth = next(Schema::Auth)
    )
}

/// People who come later, such as portal logins, get numbers well behind those of the users: the
/// older program goes on to number its own.
fn users_sequence() -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence('{auth}.users', 'id'), greatest(
             (SELECT coalesce(max(row_key::integer), 0) + 10000 FROM muster_upgrade.original_rows WHERE table_name = 'users'),
             (SELECT max(id) FROM {auth}.users)))",
        auth = next(Schema::Auth)
    )
}

/// Lays out a person for each customer's portal login, under the name that they sign in with. Their
/// address is the customer's where nobody else has it; where somebody has, one that no mail reaches.
fn portal_logins() -> String {
    format!(
        "INSERT INTO {auth}.users (email, password_hash, full_name, role, is_active, sign_in_name, last_login)
         SELECT CASE WHEN l.address IS NOT NULL AND l.place = 1 AND NOT EXISTS (SELECT FROM {auth}.users u WHERE lower(u.email) = lower(l.address))
                     THEN l.address ELSE 'portal-' || l.id || '@portal.invalid' END,
                l.portal_password_hash, left(coalesce(l.contact_person, l.name), 255), 'member', true, l.portal_username,
                muster_upgrade.moment(l.last_portal_login)
         FROM (
             SELECT r.id, left(btrim(r.portal_username), 100) AS portal_username, r.portal_password_hash, nullif(btrim(r.contact_person), '') AS contact_person,
                    coalesce(nullif(btrim(r.name), ''), 'Customer ' || r.id) AS name, r.last_portal_login, a.address,
                    row_number() OVER (PARTITION BY lower(a.address) ORDER BY r.id) AS place,
                    row_number() OVER (PARTITION BY lower(btrim(r.portal_username)) ORDER BY r.id) AS name_place
             FROM muster_upgrade.original_rows o
             CROSS JOIN LATERAL jsonb_to_record(o.original) AS r (id integer, name text, email text, contact_email text, contact_person text,
                 portal_username text, portal_password_hash text, last_portal_login text)
             CROSS JOIN LATERAL (SELECT left(nullif(btrim(coalesce(nullif(r.contact_email, ''), r.email)), ''), 255) AS address) a
             WHERE o.table_name = 'customers' AND btrim(r.portal_username) <> ''
         ) l
         WHERE l.name_place = 1
         ON CONFLICT (lower(sign_in_name)) DO UPDATE SET password_hash = excluded.password_hash, full_name = excluded.full_name, last_login = excluded.last_login",
        auth = next(Schema::Auth)
    )
}
