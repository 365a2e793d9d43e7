-- The audit log: one chain of entries for each customer, and one for what belongs to the firm
-- (docs/SCHEMA.md, "The audit log"). The service adds entries and can neither change nor remove them.

CREATE TABLE dna_app.customer_audit_log (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    -- The entry's place in its customer's log, counted from 1 without gaps.
    id bigint NOT NULL CHECK (id > 0),
    at timestamptz NOT NULL,
    -- The actor as they were: a reference would change with the person.
    actor_id integer,
    actor_name text NOT NULL,
    actor_email text NOT NULL,
    action varchar(50) NOT NULL,
    subject_kind varchar(50) NOT NULL,
    subject_id text NOT NULL,
    subject_title text NOT NULL,
    -- `json`, not `jsonb`: the hash is over just these bytes.
    before json,
    after json,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT customer_audit_log_key UNIQUE (customer_id, id)
);
CREATE INDEX customer_audit_log_subject ON dna_app.customer_audit_log (customer_id, subject_kind, subject_id, id);

-- The end of each customer's log. Who adds entries holds this row, so the chain cannot fork.
CREATE TABLE dna_app.customer_audit_heads (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id integer NOT NULL DEFAULT 1 CHECK (id = 1),
    number bigint NOT NULL DEFAULT 0 CHECK (number >= 0),
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(hash) = 32),
    CONSTRAINT customer_audit_heads_key UNIQUE (customer_id, id)
);
INSERT INTO dna_app.customer_audit_heads (customer_id) SELECT id FROM dna_app.customers;

-- The same for what belongs to no customer: the library and the people of the firm.
CREATE TABLE dna_app.firm_audit_log (
    id bigint PRIMARY KEY CHECK (id > 0),
    at timestamptz NOT NULL,
    actor_id integer,
    actor_name text NOT NULL,
    actor_email text NOT NULL,
    action varchar(50) NOT NULL,
    subject_kind varchar(50) NOT NULL,
    subject_id text NOT NULL,
    subject_title text NOT NULL,
    before json,
    after json,
    previous_hash bytea NOT NULL CHECK (octet_length(previous_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);

CREATE TABLE dna_app.firm_audit_head (
    id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    number bigint NOT NULL DEFAULT 0 CHECK (number >= 0),
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(hash) = 32)
);
INSERT INTO dna_app.firm_audit_head DEFAULT VALUES;

CALL dna_app.protect_customer_table('dna_app.customer_audit_log', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_audit_heads', 'customer_id');

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('GRANT INSERT ON dna_app.customer_audit_log TO %I', service);
    EXECUTE format('GRANT INSERT, UPDATE ON dna_app.customer_audit_heads TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT ON dna_app.firm_audit_log TO %I', service);
    EXECUTE format('GRANT SELECT, UPDATE ON dna_app.firm_audit_head TO %I', service);
END
$$;
