-- Signed checkpoints of the audit logs (docs/SCHEMA.md, "The audit log"). The private key is in a
-- file beside the program: who can write all tables still cannot make a checkpoint. The service adds
-- rows and can neither change nor remove them.

-- The public keys that checkpoints of this installation are signed with; each data folder has one.
CREATE TABLE dna_app.audit_keys (
    public_key bytea PRIMARY KEY CHECK (octet_length(public_key) = 32),
    added_at timestamptz NOT NULL
);

-- The firm's statements about the ends of its logs. They hold no customer's data, and reference
-- nothing: what a checkpoint says has to outlive the log that it speaks of.
CREATE TABLE dna_app.audit_checkpoints (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The number of the customer whose log it is; none for the firm's.
    log_of integer,
    -- The names of the firm and of the log's owner when it was signed.
    installation text NOT NULL,
    name text NOT NULL,
    -- The last entry and its hash.
    number bigint NOT NULL CHECK (number > 0),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    at timestamptz NOT NULL,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    signature bytea NOT NULL CHECK (octet_length(signature) = 64)
);
CREATE INDEX audit_checkpoints_log ON dna_app.audit_checkpoints (log_of, number DESC, id DESC);

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT ON dna_app.audit_keys, dna_app.audit_checkpoints TO %I', current_user || '_service');
END
$$;
