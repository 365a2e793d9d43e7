-- The original schema's three views, with its column names; additions stand at the end. They run with the
-- rights of whoever asks, so row security holds through them.

-- From the structure, not from the tasks: an empty plan, template or document is a row whose task
-- columns are NULL. One complete SELECT for each level, each joining its tasks by equality, so that
-- the index serves it. Order by hierarchy_level, and then as the columns at the end say.
CREATE VIEW dna_app.v_customer_workspace WITH (security_invoker = true) AS
SELECT c.id AS customer_id, c.name AS customer_name, c.email AS customer_email,
       ct.id AS task_id, ct.title AS task_title, ct.description AS task_description, ct.status AS task_status,
       ct.priority AS task_priority, ct.task_scope, ct.task_type, ct.requires_evidence, ct.due_date AS task_due_date,
       ct.completed_at AS task_completed_at,
       NULL::uuid AS plan_id, NULL::varchar AS iso_code, NULL::varchar AS iso_name, NULL::varchar AS plan_status,
       NULL::date AS plan_target_date, NULL::uuid AS template_id, NULL::varchar AS template_name,
       NULL::text AS template_description, NULL::uuid AS document_id, NULL::varchar AS document_name,
       NULL::varchar AS document_status, NULL::integer AS completion_percentage,
       1 AS hierarchy_level, ct.position AS task_position, ct.created_at AS task_created_at
FROM dna_app.customers c
LEFT JOIN dna_app.customer_tasks ct ON ct.customer_id = c.id AND ct.plan_id IS NULL AND NOT ct.is_ignored
UNION ALL
SELECT p.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       p.id, s.code, s.name, p.plan_status, p.target_completion_date, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       2, ct.position, ct.created_at
FROM dna_app.customer_iso_plans p
JOIN dna_app.customers c ON c.id = p.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = p.customer_id AND ct.plan_id = p.id AND ct.template_id IS NULL AND NOT ct.is_ignored
WHERE NOT p.is_ignored
UNION ALL
SELECT a.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       a.plan_id, s.code, s.name, p.plan_status, p.target_completion_date, a.template_id, t.name, t.description,
       NULL, NULL, NULL, NULL,
       3, ct.position, ct.created_at
FROM dna_app.customer_iso_plan_templates a
JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
JOIN dna_app.customers c ON c.id = a.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
JOIN dna_app.templates t ON t.id = a.template_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = a.customer_id AND ct.plan_id = a.plan_id AND ct.template_id = a.template_id
    AND ct.document_id IS NULL AND NOT ct.is_ignored
WHERE NOT a.is_ignored
UNION ALL
SELECT d.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       d.plan_id, s.code, s.name, p.plan_status, p.target_completion_date, d.template_id, t.name, t.description,
       d.id, d.document_name, d.status,
       (SELECT (100 * count(w.id) / greatest(count(*), 1))::integer
        FROM dna_app.template_questions q
        LEFT JOIN dna_app.customer_answers w ON w.customer_id = d.customer_id AND w.plan_id = d.plan_id
            AND w.template_id = d.template_id AND w.question_key = q.key
        WHERE q.release_id = d.release_id),
       4, ct.position, ct.created_at
FROM dna_app.customer_documents d
JOIN dna_app.customer_iso_plan_templates a
    ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id AND NOT a.is_ignored
JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
JOIN dna_app.customers c ON c.id = d.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
JOIN dna_app.templates t ON t.id = d.template_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = d.customer_id AND ct.plan_id = d.plan_id AND ct.template_id = d.template_id
    AND ct.document_id = d.id AND NOT ct.is_ignored;

-- Each branch is counted for itself and joined afterwards: joined first, templates times tasks
-- would be read. Tasks below an ignored template are not counted; cancelled ones leave the total.
CREATE VIEW dna_app.v_plan_progress WITH (security_invoker = true) AS
SELECT
    cip.id AS plan_id,
    cip.customer_id,
    iso.code AS iso_code,
    iso.name AS iso_name,
    cip.plan_status,
    coalesce(tc.total_templates, 0) AS total_templates,
    coalesce(tc.approved_templates, 0) AS approved_templates,
    coalesce(k.total_tasks, 0) AS total_tasks,
    coalesce(k.completed_tasks, 0) AS completed_tasks,
    coalesce(k.pending_tasks, 0) AS pending_tasks,
    coalesce(k.in_progress_tasks, 0) AS in_progress_tasks,
    coalesce(k.overdue_tasks, 0) AS overdue_tasks,
    coalesce(100 * k.completed_tasks / nullif(k.total_tasks, 0), 0)::integer AS progress_percentage,
    coalesce(k.cancelled_tasks, 0) AS cancelled_tasks
FROM dna_app.customer_iso_plans cip
JOIN dna_app.iso_standards iso ON iso.id = cip.iso_standard_id
JOIN dna_app.customers c ON c.id = cip.customer_id
LEFT JOIN LATERAL (
    SELECT count(*) AS total_templates, count(*) FILTER (WHERE t.status = 'approved') AS approved_templates
    FROM dna_app.customer_iso_plan_templates a
    JOIN dna_app.templates t ON t.id = a.template_id
    WHERE a.customer_id = cip.customer_id AND a.plan_id = cip.id AND NOT a.is_ignored
) tc ON true
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE ct.status <> 'cancelled') AS total_tasks,
           count(*) FILTER (WHERE ct.status = 'completed') AS completed_tasks,
           count(*) FILTER (WHERE ct.status = 'pending') AS pending_tasks,
           count(*) FILTER (WHERE ct.status = 'in_progress') AS in_progress_tasks,
           count(*) FILTER (WHERE ct.status NOT IN ('completed', 'cancelled')
                                AND ct.due_date < (now() AT TIME ZONE c.time_zone)::date) AS overdue_tasks,
           count(*) FILTER (WHERE ct.status = 'cancelled') AS cancelled_tasks
    FROM dna_app.customer_tasks ct
    WHERE ct.customer_id = cip.customer_id AND ct.plan_id = cip.id AND NOT ct.is_ignored
      AND (ct.template_id IS NULL OR ct.template_id IN (
          SELECT a.template_id FROM dna_app.customer_iso_plan_templates a
          WHERE a.customer_id = cip.customer_id AND a.plan_id = cip.id AND NOT a.is_ignored))
) k ON true
WHERE NOT cip.is_ignored;

CREATE VIEW dna_app.v_template_progress WITH (security_invoker = true) AS
SELECT
    t.id AS template_id,
    t.name AS template_name,
    cipt.plan_id,
    cipt.customer_id,
    coalesce(k.total_tasks, 0) AS total_tasks,
    coalesce(k.completed_tasks, 0) AS completed_tasks,
    coalesce(k.pending_tasks, 0) AS pending_tasks,
    coalesce(100 * k.completed_tasks / nullif(k.total_tasks, 0), 0)::integer AS progress_percentage,
    coalesce(k.in_progress_tasks, 0) AS in_progress_tasks,
    coalesce(k.overdue_tasks, 0) AS overdue_tasks,
    coalesce(k.cancelled_tasks, 0) AS cancelled_tasks
FROM dna_app.customer_iso_plan_templates cipt
JOIN dna_app.templates t ON t.id = cipt.template_id
JOIN dna_app.customer_iso_plans cip ON cip.customer_id = cipt.customer_id AND cip.id = cipt.plan_id
JOIN dna_app.customers c ON c.id = cipt.customer_id
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE ct.status <> 'cancelled') AS total_tasks,
           count(*) FILTER (WHERE ct.status = 'completed') AS completed_tasks,
           count(*) FILTER (WHERE ct.status = 'pending') AS pending_tasks,
           count(*) FILTER (WHERE ct.status = 'in_progress') AS in_progress_tasks,
           count(*) FILTER (WHERE ct.status NOT IN ('completed', 'cancelled')
                                AND ct.due_date < (now() AT TIME ZONE c.time_zone)::date) AS overdue_tasks,
           count(*) FILTER (WHERE ct.status = 'cancelled') AS cancelled_tasks
    FROM dna_app.customer_tasks ct
    WHERE ct.customer_id = cipt.customer_id AND ct.plan_id = cipt.plan_id AND ct.template_id = cipt.template_id AND NOT ct.is_ignored
) k ON true
WHERE NOT cipt.is_ignored AND NOT cip.is_ignored;

-- Open tasks that nothing above them hides, of customers that are not archived: what lists across
-- customers are made from.
CREATE VIEW dna_app.visible_open_tasks WITH (security_invoker = true) AS
SELECT t.*, c.time_zone,
       -- The next step is the customer's: one of its people has the task, or it falls to one.
       coalesce(u.role = 'member', t.assignee_role IN ('manager', 'contributor', 'approver'), false) AS waits_on_customer
FROM dna_app.customer_tasks t
JOIN dna_app.customers c ON c.id = t.customer_id AND c.status <> 'archived'
LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
LEFT JOIN dna_app.customer_iso_plan_templates a
    ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
LEFT JOIN auth.users u ON u.id = t.assigned_to
WHERE NOT t.is_ignored AND NOT coalesce(p.is_ignored, false) AND NOT coalesce(a.is_ignored, false)
  AND t.status NOT IN ('completed', 'cancelled');

-- One customer's figures at an instant. Runs with the rights of whoever asks.
CREATE FUNCTION dna_app.customer_figures(asked_customer integer, asked_at timestamptz)
RETURNS TABLE (today date, plans bigint, without_templates boolean, total bigint, completed bigint, overdue bigint, waiting bigint,
               due_this_week bigint, to_approve bigint)
LANGUAGE sql STABLE AS $$
    SELECT d.today, p.plans, p.without_templates, k.total, k.completed, o.overdue, o.waiting, o.due_this_week, o.to_approve
    FROM dna_app.customers c
    CROSS JOIN LATERAL (SELECT (asked_at AT TIME ZONE c.time_zone)::date AS today) d
    CROSS JOIN LATERAL (
        SELECT count(*) AS plans,
               count(*) = 0 OR bool_or(NOT EXISTS (
                   SELECT FROM dna_app.customer_iso_plan_templates a
                   WHERE a.customer_id = q.customer_id AND a.plan_id = q.id AND NOT a.is_ignored)) AS without_templates
        FROM dna_app.customer_iso_plans q WHERE q.customer_id = c.id AND NOT q.is_ignored
    ) p
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.status <> 'cancelled') AS total, count(*) FILTER (WHERE t.status = 'completed') AS completed
        FROM dna_app.customer_tasks t
        LEFT JOIN dna_app.customer_iso_plans q ON q.customer_id = t.customer_id AND q.id = t.plan_id
        LEFT JOIN dna_app.customer_iso_plan_templates a
            ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
        WHERE t.customer_id = c.id AND NOT t.is_ignored AND NOT coalesce(q.is_ignored, false) AND NOT coalesce(a.is_ignored, false)
    ) k
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.due_date < d.today) AS overdue,
               count(*) FILTER (WHERE t.waits_on_customer) AS waiting,
               count(*) FILTER (WHERE t.due_date BETWEEN d.today AND d.today + (7 - extract(isodow FROM d.today)::integer)) AS due_this_week,
               count(*) FILTER (WHERE t.task_type = 'approve_document') AS to_approve
        FROM dna_app.visible_open_tasks t WHERE t.customer_id = c.id
    ) o
    WHERE c.id = asked_customer
$$;
