//! The views of the older program, made anew on Muster's tables.
//!
//! They read tables that have other columns now. So each older table gets a view that has its columns
//! as they were, in a schema of their own: from Muster's table where it has the column, else from
//! the original row. The older views are then the same statements over those.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{
    Result,
    shape::Shape,
    tables::{LegacyTable, Schema, Standing},
};

/// The schema of the older tables' columns.
pub(super) const COLUMNS: &str = "muster_legacy_columns";

/// A view of the older program, as it can be made again.
pub(super) struct DependentView {
    schema: String,
    name: String,
    definition: String,
    /// Who else may do what with it.
    grants: Vec<(String, String)>,
}

/// The views that read the older tables, each after those that it reads itself.
pub(super) async fn dependent_views(tx: &mut PgConnection) -> Result<Vec<DependentView>> {
    // With only pg_catalog in the search path every name in a definition is whole.
    let rows = tx
        .fetch_all(
            "SELECT n.nspname::text, c.relname::text, rtrim(pg_get_viewdef(c.oid), '; '),
                    ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner ORDER BY 1, a.privilege_type),
                    ARRAY(SELECT a.privilege_type FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner ORDER BY CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, 1)
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'v' AND n.nspname IN ('auth', 'dna_app') ORDER BY c.oid",
        )
        .await?;
    let view = |row: sqlx::postgres::PgRow| {
        let (who, what): (Vec<String>, Vec<String>) = (row.get(3), row.get(4));
        DependentView { schema: row.get(0), name: row.get(1), definition: row.get(2), grants: who.into_iter().zip(what).collect() }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Makes the views anew, now that the schemas bear Muster's tables. Muster's own view stays where it
/// has one of that name. Gives the names of those that could not be made, with the cause.
pub(super) async fn renew(tx: &mut PgConnection, shape: &Shape, views: &[DependentView]) -> Result<Vec<String>> {
    if views.is_empty() {
        return Ok(Vec::new());
    }
    tx.execute(AssertSqlSafe(format!("CREATE SCHEMA {COLUMNS}"))).await?;
    for table in shape.tables() {
        let statement = columns_of(tx, shape, table).await?;
        tx.execute(AssertSqlSafe(statement)).await?;
    }
    let mut left = Vec::new();
    for view in views {
        let place = format!("\"{}\".\"{}\"", view.schema, view.name);
        let is_there: bool = sqlx::query("SELECT to_regclass($1) IS NOT NULL").bind(&place).fetch_one(&mut *tx).await?.get(0);
        if is_there {
            continue;
        }
        tx.execute("SAVEPOINT view").await?;
        let made = make(tx, shape, &place, view).await;
        if let Err(error) = made {
            tx.execute("ROLLBACK TO SAVEPOINT view").await?;
            left.push(format!("{}.{}: {error}", view.schema, view.name));
        }
        tx.execute("RELEASE SAVEPOINT view").await?;
    }
    Ok(left)
}

async fn make(tx: &mut PgConnection, shape: &Shape, place: &str, view: &DependentView) -> Result<(), sqlx::Error> {
    let mut definition = view.definition.clone();
    for table in shape.tables() {
        definition = read_instead(&definition, &table.place(Standing::InUse), &format!("{COLUMNS}.{}", table.name));
    }
    tx.execute(AssertSqlSafe(format!("CREATE VIEW {place} AS {definition}"))).await?;
    for (who, what) in &view.grants {
        tx.execute(AssertSqlSafe(format!("GRANT USAGE ON SCHEMA {} TO {who}; GRANT {what} ON {place} TO {who}", view.schema))).await?;
    }
    Ok(())
}

/// A statement that reads another table of the same columns, wherever the whole name stands.
fn read_instead(statement: &str, from: &str, to: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '"');
    let (mut out, mut rest) = (String::with_capacity(statement.len()), statement);
    while let Some(at) = rest.find(from) {
        let (before, found) = rest.split_at(at);
        let after = &found[from.len()..];
        let is_whole = !before.ends_with(is_word) && !after.starts_with(is_word);
        out.push_str(before);
        out.push_str(if is_whole { to } else { from });
        rest = after;
    }
    out + rest
}

/// The view that has a table's columns as they were.
async fn columns_of(tx: &mut PgConnection, shape: &Shape, table: &LegacyTable) -> Result<String> {
    let (aside, ours) = (table.place(Standing::Aside), table.place(Standing::InUse));
    let rows = sqlx::query(
        "SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), format_type(m.atttypid, NULL)
         FROM pg_attribute a
         LEFT JOIN pg_attribute m ON m.attrelid = to_regclass($2) AND m.attname = a.attname AND m.attnum > 0 AND NOT m.attisdropped
         WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
    )
    .bind(&aside)
    .bind(&ours)
    .fetch_all(&mut *tx)
    .await?;
    // Without the columns that tell its rows apart, a table of Muster's cannot be read beside the original rows.
    let has = |column: &String| rows.iter().any(|row| row.get::<String, _>(0) == *column && row.get::<Option<String>, _>(2).is_some());
    let is_ours = shape.key_columns(table).iter().all(has);
    let columns = rows.iter().map(|row| {
        let (name, kind, present): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let present = present.filter(|_| is_ours);
        format!("{} AS \"{name}\"", column(table, &name, &kind, present.as_deref()))
    });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let original = format!("o.table_name = '{}'", table.name);
    let from = if is_ours {
        format!("{ours} t LEFT JOIN muster_upgrade.original_rows o ON {original} AND o.row_key = {}", shape.key(table))
    } else {
        format!("muster_upgrade.original_rows o WHERE {original}")
    };
    Ok(format!("CREATE VIEW {COLUMNS}.{} AS SELECT {columns} FROM {from}", table.name))
}

/// A column as it was: Muster's, or the original row's.
fn column(table: &LegacyTable, name: &str, kind: &str, present: Option<&str>) -> String {
    let zone = "(SELECT time_zone FROM muster_upgrade.upgrade)";
    match (table.schema, table.name, name, present) {
        // Progress is derived, never stored.
        (Schema::App, "customer_documents", "completion_percentage", _) => format!(
            "(SELECT (100 * count(w.id) / greatest(count(*), 1)) FROM dna_app.template_questions q
              LEFT JOIN dna_app.customer_answers w ON w.customer_id = t.customer_id AND w.plan_id = t.plan_id AND w.template_id = t.template_id
                  AND w.question_key = q.key AND w.withdrawn_at IS NULL
              WHERE q.release_id = t.release_id)::{kind}"
        ),
        (_, _, _, Some("timestamp with time zone")) if kind.starts_with("timestamp without") => {
            format!("(t.\"{name}\" AT TIME ZONE {zone})::{kind}")
        }
        (_, _, _, Some(_)) => format!("t.\"{name}\"::{kind}"),
        (_, _, _, None) if kind == "jsonb" => format!("(o.original -> '{name}')"),
        (_, _, _, None) if kind == "json" => format!("(o.original -> '{name}')::json"),
        (_, _, _, None) if kind.ends_with("[]") => {
            format!("ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(o.original -> '{name}') WHEN 'array' THEN o.original -> '{name}' ELSE '[]' END))::{kind}")
        }
        (_, _, _, None) => format!("(o.original ->> '{}')::{kind}", name.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::read_instead;

    #[test]
    fn only_whole_names_are_replaced() {
        let read = "SELECT * FROM dna_app.tasks t JOIN dna_app.tasks_old o ON true";
        assert_eq!(read_instead(read, "dna_app.tasks", "x.tasks"), "SELECT * FROM x.tasks t JOIN dna_app.tasks_old o ON true");
    }
}
