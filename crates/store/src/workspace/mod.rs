//! The workspace's statements: headers once, then tasks, narrow. Both see one snapshot.
//!
//! Headers are one statement, one complete SELECT for each level under UNION ALL. Tasks are read as they lie and put
//! in order here: sorting them and joining their people in SQL took longer than reading them. The domain puts the
//! rows together and counts the progress.

mod names;
mod pass;
mod tasks;

pub(crate) use names::Names;
pub(crate) use pass::VersionsRow;
pub use pass::WorkspacePass;

use jiff_sqlx::ToSqlx;
use muster_domain::{
    clock,
    ids::{DocumentId, PlanId, TemplateId},
    progress::Progress,
    workspace::{Workspace, WorkspaceDocument, WorkspacePlan, WorkspaceRow, WorkspaceTemplate, WorkspaceVersions},
};
use uuid::Uuid;

use crate::{CustomerReader, Error, Result};

/// One header of any kind. What the columns mean depends on `kind`; see the statement.
struct Header {
    kind: i32,
    plan_id: Option<Uuid>,
    template_id: Option<Uuid>,
    document_id: Option<Uuid>,
    title: String,
    subtitle: Option<String>,
    status: String,
    day: Option<jiff_sqlx::Date>,
    number: i64,
    other_number: i64,
    flag: bool,
    version: i64,
    moment: Option<jiff_sqlx::Timestamp>,
}

const CUSTOMER: i32 = 0;
const PLAN: i32 = 1;
const TEMPLATE: i32 = 2;

impl CustomerReader {
    /// The whole workspace, from two statements, and a third one where somebody has a task whose name is not known yet.
    pub async fn workspace(&mut self) -> Result<Workspace> {
        let customer = self.customer;
        let headers = sqlx::query_as!(
            Header,
            r#"SELECT kind AS "kind!", plan_id, template_id, document_id, title AS "title!", subtitle, status AS "status!", day,
                      number AS "number!", other_number AS "other_number!", flag AS "flag!", version AS "version!", moment
               FROM (
                   SELECT 0 AS kind, NULL::uuid AS plan_id, NULL::uuid AS template_id, NULL::uuid AS document_id,
                          c.name AS title, c.time_zone AS subtitle, c.status, NULL::date AS day, c.workspace_version AS number,
                          f.library_version AS other_number, false AS flag, f.people_version + f.names_version AS version, NULL::timestamptz AS moment,
                          NULL::text AS sort_name, NULL::uuid AS id
                   FROM dna_app.customers c CROSS JOIN dna_app.firm f WHERE c.id = $1
                   UNION ALL
                   SELECT 1, p.id, NULL, NULL, s.code, s.name, p.plan_status, p.target_completion_date, 0, 0, false, 0, p.created_at, s.code, p.id
                   FROM dna_app.customer_iso_plans p
                   JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
                   WHERE p.customer_id = $1 AND NOT p.is_ignored
                   UNION ALL
                   SELECT 2, a.plan_id, a.template_id, NULL, t.name, t.reference, t.status, NULL,
                          (SELECT count(*) FROM dna_app.template_questions q WHERE q.release_id = a.release_id), 0, false, 0, a.created_at,
                          lower(t.name), a.id
                   FROM dna_app.customer_iso_plan_templates a
                   JOIN dna_app.templates t ON t.id = a.template_id
                   WHERE a.customer_id = $1 AND NOT a.is_ignored
                   UNION ALL
                   SELECT 3, d.plan_id, d.template_id, d.id, d.document_name, NULL, d.status, NULL, answered.share, 0,
                          NOT said.is_file AND answered.differs, d.document_version, d.created_at, NULL, d.id
                   FROM dna_app.customer_documents d
                   -- Taken out once: the content is long, and would be unpacked anew for each question.
                   CROSS JOIN LATERAL (SELECT d.content -> 'answers' AS answers, d.content ? 'file' AS is_file OFFSET 0) said
                   CROSS JOIN LATERAL (
                       SELECT 100 * count(a.id) / greatest(count(*), 1) AS share,
                              -- An answer given, changed or taken back since: it says something else than the document does.
                              coalesce(bool_or((a.value, a.not_applicable_reason) IS DISTINCT FROM (
                                  said.answers #> ARRAY[q.key, 'value'],
                                  said.answers #>> ARRAY[q.key, 'not_applicable_reason'])), false) AS differs
                       FROM dna_app.template_questions q
                       LEFT JOIN dna_app.customer_answers a ON a.customer_id = $1 AND a.plan_id = d.plan_id
                           AND a.template_id = d.template_id AND a.question_key = q.key AND a.withdrawn_at IS NULL
                       WHERE q.release_id = d.release_id
                   ) answered
                   WHERE d.customer_id = $1
               ) node
               ORDER BY kind, sort_name, moment, id"#,
            customer.0
        )
        .fetch_all(self.connection())
        .await?;
        let at = self.at;
        let mut headers = headers.into_iter();
        let head = headers.next().filter(|row| row.kind == CUSTOMER).ok_or(Error::NotFound)?;
        let zone = head.subtitle.unwrap_or_default();
        let today = clock::day_in(at, &zone);
        let versions = WorkspaceVersions { workspace: head.number, library: head.other_number, people: head.version, today };
        let mut workspace = Workspace {
            customer_id: customer,
            customer_name: head.title,
            time_zone: zone,
            versions,
            progress: Progress::default(),
            tasks: Vec::new(),
            plans: Vec::new(),
        };
        for header in headers {
            workspace.place(read(header)?, today);
        }
        for (place, task) in self.workspace_tasks(versions.people).await? {
            workspace.place(WorkspaceRow::Task(place, task), today);
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

fn read(row: Header) -> Result<WorkspaceRow> {
    let broken = || Error::Corrupt("a workspace row without its links".to_owned());
    let plan = row.plan_id.map(PlanId).ok_or_else(broken)?;
    let template = row.template_id.map(TemplateId);
    let moment = row.moment.map(jiff_sqlx::Timestamp::to_jiff).unwrap_or_default();
    Ok(match row.kind {
        PLAN => WorkspaceRow::Plan(WorkspacePlan {
            id: plan,
            iso_code: row.title,
            iso_name: row.subtitle.unwrap_or_default(),
            status: row.status.parse()?,
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
            WorkspaceRow::Template(plan, node)
        }
        _ => {
            let node = WorkspaceDocument {
                id: row.document_id.map(DocumentId).ok_or_else(broken)?,
                name: row.title,
                status: row.status.parse()?,
                document_version: i32::try_from(row.version).unwrap_or_default(),
                completion_percentage: i32::try_from(row.number).unwrap_or_default(),
                out_of_date: row.flag,
                progress: Progress::default(),
                tasks: Vec::new(),
            };
            WorkspaceRow::Document(plan, template.ok_or_else(broken)?, node)
        }
    })
}
