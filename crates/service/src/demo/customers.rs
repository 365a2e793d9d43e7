//! The demo's three customers.

use jiff::Span;
use muster_domain::{
    answers::AnswerValue,
    customers::{CustomerDetails, Zone},
    ids::{CustomerId, PlanId, TemplateId, UserId},
    people::{MemberRole, Password},
    tasks::{HandMadeTask, Task, TaskChange, TaskFilter, TaskMove, TaskPlace, TaskSort, TaskType},
    templates::{Question, QuestionKind},
    text::{Email, Prose, Title},
};
use muster_store::{CustomerFilter, Slice};
use serde_json::{Value, json};

use super::{Cast, DemoPerson, line};
use crate::{AnswerRequest, Context, DocumentRequest, Error, Given, Once, PlanRequest, Result, TemplateChoice};

const ALL: Slice = Slice { limit: 200, offset: 0 };

/// What a demo customer is made from.
struct Profile {
    name: &'static str,
    email: &'static str,
    contact: &'static str,
    description: &'static str,
    zone: &'static str,
}

impl Context {
    /// Well under way: two standards with templates in every state, and one without any.
    pub(super) async fn load_acme(&self, cast: &Cast, password_of: &impl Fn(&DemoPerson) -> Result<Password>) -> Result<()> {
        let profile = Profile {
            name: "Acme Corp",
            email: "compliance@acme.example",
            contact: "Elena Brandt",
            description: "Precision sensors, 214 staff in Vienna, Graz and Maribor",
            zone: "Europe/Vienna",
        };
        let acme = self.demo_customer(cast, &profile).await?;
        self.add_demo_member(cast, acme, cast.consultant, MemberRole::Consultant, &[]).await?;
        self.add_demo_member(cast, acme, cast.manager, MemberRole::Manager, &[]).await?;
        self.add_demo_member(cast, acme, cast.contributor, MemberRole::Contributor, &[]).await?;
        self.add_demo_member(cast, acme, cast.approver, MemberRole::Approver, &["manager", "ciso"]).await?;
        self.add_demo_member(cast, acme, cast.auditor, MemberRole::Auditor, &[]).await?;

        let isms = self.demo_plan(cast, acme, "ISO 27001:2022", Some(210)).await?;
        let mut filled = Vec::new();
        for name in ["Access Control", "Information Security Policy", "Incident Handling"] {
            let template = self.demo_template(cast, acme, isms, name).await?;
            self.demo_answers(cast, isms, template, usize::MAX, "Acme Corp").await?;
            filled.push(template);
        }
        self.load_documents(cast, isms, &filled, password_of).await?;
        let patches = self.demo_template(cast, acme, isms, "Patch Management").await?;
        self.demo_answers(cast, isms, patches, 8, "Acme Corp").await?;
        self.demo_template(cast, acme, isms, "Supplier Security").await?;
        let qms = self.demo_plan(cast, acme, "ISO 9001:2015", Some(390)).await?;
        let policy = self.demo_template(cast, acme, qms, "Quality Policy").await?;
        self.demo_answers(cast, qms, policy, 3, "Acme Corp").await?;
        self.demo_plan(cast, acme, "ISO 22301:2019", None).await?;

        let tasks = self.demo_tasks(cast, acme).await?;
        self.demo_done(cast, &tasks, "Send welcome email").await?;
        self.demo_assign(cast, &tasks, "Complete onboarding survey", Some(cast.manager), -4).await?;
        self.demo_assign(cast, &tasks, "Review scope", Some(cast.consultant), -2).await?;
        self.demo_assign(cast, &tasks, "Identify stakeholders", Some(cast.consultant), 6).await?;
        self.demo_assign(cast, &tasks, "Review the standard's requirements", Some(cast.admin.user_id()), 1).await?;
        self.demo_assign(cast, &tasks, "Attend kickoff meeting", Some(cast.manager), 1).await?;
        self.demo_done(cast, &tasks, "Attend kickoff meeting").await?;
        let open: Vec<Task> = tasks.iter().filter(|task| task.status.is_open()).cloned().collect();
        self.demo_assign(cast, &open, "Get CISO approval", Some(cast.approver), 12).await?;
        self.demo_assign(cast, &tasks, "Who may approve an emergency patch outside the maintenance window?", Some(cast.contributor), 3)
            .await?;
        self.demo_task(cast, &tasks, acme, "Sign the data processing agreement", Some(cast.manager), 9, true).await?;
        let photo = self.demo_task(cast, &tasks, acme, "Arrange a photo for the reference page", None, 20, false).await?;
        self.ignore_task(&cast.admin, photo.id, &prose("The customer does not want to be named.")?, None).await.map(drop)
    }

    /// Nearly done with one standard.
    pub(super) async fn load_brueckner(&self, cast: &Cast) -> Result<()> {
        let profile = Profile {
            name: "Brückner Maschinenbau GmbH & Co. KG",
            email: "qm@brueckner.example",
            contact: "Hannes Vogel",
            description: "Machine tools, Ravensburg",
            zone: "Europe/Berlin",
        };
        let id = self.demo_customer(cast, &profile).await?;
        self.add_demo_member(cast, id, cast.consultant, MemberRole::Consultant, &[]).await?;
        let plan = self.demo_plan(cast, id, "ISO 9001:2015", Some(60)).await?;
        for name in ["Quality Policy", "Document Control", "Customer Feedback"] {
            let template = self.demo_template(cast, id, plan, name).await?;
            self.demo_answers(cast, plan, template, usize::MAX, profile.name).await?;
            self.save_document(&cast.admin, plan, template, DocumentRequest::default(), &Once::unkeyed()).await?;
        }
        let tasks = self.demo_tasks(cast, id).await?;
        self.demo_assign(cast, &tasks, "Review completed document", Some(cast.admin.user_id()), -1).await?;
        self.demo_assign(cast, &tasks, "Identify stakeholders", Some(cast.admin.user_id()), 8).await?;
        for title in ["Send welcome email", "Complete onboarding survey", "Review scope", "Attend kickoff meeting"] {
            self.demo_done(cast, &tasks, title).await?;
        }
        Ok(())
    }

    /// Just begun: no standard yet.
    pub(super) async fn load_ufuq(&self, cast: &Cast) -> Result<()> {
        let profile = Profile {
            name: "دار الأفق للنشر",
            email: "office@ufuq.example",
            contact: "ليلى حداد",
            description: "Dar Al-Ufuq, publishing, Amman",
            zone: "Asia/Amman",
        };
        self.demo_customer(cast, &profile).await.map(drop)
    }

    async fn demo_customer(&self, cast: &Cast, profile: &Profile) -> Result<CustomerId> {
        let filter = CustomerFilter { words: Some(profile.name.to_owned()), with_archived: true };
        if let Some(there) = self.customers(&cast.admin, &filter, ALL).await?.items.into_iter().next() {
            return Ok(there.id);
        }
        let details = CustomerDetails {
            name: line(profile.name)?,
            email: Some(Email::parse(profile.email).map_err(Error::internal)?),
            contact_person: Some(line(profile.contact)?),
            phone: None,
            address: None,
            website: None,
            description: Some(prose(profile.description)?),
            time_zone: Zone::parse(profile.zone).map_err(Error::internal)?,
        };
        Ok(self.create_customer(&cast.admin, &details, &Once::unkeyed()).await?.value.customer.id)
    }

    async fn demo_plan(&self, cast: &Cast, customer: CustomerId, iso_code: &str, days: Option<i32>) -> Result<PlanId> {
        let request = PlanRequest {
            standard_id: None,
            iso_code: Some(iso_code.to_owned()),
            templates: TemplateChoice::These(Vec::new()),
            target_completion_date: days.and_then(|days| self.in_days(days)),
        };
        Ok(self.assign_plan(&cast.admin, customer, &request, &Once::unkeyed()).await?.value.plan.id)
    }

    async fn demo_template(&self, cast: &Cast, customer: CustomerId, plan: PlanId, name: &str) -> Result<TemplateId> {
        let (_, templates) = self.assignable(&cast.admin, customer, None).await?;
        let template = templates.into_iter().find(|template| template.name == name).ok_or(Error::NotFound)?;
        self.assign_template(&cast.admin, plan, template.id, &Once::unkeyed()).await?;
        Ok(template.id)
    }

    /// Answers the first questions of a template.
    async fn demo_answers(&self, cast: &Cast, plan: PlanId, template: TemplateId, count: usize, organisation: &str) -> Result<()> {
        let questionnaire = self.questionnaire(&cast.admin, plan, template).await?;
        for question in questionnaire.release.content.questions.iter().take(count) {
            if questionnaire.answers.contains_key(&question.key) {
                continue;
            }
            let value = self.demo_answer(question, organisation);
            let request =
                AnswerRequest { plan_id: plan, template_id: template, key: &question.key, given: Given::Value(&value), expected: None };
            self.answer(&cast.admin, &request).await?;
        }
        Ok(())
    }

    pub(super) fn demo_answer(&self, question: &Question, organisation: &str) -> Value {
        let options: Vec<&str> = question.options.iter().map(|option| option.value.as_str()).collect();
        match question.kind {
            QuestionKind::Choice => json!(options.get(options.len() / 2)),
            QuestionKind::Choices => json!(options.iter().take(3).collect::<Vec<_>>()),
            QuestionKind::Date => json!(self.in_days(30).map(|date| date.to_string())),
            QuestionKind::Number => {
                question.example.as_deref().and_then(|text| text.parse::<i64>().ok()).map_or_else(|| json!(14), |number| json!(number))
            }
            QuestionKind::YesNo => json!(true),
            QuestionKind::Table => json!(AnswerValue::sample(question, self.now().to_zoned(jiff::tz::TimeZone::UTC).date())),
            _ if question.reuse_key.as_deref() == Some("organisation.name") => json!(organisation),
            _ => json!(question.example.as_deref().unwrap_or("To be described")),
        }
    }

    async fn demo_tasks(&self, cast: &Cast, customer: CustomerId) -> Result<Vec<Task>> {
        Ok(self.tasks(&cast.admin, customer, &TaskFilter::default(), TaskSort::Hierarchy, ALL).await?.items)
    }

    /// Completes the first task with a title, if it can still be completed.
    async fn demo_done(&self, cast: &Cast, tasks: &[Task], title: &str) -> Result<()> {
        let Some(task) = tasks.iter().find(|task| task.title == title) else { return Ok(()) };
        match self.move_task(&cast.admin, task.id, TaskMove::Complete, None).await {
            Ok(_) | Err(Error::Move(_)) => Ok(()),
            Err(other) => Err(other),
        }
    }

    async fn demo_assign(&self, cast: &Cast, tasks: &[Task], title: &str, person: Option<UserId>, days: i32) -> Result<()> {
        let Some(task) = tasks.iter().find(|task| task.title == title) else { return Ok(()) };
        let change = TaskChange { assigned_to: Some(person), due_date: Some(self.in_days(days)), ..TaskChange::default() };
        let current = self.task(&cast.admin, task.id).await?;
        self.update_task(&cast.admin, task.id, &change, current.version).await.map(drop)
    }

    #[expect(clippy::too_many_arguments, reason = "a demo task is its parts")]
    async fn demo_task(
        &self,
        cast: &Cast,
        tasks: &[Task],
        customer: CustomerId,
        title: &str,
        person: Option<UserId>,
        days: i32,
        evidence: bool,
    ) -> Result<Task> {
        if let Some(there) = tasks.iter().find(|task| task.title == title) {
            return Ok(there.clone());
        }
        let task = HandMadeTask {
            place: TaskPlace::Customer,
            task_type: TaskType::stored(TaskType::GENERAL),
            title: Title::parse(title).map_err(Error::internal)?,
            description: None,
            priority: muster_domain::tasks::Priority::Medium,
            requires_evidence: evidence,
            evidence_description: None,
            assigned_to: person,
            assignee_role: None,
            due_date: self.in_days(days),
            recurrence: None,
            notes: None,
        };
        Ok(self.add_task(&cast.admin, customer, &task, &Once::unkeyed()).await?.value)
    }

    pub(super) fn in_days(&self, days: i32) -> Option<jiff::civil::Date> {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).date().checked_add(Span::new().days(days)).ok()
    }
}

fn prose(text: &str) -> Result<Prose> {
    Prose::parse(text).map_err(Error::internal)
}
