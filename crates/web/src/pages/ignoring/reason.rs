//! Asking for a reason, the same for a plan, a template of a plan and a task.

use axum::{http::StatusCode, response::Response};
use muster_domain::{access::Action, ids::CustomerId, plans::IgnoredKind, text::Prose};
use muster_service::{Error, FieldError};

use super::{ReasonPage, What, ignore_action};
use crate::{
    input::reason,
    pages::{
        field_errors::FieldErrors,
        surroundings::{allow, customer_crumbs, customer_nav},
        visit::{Form, Said, Visit, go_on, local_path},
    },
    parts::Field,
    problem::Problem,
    state::AppState,
};

/// What is to be ignored.
pub(crate) struct Subject {
    /// Whose it is.
    pub(crate) customer: CustomerId,
    /// The customer's name.
    pub(crate) customer_name: String,
    /// What it is.
    pub(crate) kind: IgnoredKind,
    /// What it is called.
    pub(crate) name: String,
}

/// Asks for the reason. `next` is where to go afterwards, the workspace unless given.
pub(crate) async fn ask(state: &AppState, visit: &Visit, subject: &Subject, next: Option<&str>) -> Result<Response, Problem> {
    allow(visit, subject.customer, Action::ShapeWork)?;
    let next = next.map_or_else(|| home(subject), local_path);
    Ok(visit.answer(&page(state, visit, subject, next, Field::default()).await?))
}

/// Ignores it, if there is a reason.
pub(crate) async fn submit(state: &AppState, visit: &Visit, subject: &Subject, form: &Form) -> Result<Response, Problem> {
    allow(visit, subject.customer, Action::ShapeWork)?;
    match reason(form.get("reason")) {
        Ok(reason) => {
            let said = ignore(state, visit, subject.kind, &reason, form.version()).await?;
            Ok(go_on(&form.next(&home(subject)), Some(&said)))
        }
        Err(Error::Invalid(errors)) => refuse(state, visit, subject, form, errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn ignore(state: &AppState, visit: &Visit, kind: IgnoredKind, reason: &Prose, expected: Option<i32>) -> Result<Said, Problem> {
    let (context, actor) = (&state.context, &visit.actor);
    Ok(match kind {
        IgnoredKind::Plan(plan) => {
            context.ignore_plan(actor, plan, reason, expected).await?;
            Said::PlanIgnored(plan.to_string())
        }
        IgnoredKind::Assignment(plan, template) => {
            context.ignore_assignment(actor, plan, template, reason, expected).await?;
            Said::TemplateIgnored(plan.to_string(), template.to_string())
        }
        IgnoredKind::Task(task) => {
            context.ignore_task(actor, task, reason, expected).await?;
            Said::TaskIgnored(task.to_string())
        }
    })
}

async fn refuse(state: &AppState, visit: &Visit, subject: &Subject, form: &Form, errors: Vec<FieldError>) -> Result<Response, Problem> {
    let errors = FieldErrors::beside(errors, &["reason"])?;
    let field = errors.field_or("reason", form.text("reason"), visit.t.ignoring.reason_blank, visit.t);
    let page = page(state, visit, subject, form.next(&home(subject)), field).await?;
    Ok(visit.answer_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

async fn page(state: &AppState, visit: &Visit, subject: &Subject, next: String, reason: Field) -> Result<ReasonPage, Problem> {
    let what = match subject.kind {
        IgnoredKind::Plan(_) => What::Plan,
        IgnoredKind::Assignment(..) => What::Template,
        IgnoredKind::Task(_) => What::Task,
    };
    let title = what.title(visit.t);
    Ok(ReasonPage {
        layout: visit.layout(state, title, customer_nav(visit), Some(subject.customer.0)).await?,
        crumbs: customer_crumbs(visit, subject.customer, &subject.customer_name, title),
        what,
        name: subject.name.clone(),
        open_tasks: open_tasks(state, visit, subject).await?,
        action: ignore_action(subject.kind),
        next,
        reason,
    })
}

/// The open tasks that go away with a plan or a template.
async fn open_tasks(state: &AppState, visit: &Visit, subject: &Subject) -> Result<u32, Problem> {
    let (plan, template) = match subject.kind {
        IgnoredKind::Plan(plan) => (plan, None),
        IgnoredKind::Assignment(plan, template) => (plan, Some(template)),
        IgnoredKind::Task(_) => return Ok(1),
    };
    let workspace = state.context.workspace(&visit.actor, subject.customer).await?;
    let open = workspace.all_tasks().filter(|(place, task)| {
        task.status.is_open() && place.plan() == Some(plan) && (template.is_none() || place.template() == template)
    });
    Ok(u32::try_from(open.count()).unwrap_or(u32::MAX))
}

fn home(subject: &Subject) -> String {
    format!("/customers/{}", subject.customer)
}
