//! Answers.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    answers::{Answer, AnswerValue, Suggestion},
    ids::{PlanId, RespondentId, TemplateId, UserId},
    people::Person,
    respondents::RespondentName,
};

use crate::{CustomerReader, CustomerWriter, Result};

/// An answer to be kept.
#[derive(Debug, Clone)]
pub struct AnswerChange<'a> {
    /// The key of the question.
    pub question_key: &'a str,
    /// The question's reuse key.
    pub reuse_key: Option<&'a str>,
    /// The value.
    pub value: &'a AnswerValue,
    /// Where the value was reused from.
    pub reused_from: Option<(PlanId, TemplateId)>,
}

impl CustomerReader {
    /// The answers given to a template of a plan.
    pub async fn answers(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<Answer>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT a.question_key, a.value, a.not_applicable_reason, a.version, a.answered_at, a.answered_by, u.full_name AS "answered_by_name?", a.respondent_id, r.name AS "respondent_name?",
                      (u.role <> 'member') AS "is_firm?", f.name AS "reused_from?"
               FROM dna_app.customer_answers a
               LEFT JOIN auth.users u ON u.id = a.answered_by
               LEFT JOIN dna_app.customer_respondents r ON r.customer_id = a.customer_id AND r.id = a.respondent_id
               LEFT JOIN dna_app.templates f ON f.id = a.reused_from_template_id
               WHERE a.customer_id = $1 AND a.plan_id = $2 AND a.template_id = $3"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Answer {
                question_key: row.question_key,
                value: AnswerValue::stored(row.value),
                not_applicable_reason: row.not_applicable_reason,
                version: row.version,
                answered_by: person(row.answered_by, row.answered_by_name, row.is_firm),
                respondent: row.respondent_id.zip(row.respondent_name).map(|(id, name)| RespondentName { id: RespondentId(id), name }),
                answered_at: row.answered_at.to_jiff(),
                reused_from: row.reused_from,
            })
            .collect())
    }

    /// The latest answers that the customer gave elsewhere, ignored work aside, to questions with
    /// the reuse keys of this template's questions.
    pub async fn suggestions(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<(Suggestion, PlanId, TemplateId)>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT DISTINCT ON (q.key) q.key, a.value, a.answered_at, a.plan_id, a.template_id, s.code, t.name
               FROM dna_app.customer_iso_plan_templates here
               JOIN dna_app.template_questions q ON q.release_id = here.release_id AND q.reuse_key IS NOT NULL
               JOIN dna_app.customer_answers a ON a.customer_id = here.customer_id AND a.reuse_key = q.reuse_key AND a.not_applicable_reason IS NULL
                   AND (a.plan_id, a.template_id) <> (here.plan_id, here.template_id)
               JOIN dna_app.customer_iso_plan_templates there
                   ON there.customer_id = a.customer_id AND there.plan_id = a.plan_id AND there.template_id = a.template_id AND NOT there.is_ignored
               JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates t ON t.id = a.template_id
               WHERE here.customer_id = $1 AND here.plan_id = $2 AND here.template_id = $3
               ORDER BY q.key, a.answered_at DESC, a.id"#,
            customer,
            plan.0,
            template.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let suggestion = Suggestion {
                    question_key: row.key,
                    value: AnswerValue::stored(row.value),
                    iso_code: row.code,
                    template_name: row.name,
                    answered_at: row.answered_at.to_jiff(),
                };
                (suggestion, PlanId(row.plan_id), TemplateId(row.template_id))
            })
            .collect())
    }
}

impl CustomerWriter {
    /// Keeps the first answer to a question. `None`: it has been answered meanwhile.
    pub async fn insert_answer(&mut self, plan: PlanId, template: TemplateId, answer: &AnswerChange<'_>) -> Result<Option<i32>> {
        let (customer, author, at) = (self.customer.0, self.author(), self.at);
        let respondent = self.respondent.map(|id| id.0);
        Ok(sqlx::query_scalar!(
            r#"INSERT INTO dna_app.customer_answers (customer_id, plan_id, template_id, question_key, value, reuse_key,
                   reused_from_plan_id, reused_from_template_id, answered_by, answered_at, respondent_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
               ON CONFLICT (customer_id, plan_id, template_id, question_key) DO NOTHING RETURNING version"#,
            customer,
            plan.0,
            template.0,
            answer.question_key,
            answer.value.as_json(),
            answer.reuse_key,
            answer.reused_from.map(|from| from.0.0),
            answer.reused_from.map(|from| from.1.0),
            author,
            at.to_sqlx(),
            respondent
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
        Ok(sqlx::query_scalar!(
            r#"UPDATE dna_app.customer_answers
               SET value = $5, reuse_key = $6, reused_from_plan_id = $7, reused_from_template_id = $8, answered_by = $9, answered_at = $10,
                   respondent_id = $12, version = version + 1
               WHERE customer_id = $1 AND plan_id = $2 AND template_id = $3 AND question_key = $4 AND version = $11 RETURNING version"#,
            customer,
            plan.0,
            template.0,
            answer.question_key,
            answer.value.as_json(),
            answer.reuse_key,
            answer.reused_from.map(|from| from.0.0),
            answer.reused_from.map(|from| from.1.0),
            author,
            at.to_sqlx(),
            expected,
            respondent
        )
        .fetch_optional(self.connection())
        .await?)
    }
}

/// A person from the three columns that name one.
pub(crate) fn person(id: Option<i32>, name: Option<String>, is_firm: Option<bool>) -> Option<Person> {
    Some(Person { id: UserId(id?), name: name?, is_firm: is_firm.unwrap_or_default() })
}
