//! Comparing what was there with what is there now, computed on each side for itself: here from the
//! original rows, there from Muster's tables and the views that its pages and reports read.

use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::{
    LegacyDatabase, Phase, Result,
    layout::next,
    tables::{Schema, Standing},
};

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was compared.
    pub what: String,
    /// What the older database has.
    pub before: String,
    /// What there is now.
    pub after: String,
    /// Where they differ.
    pub differences: Vec<Difference>,
}

/// Where a comparison failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The customer; none where a whole table was compared.
    pub customer_id: Option<i32>,
    /// What the older database has.
    pub before: String,
    /// What there is now.
    pub after: String,
}

impl Check {
    /// Whether both sides are equal.
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty() && self.before == self.after
    }
}

impl LegacyDatabase {
    /// Compares every row of the older tables with what was kept of it: the number of rows, and a sum
    /// over all values, column by column where `by_column` asks for it, else row by row. Rows that the
    /// older program has written since and that were not taken yet are left out.
    pub async fn check_originals(&mut self, by_column: bool) -> Result<Vec<Check>> {
        let standing = self.phase().standing();
        let mut checks = Vec::new();
        for table in self.shape.tables().collect::<Vec<_>>() {
            let columns: Vec<String> = match self.shape.columns.get(&table.place(Standing::InUse)) {
                Some(columns) if by_column => columns.clone(),
                _ => Vec::new(),
            };
            let sum = |key: &str, value: &str| {
                format!("coalesce(sum(hashtextextended({key} || ':' || coalesce({value}, '-'), 0)::numeric), 0)::text")
            };
            let sums = |key: &str| {
                let whole = (!by_column).then(|| sum(key, "r.j::text"));
                let each = columns.iter().map(|column| sum(key, &format!("r.j ->> '{}'", column.replace('\'', "''"))));
                std::iter::once("count(*)::text".to_owned()).chain(whole).chain(each).collect::<Vec<_>>().join(", ")
            };
            let pending = format!("NOT IN (SELECT c.row_key FROM muster_upgrade.changes c WHERE c.table_name = '{}')", table.name);
            // Both sides in one statement: one snapshot. OFFSET keeps PostgreSQL from making the row's
            // JSON once for each of its columns.
            let statement = format!(
                "SELECT ARRAY[{before}] FROM (SELECT {key} AS key, to_jsonb(t) AS j FROM {place} t WHERE {key} {pending} OFFSET 0) r
                 UNION ALL
                 SELECT ARRAY[{after}] FROM (SELECT o.row_key AS key, o.original AS j FROM muster_upgrade.original_rows o
                                             WHERE o.table_name = '{name}' AND o.row_key {pending}) r",
                before = sums("r.key"),
                after = sums("r.key"),
                key = self.shape.key(table),
                place = table.place(standing),
                name = table.name,
            );
            let rows = self.connection.fetch_all(AssertSqlSafe(statement)).await?;
            let side = |place: usize| rows.get(place).map(|row| row.get::<Vec<String>, _>(0)).unwrap_or_default();
            let (before, after) = (side(0), side(1));
            let names = std::iter::once("rows".to_owned()).chain((!by_column).then(|| "every value".to_owned())).chain(columns);
            for ((name, before), after) in names.zip(before).zip(after) {
                checks.push(check(format!("{}.{}: {name}", table.schema.name(Standing::InUse), table.name), before, after));
            }
        }
        Ok(checks)
    }

    /// Counts what stands on both sides for customers, all of them unless given, and keeps it.
    pub async fn keep_sums(&mut self, customers: Option<&[i32]>) -> Result<()> {
        sqlx::query("DELETE FROM muster_upgrade.sums WHERE $1::integer[] IS NULL OR customer_id = ANY ($1)")
            .bind(customers)
            .execute(&mut self.connection)
            .await?;
        for statement in self.sums() {
            let keep = format!("INSERT INTO muster_upgrade.sums (customer_id, what, before, after) {statement}");
            sqlx::query(AssertSqlSafe(keep)).bind(customers).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// What was kept by [`LegacyDatabase::keep_sums`], all customers together.
    pub async fn kept_sums(&mut self) -> Result<Vec<Check>> {
        let rows = self.connection.fetch_all("SELECT customer_id, what, before, after FROM muster_upgrade.sums ORDER BY 2, 1").await?;
        Ok(summed(rows, "at the cutover"))
    }

    /// The same for customers for whom nobody has worked in Muster since, as it stands now. Gives how
    /// many they are besides.
    pub async fn present_sums(&mut self) -> Result<(usize, Vec<Check>)> {
        let statement = format!(
            "SELECT l.customer_id FROM muster_upgrade.laid_out l JOIN {app}.customer_audit_heads h ON h.customer_id = l.customer_id AND h.number = l.audit_number",
            app = self.app()
        );
        let untouched: Vec<i32> = self.connection.fetch_all(AssertSqlSafe(statement)).await?.into_iter().map(|row| row.get(0)).collect();
        let mut checks = Vec::new();
        for statement in self.sums() {
            let rows =
                sqlx::query(AssertSqlSafe(format!("{statement} ORDER BY 2, 1"))).bind(&untouched).fetch_all(&mut self.connection).await?;
            checks.extend(summed(rows, "now"));
        }
        Ok((untouched.len(), checks))
    }

    /// Constraints of Muster's tables that were never checked. There are none.
    pub async fn check_constraints(&mut self) -> Result<Check> {
        let row = sqlx::query(
            "SELECT count(*)::text, (count(*) FILTER (WHERE convalidated))::text FROM pg_constraint
             WHERE connamespace IN (to_regnamespace($1), to_regnamespace($2))",
        )
        .bind(self.app())
        .bind(if self.phase().standing() == Standing::Aside { "auth" } else { next(Schema::Auth) })
        .fetch_one(&mut self.connection)
        .await?;
        Ok(check("constraints that hold for every row".to_owned(), row.get(0), row.get(1)))
    }

    /// The schema that Muster's tables are in.
    pub(super) fn app(&self) -> &'static str {
        match self.phase() {
            Phase::CutOver | Phase::Finished => "dna_app",
            _ => next(Schema::App),
        }
    }

    /// Statements that give customer, what, before and after, of the customers in `$1`, or of all.
    fn sums(&self) -> Vec<String> {
        let app = self.app();
        let compared = |before: &str, after: &str| {
            format!(
                "SELECT coalesce(b.customer_id, a.customer_id), coalesce(b.what, a.what), coalesce(b.value::text, '0'), coalesce(a.value::text, '0')
                 FROM ({before}) b FULL JOIN ({after}) a ON a.customer_id = b.customer_id AND a.what = b.what"
            )
        };
        let of = |column: &str| format!("($1::integer[] IS NULL OR {column} = ANY ($1))");
        let originals = |table: &str| format!("muster_upgrade.original_rows o WHERE o.table_name = '{table}' AND {}", of("o.customer_id"));
        vec![
            compared(
                &format!(
                    "SELECT p.customer_id, 'tasks of the level ' || (coalesce(p.decision, p.placement -> 'chosen') ->> 'task_scope') AS what, count(*) AS value
                     FROM muster_upgrade.placements p WHERE {} GROUP BY 1, 2",
                    of("p.customer_id")
                ),
                &format!(
                    "SELECT t.customer_id, 'tasks of the level ' || t.task_scope AS what, count(*) AS value FROM {app}.customer_tasks t WHERE {} GROUP BY 1, 2",
                    of("t.customer_id")
                ),
            ),
            compared(
                &format!("SELECT o.customer_id, 'values of tasks' AS what, {BEFORE_OF_TASKS} AS value FROM {} GROUP BY 1", originals("customer_tasks")),
                &format!("SELECT t.customer_id, 'values of tasks' AS what, {AFTER_OF_TASKS} AS value FROM {app}.customer_tasks t WHERE {} GROUP BY 1", of("t.customer_id")),
            ),
            compared(
                &format!(
                    "SELECT o.customer_id, 'completed tasks' AS what, count(*) AS value FROM {} AND btrim(o.original ->> 'status') IN ('completed', 'answered') GROUP BY 1",
                    originals("customer_tasks")
                ),
                &format!(
                    "SELECT t.customer_id, 'completed tasks' AS what, count(*) AS value FROM {app}.customer_tasks t WHERE t.status = 'completed' AND {} GROUP BY 1",
                    of("t.customer_id")
                ),
            ),
            compared(
                &format!("SELECT o.customer_id, 'plans' AS what, count(*) AS value FROM {} GROUP BY 1", originals("customer_iso_plans")),
                &format!("SELECT t.customer_id, 'plans' AS what, count(*) AS value FROM {app}.customer_iso_plans t WHERE {} GROUP BY 1", of("t.customer_id")),
            ),
            compared(
                &format!(
                    "SELECT o.customer_id, 'documents' AS what, count(*) AS value FROM {} AND EXISTS (
                         SELECT FROM muster_upgrade.original_rows p WHERE p.table_name = 'customer_iso_plans' AND p.row_key = o.original ->> 'plan_id'
                           AND p.customer_id = o.customer_id) GROUP BY 1",
                    originals("customer_documents")
                ),
                &format!("SELECT t.customer_id, 'documents' AS what, count(*) AS value FROM {app}.customer_documents t WHERE {} GROUP BY 1", of("t.customer_id")),
            ),
            compared(
                &format!(
                    "SELECT w.customer_id, 'progress of plans' AS what, md5(string_agg(format('%s:%s/%s', w.plan_id, w.total, w.completed), ',' ORDER BY w.plan_id)) AS value
                     FROM ({}) w GROUP BY 1",
                    before_of_plans(&of("p.customer_id"))
                ),
                &format!(
                    "SELECT w.customer_id, 'progress of plans' AS what,
                            md5(string_agg(format('%s:%s/%s', w.plan_id, w.total_tasks, w.completed_tasks), ',' ORDER BY w.plan_id)) AS value
                     FROM {app}.v_plan_progress w WHERE {} GROUP BY 1",
                    of("w.customer_id")
                ),
            ),
            compared(
                &format!(
                    "SELECT w.customer_id, 'tasks in the workspace' AS what, {} AS value FROM ({}) w GROUP BY 1",
                    fingerprint("w.task_id"),
                    before_of_workspace(&of("p.customer_id"))
                ),
                &format!(
                    "SELECT w.customer_id, 'tasks in the workspace' AS what, {} AS value
                     FROM {app}.v_customer_workspace w WHERE w.task_id IS NOT NULL AND {} GROUP BY 1",
                    fingerprint("w.task_id::text"),
                    of("w.customer_id")
                ),
            ),
        ]
    }
}

/// A number and a sum over texts.
fn fingerprint(text: &str) -> String {
    format!("count(*) || ' ' || coalesce(sum(hashtextextended({text}, 0)::numeric), 0)")
}

/// Everything of a task that is carried over word for word or by a table of words, from its original.
const BEFORE_OF_TASKS: &str = "count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws('|', o.row_key, coalesce(nullif(btrim(o.original ->> 'title'), ''), 'Without a title'), \
    coalesce(o.original ->> 'description', '-'), coalesce(o.original ->> 'section_id', '-'), coalesce(nullif(btrim(o.original ->> 'task_type'), ''), 'general'), coalesce(o.original ->> 'notes', '-'), \
    CASE btrim(o.original ->> 'status') WHEN 'answered' THEN 'completed' WHEN 'in_progress' THEN 'in_progress' WHEN 'blocked' THEN 'blocked' WHEN 'on_hold' THEN 'on_hold' \
        WHEN 'under_review' THEN 'under_review' WHEN 'completed' THEN 'completed' WHEN 'cancelled' THEN 'cancelled' ELSE 'pending' END, \
    CASE btrim(o.original ->> 'priority') WHEN 'low' THEN 'low' WHEN 'high' THEN 'high' WHEN 'urgent' THEN 'urgent' WHEN 'critical' THEN 'urgent' ELSE 'medium' END, \
    coalesce((o.original ->> 'is_ignored')::boolean, false), coalesce((o.original ->> 'requires_evidence')::boolean, false), \
    coalesce(muster_upgrade.day(o.original ->> 'due_date')::text, '-')), 0)::numeric), 0)";

/// The same from Muster's row.
const AFTER_OF_TASKS: &str = "count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws('|', t.id, t.title, coalesce(t.description, '-'), coalesce(t.section_id, '-'), \
    t.task_type, coalesce(t.notes, '-'), t.status, t.priority, t.is_ignored, t.requires_evidence, coalesce(t.due_date::text, '-')), 0)::numeric), 0)";

/// The tasks that the workspace shows, from where each was placed and from what its original, its
/// plan's and its template's say of being ignored.
fn before_of_workspace(filter: &str) -> String {
    format!(
        "SELECT p.customer_id, p.task_id::text AS task_id, c.place ->> 'plan_id' AS plan_id, btrim(o.original ->> 'status') AS status
         FROM muster_upgrade.placements p
         CROSS JOIN LATERAL (SELECT coalesce(p.decision, p.placement -> 'chosen') AS place) c
         JOIN muster_upgrade.original_rows o ON o.table_name = 'customer_tasks' AND o.row_key = p.task_id::text
         LEFT JOIN muster_upgrade.original_rows n ON n.table_name = 'customer_iso_plans' AND n.row_key = c.place ->> 'plan_id'
         LEFT JOIN (SELECT a.original ->> 'plan_id' AS plan_id, a.original ->> 'template_id' AS template_id,
                           bool_or(coalesce((a.original ->> 'is_ignored')::boolean, false)) AS is_ignored
                    FROM muster_upgrade.original_rows a WHERE a.table_name = 'customer_iso_plan_templates' GROUP BY 1, 2) a
             ON a.plan_id = c.place ->> 'plan_id' AND a.template_id = c.place ->> 'template_id'
         WHERE {filter} AND NOT coalesce((o.original ->> 'is_ignored')::boolean, false) AND NOT coalesce((n.original ->> 'is_ignored')::boolean, false)
           AND NOT coalesce(a.is_ignored, false)"
    )
}

fn before_of_plans(filter: &str) -> String {
    format!(
        "SELECT p.customer_id, p.row_key AS plan_id, count(w.task_id) FILTER (WHERE w.status IS DISTINCT FROM 'cancelled') AS total,
                count(w.task_id) FILTER (WHERE w.status IN ('completed', 'answered')) AS completed
         FROM muster_upgrade.original_rows p
         LEFT JOIN ({workspace}) w ON w.plan_id = p.row_key AND w.customer_id = p.customer_id
         WHERE p.table_name = 'customer_iso_plans' AND {filter} AND NOT coalesce((p.original ->> 'is_ignored')::boolean, false)
         GROUP BY 1, 2",
        workspace = before_of_workspace(filter),
    )
}

fn check(what: String, before: String, after: String) -> Check {
    let differences =
        if before == after { Vec::new() } else { vec![Difference { customer_id: None, before: before.clone(), after: after.clone() }] };
    Check { what, before, after, differences }
}

/// Adds what was counted for each customer up: numbers as such, and of everything else how many
/// customers there are.
fn summed(rows: Vec<sqlx::postgres::PgRow>, when: &str) -> Vec<Check> {
    let mut checks: Vec<(Check, i64, i64)> = Vec::new();
    for row in rows {
        let (customer, what, before, after): (i32, String, String, String) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let what = format!("{what}, {when}");
        if checks.last().is_none_or(|(check, ..)| check.what != what) {
            checks.push((Check { what, before: String::new(), after: String::new(), differences: Vec::new() }, 0, 0));
        }
        let Some((check, all_before, all_after)) = checks.last_mut() else { continue };
        let number = |text: &str| text.split(' ').next().and_then(|number| number.parse::<i64>().ok());
        match (number(&before), number(&after)) {
            (Some(one), Some(other)) => (*all_before, *all_after) = (*all_before + one, *all_after + other),
            _ => (*all_before, *all_after) = (*all_before + 1, *all_after + i64::from(before == after)),
        }
        if before != after {
            check.differences.push(Difference { customer_id: Some(customer), before, after });
        }
    }
    let finish = |(check, before, after): (Check, i64, i64)| Check { before: before.to_string(), after: after.to_string(), ..check };
    checks.into_iter().map(finish).collect()
}
