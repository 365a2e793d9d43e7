-- Respondents: people without an account who answer just the questions that were delegated to them,
-- by a link (docs/SCHEMA.md, "Respondents").

CREATE TABLE dna_app.customer_respondents (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    created_by integer REFERENCES auth.users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    revoked_by integer REFERENCES auth.users (id),
    UNIQUE (customer_id, id)
);
-- Whoever is asked again is the same respondent, until they are revoked.
CREATE UNIQUE INDEX customer_respondents_email ON dna_app.customer_respondents (customer_id, lower(email)) WHERE revoked_at IS NULL;

-- Every mail has a link of its own, so that an earlier one goes on working. Only its SHA-256 is kept.
CREATE TABLE dna_app.customer_respondent_links (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    respondent_id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    UNIQUE (customer_id, id),
    CONSTRAINT customer_respondent_links_hash UNIQUE (customer_id, token_hash),
    FOREIGN KEY (customer_id, respondent_id) REFERENCES dna_app.customer_respondents (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_respondent_links_token ON dna_app.customer_respondent_links (token_hash);
CREATE INDEX customer_respondent_links_respondent ON dna_app.customer_respondent_links (customer_id, respondent_id);

-- A question is delegated to one respondent at a time.
CREATE TABLE dna_app.customer_respondent_questions (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    respondent_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    template_id uuid NOT NULL,
    question_key varchar(80) NOT NULL,
    note text,
    delegated_by integer REFERENCES auth.users (id),
    delegated_at timestamptz NOT NULL,
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, plan_id, template_id, question_key),
    FOREIGN KEY (customer_id, respondent_id) REFERENCES dna_app.customer_respondents (customer_id, id) ON DELETE CASCADE,
    FOREIGN KEY (customer_id, plan_id, template_id)
        REFERENCES dna_app.customer_iso_plan_templates (customer_id, plan_id, template_id) ON DELETE CASCADE
);
CREATE INDEX customer_respondent_questions_respondent ON dna_app.customer_respondent_questions (customer_id, respondent_id);

-- An answer is given by a person with an account or by a respondent.
ALTER TABLE dna_app.customer_answers
    ADD COLUMN respondent_id uuid,
    ADD CONSTRAINT customer_answers_respondent FOREIGN KEY (customer_id, respondent_id) REFERENCES dna_app.customer_respondents (customer_id, id),
    ADD CONSTRAINT customer_answers_by CHECK (answered_by IS NULL OR respondent_id IS NULL);

CALL dna_app.protect_customer_table('dna_app.customer_respondents', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_respondent_links', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_respondent_questions', 'customer_id');
CALL dna_app.limit_to_plans('dna_app.customer_respondent_questions', 'plan_id');

-- Whose link this is: one round trip before any scope is set. What is unknown, expired, revoked or
-- of an archived customer gives no row: from outside they are all the same.
CREATE FUNCTION auth.open_respondent(asked_token_hash bytea, asked_at timestamptz)
RETURNS TABLE (customer_id integer, id uuid, name varchar, email varchar, expires_at timestamptz, asked_by varchar)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE dna_app.customer_respondents r SET last_used_at = asked_at
    FROM dna_app.customer_respondent_links l
    WHERE l.token_hash = asked_token_hash AND r.customer_id = l.customer_id AND r.id = l.respondent_id
      AND r.revoked_at IS NULL AND r.expires_at > asked_at AND (r.last_used_at IS NULL OR r.last_used_at < asked_at - interval '1 minute');
    RETURN QUERY
    SELECT r.customer_id, r.id, r.name, r.email, r.expires_at, u.full_name
    FROM dna_app.customer_respondent_links l
    JOIN dna_app.customer_respondents r ON r.customer_id = l.customer_id AND r.id = l.respondent_id
    JOIN dna_app.customers c ON c.id = r.customer_id AND c.status <> 'archived'
    LEFT JOIN auth.users u ON u.id = r.created_by
    WHERE l.token_hash = asked_token_hash AND r.revoked_at IS NULL AND r.expires_at > asked_at;
END
$$;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('GRANT INSERT, UPDATE ON dna_app.customer_respondents, dna_app.customer_respondent_questions TO %I', service);
    EXECUTE format('GRANT INSERT ON dna_app.customer_respondent_links TO %I', service);
    REVOKE ALL ON FUNCTION auth.open_respondent(bytea, timestamptz) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_respondent(bytea, timestamptz) TO %I', service);
    -- Who reads for reports has no business with links.
    EXECUTE format('REVOKE SELECT ON dna_app.customer_respondent_links FROM %I', current_user || '_reporting');
END
$$;
