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

/// Makes the functions anew, and tells them what they need. All of them are
/// plain expressions, so that PostgreSQL puts them in place instead of calling them for each row.
pub(super) async fn make_readers(connection: &mut PgConnection) -> Result<()> {
    connection
        .execute(
            r"CREATE OR REPLACE FUNCTION muster_upgrade.began() RETURNS timestamptz LANGUAGE sql STABLE AS $$
                 SELECT current_setting('muster.began')::timestamptz
             $$;
             -- A moment, read in the zone of the upgrade where it says none; what no calendar has is none.
             CREATE OR REPLACE FUNCTION muster_upgrade.moment(given text) RETURNS timestamptz LANGUAGE sql STABLE AS $$
                 SELECT CASE WHEN given ~ '^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d(:?\d\d)?)$' THEN given::timestamptz
                             WHEN given ~ '^\d{4}-\d\d-\d\d' AND given !~ 'BC' THEN given::timestamp AT TIME ZONE current_setting('muster.zone') END
             $$;
             -- A day that the new columns can hold.
             CREATE OR REPLACE FUNCTION muster_upgrade.day(given text) RETURNS date LANGUAGE sql STABLE AS $$
                 SELECT CASE WHEN given ~ '^(19|20|21)\d\d-\d\d-\d\d' OR given ~ '^2200-\d\d-\d\d' THEN left(given, 10)::date END
             $$",
        )
        .await?;
    tell_readers(connection).await
}

/// Tells the functions, on a connection of their user's, the zone and the beginning of the move.
pub(super) async fn tell_readers(connection: &mut PgConnection) -> Result<()> {
    connection
        .execute("SELECT set_config('muster.zone', time_zone, false), set_config('muster.began', began_at::text, false) FROM muster_upgrade.upgrade")
        .await?;
    Ok(())
}

/// A statement with what only a lookup can tell put in: `muster_upgrade.person(number)`, the person of
/// that number if there is one; `muster_upgrade.older_program()`, who stands for the older program;
/// `muster_upgrade.word(kind, word)`, what a word becomes.
pub(super) fn with_lookups(statement: &str) -> AssertSqlSafe<String> {
    let users = format!("{}.users", next(Schema::Auth));
    // As a set that is read once for the statement, a lookup costs a third of what one for each row does.
    let statement = replaced(statement, "muster_upgrade.person(", |number| {
        format!("CASE WHEN ({number}) IN (SELECT pu.id FROM {users} pu) THEN ({number}) END")
    });
    let statement = replaced(&statement, "muster_upgrade.older_program(", |_| {
        format!("(SELECT pu.id FROM {users} pu WHERE lower(pu.email) = '{OLDER_PROGRAM}')")
    });
    AssertSqlSafe(replaced(&statement, "muster_upgrade.word(", |both| {
        let (kind, word) = both.split_once(',').unwrap_or((both, "''"));
        format!("(SELECT pw.becomes FROM muster_upgrade.words pw WHERE pw.kind = {kind} AND pw.word = coalesce({word}, ''))")
    }))
}

/// Replaces each call that begins with `name` by what `put` makes of its arguments.
fn replaced(statement: &str, name: &str, put: impl Fn(&str) -> String) -> String {
    let (mut out, mut rest) = (String::with_capacity(statement.len() + 1024), statement);
    while let Some(at) = rest.find(name) {
        let (before, call) = rest.split_at(at);
        let arguments = &call[name.len()..];
        let mut depth = 1;
        let end = arguments.find(|sign| {
            depth += match sign {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        let end = end.unwrap_or(arguments.len());
        out.push_str(before);
        out.push_str(&put(&arguments[..end]));
        rest = arguments.get(end + 1..).unwrap_or_default();
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn calls_are_replaced_with_what_stands_between_their_brackets() {
        let found = replaced("SELECT f(coalesce(a, b)), f(c) FROM t", "f(", |inside| format!("<{inside}>"));
        assert_eq!(found, "SELECT <coalesce(a, b)>, <c> FROM t");
    }
}
