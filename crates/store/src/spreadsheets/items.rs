//! What an import made of a customer, and taking it back.

use jiff_sqlx::ToSqlx;
use muster_domain::{
    ids::{CustomerId, ImportId, TaskId, UserId},
    tasks::HandMadeTask,
    text::Prose,
};
use uuid::Uuid;

use crate::{CustomerReader, CustomerWriter, PortfolioReader, Result};

/// Something that an import made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportedThing {
    /// The customer itself.
    Customer,
    /// A person of the customer.
    Member(UserId),
    /// A task.
    Task(TaskId),
}

/// Why something that an import made stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptBecause {
    /// Somebody has worked on it since.
    WorkedOn,
    /// The person has accepted, or was changed since.
    Accepted,
    /// Work has begun at the customer.
    HasWork,
    /// The customer is archived: nothing of it changes.
    Archived,
}

impl KeptBecause {
    /// The word that is stored and sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WorkedOn => "worked_on",
            Self::Accepted => "accepted",
            Self::HasWork => "has_work",
            Self::Archived => "archived",
        }
    }
}

/// Something that an import made, to be noted.
#[derive(Debug, Clone, Copy)]
pub struct NewImportItem {
    /// Its id.
    pub id: Uuid,
    /// The row of the file.
    pub line: i32,
    /// What it is.
    pub thing: ImportedThing,
    /// The version that it was made in.
    pub version: i32,
}

/// What became of something that an import made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TakenBack {
    /// It is there.
    No,
    /// It was taken back.
    Yes,
    /// It stays; the word says why.
    Kept(String),
}

/// Something that an import made, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportItem {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// The row of the file.
    pub line: i32,
    /// What it is.
    pub thing: ImportedThing,
    /// Its name or title.
    pub title: String,
    /// What became of it.
    pub taken_back: TakenBack,
}

impl PortfolioReader {
    /// What an import made, by the row of the file, of the customers that the actor may see.
    pub async fn import_items(&mut self, import: ImportId) -> Result<Vec<ImportItem>> {
        let visible = self.customers.clone();
        let rows = sqlx::query!(
            r#"SELECT i.customer_id, c.name AS customer_name, i.line, i.user_id, i.task_id, i.state, i.kept_because,
                      coalesce(t.title, u.full_name, c.name) AS "title!"
               FROM dna_app.customer_import_items i
               JOIN dna_app.customers c ON c.id = i.customer_id
               LEFT JOIN dna_app.customer_tasks t ON t.customer_id = i.customer_id AND t.id = i.task_id
               LEFT JOIN auth.users u ON u.id = i.user_id
               WHERE ($1::integer[] IS NULL OR i.customer_id = ANY($1)) AND i.import_id = $2 ORDER BY i.line, i.customer_id"#,
            visible.as_deref(),
            import.0
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| ImportItem {
                customer_id: CustomerId(row.customer_id),
                customer_name: row.customer_name,
                line: row.line,
                thing: thing(row.user_id, row.task_id),
                title: row.title,
                taken_back: match row.state.as_str() {
                    "taken_back" => TakenBack::Yes,
                    "kept" => TakenBack::Kept(row.kept_because.unwrap_or_default()),
                    _ => TakenBack::No,
                },
            })
            .collect())
    }
}

fn thing(user: Option<i32>, task: Option<Uuid>) -> ImportedThing {
    match (user, task) {
        (Some(user), _) => ImportedThing::Member(UserId(user)),
        (None, Some(task)) => ImportedThing::Task(TaskId(task)),
        (None, None) => ImportedThing::Customer,
    }
}

impl CustomerReader {
    /// Whether an import has made its part of this customer.
    pub async fn has_import_items(&mut self, import: ImportId) -> Result<bool> {
        let customer = self.customer.0;
        let found = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM dna_app.customer_import_items WHERE customer_id = $1 AND import_id = $2) AS "found!""#,
            customer,
            import.0
        );
        Ok(found.fetch_one(self.connection()).await?)
    }
}

impl CustomerWriter {
    /// Adds tasks in one statement, as made by hand.
    ///
    /// # Errors
    /// [`crate::Error::Constraint`] where a place does not exist or is another customer's.
    pub async fn insert_tasks(&mut self, tasks: &[(TaskId, HandMadeTask)]) -> Result<()> {
        if tasks.is_empty() {
            return Ok(());
        }
        let (customer, actor, at) = (self.customer.0, self.actor.0, self.at);
        let words = |value: &dyn Fn(&HandMadeTask) -> Option<String>| tasks.iter().map(|(_, task)| value(task)).collect::<Vec<_>>();
        let prose = |text: &Option<Prose>| text.as_ref().map(|text| text.as_str().to_owned());
        let (ids, plans, templates): (Vec<_>, Vec<_>, Vec<_>) = (
            tasks.iter().map(|(id, _)| id.0).collect(),
            tasks.iter().map(|(_, task)| task.place.plan().map(|id| id.0)).collect(),
            tasks.iter().map(|(_, task)| task.place.template().map(|id| id.0)).collect(),
        );
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_tasks (customer_id, created_by, created_manually_by, created_at, updated_at, id, plan_id, template_id,
                   task_scope, task_type, title, description, priority, requires_evidence, evidence_description, assigned_to, assignee_role,
                   due_date, notes)
               SELECT $1, $2, $2, $3, $3, g.*
               FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::boolean[],
                           $13::text[], $14::integer[], $15::text[], $16::date[], $17::text[]) AS g"#,
            customer,
            actor,
            at.to_sqlx(),
            &ids,
            &plans as &[Option<Uuid>],
            &templates as &[Option<Uuid>],
            &words(&|task| Some(task.place.scope().to_string())) as &[Option<String>],
            &words(&|task| Some(task.task_type.as_str().to_owned())) as &[Option<String>],
            &words(&|task| Some(task.title.as_str().to_owned())) as &[Option<String>],
            &words(&|task| prose(&task.description)) as &[Option<String>],
            &words(&|task| Some(task.priority.to_string())) as &[Option<String>],
            &tasks.iter().map(|(_, task)| task.requires_evidence).collect::<Vec<_>>(),
            &words(&|task| prose(&task.evidence_description)) as &[Option<String>],
            &tasks.iter().map(|(_, task)| task.assigned_to.map(|id| id.0)).collect::<Vec<_>>() as &[Option<i32>],
            &words(&|task| task.assignee_role.map(|role| role.to_string())) as &[Option<String>],
            &tasks.iter().map(|(_, task)| task.due_date.map(ToSqlx::to_sqlx)).collect::<Vec<_>>() as &[Option<jiff_sqlx::Date>],
            &words(&|task| prose(&task.notes)) as &[Option<String>]
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes what an import made here, in the transaction that makes it.
    pub async fn insert_import_items(&mut self, import: ImportId, items: &[NewImportItem]) -> Result<()> {
        let customer = self.customer.0;
        let kind = |item: &NewImportItem| match item.thing {
            ImportedThing::Customer => "customer",
            ImportedThing::Member(_) => "member",
            ImportedThing::Task(_) => "task",
        };
        let user = |item: &NewImportItem| match item.thing {
            ImportedThing::Member(user) => Some(user.0),
            _ => None,
        };
        let task = |item: &NewImportItem| match item.thing {
            ImportedThing::Task(task) => Some(task.0),
            _ => None,
        };
        sqlx::query!(
            r#"INSERT INTO dna_app.customer_import_items (customer_id, import_id, id, line, kind, user_id, task_id, made_version)
               SELECT $1, $2, g.* FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::integer[], $7::uuid[], $8::integer[]) AS g"#,
            customer,
            import.0,
            &items.iter().map(|item| item.id).collect::<Vec<_>>(),
            &items.iter().map(|item| item.line).collect::<Vec<_>>(),
            &items.iter().map(|item| kind(item).to_owned()).collect::<Vec<_>>(),
            &items.iter().map(user).collect::<Vec<_>>() as &[Option<i32>],
            &items.iter().map(task).collect::<Vec<_>>() as &[Option<Uuid>],
            &items.iter().map(|item| item.version).collect::<Vec<_>>()
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Holds plans and their templates as they are until the transaction ends, and gives those of
    /// `places` that are ignored or not there: a plan, or a template of it.
    pub async fn hold_places(&mut self, places: &[(Uuid, Option<Uuid>)]) -> Result<Vec<(Uuid, Option<Uuid>)>> {
        let customer = self.customer.0;
        let plans: Vec<Uuid> = places.iter().map(|place| place.0).collect();
        let held = sqlx::query_scalar!(
            "SELECT id FROM dna_app.customer_iso_plans WHERE customer_id = $1 AND id = ANY($2) AND NOT is_ignored ORDER BY id FOR SHARE",
            customer,
            &plans
        )
        .fetch_all(self.connection())
        .await?;
        let assigned = sqlx::query!(
            r#"SELECT plan_id, template_id FROM dna_app.customer_iso_plan_templates
               WHERE customer_id = $1 AND plan_id = ANY($2) AND NOT is_ignored ORDER BY id FOR SHARE"#,
            customer,
            &plans
        )
        .fetch_all(self.connection())
        .await?;
        let is_there = |(plan, template): &(Uuid, Option<Uuid>)| {
            held.contains(plan)
                && template.is_none_or(|template| assigned.iter().any(|row| row.plan_id == *plan && row.template_id == template))
        };
        Ok(places.iter().filter(|place| !is_there(place)).copied().collect())
    }
}
