//! The same fact asked in several places of a customer.

use muster_domain::{
    answers::{Answer, AnswerSource, AnswerValue, Suggestion, Use},
    ids::{PlanId, TemplateId},
};

use super::person;
use crate::{CustomerReader, Result};

impl CustomerReader {
    /// The latest answers that the customer gave elsewhere, ignored work aside, to questions with
    /// the reuse keys of this template's questions, or of the one with a key. What does not apply
    /// elsewhere says nothing here. `from`: only what is said in this template of this plan.
    pub async fn suggestions(
        &mut self,
        plan: PlanId,
        template: TemplateId,
        key: Option<&str>,
        from: Option<(PlanId, TemplateId)>,
    ) -> Result<Vec<Suggestion>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT DISTINCT ON (q.key) q.key, a.value, a.answered_at, a.version, a.plan_id, a.template_id, a.question_key, s.code, t.name
               FROM dna_app.customer_iso_plan_templates here
               JOIN dna_app.template_questions q ON q.release_id = here.release_id AND q.reuse_key IS NOT NULL
                   AND ($4::text IS NULL OR q.key = $4)
               JOIN dna_app.customer_answers a ON a.customer_id = here.customer_id AND a.reuse_key = q.reuse_key
                   AND a.not_applicable_reason IS NULL AND a.withdrawn_at IS NULL
                   AND (a.plan_id, a.template_id) <> (here.plan_id, here.template_id)
                   AND ($5::uuid IS NULL OR (a.plan_id, a.template_id) = ($5, $6::uuid))
               JOIN dna_app.customer_iso_plan_templates there
                   ON there.customer_id = a.customer_id AND there.plan_id = a.plan_id AND there.template_id = a.template_id AND NOT there.is_ignored
               JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates t ON t.id = a.template_id
               WHERE here.customer_id = $1 AND here.plan_id = $2 AND here.template_id = $3
               ORDER BY q.key, a.answered_at DESC, a.id"#,
            customer,
            plan.0,
            template.0,
            key,
            from.map(|source| source.0.0),
            from.map(|source| source.1.0)
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Suggestion {
                question_key: row.key,
                value: AnswerValue::stored(row.value),
                source: AnswerSource {
                    plan_id: PlanId(row.plan_id),
                    iso_code: row.code,
                    template_id: TemplateId(row.template_id),
                    template_name: row.name,
                    question_key: row.question_key,
                    version: row.version,
                },
                answered_at: row.answered_at.to_jiff(),
            })
            .collect())
    }

    /// Every question of the customer's with a reuse key, ignored work aside, with its answer: by
    /// standard and template.
    pub async fn uses(&mut self, reuse_key: &str) -> Result<Vec<Use>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT g.plan_id, s.code, g.template_id, t.name, q.key, q.label, a.value AS "value?", a.not_applicable_reason,
                      a.version AS "version?", a.answered_at AS "answered_at?", a.answered_by, u.full_name AS "answered_by_name?",
                      (u.role <> 'member') AS "is_firm?"
               FROM dna_app.customer_iso_plan_templates g
               JOIN dna_app.template_questions q ON q.release_id = g.release_id AND q.reuse_key = $2
               JOIN dna_app.customer_iso_plans p ON p.customer_id = g.customer_id AND p.id = g.plan_id AND NOT p.is_ignored
               JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
               JOIN dna_app.templates t ON t.id = g.template_id
               LEFT JOIN dna_app.customer_answers a ON a.customer_id = g.customer_id AND a.plan_id = g.plan_id
                   AND a.template_id = g.template_id AND a.question_key = q.key AND a.withdrawn_at IS NULL
               LEFT JOIN auth.users u ON u.id = a.answered_by
               WHERE g.customer_id = $1 AND NOT g.is_ignored
               ORDER BY s.code, lower(t.name), q.position"#,
            customer,
            reuse_key
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| Use {
                plan_id: PlanId(row.plan_id),
                iso_code: row.code,
                template_id: TemplateId(row.template_id),
                template_name: row.name,
                question_key: row.key.clone(),
                label: row.label,
                answer: row.value.zip(row.version).zip(row.answered_at).map(|((value, version), at)| Answer {
                    question_key: row.key,
                    value: AnswerValue::stored(value),
                    not_applicable_reason: row.not_applicable_reason,
                    version,
                    answered_by: person(row.answered_by, row.answered_by_name, row.is_firm),
                    respondent: None,
                    answered_at: at.to_jiff(),
                    reused_from: None,
                    newer_there: None,
                }),
            })
            .collect())
    }
}
