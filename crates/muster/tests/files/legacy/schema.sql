-- An older database in the shape that `muster upgrade` takes over: the columns with their types as
-- docs/UPGRADING.md names them, written anew for the tests. Variants are made by the tests.

CREATE SCHEMA auth;
CREATE SCHEMA dna_app;

CREATE TABLE auth.roles (
    id serial PRIMARY KEY,
    name varchar(50) NOT NULL UNIQUE,
    permissions jsonb,
    is_system boolean DEFAULT false
);
CREATE TABLE auth.users (
    id serial PRIMARY KEY,
    email varchar(255) NOT NULL UNIQUE,
    password_hash varchar(255) NOT NULL,
    full_name varchar(255),
    role varchar(50) NOT NULL DEFAULT 'viewer',
    is_active boolean DEFAULT true,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    last_login timestamptz,
    role_id integer REFERENCES auth.roles (id)
);
CREATE TABLE auth.sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    token varchar(500),
    expires_at timestamptz
);

CREATE TABLE dna_app.customers (
    id serial PRIMARY KEY,
    name varchar(255) NOT NULL,
    email varchar(255),
    contact_person varchar(255),
    phone varchar(50),
    address text,
    status varchar(50) NOT NULL DEFAULT 'active',
    metadata jsonb DEFAULT '{}',
    created_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    portal_username varchar(100) UNIQUE,
    portal_password_hash varchar(255),
    contact_email varchar(255),
    document_email varchar(255),
    storage_type varchar(50) DEFAULT 'local',
    storage_path text,
    storage_config jsonb DEFAULT '{}',
    portal_enabled boolean DEFAULT false,
    last_portal_login timestamp,
    website varchar(255),
    compliance_email varchar(255),
    contract_email varchar(255),
    description text
);

CREATE TABLE dna_app.iso_standards (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code varchar(50) NOT NULL UNIQUE,
    name varchar(200) NOT NULL,
    description text,
    requirements_summary text,
    active boolean DEFAULT true,
    display_order integer DEFAULT 0,
    color varchar(20),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);

CREATE TABLE dna_app.templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    description text,
    iso_standard varchar(50),
    template_file_id uuid,
    template_structure jsonb NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'draft',
    version varchar(50) DEFAULT '1.0',
    version_number integer DEFAULT 1,
    total_fixed_sections integer DEFAULT 0,
    total_fillable_sections integer DEFAULT 0,
    semantic_tags text[],
    approved_at timestamp,
    approved_by integer REFERENCES auth.users (id),
    created_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now()
);
CREATE TABLE dna_app.template_versions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    template_id uuid NOT NULL REFERENCES dna_app.templates (id) ON DELETE CASCADE,
    version_number integer NOT NULL,
    template_structure jsonb,
    change_summary text,
    created_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    UNIQUE (template_id, version_number)
);
CREATE TABLE dna_app.template_iso_mapping (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    template_id uuid NOT NULL REFERENCES dna_app.templates (id) ON DELETE CASCADE,
    iso_standard_id uuid NOT NULL REFERENCES dna_app.iso_standards (id) ON DELETE CASCADE,
    UNIQUE (template_id, iso_standard_id)
);

CREATE TABLE dna_app.customer_iso_plans (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    iso_standard_id uuid NOT NULL REFERENCES dna_app.iso_standards (id) ON DELETE RESTRICT,
    plan_name varchar(255),
    plan_status varchar(50) DEFAULT 'active',
    template_selection_mode varchar(50) DEFAULT 'all',
    target_completion_date date,
    started_at timestamp,
    completed_at timestamp,
    created_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    is_ignored boolean DEFAULT false,
    ignored_at timestamp,
    ignored_by integer REFERENCES auth.users (id),
    ignore_reason text,
    UNIQUE (customer_id, iso_standard_id)
);
CREATE TABLE dna_app.customer_iso_plan_templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    plan_id uuid NOT NULL REFERENCES dna_app.customer_iso_plans (id) ON DELETE CASCADE,
    template_id uuid NOT NULL REFERENCES dna_app.templates (id) ON DELETE RESTRICT,
    included boolean DEFAULT true,
    created_at timestamp DEFAULT now(),
    UNIQUE (plan_id, template_id)
);

CREATE TABLE dna_app.customer_documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    plan_id uuid NOT NULL REFERENCES dna_app.customer_iso_plans (id) ON DELETE CASCADE,
    template_id uuid REFERENCES dna_app.templates (id) ON DELETE RESTRICT,
    template_version integer,
    template_name varchar(255),
    document_name varchar(500) NOT NULL,
    document_type varchar(100),
    iso_code varchar(50),
    status varchar(50) DEFAULT 'not_started',
    content jsonb DEFAULT '{}',
    document_version integer DEFAULT 1,
    completion_percentage integer DEFAULT 0,
    mandatory_sections_total integer DEFAULT 0,
    mandatory_sections_completed integer DEFAULT 0,
    storage_path text,
    exported_at timestamp,
    assigned_to integer REFERENCES auth.users (id),
    created_by integer REFERENCES auth.users (id),
    updated_by integer REFERENCES auth.users (id),
    reviewed_by integer REFERENCES auth.users (id),
    approved_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    reviewed_at timestamp,
    approved_at timestamp,
    due_date date,
    notes text
);
CREATE TABLE dna_app.customer_document_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    document_id uuid NOT NULL REFERENCES dna_app.customer_documents (id) ON DELETE CASCADE,
    version integer NOT NULL,
    content jsonb,
    change_summary text,
    changed_by integer REFERENCES auth.users (id),
    changed_at timestamp DEFAULT now()
);

CREATE TABLE dna_app.customer_tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    plan_id uuid REFERENCES dna_app.customer_iso_plans (id) ON DELETE CASCADE,
    document_id uuid REFERENCES dna_app.customer_documents (id) ON DELETE CASCADE,
    task_type varchar(50) NOT NULL,
    task_scope varchar(50) NOT NULL DEFAULT 'document',
    section_id varchar(255),
    title varchar(500) NOT NULL,
    description text,
    status varchar(50) DEFAULT 'pending',
    priority varchar(50) DEFAULT 'medium',
    requires_evidence boolean DEFAULT false,
    evidence_description text,
    evidence_format varchar(100),
    evidence_uploaded boolean DEFAULT false,
    evidence_files jsonb,
    assigned_to integer REFERENCES auth.users (id),
    due_date date,
    completed_at timestamp,
    completed_by integer REFERENCES auth.users (id),
    created_by integer REFERENCES auth.users (id),
    created_at timestamp DEFAULT now(),
    updated_at timestamp DEFAULT now(),
    notes text,
    auto_generated boolean DEFAULT false
);
CREATE INDEX legacy_tasks_customer ON dna_app.customer_tasks (customer_id);

CREATE TABLE dna_app.customer_storage_files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    task_id uuid REFERENCES dna_app.customer_tasks (id) ON DELETE SET NULL,
    file_name varchar(500) NOT NULL,
    storage_path text,
    file_size bigint,
    mime_type varchar(100),
    uploaded_by integer REFERENCES auth.users (id),
    uploaded_at timestamp DEFAULT now()
);
CREATE TABLE dna_app.customer_configuration (
    id serial PRIMARY KEY,
    customer_id integer REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    config_key varchar(100) NOT NULL,
    config_value jsonb,
    UNIQUE (customer_id, config_key)
);
CREATE TABLE dna_app.task_resolutions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    task_id uuid NOT NULL REFERENCES dna_app.customer_tasks (id) ON DELETE CASCADE,
    resolution_type varchar(50),
    answer text,
    resolved_by integer REFERENCES auth.users (id),
    resolved_at timestamp DEFAULT now(),
    notes text
);
CREATE TABLE dna_app.task_templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    title varchar(500),
    description text,
    task_type varchar(50)
);
CREATE TABLE dna_app.customer_interview_sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    status varchar(50),
    state jsonb
);

CREATE VIEW dna_app.v_customer_iso_progress AS
SELECT p.customer_id, p.id AS plan_id, s.code AS iso_code, p.plan_status,
       count(DISTINCT d.id) AS total_documents,
       count(DISTINCT d.id) FILTER (WHERE d.status = 'approved') AS approved_documents,
       count(DISTINCT t.id) AS total_tasks,
       count(DISTINCT t.id) FILTER (WHERE t.status = 'completed') AS completed_tasks,
       coalesce(avg(d.completion_percentage), 0) AS average_completion
FROM dna_app.customer_iso_plans p
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
LEFT JOIN dna_app.customer_documents d ON d.plan_id = p.id
LEFT JOIN dna_app.customer_tasks t ON t.plan_id = p.id
GROUP BY p.customer_id, p.id, s.code, p.plan_status;
CREATE VIEW dna_app.v_customer_overall_progress AS
SELECT customer_id, count(*) AS plans, sum(total_tasks) AS total_tasks, sum(completed_tasks) AS completed_tasks
FROM dna_app.v_customer_iso_progress GROUP BY customer_id;
