-- The customer of the progress views, numbered bench.progress: one plan of 50 templates and 2,000 tasks, two
-- fifths of them completed and none cancelled, so that both ways of counting give the same.

INSERT INTO dna_app.customers (id, name, email, status, words_version, reminded_on, created_by)
VALUES (current_setting('bench.progress')::integer, 'The customer with many templates', 'many@example.org', 'active', 1, '2200-12-31', 1);
INSERT INTO dna_app.customer_audit_heads (customer_id) VALUES (current_setting('bench.progress')::integer);
INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, created_by)
VALUES (md5('progress plan')::uuid, current_setting('bench.progress')::integer, md5('standard 1')::uuid, 1);
INSERT INTO dna_app.customer_iso_plan_templates (id, customer_id, plan_id, template_id, release_id, created_by)
SELECT md5(format('progress assignment %s', t))::uuid, current_setting('bench.progress')::integer, md5('progress plan')::uuid,
       md5(format('template %s', t))::uuid, md5(format('release %s', t))::uuid, 1
FROM generate_series(1, 50) t;
INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, task_scope, task_type, title, status, due_date, completed_at, completed_by,
    created_by, created_manually_by)
SELECT md5(format('progress task %s %s', t, k))::uuid, current_setting('bench.progress')::integer, md5('progress plan')::uuid, md5(format('template %s', t))::uuid,
       'template', 'general', format('Collect the list of site %s', k),
       CASE WHEN k % 5 < 2 THEN 'completed' WHEN k % 5 = 2 THEN 'in_progress' ELSE 'pending' END, current_date + k - 20,
       CASE WHEN k % 5 < 2 THEN now() END, CASE WHEN k % 5 < 2 THEN 1 END, 1, 1
FROM generate_series(1, 50) t CROSS JOIN generate_series(1, 40) k;
