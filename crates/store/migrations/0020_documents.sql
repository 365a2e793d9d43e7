-- Documents: versions that stay, review and approval (docs/SCHEMA.md, "Documents").
--
-- customer_documents is the document with its latest version, which people may still write at.
-- Each time a version is handed in, its content goes into a row of customer_document_versions, once;
-- the service may change how such a row stands, never what it says. What people decide is a row of
-- customer_document_approvals, which nobody may change.

ALTER TABLE dna_app.customer_documents
    ADD COLUMN document_number varchar(50),
    ADD COLUMN classification varchar(50) NOT NULL DEFAULT 'internal'
        CHECK (classification IN ('public', 'internal', 'confidential', 'strictly_confidential')),
    -- How often the latest version has been handed in.
    ADD COLUMN review_round integer NOT NULL DEFAULT 0 CHECK (review_round >= 0),
    -- What is new in the latest version, who began it and when, and everybody who wrote at it.
    ADD COLUMN version_note text CHECK (btrim(version_note) <> ''),
    ADD COLUMN version_created_by integer REFERENCES auth.users (id),
    ADD COLUMN version_created_at timestamptz,
    ADD COLUMN version_authors integer[] NOT NULL DEFAULT '{}' CHECK (array_position(version_authors, NULL) IS NULL),
    -- When the document in force has to be read again, and after how many months each time.
    ADD COLUMN review_interval_months integer CHECK (review_interval_months BETWEEN 1 AND 120),
    ADD COLUMN next_review_on date CHECK (next_review_on BETWEEN '1900-01-01' AND '2200-12-31');

UPDATE dna_app.customer_documents d
SET version_created_by = d.created_by, version_created_at = d.created_at,
    version_authors = array_remove(ARRAY[d.created_by, d.updated_by], NULL), document_number = t.reference
FROM dna_app.templates t WHERE t.id = d.template_id;

ALTER TABLE dna_app.customer_documents ALTER COLUMN version_created_at SET NOT NULL, ALTER COLUMN version_created_at SET DEFAULT now();
CREATE INDEX customer_documents_next_review ON dna_app.customer_documents (next_review_on) WHERE next_review_on IS NOT NULL;

CREATE TABLE dna_app.customer_document_versions (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    plan_id uuid NOT NULL,
    template_id uuid NOT NULL,
    document_id uuid NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    -- Which time this version was handed in: one that was sent back has several rows.
    round integer NOT NULL CHECK (round > 0),
    release_id uuid NOT NULL,
    release_number integer NOT NULL,
    document_name varchar(500) NOT NULL,
    document_number varchar(50),
    classification varchar(50) NOT NULL CHECK (classification IN ('public', 'internal', 'confidential', 'strictly_confidential')),
    content jsonb NOT NULL CHECK (content ?& ARRAY['title', 'body', 'answers']),
    -- The firm's and the customer's name and the hash of the logo, as they stood.
    branding jsonb NOT NULL CHECK (jsonb_typeof(branding) = 'object'),
    -- SHA-256 of the canonical content (domain::documents::Frozen).
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    -- The steps that the rules asked for when it was handed in, in their order.
    steps jsonb NOT NULL CHECK (jsonb_typeof(steps) = 'array'),
    author_ids integer[] NOT NULL,
    author_name text NOT NULL,
    note text,
    written_at timestamptz NOT NULL,
    submitted_at timestamptz NOT NULL,
    submitted_by integer REFERENCES auth.users (id),
    -- How it stands: the only things that change. `draft`: taken back out of review.
    status varchar(50) NOT NULL DEFAULT 'in_review' CHECK (status IN ('draft', 'in_review', 'approved', 'rejected', 'superseded')),
    decided_at timestamptz,
    superseded_at timestamptz,
    CONSTRAINT customer_document_versions_decided CHECK ((status = 'in_review') = (decided_at IS NULL)),
    CONSTRAINT customer_document_versions_superseded CHECK ((status = 'superseded') = (superseded_at IS NOT NULL)),
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, document_id, number, round),
    FOREIGN KEY (customer_id, plan_id, template_id, document_id)
        REFERENCES dna_app.customer_documents (customer_id, plan_id, template_id, id) ON DELETE CASCADE,
    FOREIGN KEY (template_id, release_id) REFERENCES dna_app.template_releases (template_id, id) ON DELETE RESTRICT
);
-- One version of a document is in force, and one is in review.
CREATE UNIQUE INDEX customer_document_versions_in_force ON dna_app.customer_document_versions (customer_id, document_id) WHERE status = 'approved';
CREATE UNIQUE INDEX customer_document_versions_in_review ON dna_app.customer_document_versions (customer_id, document_id) WHERE status = 'in_review';

CREATE TABLE dna_app.customer_document_approvals (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    plan_id uuid NOT NULL,
    version_id uuid NOT NULL,
    -- The step's place in the order, and its name.
    position integer NOT NULL CHECK (position > 0),
    step varchar(50) NOT NULL,
    decision varchar(50) NOT NULL CHECK (decision IN ('reviewed', 'approved', 'rejected')),
    user_id integer NOT NULL REFERENCES auth.users (id),
    -- The person as they were: a reference would change with them.
    user_name text NOT NULL,
    at timestamptz NOT NULL,
    -- SHA-256 of what was decided on.
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    remark text CHECK (btrim(remark) <> ''),
    CONSTRAINT customer_document_approvals_reason CHECK (decision <> 'rejected' OR remark IS NOT NULL),
    UNIQUE (customer_id, id),
    FOREIGN KEY (customer_id, version_id) REFERENCES dna_app.customer_document_versions (customer_id, id) ON DELETE CASCADE
);
-- A step is passed once, and a version is sent back once each time it is handed in.
CREATE UNIQUE INDEX customer_document_approvals_passed ON dna_app.customer_document_approvals (customer_id, version_id, position)
    WHERE decision <> 'rejected';
CREATE UNIQUE INDEX customer_document_approvals_rejected ON dna_app.customer_document_approvals (customer_id, version_id)
    WHERE decision = 'rejected';

CALL dna_app.protect_customer_table('dna_app.customer_document_versions', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_document_approvals', 'customer_id');
CALL dna_app.limit_to_plans('dna_app.customer_document_versions', 'plan_id');
CALL dna_app.limit_to_plans('dna_app.customer_document_approvals', 'plan_id');

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('GRANT INSERT ON dna_app.customer_document_versions, dna_app.customer_document_approvals TO %I', service);
    EXECUTE format('GRANT UPDATE (status, decided_at, superseded_at) ON dna_app.customer_document_versions TO %I', service);
END
$$;
