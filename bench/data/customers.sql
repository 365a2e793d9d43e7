-- Customers bench.first to bench.last with 100 tasks each: two plans, four templates, a document, sixteen
-- answers, a piece of evidence, a consultant and a manager.

INSERT INTO dna_app.customers (id, name, email, status, words_version, reminded_on, created_by)
SELECT n, format('Customer %s', n), format('office%s@example.org', n), 'active', 1, '2200-12-31', 1
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n;

INSERT INTO dna_app.customer_audit_heads (customer_id)
SELECT generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer);

INSERT INTO dna_app.customer_members (id, customer_id, user_id, role)
SELECT md5(format('member %s %s', n, role))::uuid, n, CASE role WHEN 'consultant' THEN 3 + n % 10 ELSE 23 + n % 978 END, role
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n
CROSS JOIN unnest(ARRAY['consultant', 'manager']) role;

INSERT INTO dna_app.customer_iso_plans (id, customer_id, iso_standard_id, target_completion_date, created_by)
SELECT md5(format('plan %s %s', n, p))::uuid, n, md5(format('standard %s', 1 + (n + p) % 4))::uuid, current_date + 200, 1
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n CROSS JOIN generate_series(1, 2) p;

-- Three templates for the first plan, one for the second.
INSERT INTO dna_app.customer_iso_plan_templates (id, customer_id, plan_id, template_id, release_id, created_by)
SELECT md5(format('assignment %s %s', n, a))::uuid, n, md5(format('plan %s %s', n, 1 + a / 4))::uuid, md5(format('template %s', t))::uuid,
       md5(format('release %s', t))::uuid, 1
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n
CROSS JOIN generate_series(1, 4) a CROSS JOIN LATERAL (SELECT 1 + (n + 5 * a) % 20) f (t);

-- Eight answers for each of the first two templates.
INSERT INTO dna_app.customer_answers (id, customer_id, plan_id, template_id, question_key, value, answered_by, answered_at)
SELECT md5(format('answer %s %s %s', n, a, q))::uuid, n, md5(format('plan %s 1', n))::uuid, md5(format('template %s', 1 + (n + 5 * a) % 20))::uuid,
       format('question_%s', q), to_jsonb(format('The office of customer %s, every month.', n)), 23 + n % 978, now() - q * interval '1 day'
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n
CROSS JOIN generate_series(1, 2) a CROSS JOIN generate_series(1, 8) q;

INSERT INTO dna_app.customer_documents (id, customer_id, plan_id, template_id, release_id, document_name, content, created_by)
SELECT md5(format('document %s', n))::uuid, n, md5(format('plan %s 1', n))::uuid, md5(format('template %s', t))::uuid,
       md5(format('release %s', t))::uuid, format('Document %s', t),
       jsonb_build_object('title', format('Document %s', t), 'body', repeat('The firm lays down what follows. ', 20), 'answers', f.given, 'unanswered', f.open), 1
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n
CROSS JOIN LATERAL (SELECT 1 + (n + 5) % 20) template (t)
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(q.key, jsonb_build_object('label', q.label, 'value', w.words, 'words', w.words, 'version', 1)) FILTER (WHERE q.position <= 8) AS given,
           jsonb_object_agg(q.key, q.label) FILTER (WHERE q.position > 8) AS open
    FROM dna_app.template_questions q CROSS JOIN (SELECT format('The office of customer %s, every month.', n)) w (words)
    WHERE q.release_id = md5(format('release %s', t))::uuid
) f;

INSERT INTO dna_app.customer_evidence (id, customer_id, filename, url, status, valid_until, received_at, uploaded_by, decided_by, decided_at)
SELECT md5(format('evidence %s', n))::uuid, n, format('Certificate %s', n), format('https://example.org/certificates/%s', n), 'accepted',
       current_date + 400, now(), 1, 1, now()
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n;

-- 80 tasks of questions; those of answered questions are completed. They lie as they do where people work: a template's tasks
-- together, as assigning it wrote them, and the templates of a customer apart. Without an order PostgreSQL joins many customers
-- in another way than few, and scatters a customer of many over three times as many pages.
INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, task_scope, task_type, title, description, status, priority,
    assigned_to, assignee_role, due_date, completed_at, completed_by, generation_source, auto_generated, position)
SELECT md5(format('task %s %s', a.id, q.key))::uuid, a.customer_id, a.plan_id, a.template_id, 'template', 'answer_question', q.label, q.help,
       CASE WHEN w.id IS NOT NULL THEN 'completed' WHEN q.position % 5 = 0 THEN 'in_progress' ELSE 'pending' END,
       (ARRAY['low', 'medium', 'high', 'urgent'])[1 + (a.customer_id + q.position) % 4],
       CASE WHEN q.position % 3 = 0 THEN 23 + a.customer_id % 978 END, CASE WHEN q.position % 3 <> 0 THEN 'contributor' END,
       current_date + (7919 * a.customer_id + 31 * q.position) % 120 - 30, w.answered_at, w.answered_by, 'question:' || q.key, true, q.position
FROM dna_app.customer_iso_plan_templates a
JOIN dna_app.template_questions q ON q.release_id = a.release_id
LEFT JOIN dna_app.customer_answers w
    ON w.customer_id = a.customer_id AND w.plan_id = a.plan_id AND w.template_id = a.template_id AND w.question_key = q.key
WHERE a.customer_id BETWEEN current_setting('bench.first')::integer AND current_setting('bench.last')::integer
ORDER BY a.id, q.position;

-- Five tasks of the customer, five of each plan, five of the document.
INSERT INTO dna_app.customer_tasks (id, customer_id, plan_id, template_id, document_id, task_scope, task_type, title, status, priority, assigned_to,
    due_date, created_by, created_manually_by, completed_at, completed_by)
SELECT md5(format('task %s %s %s', n, place, k))::uuid, n,
       CASE WHEN place > 1 THEN md5(format('plan %s %s', n, CASE WHEN place = 3 THEN 2 ELSE 1 END))::uuid END,
       CASE WHEN place = 4 THEN md5(format('template %s', 1 + (n + 5) % 20))::uuid END,
       CASE WHEN place = 4 THEN md5(format('document %s', n))::uuid END,
       (ARRAY['customer', 'plan', 'plan', 'document'])[place], (ARRAY['general', 'meeting', 'meeting', 'review_document'])[place],
       format('%s %s', (ARRAY['Call the office', 'Hold the workshop', 'Collect the list', 'Read the draft', 'Plan the visit'])[k], n),
       CASE WHEN k = 1 THEN 'completed' ELSE 'pending' END, 'medium', 3 + n % 10, current_date + (n + 13 * k) % 90 - 20, 1, 1,
       CASE WHEN k = 1 THEN now() - interval '9 days' END, CASE WHEN k = 1 THEN 3 + n % 10 END
FROM generate_series(current_setting('bench.first')::integer, current_setting('bench.last')::integer) n
CROSS JOIN generate_series(1, 4) place CROSS JOIN generate_series(1, 5) k;
