//! Comparing what was there with what is there now, computed on each side for itself: here from the
//! original rows, there from Muster's tables and the views that its pages and reports read.

use serde::Serialize;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use super::{
    LegacyDatabase, Phase, Result,
    layout::next,
    sums,
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
        for statement in sums::statements(self.app()) {
            let keep = format!("INSERT INTO muster_upgrade.sums (customer_id, what, before, after) {statement}");
            sqlx::query(AssertSqlSafe(keep)).bind(customers).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Has PostgreSQL look at what was laid out: its statistics of new tables come a minute late otherwise, for the
    /// comparison and for the first pages after the cutover.
    pub async fn analyze(&mut self) -> Result<()> {
        let tables = sqlx::query(
            "SELECT format('ANALYZE %s', c.oid::regclass) FROM pg_class c
             WHERE c.relkind = 'r' AND c.relnamespace IN (to_regnamespace($1), to_regnamespace($2), to_regnamespace('muster_upgrade'))",
        )
        .bind(next(Schema::App))
        .bind(next(Schema::Auth))
        .fetch_all(&mut self.connection)
        .await?;
        for table in tables {
            self.connection.execute(AssertSqlSafe(table.get::<String, _>(0))).await?;
        }
        Ok(())
    }

    /// Plans, documents and tasks that name no customer: they would be laid out nowhere. There are none.
    pub async fn check_owners(&mut self) -> Result<Check> {
        let row = self
            .connection
            .fetch_one(
                "SELECT count(*)::text, count(customer_id)::text FROM muster_upgrade.original_rows
                 WHERE table_name IN ('customer_iso_plans', 'customer_documents', 'customer_tasks')",
            )
            .await?;
        Ok(check("plans, documents and tasks of a customer".to_owned(), row.get(0), row.get(1)))
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
        for statement in sums::statements(self.app()) {
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
