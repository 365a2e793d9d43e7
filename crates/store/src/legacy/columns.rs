//! Reading the columns of original rows: functions that stay in the database until the end of the move.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::{Result, layout::next, tables::Schema};

/// The address of the person who stands for the older program where it does not say who did
/// something. They never sign in.
pub(super) const OLDER_PROGRAM: &str = "older-program@muster.invalid";

/// The four columns of what is ignored, of the record `r`. The database here asks for a moment and a
/// reason.
pub(super) const IGNORED: &str = "coalesce(r.is_ignored, false), \
    CASE WHEN r.is_ignored THEN coalesce(muster_upgrade.moment(r.ignored_at), muster_upgrade.moment(r.updated_at), muster_upgrade.began()) END, \
    CASE WHEN r.is_ignored THEN muster_upgrade.person(r.ignored_by) END, \
    CASE WHEN r.is_ignored THEN coalesce(nullif(btrim(r.ignore_reason), ''), 'Ignored in the older program') END";

/// Makes the functions anew.
pub(super) async fn make_readers(connection: &mut PgConnection) -> Result<()> {
    let text = format!(
        "CREATE OR REPLACE FUNCTION muster_upgrade.began() RETURNS timestamptz LANGUAGE sql STABLE AS $$
             SELECT began_at FROM muster_upgrade.upgrade
         $$;
         -- A moment, read in the zone of the upgrade where it says none; what no calendar has is none.
         CREATE OR REPLACE FUNCTION muster_upgrade.moment(given text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
             SELECT CASE WHEN given ~ '^\\d{{4}}-\\d\\d-\\d\\dT.*(Z|[+-]\\d\\d(:?\\d\\d)?)$' THEN given::timestamptz
                         WHEN given ~ '^\\d{{4}}-\\d\\d-\\d\\d' AND given !~ 'BC' THEN given::timestamp AT TIME ZONE (SELECT time_zone FROM muster_upgrade.upgrade) END
         $$;
         -- A day that the new columns can hold.
         CREATE OR REPLACE FUNCTION muster_upgrade.day(given text) RETURNS date LANGUAGE sql IMMUTABLE AS $$
             SELECT CASE WHEN given ~ '^(19|20|21)\\d\\d-\\d\\d-\\d\\d' OR given ~ '^2200-\\d\\d-\\d\\d' THEN left(given, 10)::date END
         $$;
         -- A person who is there.
         CREATE OR REPLACE FUNCTION muster_upgrade.person(given integer) RETURNS integer LANGUAGE sql STABLE AS $$
             SELECT id FROM {auth}.users WHERE id = given
         $$;
         -- Who stands for the older program.
         CREATE OR REPLACE FUNCTION muster_upgrade.older_program() RETURNS integer LANGUAGE sql STABLE AS $$
             SELECT id FROM {auth}.users WHERE lower(email) = '{OLDER_PROGRAM}'
         $$;
         -- What a word of the older program becomes.
         CREATE OR REPLACE FUNCTION muster_upgrade.word(asked text, given text) RETURNS text LANGUAGE sql STABLE AS $$
             SELECT becomes FROM muster_upgrade.words w WHERE w.kind = asked AND w.word = coalesce(given, '')
         $$;",
        auth = next(Schema::Auth)
    );
    connection.execute(AssertSqlSafe(text)).await?;
    Ok(())
}
