-- Fills an older database with `muster.customers` customers of 500 tasks each, as its program's writers
-- made them: questions of shared and of own sections, generated tasks, documents with history, what
-- names another customer's plan. For measurements; the truth of single rows is in the tests.

INSERT INTO auth.users (email, password_hash, full_name, role)
SELECT 'user' || n || '@example.com', '$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZBqcXpX0Vh8VNjr7LrQhJ0WEn3NQJu', 'Person ' || n, CASE WHEN n = 1 THEN 'admin' ELSE 'viewer' END
FROM generate_series(1, 10) n;

INSERT INTO dna_app.iso_standards (code, name) SELECT 'ISO ' || n, 'Standard ' || n FROM generate_series(1, 4) n;

INSERT INTO dna_app.templates (id, name, template_structure, status, iso_standard)
SELECT md5('template ' || n)::uuid, 'Template ' || n,
       jsonb_build_object('document_title', 'Document ' || n, 'fixed_sections', jsonb_build_array(jsonb_build_object('id', 'f1', 'title', 'Purpose', 'content', 'Why.')),
           'fillable_sections', (SELECT jsonb_agg(jsonb_build_object('id', 's' || s, 'type', 'text', 'is_mandatory', true,
               'title', CASE WHEN s = 1 THEN 'Who is responsible?' ELSE format('Question %s of template %s', s, n) END)) FROM generate_series(1, 20) s)),
       'approved', 'ISO ' || (1 + n % 4)
FROM generate_series(1, 20) n;

INSERT INTO dna_app.customers (name, email, portal_username, portal_password_hash, portal_enabled, created_at)
SELECT 'Customer ' || n, 'office' || n || '@example.org', 'customer' || n, '$2b$12$C6UzMDM.H6dfI/f/IKcEeO7ZBqcXpX0Vh8VNjr7LrQhJ0WEn3NQJu', true,
       '2024-01-01'::timestamp + n * interval '1 hour'
FROM generate_series(1, current_setting('muster.customers')::integer) n;

-- Two plans each: one with five templates, and one in the mode "all" without assignments.
INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, template_selection_mode, is_ignored)
SELECT md5(format('plan %s %s', c.id, p))::uuid, c.id, s.id, CASE p WHEN 1 THEN 'selective' ELSE 'all' END, CASE WHEN c.id % 50 = 0 AND p = 2 THEN true END
FROM dna_app.customers c CROSS JOIN generate_series(1, 2) p JOIN dna_app.iso_standards s ON s.code = 'ISO ' || p;
INSERT INTO dna_app.customer_iso_plan_templates (plan_id, template_id, created_at)
SELECT md5(format('plan %s 1', c.id))::uuid, md5('template ' || n)::uuid, '2024-02-01'::timestamp + n * interval '1 minute'
FROM dna_app.customers c CROSS JOIN generate_series(1, 5) n;

INSERT INTO dna_app.customer_documents (id, customer_id, plan_id, template_id, document_name, status, content, created_by, approved_by, approved_at)
SELECT md5(format('document %s', c.id))::uuid, c.id, md5(format('plan %s 1', c.id))::uuid, md5('template 1')::uuid, 'Document 1',
       CASE c.id % 3 WHEN 0 THEN 'approved' WHEN 1 THEN 'pending_review' ELSE 'in_progress' END, jsonb_build_object('s1', 'IT', 's2', 'Weekly'), 1, 1, now()
FROM dna_app.customers c;
INSERT INTO dna_app.customer_document_history (document_id, version, content, change_summary, changed_by)
SELECT d.id, 1, jsonb_build_object('s1', 'HR'), 'First', 1 FROM dna_app.customer_documents d;

-- 100 questions of the first plan, one of each template for the section that all have.
INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title, status, created_at)
SELECT c.id, md5(format('plan %s 1', c.id))::uuid, 'answer_question', 'question', 's' || s,
       CASE WHEN s = 1 THEN 'Who is responsible?' ELSE format('Question %s of template %s', s, n) END,
       CASE WHEN s % 3 = 0 THEN 'completed' ELSE 'pending' END, '2024-02-02'
FROM dna_app.customers c CROSS JOIN generate_series(1, 5) n CROSS JOIN generate_series(1, 20) s;
-- 200 generated ones of the second plan, whose templates have no assignment (4, 8, 12, 16, 20 are of ISO 1; 1, 5, ... of ISO 2).
INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title, priority, created_at)
SELECT c.id, md5(format('plan %s 2', c.id))::uuid, kind, 'document', 's' || s,
       CASE kind WHEN 'fillable_section' THEN 'Complete: ' ELSE 'Provide Evidence: ' END || format('Question %s of template %s', s, n), 'critical', '2024-02-03'
FROM dna_app.customers c CROSS JOIN unnest(ARRAY[1, 5, 9, 13, 17]) n CROSS JOIN generate_series(1, 20) s CROSS JOIN unnest(ARRAY['fillable_section', 'evidence_required']) kind
WHERE s > 1 OR n = 1;
-- 100 of documents, 50 of plans, 40 of customers, 10 that name another customer's plan.
INSERT INTO dna_app.customer_tasks (customer_id, plan_id, document_id, task_type, task_scope, section_id, title, status)
SELECT c.id, CASE WHEN s % 2 = 0 THEN md5(format('plan %s 1', c.id))::uuid END, md5(format('document %s', c.id))::uuid, 'fillable_section', 'document', 's' || s,
       'Complete: Question ' || s, CASE WHEN s % 4 = 0 THEN 'answered' ELSE 'in_progress' END
FROM dna_app.customers c CROSS JOIN generate_series(1, 100) s;
INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, title, status)
SELECT c.id, md5(format('plan %s 1', c.id))::uuid, 'custom', CASE WHEN s <= 50 THEN 'iso_plan' ELSE 'customer' END, 'Step ' || s, CASE WHEN s % 5 = 0 THEN 'cancelled' ELSE 'pending' END
FROM dna_app.customers c CROSS JOIN generate_series(1, 90) s;
INSERT INTO dna_app.customer_tasks (customer_id, plan_id, task_type, task_scope, section_id, title)
SELECT c.id, md5(format('plan %s 1', 1 + c.id % current_setting('muster.customers')::integer))::uuid, 'answer_question', 'question', 's2', 'Question 2 of template 1'
FROM dna_app.customers c CROSS JOIN generate_series(1, 10) s WHERE current_setting('muster.customers')::integer > 1;
ANALYZE;
