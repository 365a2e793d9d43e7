//! What people decide of tasks whose place could not be told: before the cutover by the command, and
//! after it on the page.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx as _;
use muster_domain::{
    ids::{CustomerId, TaskId},
    legacy::{Destination, Placement},
};
use serde::Serialize;
use sqlx::{Executor as _, Row as _};

use super::{LegacyDatabase, LegacyError, Phase, Result};
use crate::{CustomerWriter, PortfolioReader};

/// A decision about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpgradeDecision {
    /// The task.
    pub task_id: TaskId,
    /// Where it belongs.
    pub destination: Destination,
}

/// A task that a person should look at, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaitingTask {
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The task's title.
    pub title: String,
    /// Its status.
    pub status: String,
    /// When it was made.
    #[serde(skip)]
    pub created_at: Timestamp,
    /// Where it was placed and why, and where else it could belong.
    pub placement: Placement,
    /// What was decided.
    pub decision: Option<Destination>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// The plans and templates that its candidates name, by their ids.
    pub names: std::collections::BTreeMap<uuid::Uuid, String>,
}

/// How the upgrade of this database stands, for the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpgradeState {
    /// When Muster took over.
    #[serde(skip)]
    pub cut_over_at: Option<Timestamp>,
    /// Tasks by the level that they went to: all of them, and those to be looked at.
    pub levels: Vec<(String, i64, i64)>,
    /// Tasks by the rule that placed them.
    pub rules: Vec<(String, i64)>,
    /// What was counted on both sides at the cutover: what, before, after.
    pub sums: Vec<(String, i64, i64)>,
    /// What else there is to know: customer, table, row, remark.
    pub remarks: Vec<(Option<String>, String, String, String)>,
    /// How many remarks there are.
    pub remark_count: i64,
    /// How many tasks are to be looked at.
    pub waiting: i64,
    /// How many of them have been decided.
    pub decided: i64,
}

impl LegacyDatabase {
    /// Writes a decision down; the customer is laid out again before the cutover. `false`: there is no
    /// such task, nothing to decide of it, or it cannot belong there.
    ///
    /// # Errors
    /// [`LegacyError::Phase`] unless the upgrade is being prepared: after the cutover a decision moves
    /// the task as well ([`CustomerWriter::place_task`]).
    pub async fn decide(&mut self, decision: UpgradeDecision, by: &str) -> Result<bool> {
        if !matches!(self.phase(), Phase::Preparing | Phase::Prepared) {
            return Err(LegacyError::Phase(self.phase()));
        }
        let place = serde_json::to_value(decision.destination)?;
        // The decision and what follows from it are kept together.
        let decided = sqlx::query(
            "WITH decided AS (
                 UPDATE muster_upgrade.placements SET decision = $2, decided_by = $3, decided_at = clock_timestamp()
                 WHERE task_id = $1 AND is_reported AND placement -> 'candidates' @> jsonb_build_array($2::jsonb) RETURNING customer_id
             ), again AS (
                 DELETE FROM muster_upgrade.laid_out l USING decided d WHERE l.customer_id = d.customer_id
             )
             SELECT customer_id FROM decided",
        )
        .bind(decision.task_id.0)
        .bind(place)
        .bind(by)
        .fetch_optional(&mut self.connection)
        .await?;
        Ok(decided.is_some())
    }

    /// Where each task is placed that a person should look at, with what was decided.
    pub async fn reported(&mut self) -> Result<Vec<(i32, String, Placement, Option<Destination>)>> {
        let rows = self
            .connection
            .fetch_all(
                "SELECT p.customer_id, o.original ->> 'title', p.placement, p.decision FROM muster_upgrade.placements p
                 JOIN muster_upgrade.original_rows o ON o.table_name = 'customer_tasks' AND o.row_key = p.task_id::text
                 WHERE p.is_reported ORDER BY 1, p.task_id",
            )
            .await?;
        rows.into_iter()
            .map(|row| {
                let decision: Option<serde_json::Value> = row.get(3);
                let decision = decision.map(serde_json::from_value).transpose()?;
                Ok((row.get(0), row.get::<Option<String>, _>(1).unwrap_or_default(), serde_json::from_value(row.get(2))?, decision))
            })
            .collect()
    }
}

impl PortfolioReader {
    /// Whether this database was another program's before.
    pub async fn was_moved_over(&mut self) -> crate::Result<bool> {
        Ok(self.connection().fetch_one("SELECT to_regclass('muster_upgrade.upgrade') IS NOT NULL").await?.get(0))
    }

    /// How the upgrade of this database stands; none where it was never another.
    pub async fn upgrade_state(&mut self) -> crate::Result<Option<UpgradeState>> {
        if !self.was_moved_over().await? {
            return Ok(None);
        }
        let rows =
            self.connection().fetch_all("SELECT (extract(epoch FROM cut_over_at) * 1000000)::bigint FROM muster_upgrade.upgrade").await?;
        let cut_over_at = rows.first().and_then(|row| row.get::<Option<i64>, _>(0)).and_then(|at| Timestamp::from_microsecond(at).ok());
        let levels = self
            .connection()
            .fetch_all(
                "SELECT coalesce(decision, placement -> 'chosen') ->> 'task_scope', count(*), count(*) FILTER (WHERE is_reported AND decision IS NULL)
                 FROM muster_upgrade.placements GROUP BY 1",
            )
            .await?;
        let rules = self
            .connection()
            .fetch_all("SELECT placement ->> 'rule', count(*) FROM muster_upgrade.placements GROUP BY 1 ORDER BY 2 DESC")
            .await?;
        let sums = self
            .connection()
            .fetch_all(
                "SELECT what, sum(coalesce(substring(before FROM '^\\d+')::numeric, 1))::bigint,
                        sum(CASE WHEN before = after THEN coalesce(substring(before FROM '^\\d+')::numeric, 1)
                                 ELSE coalesce(substring(after FROM '^\\d+')::numeric, 0) END)::bigint
                 FROM (SELECT what, CASE WHEN length(before) = 32 THEN 'x' ELSE before END AS before, CASE WHEN length(before) = 32 AND before = after THEN 'x' ELSE after END AS after
                       FROM muster_upgrade.sums) s GROUP BY 1 ORDER BY 1",
            )
            .await?;
        let remarks = self
            .connection()
            .fetch_all(
                "SELECT c.name, r.table_name, r.row_key, r.remark, count(*) OVER () FROM muster_upgrade.remarks r
                 LEFT JOIN dna_app.customers c ON c.id = r.customer_id ORDER BY c.name NULLS FIRST, r.id LIMIT 200",
            )
            .await?;
        let waiting = self
            .connection()
            .fetch_one("SELECT count(*), count(*) FILTER (WHERE decision IS NOT NULL) FROM muster_upgrade.placements WHERE is_reported")
            .await?;
        Ok(Some(UpgradeState {
            cut_over_at,
            levels: levels.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect(),
            rules: rules.iter().map(|row| (row.get(0), row.get(1))).collect(),
            sums: sums.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect(),
            remark_count: remarks.first().map_or(0, |row| row.get(4)),
            remarks: remarks.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect(),
            waiting: waiting.get(0),
            decided: waiting.get(1),
        }))
    }

    /// Tasks that a person should look at, or those of them that `of` names: those not decided yet
    /// first, `many` of them after `skip`.
    pub async fn waiting_tasks(&mut self, of: Option<&[uuid::Uuid]>, skip: i64, many: i64) -> crate::Result<Vec<WaitingTask>> {
        let rows = sqlx::query(
            "SELECT t.customer_id, c.name, t.title, t.status, (extract(epoch FROM t.created_at) * 1000000)::bigint, p.placement, p.decision, p.decided_by,
                    coalesce((SELECT jsonb_object_agg(n.id, n.name) FROM (
                        SELECT l.id, s.code AS name FROM dna_app.customer_iso_plans l JOIN dna_app.iso_standards s ON s.id = l.iso_standard_id
                        WHERE l.customer_id = t.customer_id
                        UNION
                        SELECT m.id, m.name FROM dna_app.templates m
                        WHERE m.id::text IN (SELECT k ->> 'template_id' FROM jsonb_array_elements(p.placement -> 'candidates') k)) n), '{}')
             FROM muster_upgrade.placements p
             JOIN dna_app.customer_tasks t ON t.id = p.task_id AND t.customer_id = p.customer_id
             JOIN dna_app.customers c ON c.id = t.customer_id
             WHERE p.is_reported AND ($3::uuid[] IS NULL OR p.task_id = ANY ($3))
             ORDER BY p.decision IS NOT NULL, c.name, t.customer_id, t.title, t.created_at, t.id LIMIT $1 OFFSET $2",
        )
        .bind(many)
        .bind(skip)
        .bind(of)
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|row| {
                let decision: Option<serde_json::Value> = row.get(6);
                Ok(WaitingTask {
                    customer_id: CustomerId(row.get(0)),
                    customer_name: row.get(1),
                    title: row.get(2),
                    status: row.get(3),
                    created_at: Timestamp::from_microsecond(row.get(4)).unwrap_or_default(),
                    placement: serde_json::from_value(row.get(5))?,
                    decision: decision.map(serde_json::from_value).transpose()?,
                    decided_by: row.get(7),
                    names: serde_json::from_value(row.get(8))?,
                })
            })
            .collect()
    }
}

impl CustomerWriter {
    /// The placement of a task of this customer that waits for a decision.
    pub async fn placement(&mut self, task: TaskId) -> crate::Result<Placement> {
        let customer = self.customer.0;
        let row = sqlx::query(
            "SELECT placement FROM muster_upgrade.placements WHERE customer_id = $1 AND task_id = $2 AND is_reported FOR UPDATE",
        )
        .bind(customer)
        .bind(task.0)
        .fetch_optional(self.connection())
        .await?;
        Ok(serde_json::from_value(row.ok_or(crate::Error::NotFound)?.get(0))?)
    }

    /// Puts a task where a person decided that it belongs. A plan that used the template without
    /// saying so is assigned it. A question that another task of that place asks already is not asked
    /// twice: the task stays beside it as one of its own.
    pub async fn place_task(&mut self, decision: UpgradeDecision, by: &str) -> crate::Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        let place = decision.destination;
        if let (Some(plan), Some(template)) = (place.plan_id, place.template_id) {
            sqlx::query(
                "INSERT INTO dna_app.customer_iso_plan_templates (customer_id, id, plan_id, template_id, release_id, created_at, updated_at)
                 SELECT $1, gen_random_uuid(), $2, $3, r.id, $4, $4 FROM dna_app.template_releases r
                 WHERE r.template_id = $3 AND r.released_at IS NOT NULL ORDER BY r.number DESC LIMIT 1
                 ON CONFLICT (customer_id, plan_id, template_id) DO NOTHING",
            )
            .bind(customer)
            .bind(plan)
            .bind(template)
            .bind(at.to_sqlx())
            .execute(self.connection())
            .await?;
        }
        sqlx::query(
            "UPDATE dna_app.customer_tasks SET task_scope = $3, plan_id = $4, template_id = $5, document_id = $6, generation_source = NULL,
                 updated_at = $7, version = version + 1
             WHERE customer_id = $1 AND id = $2",
        )
        .bind(customer)
        .bind(decision.task_id.0)
        .bind(place.task_scope.as_str())
        .bind(place.plan_id)
        .bind(place.template_id)
        .bind(place.document_id)
        .bind(at.to_sqlx())
        .execute(self.connection())
        .await?;
        sqlx::query(
            "UPDATE dna_app.customer_tasks t SET generation_source = 'question:' || q.key, position = q.position
             FROM dna_app.customer_iso_plan_templates a JOIN dna_app.template_questions q ON q.release_id = a.release_id
             WHERE t.customer_id = $1 AND t.id = $2 AND t.task_scope = 'template' AND t.task_type = 'answer_question'
               AND a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id AND q.label = btrim(t.title)
               AND NOT EXISTS (SELECT FROM dna_app.customer_tasks o WHERE o.customer_id = t.customer_id AND o.plan_id = t.plan_id
                   AND o.template_id = t.template_id AND o.document_id IS NULL AND o.generation_source = 'question:' || q.key)",
        )
        .bind(customer)
        .bind(decision.task_id.0)
        .execute(self.connection())
        .await?;
        sqlx::query(
            "UPDATE muster_upgrade.placements SET decision = $3, decided_by = $4, decided_at = $5 WHERE customer_id = $1 AND task_id = $2",
        )
        .bind(customer)
        .bind(decision.task_id.0)
        .bind(serde_json::to_value(place)?)
        .bind(by)
        .bind(at.to_sqlx())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
