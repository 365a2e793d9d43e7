//! The people of an older database: its users, and the one login that each customer's portal has.

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use super::{layout::next, tables::Schema};
use crate::Result;

/// Lays out the users, roles of customers aside. Admins stay admins; everybody else is a member, and
/// becomes what they are for each customer when that customer is laid out.
///
/// Addresses that differ only in case are one address here: the account that was used last keeps it.
pub(super) async fn fill_users(connection: &mut PgConnection) -> Result<()> {
    let statement = format!(
        "INSERT INTO {auth}.users (id, email, password_hash, full_name, role, is_active, last_login, created_at, updated_at)
         SELECT u.id, CASE WHEN u.place = 1 THEN u.email ELSE left(u.email, 240) || '#' || u.id END, u.password_hash,
                coalesce(nullif(btrim(u.full_name), ''), u.email), CASE WHEN u.role = 'admin' THEN 'admin' ELSE 'member' END,
                coalesce(u.is_active, true), u.last_login, coalesce(u.created_at, now()), coalesce(u.updated_at, u.created_at, now())
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
    );
    connection.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}
