//! Bringing plans to newer releases of their templates.

use axum::{Json, extract::State, response::Response};
use muster_domain::ids::{PlanId, TemplateId};
use muster_service::{UpgradeEffect, UpgradeOutcome, UpgradeRequest};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    bodies::{TaskBody, tasks},
    resource,
};
use crate::{
    input::upgrades::{CustomersUpgradeBody, UpgradeBody},
    problem::Problem,
    request::{Ids, IfMatch, JsonBody},
    session::SignedIn,
    state::AppState,
};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(upgrade)).routes(routes!(upgrade_customers))
}

/// What bringing a plan's template to a newer release does, or did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UpgradeEffect)]
struct EffectBody {
    plan_id: Uuid,
    template_id: Uuid,
    /// Whether this was only a look.
    preview: bool,
    /// The number of the release that the plan pinned.
    from: i32,
    /// The number of the release that it is brought to.
    to: i32,
    /// What is new in that release.
    note: Option<String>,
    added: Vec<AddedBody>,
    changed: Vec<ChangedBody>,
    dropped: Vec<DroppedBody>,
    /// How many answers stay as they are.
    kept_answers: usize,
    /// Answers that have to be given again.
    unfit_answers: Vec<UnfitBody>,
    /// Whether the document's title or text is another.
    new_text: bool,
    /// How many tasks are made.
    tasks_to_make: usize,
    /// The tasks that were made.
    generated_tasks: Vec<TaskBody>,
    /// The version of the assignment.
    version: i32,
}

/// A question that is new.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AddedQuestion)]
struct AddedBody {
    key: String,
    label: String,
    kind: &'static str,
    required: bool,
    /// The task that it had before and that is restored.
    restores_task_id: Option<Uuid>,
    /// Whether an answer from before is there.
    answered: bool,
}

/// A question that is asked otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangedQuestion)]
struct ChangedBody {
    key: String,
    label_before: String,
    label: String,
    /// label, section, help, example, kind, required, evidence, reuse_key, options, limits, columns.
    aspects: Vec<&'static str>,
}

/// A question that is not asked any more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DroppedQuestion)]
struct DroppedBody {
    key: String,
    label: String,
    /// Whether it was answered; the answer is kept.
    answered: bool,
    /// Its task, unless that is ignored already.
    task: Option<LeftTaskBody>,
}

/// The task of a question that is not asked any more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LeftTask)]
struct LeftTaskBody {
    id: Uuid,
    title: String,
    status: &'static str,
    /// moved, assigned, evidence or notes: why a person decides on it; null where nobody touched it.
    worked_on: Option<serde_json::Value>,
    /// ignore or keep.
    decision: &'static str,
}

/// An answer that has to be given again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UnfitAnswer)]
struct UnfitBody {
    key: String,
    label: String,
    answer: String,
    /// Why it does not fit, to be read after "it".
    why: String,
    /// The task that is open again.
    reopens_task_id: Option<Uuid>,
}

/// What became of several customers' plans.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomersUpgraded)]
struct CustomersBody {
    /// Whether this was only a look.
    preview: bool,
    items: Vec<CustomerBody>,
}

/// What became of one customer's plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerUpgraded)]
struct CustomerBody {
    customer_id: i32,
    customer_name: String,
    plan_id: Uuid,
    iso_code: String,
    /// The number of the release that it pinned.
    from: i32,
    /// upgraded (would_upgrade in a preview), nothing_new, or refused.
    outcome: &'static str,
    /// What changes, where something does.
    effect: Option<EffectBody>,
    /// Why it was refused.
    problem: Option<Problem>,
}

impl From<UpgradeEffect> for EffectBody {
    fn from(effect: UpgradeEffect) -> Self {
        let upgrade = effect.upgrade;
        let added = upgrade.added.into_iter().map(|one| AddedBody {
            key: one.question.key,
            label: one.question.label,
            kind: one.question.kind.as_str(),
            required: one.question.required,
            restores_task_id: one.restores.map(|id| id.0),
            answered: one.is_answered,
        });
        let added: Vec<AddedBody> = added.collect();
        let changed = upgrade.changed.into_iter().map(|one| ChangedBody {
            key: one.after.key,
            label_before: one.before.label,
            label: one.after.label,
            aspects: one.aspects.iter().map(|aspect| aspect.as_str()).collect(),
        });
        let left = |task: muster_domain::upgrades::LeftTask| LeftTaskBody {
            id: task.id.0,
            title: task.title,
            status: task.status.as_str(),
            worked_on: task.worked_on.and_then(|why| serde_json::to_value(why).ok()),
            decision: task.fate.as_str(),
        };
        let dropped = upgrade.dropped.into_iter().map(|one| DroppedBody {
            key: one.question.key,
            label: one.question.label,
            answered: one.is_answered,
            task: one.task.map(left),
        });
        let unfit = upgrade.unfit.into_iter().map(|one| UnfitBody {
            key: one.key,
            label: one.label,
            answer: one.answer,
            why: one.why,
            reopens_task_id: one.reopens.map(|id| id.0),
        });
        Self {
            plan_id: effect.plan.id.0,
            template_id: effect.assignment.template_id.0,
            preview: !effect.is_done,
            from: effect.from,
            to: effect.to.number,
            note: effect.to.note,
            tasks_to_make: added.iter().filter(|one| one.restores_task_id.is_none()).count(),
            added,
            changed: changed.collect(),
            dropped: dropped.collect(),
            kept_answers: upgrade.kept_answers,
            unfit_answers: unfit.collect(),
            new_text: upgrade.has_new_text,
            generated_tasks: tasks(effect.made),
            version: effect.assignment.version,
        }
    }
}

/// Bring a plan's template to a newer release, or say what that would do
#[utoipa::path(
    post,
    path = "/plans/{plan_id}/templates/{template_id}/upgrade",
    tag = "plans",
    params(("plan_id" = Uuid, Path), ("template_id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "the version that the decisions were made for")),
    request_body = UpgradeBody,
    responses((status = 200, body = EffectBody), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem))
)]
async fn upgrade(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((plan, template)): Ids<(PlanId, TemplateId)>,
    version: IfMatch,
    JsonBody(body): JsonBody<UpgradeBody>,
) -> Result<Response, Problem> {
    let request = UpgradeRequest { plan, template, release: body.release, decisions: body.decisions()?, expected: version.0 };
    let effect = if body.preview {
        state.context.preview_upgrade(&actor, &request).await?
    } else {
        state.context.upgrade_template(&actor, &request).await?
    };
    let body = EffectBody::from(effect);
    let version = body.version;
    Ok(resource(body, version))
}

/// Bring the plans of several customers to a newer release of a template, or say what that would do
#[utoipa::path(
    post,
    path = "/templates/{template_id}/upgrade",
    tag = "library",
    params(("template_id" = Uuid, Path)),
    request_body = CustomersUpgradeBody,
    responses((status = 200, body = CustomersBody), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn upgrade_customers(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Ids((template,)): Ids<(TemplateId,)>,
    JsonBody(body): JsonBody<CustomersUpgradeBody>,
) -> Result<Json<CustomersBody>, Problem> {
    let choice = body.plans.parse()?;
    let upgrades = state.context.upgrade_customers(&actor, template, body.release, &choice, body.preview).await?;
    let item = |one: muster_service::CustomerUpgrade| {
        let (outcome, effect, problem) = match one.outcome {
            UpgradeOutcome::Effect(effect) if effect.is_done => ("upgraded", Some(EffectBody::from(*effect)), None),
            UpgradeOutcome::Effect(effect) => ("would_upgrade", Some(EffectBody::from(*effect)), None),
            UpgradeOutcome::NothingNew => ("nothing_new", None, None),
            UpgradeOutcome::Refused(error) => ("refused", None, Some(Problem::from(error))),
        };
        CustomerBody {
            customer_id: one.customer_id.0,
            customer_name: one.customer_name,
            plan_id: one.plan_id.0,
            iso_code: one.iso_code,
            from: one.from,
            outcome,
            effect,
            problem,
        }
    };
    Ok(Json(CustomersBody { preview: body.preview, items: upgrades.into_iter().map(item).collect() }))
}
