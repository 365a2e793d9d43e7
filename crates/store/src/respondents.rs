//! Respondents: delegating a question to one, letting one in by a link, and the list of them.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use muster_domain::{
    access::{self, Respondent},
    audit::AuditActor,
    ids::{CustomerId, DelegationId, PlanId, RespondentId, TemplateId, UserId},
    respondents::{Delegation, RespondentDetails},
};

use crate::{
    CustomerReader, CustomerWriter, Result, Store,
    db::Mode,
    scope::{allow, customer_settings},
};

/// Nobody: numbers of people begin with 1. What is done by a link is nobody's with an account.
const NOBODY: UserId = UserId(0);

/// A link in force.
#[derive(Debug, Clone)]
pub struct OpenedLink {
    /// Whose it is.
    pub respondent: Respondent,
    /// Who asked them.
    pub asked_by: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A question to be delegated.
#[derive(Debug, Clone)]
pub struct NewDelegation<'a> {
    /// Its id, if the question is not delegated yet.
    pub id: DelegationId,
    /// To whom.
    pub respondent: RespondentId,
    /// The plan.
    pub plan: PlanId,
    /// The template.
    pub template: TemplateId,
    /// The key of the question.
    pub key: &'a str,
    /// What is told about it.
    pub note: Option<&'a str>,
}

impl Store {
    /// Whose link this is, while it is good, and the questions delegated to them that are not
    /// ignored.
    pub async fn open_respondent(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<Option<OpenedLink>> {
        let row = sqlx::query!(
            r#"SELECT customer_id AS "customer_id!", id AS "id!", name AS "name!", email AS "email!", expires_at AS "expires_at!", asked_by
               FROM auth.open_respondent($1, $2)"#,
            &token_hash[..],
            at.to_sqlx()
        )
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let (customer, id) = (CustomerId(row.customer_id), RespondentId(row.id));
        let mut reader = self.respondent_scope(Mode::Read, customer, at).await?;
        let questions = reader.delegations(Some(id)).await?;
        let questions = questions.into_iter().map(|(_, one)| (one.plan_id, one.template_id, one.question_key)).collect();
        // The one place where a link becomes a respondent.
        #[allow(clippy::disallowed_methods)]
        let respondent = Respondent::verified(id, customer, row.name, row.email, questions);
        Ok(Some(OpenedLink { respondent, asked_by: row.asked_by, expires_at: row.expires_at.to_jiff() }))
    }

    /// A reader for a respondent. What they see is theirs to say: the use case shows the delegated
    /// questions and nothing else.
    pub async fn respondent_reader(&self, respondent: &Respondent, at: Timestamp) -> Result<CustomerReader> {
        self.respondent_scope(Mode::Read, respondent.customer(), at).await
    }

    /// A writer in which a respondent answers one question.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] where it was not delegated to them.
    pub async fn respondent_writer(
        &self,
        respondent: &Respondent,
        (plan, template, key): (PlanId, TemplateId, &str),
        at: Timestamp,
    ) -> Result<CustomerWriter> {
        allow(access::decide_respondent(respondent, plan, template, key))?;
        let reader = self.respondent_scope(Mode::Write, respondent.customer(), at).await?;
        let by = AuditActor { id: None, name: format!("{} (respondent)", respondent.name()), email: respondent.email().to_owned() };
        Ok(CustomerWriter::for_respondent(reader, by, respondent.id()))
    }

    async fn respondent_scope(&self, mode: Mode, customer: CustomerId, at: Timestamp) -> Result<CustomerReader> {
        let tx = self.begin(mode, &customer_settings(customer, NOBODY)).await?;
        Ok(self.scope_of_customer(tx, customer, NOBODY, at))
    }
}

impl CustomerReader {
    /// Who can still answer questions of a template of a plan by a link: their names, by question.
    pub async fn asked_by_link(&mut self, plan: PlanId, template: TemplateId) -> Result<Vec<(String, String)>> {
        let (customer, at) = (self.customer.0, self.at);
        let rows = sqlx::query!(
            r#"SELECT d.question_key, r.name
               FROM dna_app.customer_respondent_questions d
               JOIN dna_app.customer_respondents r ON r.customer_id = d.customer_id AND r.id = d.respondent_id
               WHERE d.customer_id = $1 AND d.plan_id = $2 AND d.template_id = $3 AND r.revoked_at IS NULL AND r.expires_at > $4"#,
            customer,
            plan.0,
            template.0,
            at.to_sqlx()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(|row| (row.question_key, row.name)).collect())
    }

    /// The delegated questions, each with whose it is, in the order of their templates; ignored work
    /// aside. `respondent`: only theirs.
    pub async fn delegations(&mut self, respondent: Option<RespondentId>) -> Result<Vec<(RespondentId, Delegation)>> {
        let customer = self.customer.0;
        let rows = sqlx::query!(
            r#"SELECT d.id, d.respondent_id, d.plan_id, d.template_id, d.question_key, d.note, t.name AS template_name,
                      EXISTS (SELECT FROM dna_app.customer_answers a WHERE a.customer_id = d.customer_id AND a.plan_id = d.plan_id
                              AND a.template_id = d.template_id AND a.question_key = d.question_key AND a.withdrawn_at IS NULL) AS "is_answered!"
               FROM dna_app.customer_respondent_questions d
               JOIN dna_app.customer_iso_plan_templates g
                   ON g.customer_id = d.customer_id AND g.plan_id = d.plan_id AND g.template_id = d.template_id AND NOT g.is_ignored
               JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
               JOIN dna_app.templates t ON t.id = d.template_id
               JOIN dna_app.template_questions q ON q.release_id = g.release_id AND q.key = d.question_key
               WHERE d.customer_id = $1 AND ($2::uuid IS NULL OR d.respondent_id = $2)
               ORDER BY lower(t.name), d.plan_id, d.template_id, q.position, d.question_key"#,
            customer,
            respondent.map(|id| id.0)
        )
        .fetch_all(self.connection())
        .await?;
        let delegation = rows.into_iter().map(|row| {
            let question = Delegation {
                id: DelegationId(row.id),
                plan_id: PlanId(row.plan_id),
                template_id: TemplateId(row.template_id),
                template_name: row.template_name,
                question_key: row.question_key,
                note: row.note,
                is_answered: row.is_answered,
            };
            (RespondentId(row.respondent_id), question)
        });
        Ok(delegation.collect())
    }

    /// The customer's respondents, the latest first, with the questions delegated to them.
    pub async fn respondents(&mut self) -> Result<Vec<RespondentDetails>> {
        let customer = self.customer.0;
        let questions = self.delegations(None).await?;
        let rows = sqlx::query!(
            r#"SELECT r.id, r.name, r.email, r.created_at, r.expires_at, r.last_used_at, r.revoked_at, u.full_name AS "created_by?"
               FROM dna_app.customer_respondents r LEFT JOIN auth.users u ON u.id = r.created_by
               WHERE r.customer_id = $1 ORDER BY r.created_at DESC, r.id DESC"#,
            customer
        )
        .fetch_all(self.connection())
        .await?;
        let details = rows.into_iter().map(|row| RespondentDetails {
            id: RespondentId(row.id),
            name: row.name,
            email: row.email,
            created_by: row.created_by,
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            last_used_at: row.last_used_at.map(jiff_sqlx::Timestamp::to_jiff),
            revoked_at: row.revoked_at.map(jiff_sqlx::Timestamp::to_jiff),
            questions: questions.iter().filter(|(id, _)| id.0 == row.id).map(|(_, one)| one.clone()).collect(),
        });
        Ok(details.collect())
    }
}

impl CustomerWriter {
    /// The respondent with this address; made where there is none in force. Their links become good
    /// until `expires_at`, if they were not good for longer already.
    pub async fn respondent(&mut self, fresh: RespondentId, name: &str, email: &str, expires_at: Timestamp) -> Result<RespondentId> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let id = sqlx::query_scalar!(
            r#"INSERT INTO dna_app.customer_respondents AS r (id, customer_id, name, email, created_by, created_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (customer_id, lower(email)) WHERE revoked_at IS NULL
               DO UPDATE SET name = excluded.name, expires_at = greatest(r.expires_at, excluded.expires_at) RETURNING id"#,
            fresh.0,
            customer,
            name,
            email,
            actor,
            at.to_sqlx(),
            expires_at.to_sqlx()
        )
        .fetch_one(self.connection())
        .await?;
        Ok(RespondentId(id))
    }

    /// Keeps the hash of a new link of a respondent. Earlier links go on working.
    pub async fn add_respondent_link(&mut self, id: uuid::Uuid, respondent: RespondentId, token_hash: &[u8; 32]) -> Result<()> {
        let (customer, at) = (self.customer.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_respondent_links (id, customer_id, respondent_id, token_hash, created_at)
               VALUES ($1, $2, $3, $4, $5)"#,
            id,
            customer,
            respondent.0,
            &token_hash[..],
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Delegates a question; one that was delegated to somebody else is theirs no more.
    pub async fn delegate(&mut self, new: &NewDelegation<'_>) -> Result<()> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_respondent_questions (id, customer_id, respondent_id, plan_id, template_id, question_key, note,
                   delegated_by, delegated_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               ON CONFLICT (customer_id, plan_id, template_id, question_key)
               DO UPDATE SET respondent_id = excluded.respondent_id, note = excluded.note, delegated_by = excluded.delegated_by,
                   delegated_at = excluded.delegated_at"#,
            new.id.0,
            customer,
            new.respondent.0,
            new.plan.0,
            new.template.0,
            new.key,
            new.note,
            actor,
            at.to_sqlx()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Ends all links of a respondent at once and for good. `false`: that is done already.
    pub async fn revoke_respondent(&mut self, id: RespondentId) -> Result<bool> {
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let done = sqlx::query!(
            r#"UPDATE dna_app.customer_respondents SET revoked_at = $3, revoked_by = $4
               WHERE customer_id = $1 AND id = $2 AND revoked_at IS NULL"#,
            customer,
            id.0,
            at.to_sqlx(),
            actor
        )
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }
}
