-- The original schema, as its text has it: its tables as far as its views read them, its eight indexes of
-- tasks and no others, and its three views. It stands in a schema of its own beside Muster's.
CREATE SCHEMA seed;

CREATE TABLE seed.customers (id integer PRIMARY KEY, name varchar(255), email varchar(255));
CREATE TABLE seed.iso_standards (id uuid PRIMARY KEY, code varchar(50), name varchar(200));
CREATE TABLE seed.templates (id uuid PRIMARY KEY, name varchar(255), description text, status varchar(50));
CREATE TABLE seed.customer_iso_plans (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL,
    iso_standard_id uuid NOT NULL,
    plan_status varchar(50),
    target_completion_date date,
    is_ignored boolean DEFAULT false
);
CREATE TABLE seed.customer_iso_plan_templates (id uuid PRIMARY KEY, plan_id uuid NOT NULL, template_id uuid NOT NULL, is_ignored boolean DEFAULT false);
CREATE TABLE seed.customer_documents (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL,
    plan_id uuid,
    template_id uuid,
    document_name varchar(500),
    status varchar(50),
    completion_percentage integer
);
CREATE TABLE seed.customer_tasks (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL,
    plan_id uuid,
    template_id uuid,
    document_id uuid,
    task_scope varchar(50) NOT NULL,
    task_type varchar(50) NOT NULL,
    title varchar(500) NOT NULL,
    description text,
    status varchar(50) DEFAULT 'pending',
    priority varchar(50) DEFAULT 'medium',
    requires_evidence boolean DEFAULT false,
    evidence_description text,
    evidence_uploaded boolean DEFAULT false,
    evidence_files jsonb,
    assigned_to integer,
    due_date date,
    completed_at timestamp,
    completed_by integer,
    created_by integer,
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    is_ignored boolean DEFAULT false,
    ignored_at timestamp,
    ignored_by integer,
    ignore_reason text,
    notes text,
    auto_generated boolean DEFAULT false
);

INSERT INTO seed.customers SELECT id, name, email FROM dna_app.customers;
INSERT INTO seed.iso_standards SELECT id, code, name FROM dna_app.iso_standards;
INSERT INTO seed.templates SELECT id, name, description, status FROM dna_app.templates;
INSERT INTO seed.customer_iso_plans SELECT id, customer_id, iso_standard_id, plan_status, target_completion_date, is_ignored FROM dna_app.customer_iso_plans;
INSERT INTO seed.customer_iso_plan_templates SELECT id, plan_id, template_id, is_ignored FROM dna_app.customer_iso_plan_templates;
INSERT INTO seed.customer_documents SELECT id, customer_id, plan_id, template_id, document_name, status, 40 FROM dna_app.customer_documents;
INSERT INTO seed.customer_tasks
SELECT id, customer_id, plan_id, template_id, document_id, task_scope, task_type, title, description, status, priority, requires_evidence,
       evidence_description, evidence_uploaded, evidence_files, assigned_to, due_date, completed_at, completed_by, created_by, created_at, updated_at,
       is_ignored, ignored_at, ignored_by, ignore_reason, notes, auto_generated
FROM dna_app.customer_tasks;

CREATE INDEX ON seed.customer_tasks (customer_id);
CREATE INDEX ON seed.customer_tasks (plan_id);
CREATE INDEX ON seed.customer_tasks (template_id);
CREATE INDEX ON seed.customer_tasks (document_id);
CREATE INDEX ON seed.customer_tasks (task_scope);
CREATE INDEX ON seed.customer_tasks (status);
CREATE INDEX ON seed.customer_tasks (customer_id, task_scope);
CREATE INDEX ON seed.customer_tasks (plan_id, template_id);

CREATE VIEW seed.v_customer_workspace AS
SELECT c.id AS customer_id, c.name AS customer_name, c.email AS customer_email,
       k.id AS task_id, k.title AS task_title, k.description AS task_description, k.status AS task_status, k.priority AS task_priority,
       k.task_scope, k.task_type, k.requires_evidence, k.due_date AS task_due_date, k.completed_at AS task_completed_at,
       p.id AS plan_id, s.code AS iso_code, s.name AS iso_name, p.plan_status, p.target_completion_date AS plan_target_date,
       t.id AS template_id, t.name AS template_name, t.description AS template_description,
       d.id AS document_id, d.document_name, d.status AS document_status, d.completion_percentage
FROM seed.customer_tasks k
JOIN seed.customers c ON k.customer_id = c.id
LEFT JOIN seed.customer_iso_plans p ON k.plan_id = p.id
LEFT JOIN seed.iso_standards s ON p.iso_standard_id = s.id
LEFT JOIN seed.templates t ON k.template_id = t.id
LEFT JOIN seed.customer_documents d ON k.document_id = d.id
WHERE (k.is_ignored IS NOT TRUE OR k.is_ignored IS NULL) AND (p.is_ignored IS NOT TRUE OR p.is_ignored IS NULL OR p.is_ignored IS NULL);

CREATE VIEW seed.v_plan_progress AS
SELECT p.id AS plan_id, p.customer_id, s.code AS iso_code, s.name AS iso_name, p.plan_status,
       count(DISTINCT a.template_id) AS total_templates,
       count(DISTINCT CASE WHEN t.status = 'approved' THEN a.template_id END) AS approved_templates,
       count(DISTINCT k.id) AS total_tasks,
       count(DISTINCT CASE WHEN k.status = 'completed' THEN k.id END) AS completed_tasks,
       count(DISTINCT CASE WHEN k.status = 'pending' THEN k.id END) AS pending_tasks,
       count(DISTINCT CASE WHEN k.status = 'in_progress' THEN k.id END) AS in_progress_tasks,
       count(DISTINCT CASE WHEN k.due_date < current_date AND k.status != 'completed' THEN k.id END) AS overdue_tasks,
       CASE WHEN count(DISTINCT k.id) > 0
            THEN round(100.0 * count(DISTINCT CASE WHEN k.status = 'completed' THEN k.id END) / count(DISTINCT k.id)) ELSE 0 END AS progress_percentage
FROM seed.customer_iso_plans p
JOIN seed.iso_standards s ON p.iso_standard_id = s.id
LEFT JOIN seed.customer_iso_plan_templates a ON p.id = a.plan_id AND (a.is_ignored IS NOT TRUE OR a.is_ignored IS NULL)
LEFT JOIN seed.templates t ON a.template_id = t.id
LEFT JOIN seed.customer_tasks k ON p.id = k.plan_id AND (k.is_ignored IS NOT TRUE OR k.is_ignored IS NULL)
WHERE (p.is_ignored IS NOT TRUE OR p.is_ignored IS NULL)
GROUP BY p.id, p.customer_id, s.code, s.name, p.plan_status;

CREATE VIEW seed.v_template_progress AS
SELECT t.id AS template_id, t.name AS template_name, a.plan_id, p.customer_id,
       count(DISTINCT k.id) AS total_tasks,
       count(DISTINCT CASE WHEN k.status = 'completed' THEN k.id END) AS completed_tasks,
       count(DISTINCT CASE WHEN k.status = 'pending' THEN k.id END) AS pending_tasks,
       CASE WHEN count(DISTINCT k.id) > 0
            THEN round(100.0 * count(DISTINCT CASE WHEN k.status = 'completed' THEN k.id END) / count(DISTINCT k.id)) ELSE 0 END AS progress_percentage
FROM seed.customer_iso_plan_templates a
JOIN seed.templates t ON a.template_id = t.id
JOIN seed.customer_iso_plans p ON a.plan_id = p.id
LEFT JOIN seed.customer_tasks k ON a.template_id = k.template_id AND a.plan_id = k.plan_id AND (k.is_ignored IS NOT TRUE OR k.is_ignored IS NULL)
WHERE (a.is_ignored IS NOT TRUE OR a.is_ignored IS NULL) AND (p.is_ignored IS NOT TRUE OR p.is_ignored IS NULL)
GROUP BY t.id, t.name, a.plan_id, p.customer_id;
