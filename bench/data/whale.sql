-- One customer of 20,000 tasks, numbered bench.whale: four plans with all twenty templates each, and at each
-- template 20 tasks of questions and 229 that people added; 40 of the customer, and 40 of plans.

INSERT INTO dna_app.customers (id, name, email, status, words_version, reminded_on, created_by)
VALUES (current_setting('bench.whale')::integer, 'The largest customer', 'largest@example.org', 'active', 1, '2200-12-31', 1);
INSERT INTO dna_app.customer_audit_heads (customer_id) VALUES (current_setting('bench.whale')::integer);
INSERT INTO dna_app.customer_members (customer_id, user_id, role) VALUES (current_setting('bench.whale')::integer, 2, 'manager');

INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, created_by)
SELECT md5(format('whale plan %s', p))::uuid, current_setting('bench.whale')::integer, md5(format('standard %s', p))::uuid, 1 FROM generate_series(1, 4) p;
INSERT INTO dna_app.customer_iso_plan_templates (id, customer_id, plan_id, template_id, release_id, created_by)
SELECT md5(format('whale assignment %s %s', p, t))::uuid, current_setting('bench.whale')::integer, md5(format('whale plan %s', p))::uuid,
       md5(format('template %s', t))::uuid, md5(format('release %s', t))::uuid, 1
FROM generate_series(1, 4) p CROSS JOIN generate_series(1, 20) t;

INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, task_scope, task_type, title, description, priority, assignee_role, due_date,
    generation_source, auto_generated, position)
SELECT md5(format('task %s %s', a.id, q.key))::uuid, a.customer_id, a.plan_id, a.template_id, 'template', 'answer_question', q.label, q.help, 'medium',
       'contributor', current_date + (31 * q.position) % 120 - 30, 'question:' || q.key, true, q.position
FROM dna_app.customer_iso_plan_templates a JOIN dna_app.template_questions q ON q.release_id = a.release_id
WHERE a.customer_id = current_setting('bench.whale')::integer;

INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, task_scope, task_type, title, assigned_to, due_date, created_by, created_manually_by)
SELECT md5(format('whale task %s %s', a.id, k))::uuid, a.customer_id, a.plan_id, a.template_id, 'template', 'general',
       format('Collect the list of site %s', k), 2, current_date + k % 90, 1, 1
FROM dna_app.customer_iso_plan_templates a CROSS JOIN generate_series(1, 229) k WHERE a.customer_id = current_setting('bench.whale')::integer;

INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, task_scope, task_type, title, created_by, created_manually_by)
SELECT md5(format('whale step %s', k))::uuid, current_setting('bench.whale')::integer, CASE WHEN k > 40 THEN md5(format('whale plan %s', 1 + k % 4))::uuid END,
       CASE WHEN k > 40 THEN 'plan' ELSE 'customer' END, 'general', format('Step %s', k), 1, 1
FROM generate_series(1, 80) k;
