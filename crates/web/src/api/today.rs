//! The firm's board.

use axum::{Json, extract::State};
use muster_service::{BoardCustomer, BoardList, BoardTask};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{problem::Problem, request::Parameters, session::SignedIn, state::AppState};

pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(today))
}

/// A task on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardTask)]
struct TaskBody {
    /// The task.
    id: Uuid,
    /// The customer.
    customer_id: i32,
    /// Its name.
    customer_name: String,
    /// The title.
    title: String,
    /// The document that it is about.
    document_id: Option<Uuid>,
    /// By when.
    #[schema(format = Date)]
    due_date: Option<String>,
    /// Who has it.
    assigned_to: Option<String>,
}

/// Evidence on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardEvidence)]
struct EvidenceBody {
    /// The file.
    id: Uuid,
    /// The customer.
    customer_id: i32,
    /// Its name.
    customer_name: String,
    /// The name of the file.
    filename: String,
    /// When it came.
    received_at: String,
}

/// A customer on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardCustomer)]
struct CustomerBody {
    /// The customer.
    customer_id: i32,
    /// Its name.
    customer_name: String,
    /// How many tasks or answers it is about; 0 where it is about the customer itself.
    count: i64,
    /// When anything was done there last.
    last_movement: String,
}

/// A list of tasks on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardTasks)]
struct Tasks {
    /// The first twelve.
    items: Vec<TaskBody>,
    /// How many there are.
    total: i64,
}

/// A list of evidence on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardEvidenceList)]
struct Evidence {
    /// The first twelve.
    items: Vec<EvidenceBody>,
    /// How many there are.
    total: i64,
}

/// A list of customers on the board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardCustomers)]
struct Customers {
    /// The first twelve.
    items: Vec<CustomerBody>,
    /// How many there are.
    total: i64,
}

/// What needs somebody of the firm today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Board)]
struct BoardBody {
    /// The firm's tasks past their due date.
    overdue: Tasks,
    /// The firm's tasks due today.
    due_today: Tasks,
    /// Reviews and approvals of documents that wait for the firm.
    reviews: Tasks,
    /// Evidence that nobody has decided about.
    evidence: Evidence,
    /// Customers with overdue tasks of their own.
    customers_late: Customers,
    /// Customers whose answers are waited for.
    answers: Customers,
    /// Customers at whom nothing was done for 14 days.
    quiet: Customers,
}

fn tasks(list: BoardList<BoardTask>) -> Tasks {
    let body = |task: BoardTask| TaskBody {
        id: task.id.0,
        customer_id: task.customer_id.0,
        customer_name: task.customer_name,
        title: task.title,
        document_id: task.document.map(|(id, _)| id.0),
        due_date: task.due_date.map(|day| day.to_string()),
        assigned_to: task.assigned_to,
    };
    Tasks { items: list.items.into_iter().map(body).collect(), total: list.total }
}

fn customers(list: BoardList<BoardCustomer>) -> Customers {
    let body = |one: BoardCustomer| CustomerBody {
        customer_id: one.id.0,
        customer_name: one.name,
        count: one.count,
        last_movement: one.last_movement.to_string(),
    };
    Customers { items: list.items.into_iter().map(body).collect(), total: list.total }
}

/// What needs somebody of the firm today, across my customers
#[utoipa::path(
    get,
    path = "/today",
    tag = "portfolio",
    params(("mine" = Option<bool>, Query, description = "only of the customers that I look after")),
    responses((status = 200, body = BoardBody), (status = 401, body = Problem), (status = 403, body = Problem))
)]
async fn today(State(state): State<AppState>, SignedIn(actor): SignedIn, parameters: Parameters) -> Result<Json<BoardBody>, Problem> {
    let board = state.context.board(&actor, parameters.is_on("mine")?).await?;
    let evidence = board.evidence.items.into_iter().map(|one| EvidenceBody {
        id: one.id.0,
        customer_id: one.customer_id.0,
        customer_name: one.customer_name,
        filename: one.filename,
        received_at: one.received_at.to_string(),
    });
    Ok(Json(BoardBody {
        overdue: tasks(board.overdue),
        due_today: tasks(board.due_today),
        reviews: tasks(board.reviews),
        evidence: Evidence { items: evidence.collect(), total: board.evidence.total },
        customers_late: customers(board.customers_late),
        answers: customers(board.answers),
        quiet: customers(board.quiet),
    }))
}
