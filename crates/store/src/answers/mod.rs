//! Answers.

mod reuse;

use jiff_sqlx::ToSqlx;
use muster_domain::{
    answers::{Answer, AnswerSource, AnswerValue, NewerAnswer},
    ids::{PlanId, RespondentId, TemplateId, UserId},
    people::Person,
    respondents::RespondentName,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{CustomerReader, CustomerWriter, Result};

/// An answer to be kept.
#[derive(Debug, Clone)]
pub struct AnswerChange<'a> {
    /// The key of the question.
    pub question_key: &'a str,
    /// The question's reuse key.
    pub reuse_key: Option<&'a str>,
    /// The value; null where the question does not apply.
    pub value: &'a AnswerValue,
    /// Why the question does not apply.
    pub not_applicable_reason: Option<&'a str>,
    /// Where the value was taken over from.
    pub reused_from: Option<&'a AnswerSource>,
}

struct AnswerRow {
    question_key: String,
    value: Value,
    not_applicable_reason: Option<String>,
    version: i32,
    answered_at: jiff_sqlx::Timestamp,
    answered_by: Option<i32>,
    answered_by_name: Option<String>,
    is_firm: Option<bool>,
    respondent_id: Option<Uuid>,
    respondent_name: Option<String>,
    source_plan: Option<Uuid>,
    source_code: Option<String>,
    source_template: Option<Uuid>,
    source_name: Option<String>,
    source_key: Option<String>,
    source_version: Option<i32>,
    newer_value: Option<Value>,
    newer_version: Option<i32>,
}

impl From<AnswerRow> for Answer {
    fn from(row: AnswerRow) -> Self {
        let source = || {
            Some(AnswerSource {
                plan_id: PlanId(row.source_plan?),
                iso_code: row.source_code?,
                template_id: TemplateId(row.source_template?),
                template_name: row.source_name?,
                question_key: row.source_key?,
                version: row.source_version?,
            })
        };
        let newer = row.newer_value.zip(row.newer_version);
        Self {
            reused_from: source(),
            question_key: row.question_key,
            value: AnswerValue::stored(row.value),
            not_applicable_reason: row.not_applicable_reason,
            version: row.version,
            answered_by: person(row.answered_by, row.answered_by_name, row.is_firm),
            respondent: row.respondent_id.zip(row.respondent_name).map(|(id, name)| RespondentName { id: RespondentId(id), name }),
            answered_at: row.answered_at.to_jiff(),
            newer_there: newer.map(|(value, version)| NewerAnswer { value: AnswerValue::stored(value), version }),
        }
    }
}

impl CustomerReader {
    /// The answers given to a template of a plan.
    pub async fn answers(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<Answer>> {
        self.answers_where(plan, template, None).await
    }

    /// The answer given to one question.
    pub async fn answer(&mut self, plan: PlanId, template: TemplateId, key: &str) -> Result<Option<Answer>> {
        Ok(self.answers_where(plan, template, Some(key)).await?.pop())
    }

    async fn answers_where(&mut self, plan: PlanId, template: TemplateId, key: Option<&str>) -> Result<Vec<Answer>> {
        let customer = self.customer.0;
        let rows = sqlx::query_as!(
            AnswerRow,
            r#"SELECT a.question_key, a.value, a.not_applicable_reason, a.version, a.answered_at, a.answered_by,
                      u.full_name AS "answered_by_name?", (u.role <> 'member') AS "is_firm?",
                      a.respondent_id, r.name AS "respondent_name?",
                      a.reused_from_plan_id AS source_plan, s.code AS "source_code?", a.reused_from_template_id AS source_template,
                      t.name AS "source_name?", a.reused_from_question_key AS source_key, a.reused_from_version AS source_version,
                      -- What the source says now, where that is not what was taken over.
                      f.value AS "newer_value?", f.version AS "newer_version?"
               FROM dna_app.customer_answers a
               LEFT JOIN auth.users u ON u.id = a.answered_by
               LEFT JOIN dna_app.customer_respondents r ON r.customer_id = a.customer_id AND r.id = a.respondent_id
               LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.reused_from_plan_id
               LEFT JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               LEFT JOIN dna_app.templates t ON t.id = a.reused_from_template_id
               LEFT JOIN dna_app.customer_answers f
                   ON f.customer_id = a.customer_id AND f.plan_id = a.reused_from_plan_id AND f.template_id = a.reused_from_template_id
                   AND f.question_key = a.reused_from_question_key AND f.version <> a.reused_from_version AND f.value <> a.value
                   AND f.withdrawn_at IS NULL AND f.not_applicable_reason IS NULL
               WHERE a.customer_id = $1 AND a.plan_id = $2 AND a.template_id = $3 AND ($4::text IS NULL OR a.question_key = $4)
                 AND a.withdrawn_at IS NULL"#,
            customer,
            plan.0,
            template.0,
            key
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(Answer::from).collect())
    }
}

impl CustomerWriter {
    /// Keeps the first answer to a question, or the first since one was taken back; its version counts
    /// on from that. `None`: it has been answered meanwhile.
    pub async fn insert_answer(&mut self, plan: PlanId, template: TemplateId, answer: &AnswerChange<'_>) -> Result<Option<i32>> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let respondent = self.respondent.map(|id| id.0);
        let source = answer.reused_from;
        Ok(sqlx::query_scalar!(
            r#"INSERT INTO dna_app.customer_answers AS a (customer_id, plan_id, template_id, question_key, value, reuse_key,
                   reused_from_plan_id, reused_from_template_id, reused_from_question_key, reused_from_version, answered_by, answered_at,
                   respondent_id, not_applicable_reason)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
               ON CONFLICT (customer_id, plan_id, template_id, question_key) DO UPDATE
               SET value = excluded.value, reuse_key = excluded.reuse_key, reused_from_plan_id = excluded.reused_from_plan_id,
                   reused_from_template_id = excluded.reused_from_template_id, reused_from_question_key = excluded.reused_from_question_key,
                   reused_from_version = excluded.reused_from_version, answered_by = excluded.answered_by,
                   answered_at = excluded.answered_at, respondent_id = excluded.respondent_id,
                   not_applicable_reason = excluded.not_applicable_reason, withdrawn_at = NULL, version = a.version + 1
               WHERE a.withdrawn_at IS NOT NULL
               RETURNING version"#,
            customer,
            plan.0,
            template.0,
            answer.question_key,
            answer.value.as_json(),
            answer.reuse_key,
            source.map(|from| from.plan_id.0),
            source.map(|from| from.template_id.0),
            source.map(|from| from.question_key.as_str()),
            source.map(|from| from.version),
            author,
            at.to_sqlx(),
            respondent,
            answer.not_applicable_reason
        )
        .fetch_optional(self.connection())
        .await?)
    }

    /// Replaces an answer, if it is still at `expected`. `None`: it is not.
    pub async fn update_answer(
        &mut self,
        plan: PlanId,
        template: TemplateId,
        answer: &AnswerChange<'_>,
        expected: i32,
    ) -> Result<Option<i32>> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let respondent = self.respondent.map(|id| id.0);
        let source = answer.reused_from;
        Ok(sqlx::query_scalar!(
            r#"UPDATE dna_app.customer_answers
               SET value = $5, reuse_key = $6, reused_from_plan_id = $7, reused_from_template_id = $8, reused_from_question_key = $9,
                   reused_from_version = $10, answered_by = $11, answered_at = $12, respondent_id = $13, not_applicable_reason = $14,
                   version = version + 1
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND question_key = $4 AND version = $15 AND withdrawn_at IS NULL
               RETURNING version"#,
            customer,
            plan.0,
            template.0,
            answer.question_key,
            answer.value.as_json(),
            answer.reuse_key,
            source.map(|from| from.plan_id.0),
            source.map(|from| from.template_id.0),
            source.map(|from| from.question_key.as_str()),
            source.map(|from| from.version),
            author,
            at.to_sqlx(),
            respondent,
            answer.not_applicable_reason,
            expected
        )
        .fetch_optional(self.connection())
        .await?)
    }

    /// Takes an answer back, if it is still at `expected`: the question is open again. `false`: it is
    /// not.
    pub async fn withdraw_answer(&mut self, plan: PlanId, template: TemplateId, key: &str, expected: i32) -> Result<bool> {
        let (customer, at) = (self.customer.0, self.at);
        let done = sqlx::query!(
            r#"UPDATE dna_app.customer_answers SET withdrawn_at = $6, version = version + 1
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND question_key = $4 AND version = $5 AND withdrawn_at IS NULL"#,
            customer,
            plan.0,
            template.0,
            key,
            expected,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }
}

/// A person from the three columns that name one.
pub(crate) fn person(id: Option<i32>, name: Option<String>, is_firm: Option<bool>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name?, is_firm: is_firm.unwrap_or_default() })
}
