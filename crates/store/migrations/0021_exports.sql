-- The files of approved versions: kept when they are made first, and given out from then on
-- (docs/SCHEMA.md, "Kept exports"). Rows are added once; nobody changes or removes them.

CREATE TABLE dna_app.customer_document_exports (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    plan_id uuid NOT NULL,
    version_id uuid NOT NULL,
    format varchar(10) NOT NULL CHECK (format IN ('html', 'pdf', 'docx')),
    -- SHA-256 of the canonical content that the file was made from: the one that was approved.
    content_sha256 bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
    -- SHA-256 of the file.
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes bytea NOT NULL CHECK (octet_length(bytes) > 0),
    made_at timestamptz NOT NULL,
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, version_id, format),
    FOREIGN KEY (customer_id, version_id) REFERENCES dna_app.customer_document_versions (customer_id, id) ON DELETE CASCADE
);
-- A Word or PDF file is packed already.
ALTER TABLE dna_app.customer_document_exports ALTER COLUMN bytes SET STORAGE EXTERNAL;

CALL dna_app.protect_customer_table('dna_app.customer_document_exports', 'customer_id');
CALL dna_app.limit_to_plans('dna_app.customer_document_exports', 'plan_id');

DO $$
BEGIN
    EXECUTE format('GRANT INSERT ON dna_app.customer_document_exports TO %I', current_user || '_service');
END
$$;
