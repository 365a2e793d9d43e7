//! The customer workspace: the original schema's endpoint, its shape kept, with additions only.

use axum::{extract::State, http::HeaderMap, response::Response};
use muster_domain::{
    ids::CustomerId,
    workspace::{Workspace, WorkspaceTask},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::bodies::ProgressBody;
use crate::{problem::Problem, ready, request::Ids, session::Watching, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(workspace))
}

/// Everything of one customer, in the hierarchy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Workspace)]
struct WorkspaceBody {
    customer_id: i32,
    customer_name: String,
    progress: ProgressBody,
    customer_tasks: Vec<WorkspaceTaskBody>,
    plans: Vec<WorkspacePlanBody>,
}

/// A plan with what stands under it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspacePlan)]
struct WorkspacePlanBody {
    id: Uuid,
    iso_code: String,
    iso_name: String,
    plan_status: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    target_completion_date: Option<String>,
    progress: ProgressBody,
    plan_tasks: Vec<WorkspaceTaskBody>,
    templates: Vec<WorkspaceTemplateBody>,
}

/// A template of a plan with what stands under it; `id` is the library template's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceTemplate)]
struct WorkspaceTemplateBody {
    id: Uuid,
    name: String,
    progress: ProgressBody,
    tasks: Vec<WorkspaceTaskBody>,
    documents: Vec<WorkspaceDocumentBody>,
}

/// A document with its tasks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceDocument)]
struct WorkspaceDocumentBody {
    id: Uuid,
    name: String,
    status: &'static str,
    document_version: i32,
    completion_percentage: i32,
    /// Whether an answer says something else than the latest version does.
    out_of_date: bool,
    progress: ProgressBody,
    tasks: Vec<WorkspaceTaskBody>,
}

/// A task in the workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceTask)]
struct WorkspaceTaskBody {
    id: Uuid,
    title: String,
    status: &'static str,
    priority: &'static str,
    #[schema(value_type = Option<String>, format = Date)]
    due_date: Option<String>,
    task_type: String,
    requires_evidence: bool,
    assigned_to: Option<i32>,
    assignee_role: Option<&'static str>,
    question_key: Option<String>,
    version: i32,
}

fn tasks(tasks: Vec<WorkspaceTask>) -> Vec<WorkspaceTaskBody> {
    let body = |task: WorkspaceTask| WorkspaceTaskBody {
        id: task.id.0,
        title: task.title,
        status: task.status.as_str(),
        priority: task.priority.as_str(),
        due_date: task.due_date.map(|date| date.to_string()),
        task_type: task.task_type.as_str().to_owned(),
        requires_evidence: task.requires_evidence,
        assigned_to: task.assigned_to.map(|person| person.id.0),
        assignee_role: task.assignee_role.map(|role| role.as_str()),
        question_key: task.question_key,
        version: task.version,
    };
    tasks.into_iter().map(body).collect()
}

impl From<Workspace> for WorkspaceBody {
    fn from(workspace: Workspace) -> Self {
        let plans = workspace.plans.into_iter().map(|plan| {
            let templates = plan.templates.into_iter().map(|template| {
                let documents = template.documents.into_iter().map(|document| WorkspaceDocumentBody {
                    id: document.id.0,
                    name: document.name,
                    status: document.status.as_str(),
                    document_version: document.document_version,
                    completion_percentage: document.completion_percentage,
                    out_of_date: document.out_of_date,
                    progress: document.progress.into(),
                    tasks: tasks(document.tasks),
                });
                WorkspaceTemplateBody {
                    id: template.id.0,
                    name: template.name,
                    progress: template.progress.into(),
                    documents: documents.collect(),
                    tasks: tasks(template.tasks),
                }
            });
            WorkspacePlanBody {
                id: plan.id.0,
                iso_code: plan.iso_code,
                iso_name: plan.iso_name,
                plan_status: plan.status.as_str(),
                target_completion_date: plan.target_completion_date.map(|date| date.to_string()),
                progress: plan.progress.into(),
                templates: templates.collect(),
                plan_tasks: tasks(plan.tasks),
            }
        });
        Self {
            customer_id: workspace.customer_id.0,
            customer_name: workspace.customer_name,
            progress: workspace.progress.into(),
            plans: plans.collect(),
            customer_tasks: tasks(workspace.tasks),
        }
    }
}

/// The whole workspace of a customer
#[utoipa::path(
    get,
    path = "/customers/{customer_id}/workspace",
    tag = "workspace",
    params(("customer_id" = i32, Path), ("If-None-Match" = Option<String>, Header, description = "the ETag of the workspace that is known")),
    responses((status = 200, body = WorkspaceBody), (status = 304), (status = 403, body = Problem), (status = 404, body = Problem))
)]
async fn workspace(
    State(state): State<AppState>,
    Watching(holder): Watching,
    Ids((id,)): Ids<(CustomerId,)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pass = state.context.open_workspace(&holder, id).await?;
    let write = |workspace| serde_json::to_vec(&WorkspaceBody::from(workspace)).map_err(muster_service::Error::internal);
    Ok(ready::answer(&*state.context.ready_workspace(&pass, write).await?, &headers, "application/json"))
}
