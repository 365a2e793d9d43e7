//! An older database, row by row, with the truth beside each task.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use crate::cluster::TestDatabase;

/// An older database with nothing in it but what a test puts there.
pub struct OlderDatabase {
    pub database: TestDatabase,
    connection: PgConnection,
    next: u128,
}

/// A task of the older program, as its writers made them.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    pub customer: i32,
    pub plan: Option<Uuid>,
    pub document: Option<Uuid>,
    pub scope: &'a str,
    pub task_type: &'a str,
    pub section: Option<&'a str>,
    pub title: &'a str,
}

impl<'a> Written<'a> {
    /// A question of a plan.
    pub fn question(customer: i32, plan: Uuid, section: &'a str, title: &'a str) -> Self {
        Self { customer, plan: Some(plan), document: None, scope: "question", task_type: "answer_question", section: Some(section), title }
    }

    /// A task of a plan that the generator made.
    pub fn of_plan(customer: i32, plan: Uuid, title: &'a str) -> Self {
        Self { customer, plan: Some(plan), document: None, scope: "iso_plan", task_type: "custom", section: None, title }
    }
}

impl OlderDatabase {
    pub async fn create() -> Self {
        let database = TestDatabase::create_empty().await;
        let mut connection = PgConnection::connect(&database.url()).await.unwrap();
        connection.execute(include_str!("../../files/legacy/schema.sql")).await.unwrap();
        Self { database, connection, next: 1 }
    }

    pub async fn run(&mut self, statement: &str) {
        self.connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next << 16)
    }

    pub async fn customer(&mut self, name: &str) -> i32 {
        sqlx::query_scalar("INSERT INTO dna_app.customers (name) VALUES ($1) RETURNING id")
            .bind(name)
            .fetch_one(&mut self.connection)
            .await
            .unwrap()
    }

    pub async fn standard(&mut self, code: &str) -> Uuid {
        let id = self.id();
        sqlx::query("INSERT INTO dna_app.iso_standards (id, code, name) VALUES ($1, $2, $2)")
            .bind(id)
            .bind(code)
            .execute(&mut self.connection)
            .await
            .unwrap();
        id
    }

    /// A template with sections of id and title, in the newer form.
    pub async fn template(&mut self, name: &str, sections: &[(&str, &str)]) -> Uuid {
        let fillable: Vec<Value> =
            sections.iter().map(|(id, title)| json!({"id": id, "title": title, "type": "text", "is_mandatory": true})).collect();
        self.template_of(name, &json!({"document_title": name, "fixed_sections": [], "fillable_sections": fillable, "metadata": {}})).await
    }

    pub async fn template_of(&mut self, name: &str, structure: &Value) -> Uuid {
        let id = self.id();
        sqlx::query("INSERT INTO dna_app.templates (id, name, template_structure, status) VALUES ($1, $2, $3, 'approved')")
            .bind(id)
            .bind(name)
            .bind(structure)
            .execute(&mut self.connection)
            .await
            .unwrap();
        id
    }

    pub async fn plan(&mut self, customer: i32, standard: Uuid, templates: &[Uuid]) -> Uuid {
        let id = self.id();
        let mode = if templates.is_empty() { "all" } else { "selective" };
        sqlx::query(
            "INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, template_selection_mode) VALUES ($1, $2, $3, $4)",
        )
        .bind(id)
        .bind(customer)
        .bind(standard)
        .bind(mode)
        .execute(&mut self.connection)
        .await
        .unwrap();
        for template in templates {
            sqlx::query(
                "INSERT INTO dna_app.customer_iso_plan_templates (plan_id, template_id, created_at) VALUES ($1, $2, clock_timestamp())",
            )
            .bind(id)
            .bind(template)
            .execute(&mut self.connection)
            .await
            .unwrap();
        }
        id
    }

    pub async fn document(&mut self, customer: i32, plan: Uuid, template: Option<Uuid>) -> Uuid {
        let id = self.id();
        sqlx::query("INSERT INTO dna_app.customer_documents (id, customer_id, plan_id, template_id, document_name) VALUES ($1, $2, $3, $4, 'A document')")
            .bind(id)
            .bind(customer)
            .bind(plan)
            .bind(template)
            .execute(&mut self.connection)
            .await
            .unwrap();
        id
    }

    pub async fn task(&mut self, task: Written<'_>) -> Uuid {
        let id = self.id();
        sqlx::query(
            "INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, document_id, task_scope, task_type, section_id, title, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())",
        )
        .bind(id)
        .bind(task.customer)
        .bind(task.plan)
        .bind(task.document)
        .bind(task.scope)
        .bind(task.task_type)
        .bind(task.section)
        .bind(task.title)
        .execute(&mut self.connection)
        .await
        .unwrap();
        id
    }
}
