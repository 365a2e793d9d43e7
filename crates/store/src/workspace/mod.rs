//! The workspace statement.
//!
//! One statement, one complete SELECT for each level under UNION ALL: headers once, tasks narrow.
//! The domain puts the rows together and counts the progress.

mod pass;

pub use pass::WorkspacePass;

use jiff_sqlx::ToSqlx;
use muster_domain::{
    clock,
    ids::{DocumentId, PlanId, TaskId, TemplateId},
    progress::Progress,
    tasks::{TaskPlace, TaskType},
    workspace::{Workspace, WorkspaceDocument, WorkspacePlan, WorkspaceRow, WorkspaceTask, WorkspaceTemplate, WorkspaceVersions},
};
use uuid::Uuid;

use crate::{CustomerReader, Error, Result, answers::person, tasks::question_key};

/// One row of any kind. What the columns mean depends on `kind`; see the statement.
struct Row {
    kind: i32,
    plan_id: Option<Uuid>,
    template_id: Option<Uuid>,
    document_id: Option<Uuid>,
    id: Option<Uuid>,
    title: String,
    subtitle: Option<String>,
    status: Option<String>,
    priority: Option<String>,
    day: Option<jiff_sqlx::Date>,
    word: Option<String>,
    role: Option<String>,
    number: i64,
    person: Option<i32>,
    person_name: Option<String>,
    person_is_firm: Option<bool>,
    flag: bool,
    other_flag: bool,
    version: i32,
    moment: Option<jiff_sqlx::Timestamp>,
}

const CUSTOMER: i32 = 0;
const PLAN: i32 = 1;
const TEMPLATE: i32 = 2;
const DOCUMENT: i32 = 3;

impl CustomerReader {
    /// The whole workspace, from one statement.
    pub async fn workspace(&mut self) -> Result<Workspace> {
        let customer = self.customer;
        let rows = sqlx::query_as!(
            Row,
            r#"SELECT kind AS "kind!", plan_id, template_id, document_id, id, title AS "title!", subtitle, status, priority, day, word, role,
                      number AS "number!", person, person_name, person_is_firm, flag AS "flag!", other_flag AS "other_flag!", version AS "version!", moment
               FROM (
                   SELECT 0 AS kind, NULL::uuid AS plan_id, NULL::uuid AS template_id, NULL::uuid AS document_id, NULL::uuid AS id,
                          c.name AS title, c.time_zone AS subtitle, c.status, NULL::varchar AS priority, NULL::date AS day, f.library_version::varchar AS word,
                          f.people_version::varchar AS role, c.workspace_version AS number, NULL::integer AS person, NULL::varchar AS person_name,
                          NULL::boolean AS person_is_firm, false AS flag, false AS other_flag, c.version, NULL::timestamptz AS moment, NULL::text AS sort_name, 0 AS position
                   FROM dna_app.customers c CROSS JOIN dna_app.firm f WHERE c.id = $1
                   UNION ALL
                   SELECT 1, p.id, NULL, NULL, p.id, s.code, s.name, p.plan_status, NULL, p.target_completion_date, NULL, NULL, 0, NULL, NULL,
                          NULL, false, false, p.version, p.created_at, s.code, 0
                   FROM dna_app.customer_iso_plans p
                   JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   WHERE p.customer_id = $1 AND NOT p.is_ignored
                   UNION ALL
                   SELECT 2, a.plan_id, a.template_id, NULL, a.id, t.name, t.reference, t.status, NULL, NULL, NULL, NULL,
                          (SELECT count(*) FROM dna_app.template_questions q WHERE q.release_id = a.release_id),
                          NULL, NULL, NULL, false, false, a.version, a.created_at, lower(t.name), 0
                   FROM dna_app.customer_iso_plan_templates a
                   JOIN dna_app.templates t ON t.id = a.template_id
                   WHERE a.customer_id = $1 AND NOT a.is_ignored
                   UNION ALL
                   SELECT 3, d.plan_id, d.template_id, d.id, d.id, d.document_name, NULL, d.status, NULL, NULL, NULL, NULL,
                          (SELECT 100 * count(w.id) / greatest(count(*), 1)
                           FROM dna_app.template_questions q
                           LEFT JOIN dna_app.customer_answers w ON w.customer_id = d.customer_id AND w.plan_id = d.plan_id
                               AND w.template_id = d.template_id AND w.question_key = q.key AND w.withdrawn_at IS NULL
                           WHERE q.release_id = d.release_id),
                          NULL, NULL, NULL,
                          -- An answer given, changed or taken back since: it says something else than the document does.
                          NOT d.content ? 'file' AND EXISTS (
                              SELECT FROM dna_app.template_questions q
                              LEFT JOIN dna_app.customer_answers a ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id
                                  AND a.template_id = d.template_id AND a.question_key = q.key AND a.withdrawn_at IS NULL
                              WHERE q.release_id = d.release_id
                                AND (a.value, a.not_applicable_reason) IS DISTINCT FROM (
                                    d.content #> ARRAY['answers', q.key, 'value'],
                                    d.content #>> ARRAY['answers', q.key, 'not_applicable_reason'])),
                          false, d.document_version, d.created_at, NULL, 0
                   FROM dna_app.customer_documents d WHERE d.customer_id = $1
                   UNION ALL
                   SELECT CASE k.task_scope WHEN 'customer' THEN 4 WHEN 'plan' THEN 5 WHEN 'template' THEN 6 ELSE 7 END,
                          k.plan_id, k.template_id, k.document_id, k.id, k.title, k.generation_source, k.status, k.priority, k.due_date,
                          k.task_type, k.assignee_role, 0, k.assigned_to, u.full_name, u.role <> 'member', k.requires_evidence, k.evidence_uploaded, k.version,
                          -- Question tasks and document tasks stand in their own order, not in that of creation.
                          CASE WHEN k.task_scope IN ('customer', 'plan') THEN k.created_at END, NULL, k.position
                   FROM dna_app.customer_tasks k
                   LEFT JOIN auth.users u ON u.id = k.assigned_to
                   WHERE k.customer_id = $1 AND NOT k.is_ignored
               ) node
               ORDER BY kind, sort_name, moment, position, id"#,
            customer.0
        )
        .fetch_all(self.connection())
        .await?;
        let at = self.at;
        let mut rows = rows.into_iter();
        let head = rows.next().filter(|row| row.kind == CUSTOMER).ok_or(Error::NotFound)?;
        let zone = head.subtitle.unwrap_or_default();
        let today = clock::day_in(at, &zone);
        let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or_default();
        let versions = WorkspaceVersions { workspace: head.number, library: number(head.word), people: number(head.role), today };
        let mut workspace = Workspace {
            customer_id: customer,
            customer_name: head.title,
            time_zone: zone,
            versions,
            progress: Progress::default(),
            tasks: Vec::new(),
            plans: Vec::new(),
        };
        for row in rows {
            workspace.place(read(row)?, today);
        }
        Ok(workspace)
    }

    /// The version of all that the workspace shows, and the day it is there.
    pub async fn workspace_version(&mut self) -> Result<(i64, jiff::civil::Date)> {
        let (customer, at) = (self.customer.0, self.at);
        let row = sqlx::query!(
            r#"SELECT workspace_version, ($2::timestamptz AT TIME ZONE time_zone)::date AS "today!" FROM dna_app.customers WHERE id = $1"#,
            customer,
            at.to_sqlx()
        )
        .fetch_one(self.connection())
        .await?;
        Ok((row.workspace_version, row.today.to_jiff()))
    }
}

fn read(row: Row) -> Result<WorkspaceRow> {
    let broken = || Error::Corrupt("a workspace row without its links".to_owned());
    let plan = row.plan_id.map(PlanId);
    let template = row.template_id.map(TemplateId);
    let document = row.document_id.map(DocumentId);
    let status = row.status.as_deref().unwrap_or_default();
    let moment = row.moment.map(jiff_sqlx::Timestamp::to_jiff).unwrap_or_default();
    Ok(match row.kind {
        PLAN => WorkspaceRow::Plan(WorkspacePlan {
            id: plan.ok_or_else(broken)?,
            iso_code: row.title,
            iso_name: row.subtitle.unwrap_or_default(),
            status: status.parse()?,
            target_completion_date: row.day.map(jiff_sqlx::Date::to_jiff),
            progress: Progress::default(),
            tasks: Vec::new(),
            templates: Vec::new(),
        }),
        TEMPLATE => {
            let node = WorkspaceTemplate {
                id: template.ok_or_else(broken)?,
                name: row.title,
                reference: row.subtitle,
                assigned_at: moment,
                questions: row.number,
                progress: Progress::default(),
                tasks: Vec::new(),
                documents: Vec::new(),
            };
            WorkspaceRow::Template(plan.ok_or_else(broken)?, node)
        }
        DOCUMENT => {
            let node = WorkspaceDocument {
                id: document.ok_or_else(broken)?,
                name: row.title,
                status: status.parse()?,
                document_version: row.version,
                completion_percentage: i32::try_from(row.number).unwrap_or_default(),
                out_of_date: row.flag,
                progress: Progress::default(),
                tasks: Vec::new(),
            };
            WorkspaceRow::Document(plan.ok_or_else(broken)?, template.ok_or_else(broken)?, node)
        }
        _ => {
            let place = TaskPlace::from_links(plan, template, document, None).map_err(|_| broken())?;
            let task = WorkspaceTask {
                id: TaskId(row.id.ok_or_else(broken)?),
                title: row.title,
                status: status.parse()?,
                priority: row.priority.unwrap_or_default().parse()?,
                due_date: row.day.map(jiff_sqlx::Date::to_jiff),
                task_type: TaskType::stored(row.word.unwrap_or_default()),
                requires_evidence: row.flag,
                evidence_uploaded: row.other_flag,
                assigned_to: person(row.person, row.person_name, row.person_is_firm),
                assignee_role: row.role.map(|role| role.parse()).transpose()?,
                question_key: row.subtitle.as_deref().and_then(question_key).map(ToOwned::to_owned),
                version: row.version,
            };
            WorkspaceRow::Task(place, task)
        }
    })
}
