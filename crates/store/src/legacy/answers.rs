//! Answers of the older database, and the log that tells how they came about.

use muster_domain::{audit::AuditEntry, ids::CustomerId};
use serde_json::Value;
use sqlx::{Executor as _, Row as _};
use uuid::Uuid;

use super::{LegacyDatabase, Result, columns::with_lookups, layout::next, tables::Schema};

/// An answer to be laid out.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// The plan.
    pub plan_id: Uuid,
    /// The template.
    pub template_id: Uuid,
    /// The question's key.
    pub question_key: String,
    /// The value, as it is stored.
    pub value: Value,
    /// Who gave it, as the older program numbers people.
    pub by: Option<i64>,
    /// When, as the older program wrote it.
    pub at: Option<String>,
}

impl LegacyDatabase {
    /// What people answered in tasks of a customer: the task's original row, and the rows of its
    /// resolutions, the earliest first. Tasks without an answer are left out.
    pub async fn original_answers(&mut self, customer: i32) -> Result<Vec<(Uuid, Value, Vec<Value>)>> {
        let statement = format!(
            "SELECT (t.j ->> 'id')::uuid, t.j, coalesce(r.list, '[]')
             FROM {tasks} t
             LEFT JOIN (SELECT r.j ->> 'task_id' AS task_id, jsonb_agg(r.j ORDER BY coalesce(r.j ->> 'resolved_at', r.j ->> 'created_at'), r.j ->> 'id') AS list
                        FROM {resolutions} r GROUP BY 1) r ON r.task_id = t.j ->> 'id'
             WHERE r.list IS NOT NULL OR coalesce(t.j ->> 'answer', '') <> ''
             ORDER BY 1",
            tasks = self.rows("customer_tasks", Some(customer)),
            resolutions = self.rows("task_resolutions", Some(customer)),
        );
        let rows = self.connection.fetch_all(with_lookups(&statement)).await?;
        rows.into_iter().map(|row| Ok((row.get(0), row.get(1), serde_json::from_value(row.get(2))?))).collect()
    }

    /// Moments as the older program wrote them, read in the zone of the upgrade, in microseconds since
    /// 1970; the beginning of the upgrade for what is none.
    pub async fn moments(&mut self, given: &[Option<String>]) -> Result<Vec<i64>> {
        let rows = sqlx::query(
            "SELECT (extract(epoch FROM coalesce(muster_upgrade.moment(g.text), muster_upgrade.began())) * 1000000)::bigint
             FROM unnest($1::text[]) WITH ORDINALITY AS g (text, place) ORDER BY g.place",
        )
        .bind(given)
        .fetch_all(&mut self.connection)
        .await?;
        Ok(rows.into_iter().map(|row| row.get(0)).collect())
    }

    /// Lays out answers of a customer.
    pub async fn lay_out_answers(&mut self, customer: i32, answers: &[NewAnswer]) -> Result<()> {
        if answers.is_empty() {
            return Ok(());
        }
        let statement = format!(
            "INSERT INTO {app}.customer_answers (id, customer_id, plan_id, template_id, question_key, value, answered_by, answered_at)
             SELECT gen_random_uuid(), $1, g.plan_id, g.template_id, g.key, g.value, muster_upgrade.person(g.by),
                    coalesce(muster_upgrade.moment(g.at), muster_upgrade.began())
             FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::integer[], $7::text[]) AS g (plan_id, template_id, key, value, by, at)",
            app = next(Schema::App)
        );
        sqlx::query(with_lookups(&statement))
            .bind(customer)
            .bind(answers.iter().map(|one| one.plan_id).collect::<Vec<_>>())
            .bind(answers.iter().map(|one| one.template_id).collect::<Vec<_>>())
            .bind(answers.iter().map(|one| one.question_key.clone()).collect::<Vec<_>>())
            .bind(answers.iter().map(|one| one.value.clone()).collect::<Vec<_>>())
            .bind(answers.iter().map(|one| one.by.and_then(|id| i32::try_from(id).ok())).collect::<Vec<_>>())
            .bind(answers.iter().map(|one| one.at.clone()).collect::<Vec<_>>())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// The names of people, by the older program's numbers.
    pub async fn people_names(&mut self) -> Result<std::collections::HashMap<i32, (String, String)>> {
        let statement = format!("SELECT id, full_name, email FROM {auth}.users", auth = next(Schema::Auth));
        let rows = self.connection.fetch_all(with_lookups(&statement)).await?;
        Ok(rows.into_iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
    }

    /// Writes the first entries of a customer's audit log.
    pub async fn lay_out_log(&mut self, customer: CustomerId, entries: &[AuditEntry]) -> Result<()> {
        let Some(last) = entries.last() else { return Ok(()) };
        let app = next(Schema::App);
        let statement = format!(
            "INSERT INTO {app}.customer_audit_log (customer_id, id, at, actor_id, actor_name, actor_email, action, subject_kind, subject_id, subject_title,
                 before, after, previous_hash, hash)
             SELECT $1, g.id, 'epoch'::timestamptz + g.at * interval '1 microsecond', g.actor, g.name, g.email, g.action, g.kind, g.subject, g.title,
                    g.before::json, g.after::json, g.previous, g.hash
             FROM unnest($2::bigint[], $3::bigint[], $4::integer[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
                         $12::text[], $13::bytea[], $14::bytea[])
                  AS g (id, at, actor, name, email, action, kind, subject, title, before, after, previous, hash)"
        );
        fn column<T>(entries: &[AuditEntry], value: impl Fn(&AuditEntry) -> T) -> Vec<T> {
            entries.iter().map(value).collect()
        }
        sqlx::query(with_lookups(&statement))
            .bind(customer.0)
            .bind(column(entries, |one| one.number))
            .bind(column(entries, |one| one.at.as_microsecond()))
            .bind(column(entries, |one| one.actor.id.map(|id| id.0)))
            .bind(column(entries, |one| one.actor.name.clone()))
            .bind(column(entries, |one| one.actor.email.clone()))
            .bind(column(entries, |one| one.action.clone()))
            .bind(column(entries, |one| one.subject.kind.clone()))
            .bind(column(entries, |one| one.subject.id.clone()))
            .bind(column(entries, |one| one.subject.title.clone()))
            .bind(column(entries, |one| one.before.clone()))
            .bind(column(entries, |one| one.after.clone()))
            .bind(column(entries, |one| one.previous.to_vec()))
            .bind(column(entries, |one| one.hash.to_vec()))
            .execute(&mut self.connection)
            .await?;
        let statement = format!("UPDATE {app}.customer_audit_heads SET number = $2, hash = $3 WHERE customer_id = $1");
        sqlx::query(with_lookups(&statement))
            .bind(customer.0)
            .bind(last.number)
            .bind(last.hash.to_vec())
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }
}
