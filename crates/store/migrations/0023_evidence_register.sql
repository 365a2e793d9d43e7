-- Evidence: its kind, links in the place of files, links to tasks that can be taken off again, and
-- what the renewal of evidence looks for (docs/SCHEMA.md, "Evidence").

ALTER TABLE dna_app.customer_evidence
    ADD COLUMN kind varchar(20) NOT NULL DEFAULT 'other'
        CHECK (kind IN ('record', 'policy', 'screenshot', 'certificate', 'report', 'contract', 'other')),
    -- The address of what shows it, where that is no file of ours; `filename` is its label then.
    ADD COLUMN url varchar(2000) CHECK (url ~ '^https://[^[:space:]]+$'),
    ALTER COLUMN sha256 DROP NOT NULL,
    ALTER COLUMN size DROP NOT NULL,
    ALTER COLUMN media_type DROP NOT NULL;
ALTER TABLE dna_app.customer_evidence ADD CONSTRAINT customer_evidence_content CHECK (CASE WHEN url IS NULL
    THEN sha256 IS NOT NULL AND size IS NOT NULL AND media_type IS NOT NULL
    ELSE sha256 IS NULL AND size IS NULL AND media_type IS NULL AND source_path IS NULL END);

-- Accepted evidence by the day on which it ends, and the versions of a piece of evidence.
CREATE INDEX customer_evidence_valid_until ON dna_app.customer_evidence (valid_until) WHERE status = 'accepted' AND valid_until IS NOT NULL;
CREATE INDEX customer_evidence_replaced_by ON dna_app.customer_evidence (customer_id, replaced_by) WHERE replaced_by IS NOT NULL;
-- Tasks that renew evidence, by what they renew.
CREATE INDEX customer_tasks_renewals ON dna_app.customer_tasks (customer_id, generation_source) WHERE generation_source LIKE 'evidence:%';

-- A link that was made by mistake is taken off; its row stays.
ALTER TABLE dna_app.customer_evidence_tasks ADD COLUMN unlinked_at timestamptz;

DO $$
DECLARE
    service name := current_user || '_service';
    unlimited text := '(SELECT nullif(current_setting(''app.limited'', true), '''')) IS NULL
        OR customer_id <> ALL ((SELECT string_to_array(current_setting(''app.limited'', true), '',''))::integer[])';
BEGIN
    EXECUTE format('GRANT UPDATE (linked_at, unlinked_at) ON dna_app.customer_evidence_tasks TO %I', service);
    -- What no longer serves a task is not seen through it.
    EXECUTE 'DROP POLICY service_in_plans ON dna_app.customer_evidence';
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_evidence AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_evidence_tasks l
                   WHERE l.customer_id = customer_evidence.customer_id AND l.evidence_id = customer_evidence.id AND l.unlinked_at IS NULL))',
        service, unlimited);
END
$$;
