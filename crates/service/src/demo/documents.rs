//! The demo's documents at Acme Corp: one with two approved versions, one that waits for its
//! approver, and one whose answers have changed since it was approved.

use muster_domain::{
    access::Actor,
    documents::{DocumentStatus, StepKind},
    ids::{DocumentId, PlanId, TemplateId},
    people::Password,
    templates::QuestionKind,
    text::Prose,
};
use serde_json::json;

use super::{Cast, DemoPerson, PEOPLE};
use crate::{AnswerRequest, Browser, Context, Credentials, DocumentRequest, Error, Given, NextVersion, Once, Proof, Result};

/// Those who make a document together, each signed in as themselves.
struct Makers {
    consultant: Actor,
    manager: Actor,
    contributor: Actor,
    approver: Actor,
}

impl Context {
    /// Makes the documents of three filled templates, as far as they are not there yet.
    pub(super) async fn load_documents(
        &self,
        cast: &Cast,
        plan: PlanId,
        templates: &[TemplateId],
        password_of: &impl Fn(&DemoPerson) -> Result<Password>,
    ) -> Result<()> {
        let mut signed_in = Vec::new();
        for person in &PEOPLE[1..5] {
            let password = password_of(person)?;
            let credentials = Credentials { email: person.email, password: password.expose() };
            let session =
                self.sign_in(credentials, None, Browser { network: "127.0.0.1", user_agent: "Muster demo", previous: None }).await?;
            signed_in.push((self.actor(&session.token).await?, session.token));
        }
        if let [consultant, manager, contributor, approver] = &signed_in[..] {
            let makers = Makers {
                consultant: consultant.0.clone(),
                manager: manager.0.clone(),
                contributor: contributor.0.clone(),
                approver: approver.0.clone(),
            };
            self.make_documents(cast, &makers, plan, templates).await?;
        }
        for (_, token) in signed_in {
            self.sign_out(&token).await?;
        }
        Ok(())
    }

    async fn make_documents(&self, cast: &Cast, makers: &Makers, plan: PlanId, templates: &[TemplateId]) -> Result<()> {
        let [two_versions, waiting, out_of_date] = templates else { return Err(Error::NotFound) };
        let id = self.demo_document(makers, plan, *two_versions).await?;
        self.bring_through(cast, makers, id, true).await?;
        let (document, _) = self.document(&makers.contributor, id).await?;
        if document.document_version == 1 {
            self.change_answer(makers, plan, *two_versions).await?;
            let note = Prose::parse("Says what is new since the last audit").map_err(Error::internal)?;
            self.begin_version(&makers.contributor, id, NextVersion { note: Some(&note), is_draft: false }).await?;
        }
        self.bring_through(cast, makers, id, true).await?;

        let id = self.demo_document(makers, plan, *waiting).await?;
        self.bring_through(cast, makers, id, false).await?;

        let id = self.demo_document(makers, plan, *out_of_date).await?;
        self.bring_through(cast, makers, id, true).await?;
        let (document, _) = self.document(&makers.contributor, id).await?;
        if document.out_of_date { Ok(()) } else { self.change_answer(makers, plan, *out_of_date).await }
    }

    async fn demo_document(&self, makers: &Makers, plan: PlanId, template: TemplateId) -> Result<DocumentId> {
        let saved = self.save_document(&makers.contributor, plan, template, DocumentRequest::default(), &Once::unkeyed()).await?;
        Ok(saved.value.document.id)
    }

    /// Has the latest version handed in and reviewed, and approved if it shall be.
    async fn bring_through(&self, cast: &Cast, makers: &Makers, id: DocumentId, to_the_end: bool) -> Result<()> {
        let mut document = self.document(&makers.manager, id).await?.0;
        if document.status == DocumentStatus::Draft {
            document = self.submit_document(&makers.manager, id, None).await?;
        }
        if document.status != DocumentStatus::InReview {
            return Ok(());
        }
        let view = self.document_view(&makers.consultant, id).await?;
        let next = view.handed_in.and_then(|version| version.round.next().map(|step| step.kind));
        if next == Some(StepKind::Review) {
            self.review_document(&makers.consultant, id, None).await?;
        }
        if to_the_end {
            let proof = Proof::Password(cast.approver_password.expose());
            self.approve_document(&makers.approver, id, Some(proof), None).await?;
        }
        Ok(())
    }

    /// Says something else to the first question that takes several lines.
    async fn change_answer(&self, makers: &Makers, plan: PlanId, template: TemplateId) -> Result<()> {
        let questionnaire = self.questionnaire(&makers.contributor, plan, template).await?;
        let mut questions = questionnaire.release.content.questions.iter();
        let question = questions.find(|one| one.kind == QuestionKind::LongText && one.reuse_key.is_none()).ok_or(Error::NotFound)?;
        let answer = questionnaire.answers.get(&question.key).ok_or(Error::NotFound)?;
        let value = json!(format!("{} Twice a year we try out whether this works.", answer.value.as_json().as_str().unwrap_or_default()));
        let request = AnswerRequest {
            plan_id: plan,
            template_id: template,
            key: &question.key,
            given: Given::Value(&value),
            expected: Some(answer.version),
        };
        self.answer(&makers.contributor, &request).await.map(drop)
    }
}
