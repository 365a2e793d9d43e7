-- Customers, people and tasks from spreadsheets (docs/SCHEMA.md, "Imports"). An import belongs to the
-- person who brings it in; what it made belongs to the customers. New customers and several customers'
-- rows cannot be written in one scope, so an import is carried out customer by customer: what is to be
-- made is written down whole before anything is made, and whoever finds it unfinished finishes it or
-- takes it back.

CREATE TABLE dna_app.spreadsheet_imports (
    id uuid PRIMARY KEY,
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    -- The person as they were: the audit log names them, also when the worker goes on.
    user_name text NOT NULL,
    user_email text NOT NULL,
    file_name varchar(255) NOT NULL CHECK (btrim(file_name) <> ''),
    -- The file, until it has been carried out.
    content bytea CHECK (octet_length(content) BETWEEN 1 AND 5242880),
    holds varchar(20) NOT NULL CHECK (holds IN ('customers', 'people', 'tasks')),
    settings jsonb NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'running', 'done', 'taking_back', 'refused', 'undoing', 'undone')),
    -- What is to be made, customer by customer, with all ids; only while it is being made.
    plan jsonb,
    -- Rows that it makes.
    planned integer NOT NULL DEFAULT 0 CHECK (planned >= 0),
    -- Why it was taken back by itself.
    refusal text,
    -- Whoever works at it, until when, and which attempt it is.
    leased_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT spreadsheet_imports_content CHECK (state <> 'draft' OR content IS NOT NULL),
    CONSTRAINT spreadsheet_imports_plan CHECK (state <> 'running' OR plan IS NOT NULL)
);
CREATE INDEX spreadsheet_imports_user ON dna_app.spreadsheet_imports (user_id, created_at DESC);
CREATE INDEX spreadsheet_imports_unfinished ON dna_app.spreadsheet_imports (leased_until)
    WHERE state IN ('running', 'taking_back', 'undoing');
-- A workbook is packed already.
ALTER TABLE dna_app.spreadsheet_imports ALTER COLUMN content SET STORAGE EXTERNAL;

-- What an import made of a customer, a row of the file each. They are written in the transaction that
-- makes it, so that a customer's part is made once, whoever carries on.
CREATE TABLE dna_app.customer_import_items (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id uuid NOT NULL PRIMARY KEY,
    import_id uuid NOT NULL REFERENCES dna_app.spreadsheet_imports (id),
    -- The row of the file.
    line integer NOT NULL CHECK (line > 0),
    kind varchar(20) NOT NULL CHECK (kind IN ('customer', 'member', 'task')),
    user_id integer REFERENCES auth.users (id),
    task_id uuid,
    -- The version that it was made in: another one now means that somebody has worked on it.
    made_version integer NOT NULL,
    state varchar(20) NOT NULL DEFAULT 'made' CHECK (state IN ('made', 'taken_back', 'kept')),
    kept_because varchar(50),
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, import_id, line),
    FOREIGN KEY (customer_id, task_id) REFERENCES dna_app.customer_tasks (customer_id, id) ON DELETE CASCADE,
    CONSTRAINT customer_import_items_thing CHECK (CASE kind
        WHEN 'customer' THEN user_id IS NULL AND task_id IS NULL
        WHEN 'member' THEN user_id IS NOT NULL AND task_id IS NULL
        WHEN 'task' THEN user_id IS NULL AND task_id IS NOT NULL
        ELSE false END),
    CONSTRAINT customer_import_items_kept CHECK ((state = 'kept') = (kept_because IS NOT NULL))
);
CREATE INDEX customer_import_items_import ON dna_app.customer_import_items (import_id, line);

CALL dna_app.protect_customer_table('dna_app.customer_import_items', 'customer_id');

ALTER TABLE dna_app.spreadsheet_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE dna_app.spreadsheet_imports FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('CREATE POLICY owner_all ON dna_app.spreadsheet_imports TO %I USING (true) WITH CHECK (true)', current_user);
    -- Each person's own; the worker sees those that are to be finished, and no others.
    EXECUTE format($policy$CREATE POLICY service_own ON dna_app.spreadsheet_imports TO %I
        USING (user_id = (SELECT nullif(current_setting('app.actor', true), '')::integer))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.actor', true), '')::integer))$policy$, service);
    EXECUTE format($policy$CREATE POLICY service_works_off ON dna_app.spreadsheet_imports TO %I
        USING (state IN ('running', 'taking_back', 'undoing') AND (SELECT current_setting('app.works_off', true)) = 'imports')$policy$, service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON dna_app.spreadsheet_imports TO %I', service);
    EXECUTE format('GRANT INSERT ON dna_app.customer_import_items TO %I', service);
    EXECUTE format('GRANT UPDATE (state, kept_because) ON dna_app.customer_import_items TO %I', service);
END
$$;
