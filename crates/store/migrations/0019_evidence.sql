-- Evidence: files that show that something is so, and the tasks that they serve (docs/SCHEMA.md,
-- "Evidence"). The bytes lie in the data folder, named by their hash; here is what is known of them.

CREATE TABLE dna_app.customer_evidence (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    filename varchar(255) NOT NULL CHECK (btrim(filename) <> ''),
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    size bigint NOT NULL CHECK (size > 0),
    media_type varchar(100) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'accepted', 'rejected')),
    -- The days that it tells of.
    covers_from date CHECK (covers_from BETWEEN '1900-01-01' AND '2200-12-31'),
    covers_to date CHECK (covers_to BETWEEN '1900-01-01' AND '2200-12-31'),
    -- The last day on which it shows anything, as of a certificate.
    valid_until date CHECK (valid_until BETWEEN '1900-01-01' AND '2200-12-31'),
    note text CHECK (btrim(note) <> ''),
    received_at timestamptz NOT NULL,
    uploaded_by integer REFERENCES auth.users (id),
    respondent_id uuid,
    decided_by integer REFERENCES auth.users (id),
    decided_at timestamptz,
    decision_reason text CHECK (btrim(decision_reason) <> ''),
    -- The file that came in its place.
    replaced_by uuid,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (customer_id, id),
    FOREIGN KEY (customer_id, respondent_id) REFERENCES dna_app.customer_respondents (customer_id, id),
    FOREIGN KEY (customer_id, replaced_by) REFERENCES dna_app.customer_evidence (customer_id, id),
    CONSTRAINT customer_evidence_covers CHECK (covers_from <= covers_to),
    CONSTRAINT customer_evidence_by CHECK ((uploaded_by IS NULL) <> (respondent_id IS NULL)),
    CONSTRAINT customer_evidence_decided CHECK (CASE status
        WHEN 'pending' THEN decided_by IS NULL AND decided_at IS NULL AND decision_reason IS NULL
        WHEN 'accepted' THEN decided_by IS NOT NULL AND decided_at IS NOT NULL
        WHEN 'rejected' THEN decided_by IS NOT NULL AND decided_at IS NOT NULL AND decision_reason IS NOT NULL
        ELSE false END)
);
CREATE INDEX customer_evidence_received ON dna_app.customer_evidence (customer_id, received_at DESC, id DESC);

-- One file can serve several tasks, of any level and of several plans.
CREATE TABLE dna_app.customer_evidence_tasks (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    evidence_id uuid NOT NULL,
    task_id uuid NOT NULL,
    linked_at timestamptz NOT NULL,
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, evidence_id, task_id),
    FOREIGN KEY (customer_id, evidence_id) REFERENCES dna_app.customer_evidence (customer_id, id) ON DELETE CASCADE,
    FOREIGN KEY (customer_id, task_id) REFERENCES dna_app.customer_tasks (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_evidence_tasks_task ON dna_app.customer_evidence_tasks (customer_id, task_id);

CALL dna_app.protect_customer_table('dna_app.customer_evidence', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_evidence_tasks', 'customer_id');

DO $$
DECLARE
    service name := current_user || '_service';
    unlimited text := '(SELECT nullif(current_setting(''app.limited'', true), '''')) IS NULL
        OR customer_id <> ALL ((SELECT string_to_array(current_setting(''app.limited'', true), '',''))::integer[])';
BEGIN
    -- Somebody limited to some plans sees evidence through the tasks that they see, and through those
    -- only: which plan a file belongs to is not written down twice.
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_evidence_tasks AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_tasks t
                   WHERE t.customer_id = customer_evidence_tasks.customer_id AND t.id = customer_evidence_tasks.task_id))', service, unlimited);
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_evidence AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks l
                   WHERE l.customer_id = customer_evidence.customer_id AND l.evidence_id = customer_evidence.id))', service, unlimited);

    -- What came in stays as it came: only what is decided about it changes.
    EXECUTE format('GRANT INSERT ON dna_app.customer_evidence, dna_app.customer_evidence_tasks TO %I', service);
    EXECUTE format('GRANT UPDATE (status, decided_by, decided_at, decision_reason, replaced_by, version) ON dna_app.customer_evidence TO %I', service);

    EXECUTE 'DROP POLICY service_in_plans ON dna_app.customer_audit_log';
    EXECUTE format($policy$CREATE POLICY service_in_plans ON dna_app.customer_audit_log AS RESTRICTIVE FOR SELECT TO %I USING (
        (SELECT nullif(current_setting('app.limited', true), '')) IS NULL
        OR customer_id <> ALL ((SELECT string_to_array(current_setting('app.limited', true), ','))::integer[])
        OR (subject_kind IN ('plan', 'template', 'answer') AND EXISTS (SELECT FROM dna_app.customer_iso_plans p
            WHERE p.customer_id = customer_audit_log.customer_id AND p.id::text = split_part(subject_id, '/', 1)))
        OR (subject_kind = 'task' AND EXISTS (SELECT FROM dna_app.customer_tasks t
            WHERE t.customer_id = customer_audit_log.customer_id AND t.id::text = subject_id))
        OR (subject_kind = 'document' AND EXISTS (SELECT FROM dna_app.customer_documents d
            WHERE d.customer_id = customer_audit_log.customer_id AND d.id::text = subject_id))
        OR (subject_kind = 'evidence' AND EXISTS (SELECT FROM dna_app.customer_evidence e
            WHERE e.customer_id = customer_audit_log.customer_id AND e.id::text = subject_id)))$policy$, service);
END
$$;
