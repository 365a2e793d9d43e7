//! Delegating a question, and what a respondent sees and does.

use jiff::{SignedDuration, Timestamp};
use muster_domain::{
    access::{Action, Actor, Respondent},
    answers::Answer,
    evidence::Evidence,
    ids::{CustomerId, DelegationId, JobId, PlanId, RespondentId, TemplateId, UserId},
    mail::Mailbox,
    respondents::{Delegate, Delegation, LinkLifetime, RespondentDetails},
    tasks::TaskChange,
    templates::{Question, QuestionKind},
    text::{Email, Name, Prose},
};
use muster_store::NewDelegation;
use serde::Serialize;

use crate::{
    AnswerRequest, AnswerSaved, Conflict, Context, Error, Given, Result,
    answers::{keep_answer, refuse_ignored},
    audit::{DelegatedQuestion, Notes as _},
    boxed,
    mail::{Signature, compose, delegation_letter},
    secrets,
};

/// From which unknown link on a network address has to wait.
const FREE_UNKNOWN_LINKS: i32 = 50;

/// A question that was delegated.
#[derive(Debug)]
pub struct Delegated {
    /// The customer.
    pub customer: CustomerId,
    /// To whom: a name.
    pub to: String,
    /// The link, to be passed on: only where no mail takes it. Shown here and never again.
    pub link: Option<String>,
}

/// What a respondent sees.
#[derive(Debug)]
pub struct Asked {
    /// Who they are.
    pub respondent: Respondent,
    /// The customer that they answer for.
    pub customer_name: String,
    /// The firm that looks after it.
    pub firm: String,
    /// Who asked them.
    pub asked_by: Option<String>,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// The questions delegated to them, and nothing else.
    pub questions: Vec<AskedQuestion>,
}

/// A question as a respondent sees it.
#[derive(Debug, Clone, Serialize)]
pub struct AskedQuestion {
    /// The delegation.
    pub delegation: Delegation,
    /// The question.
    pub question: Question,
    /// The answer that it has, whoever gave it.
    pub answer: Option<Answer>,
    /// The files that the respondent handed in for it.
    pub evidence: Vec<Evidence>,
}

impl AskedQuestion {
    /// Whether files can be handed in for it.
    pub fn takes_files(&self) -> bool {
        self.question.kind == QuestionKind::File || self.question.requires_evidence
    }
}

impl Context {
    /// Delegates a question. To a member: its task becomes theirs. To somebody without an account:
    /// they get a link by mail, or the link is answered where there is no mail server.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the template does not ask this.
    #[boxed]
    pub async fn delegate(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str, to: &Delegate) -> Result<Delegated> {
        match to {
            Delegate::Member(user) => self.delegate_to_member(actor, plan, template, key, *user).await,
            Delegate::Outsider { name, email, note, lifetime } => {
                let place = (plan, template, key);
                self.delegate_outside(actor, place, (name, email), note.as_ref(), *lifetime).await
            }
        }
    }

    async fn delegate_to_member(&self, actor: &Actor, plan: PlanId, template: TemplateId, key: &str, user: UserId) -> Result<Delegated> {
        let customer = self.customer_of_plan(actor, plan).await?;
        self.store.allow(actor, customer, Action::Delegate, self.now())?;
        let asked = self.questionnaire(actor, plan, template).await?;
        asked.release.content.question(key).ok_or(Error::NotFound)?;
        let id = asked.task_id(key).ok_or(Error::NotFound)?;
        let version = self.task(actor, id).await?.version;
        let change = TaskChange { assigned_to: Some(Some(user)), ..TaskChange::default() };
        let task = self.update_task(actor, id, &change, version).await?;
        let to = task.assigned_to.map(|person| person.name).unwrap_or_default();
        Ok(Delegated { customer, to, link: None })
    }

    async fn delegate_outside(
        &self,
        actor: &Actor,
        (plan, template, key): (PlanId, TemplateId, &str),
        (name, email): (&Name, &Email),
        note: Option<&Prose>,
        lifetime: LinkLifetime,
    ) -> Result<Delegated> {
        let at = self.now();
        let customer = self.customer_of_plan(actor, plan).await?;
        let firm = self.firm_name().await?;
        let mut writer = self.store.writer(actor, customer, Action::Delegate, at).await?;
        refuse_ignored(&mut writer, plan, template).await?;
        let release = writer.pinned_release(plan, template).await?;
        let question = release.content.question(key).ok_or(Error::NotFound)?;
        let until = at.checked_add(SignedDuration::from_hours(24 * i64::from(lifetime.days()))).map_err(Error::internal)?;
        let respondent = writer.respondent(RespondentId(self.ids.next()), name.as_str(), email.as_str(), until).await?;
        let delegation =
            NewDelegation { id: DelegationId(self.ids.next()), respondent, plan, template, key, note: note.map(Prose::as_str) };
        writer.delegate(&delegation).await?;
        let secret = secrets::draw();
        writer.add_respondent_link(self.ids.next(), respondent, &secrets::hash(&secret)).await?;
        let link = self.link(&format!("/respond/{secret}"));
        let place = &writer.assignment(plan, template).await?;
        writer.note_made("question.delegated", &DelegatedQuestion { place, key, name: name.as_str(), email: email.as_str(), until })?;
        let is_mailed = self.has_mail_server();
        if is_mailed {
            let letter =
                delegation_letter(actor.name(), &writer.customer().await?.name, &question.label, note, &link).map_err(Error::internal)?;
            let to = Mailbox { name: Some(name.clone()), address: email.clone() };
            let mail = compose(to, letter, Signature { name: actor.name(), firm: &firm }).map_err(Error::internal)?;
            let job = JobId(self.ids.next());
            writer.queue_mail(&self.secret_mail(job, &self.message_id(job), &mail)).await?;
        }
        writer.commit().await?;
        Ok(Delegated { customer, to: name.to_string(), link: (!is_mailed).then_some(link) })
    }

    /// The respondents of a customer, the latest first.
    #[boxed]
    pub async fn respondents(&self, actor: &Actor, customer: CustomerId) -> Result<Vec<RespondentDetails>> {
        Ok(self.store.reader(actor, customer, Action::Delegate, self.now()).await?.respondents().await?)
    }

    /// Ends all links of a respondent at once and for good. What they answered stays.
    #[boxed]
    pub async fn revoke_respondent(&self, actor: &Actor, customer: CustomerId, id: RespondentId) -> Result<()> {
        let at = self.now();
        let mut writer = self.store.writer(actor, customer, Action::Delegate, at).await?;
        let before = writer.respondents().await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
        if !writer.revoke_respondent(id).await? {
            return Err(Error::NotFound);
        }
        let after = RespondentDetails { revoked_at: Some(at), ..before.clone() };
        writer.note_changed("respondent.revoked", &before, &after)?;
        Ok(writer.commit().await?)
    }

    /// What the holder of a link sees.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the link is unknown, has ended or was revoked: all told alike;
    /// [`Error::TooManyAttempts`] after fifty of those from one network.
    #[boxed]
    pub async fn asked(&self, secret: &str, network: &str) -> Result<Asked> {
        let at = self.now();
        let opened = self.store.open_respondent(&secrets::hash(secret), at).await?;
        let Some(opened) = opened else {
            let subjects = [format!("respond-network {network}")];
            self.refuse_blocked(&subjects, at).await?;
            self.store.count_sign_in_attempt(&subjects[0], FREE_UNKNOWN_LINKS, at).await?;
            return Err(Error::NotFound);
        };
        let mut reader = self.store.respondent_reader(&opened.respondent, at).await?;
        let mut questions = Vec::new();
        for (_, delegation) in reader.delegations(Some(opened.respondent.id())).await? {
            let release = reader.pinned_release(delegation.plan_id, delegation.template_id).await?;
            let Some(question) = release.content.question(&delegation.question_key) else { continue };
            let task =
                reader.question_task(delegation.plan_id, delegation.template_id, &delegation.question_key).await?.map(|task| task.id);
            let is_theirs = |one: &Evidence| one.respondent.as_ref().is_some_and(|by| by.id == opened.respondent.id());
            questions.push(AskedQuestion {
                question: question.clone(),
                evidence: reader.evidence_serving(task.as_slice()).await?.into_iter().filter(is_theirs).collect(),
                answer: reader.answer(delegation.plan_id, delegation.template_id, &delegation.question_key).await?,
                delegation,
            });
        }
        let customer_name = reader.customer().await?.name;
        drop(reader);
        Ok(Asked {
            customer_name,
            firm: self.firm_name().await?,
            asked_by: opened.asked_by,
            expires_at: opened.expires_at,
            respondent: opened.respondent,
            questions,
        })
    }

    /// Answers a question that was delegated to a respondent, as a person with an account does: its
    /// task is completed by it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it was not delegated to them; otherwise as for [`Context::answer`].
    #[boxed]
    pub async fn respond(&self, respondent: &Respondent, request: &AnswerRequest<'_>) -> Result<AnswerSaved> {
        // There is nothing to take over for somebody who sees no other answer.
        if matches!(request.given, Given::Reused(_)) {
            return Err(Error::NotFound);
        }
        let place = (request.plan_id, request.template_id, request.key);
        let writer = self.store.respondent_writer(respondent, place, self.now()).await?;
        match keep_answer(writer, request).await {
            Err(Error::Conflict(Conflict::Ignored(_))) => Err(Error::NotFound),
            kept => kept,
        }
    }
}
