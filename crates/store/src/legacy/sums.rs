//! What is counted of each customer on both sides: from the original rows, and from Muster's tables
//! and views in the schema `app`.

/// Statements that give customer, what, before and after, of the customers in `$1`, or of all.
pub(super) fn statements(app: &str) -> Vec<String> {
    let compared = |before: &str, after: &str| {
        format!(
            "SELECT coalesce(b.customer_id, a.customer_id), coalesce(b.what, a.what), coalesce(b.value::text, '0'), coalesce(a.value::text, '0')
             FROM ({before}) b FULL JOIN ({after}) a ON a.customer_id = b.customer_id AND a.what = b.what"
        )
    };
    let of = |column: &str| format!("($1::integer[] IS NULL OR {column} = ANY ($1))");
    let originals = |table: &str| format!("muster_upgrade.original_rows o WHERE o.table_name = '{table}' AND {}", of("o.customer_id"));
    vec![
        compared(
            &format!(
                "SELECT p.customer_id, 'tasks of the level ' || (coalesce(p.decision, p.placement -> 'chosen') ->> 'task_scope') AS what, count(*) AS value
                 FROM muster_upgrade.placements p WHERE {} GROUP BY 1, 2",
                of("p.customer_id")
            ),
            &format!(
                "SELECT t.customer_id, 'tasks of the level ' || t.task_scope AS what, count(*) AS value FROM {app}.customer_tasks t WHERE {} GROUP BY 1, 2",
                of("t.customer_id")
            ),
        ),
        compared(
            &format!("SELECT o.customer_id, 'values of tasks' AS what, {BEFORE_OF_TASKS} AS value FROM {} GROUP BY 1", originals("customer_tasks")),
            &format!("SELECT t.customer_id, 'values of tasks' AS what, {AFTER_OF_TASKS} AS value FROM {app}.customer_tasks t WHERE {} GROUP BY 1", of("t.customer_id")),
        ),
        compared(
            &format!(
                "SELECT o.customer_id, 'completed tasks' AS what, count(*) AS value FROM {} AND btrim(o.original ->> 'status') IN ('completed', 'answered') GROUP BY 1",
                originals("customer_tasks")
            ),
            &format!(
                "SELECT t.customer_id, 'completed tasks' AS what, count(*) AS value FROM {app}.customer_tasks t WHERE t.status = 'completed' AND {} GROUP BY 1",
                of("t.customer_id")
            ),
        ),
        compared(
            &format!("SELECT o.customer_id, 'plans' AS what, count(*) AS value FROM {} GROUP BY 1", originals("customer_iso_plans")),
            &format!("SELECT t.customer_id, 'plans' AS what, count(*) AS value FROM {app}.customer_iso_plans t WHERE {} GROUP BY 1", of("t.customer_id")),
        ),
        compared(
            &format!(
                "SELECT o.customer_id, 'documents' AS what, count(*) AS value FROM {} AND EXISTS (
                     SELECT FROM muster_upgrade.original_rows p WHERE p.table_name = 'customer_iso_plans' AND p.row_key = o.original ->> 'plan_id'
                       AND p.customer_id = o.customer_id) GROUP BY 1",
                originals("customer_documents")
            ),
            &format!("SELECT t.customer_id, 'documents' AS what, count(*) AS value FROM {app}.customer_documents t WHERE {} GROUP BY 1", of("t.customer_id")),
        ),
        compared(
            &format!(
                "SELECT w.customer_id, 'progress of plans' AS what, md5(string_agg(format('%s:%s/%s', w.plan_id, w.total, w.completed), ',' ORDER BY w.plan_id)) AS value
                 FROM ({}) w GROUP BY 1",
                before_of_plans(&of("p.customer_id"))
            ),
            &format!(
                "SELECT w.customer_id, 'progress of plans' AS what,
                        md5(string_agg(format('%s:%s/%s', w.plan_id, w.total_tasks, w.completed_tasks), ',' ORDER BY w.plan_id)) AS value
                 FROM {app}.v_plan_progress w WHERE {} GROUP BY 1",
                of("w.customer_id")
            ),
        ),
        compared(
            &format!(
                "SELECT w.customer_id, 'tasks in the workspace' AS what, {} AS value FROM ({}) w GROUP BY 1",
                fingerprint("w.task_id"),
                before_of_workspace(&of("p.customer_id"))
            ),
            &format!(
                "SELECT w.customer_id, 'tasks in the workspace' AS what, {} AS value
                 FROM {app}.v_customer_workspace w WHERE w.task_id IS NOT NULL AND {} GROUP BY 1",
                fingerprint("w.task_id::text"),
                of("w.customer_id")
            ),
        ),
    ]
}

/// A number and a sum over texts.
fn fingerprint(text: &str) -> String {
    format!("count(*) || ' ' || coalesce(sum(hashtextextended({text}, 0)::numeric), 0)")
}

/// Everything of a task that is carried over word for word or by a table of words, from its original.
const BEFORE_OF_TASKS: &str = "count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws('|', o.row_key, coalesce(nullif(btrim(o.original ->> 'title'), ''), 'Without a title'), \
    coalesce(o.original ->> 'description', '-'), coalesce(o.original ->> 'section_id', '-'), coalesce(nullif(btrim(o.original ->> 'task_type'), ''), 'general'), coalesce(o.original ->> 'notes', '-'), \
    CASE btrim(o.original ->> 'status') WHEN 'answered' THEN 'completed' WHEN 'in_progress' THEN 'in_progress' WHEN 'blocked' THEN 'blocked' WHEN 'on_hold' THEN 'on_hold' \
        WHEN 'under_review' THEN 'under_review' WHEN 'completed' THEN 'completed' WHEN 'cancelled' THEN 'cancelled' ELSE 'pending' END, \
    CASE btrim(o.original ->> 'priority') WHEN 'low' THEN 'low' WHEN 'high' THEN 'high' WHEN 'urgent' THEN 'urgent' WHEN 'critical' THEN 'urgent' ELSE 'medium' END, \
    coalesce((o.original ->> 'is_ignored')::boolean, false), coalesce((o.original ->> 'requires_evidence')::boolean, false), \
    coalesce(muster_upgrade.day(o.original ->> 'due_date')::text, '-')), 0)::numeric), 0)";

/// The same from Muster's row.
const AFTER_OF_TASKS: &str = "count(*) || ' ' || coalesce(sum(hashtextextended(concat_ws('|', t.id, t.title, coalesce(t.description, '-'), coalesce(t.section_id, '-'), \
    t.task_type, coalesce(t.notes, '-'), t.status, t.priority, t.is_ignored, t.requires_evidence, coalesce(t.due_date::text, '-')), 0)::numeric), 0)";

/// The tasks that the workspace shows, from where each was placed and from what its original, its
/// plan's and its template's say of being ignored.
fn before_of_workspace(filter: &str) -> String {
    format!(
        "SELECT p.customer_id, p.task_id::text AS task_id, c.place ->> 'plan_id' AS plan_id, btrim(o.original ->> 'status') AS status
         FROM muster_upgrade.placements p
         CROSS JOIN LATERAL (SELECT coalesce(p.decision, p.placement -> 'chosen') AS place) c
         JOIN muster_upgrade.original_rows o ON o.table_name = 'customer_tasks' AND o.row_key = p.task_id::text
         LEFT JOIN muster_upgrade.original_rows n ON n.table_name = 'customer_iso_plans' AND n.row_key = c.place ->> 'plan_id'
         LEFT JOIN (SELECT a.original ->> 'plan_id' AS plan_id, a.original ->> 'template_id' AS template_id,
                           bool_or(coalesce((a.original ->> 'is_ignored')::boolean, false)) AS is_ignored
                    FROM muster_upgrade.original_rows a WHERE a.table_name = 'customer_iso_plan_templates' GROUP BY 1, 2) a
             ON a.plan_id = c.place ->> 'plan_id' AND a.template_id = c.place ->> 'template_id'
         WHERE {filter} AND NOT coalesce((o.original ->> 'is_ignored')::boolean, false) AND NOT coalesce((n.original ->> 'is_ignored')::boolean, false)
           AND NOT coalesce(a.is_ignored, false)"
    )
}

fn before_of_plans(filter: &str) -> String {
    format!(
        "SELECT p.customer_id, p.row_key AS plan_id, count(w.task_id) FILTER (WHERE w.status IS DISTINCT FROM 'cancelled') AS total,
                count(w.task_id) FILTER (WHERE w.status IN ('completed', 'answered')) AS completed
         FROM muster_upgrade.original_rows p
         LEFT JOIN ({workspace}) w ON w.plan_id = p.row_key AND w.customer_id = p.customer_id
         WHERE p.table_name = 'customer_iso_plans' AND {filter} AND NOT coalesce((p.original ->> 'is_ignored')::boolean, false)
         GROUP BY 1, 2",
        workspace = before_of_workspace(filter),
    )
}
