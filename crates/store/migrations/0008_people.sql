-- People of the firm and of customers: invitations, memberships that change, auditors who see some
-- plans only, the firm's settings (docs/SCHEMA.md, "People").

-- Nothing of a customer is deleted, so a membership that was taken away stays as `removed`.
ALTER TABLE dna_app.customer_members
    DROP CONSTRAINT customer_members_status_check,
    ADD CONSTRAINT customer_members_status_check CHECK (status IN ('invited', 'active', 'suspended', 'removed')),
    -- Only these plans are seen; NULL: all of them. Only auditors are limited.
    ADD COLUMN plan_ids uuid[],
    -- What whoever invited them wrote; shown until the person has accepted.
    ADD COLUMN invited_name varchar(255),
    ADD COLUMN invited_by integer REFERENCES auth.users (id),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT customer_members_plans CHECK (plan_ids IS NULL OR (role = 'auditor' AND array_position(plan_ids, NULL) IS NULL));

-- Only the SHA-256 of a link's secret is kept. The customer is a number without a reference: what
-- belongs to the firm never references a customer's tables.
CREATE TABLE auth.invitations (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    customer_id integer,
    -- What the person becomes in the firm, once they accept and not before: an address could have
    -- been taken by somebody else meanwhile.
    firm_role varchar(50) CHECK (firm_role IN ('admin', 'consultant')),
    invited_by integer REFERENCES auth.users (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Replaced by a newer link, or taken back.
    ended_at timestamptz,
    CONSTRAINT invitations_place CHECK ((customer_id IS NULL) = (firm_role IS NOT NULL))
);
CREATE INDEX invitations_user ON auth.invitations (user_id, customer_id);

ALTER TABLE dna_app.firm
    ADD COLUMN mail_from varchar(320),
    ADD COLUMN public_url varchar(255),
    -- Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    ADD COLUMN trusted_proxies varchar(1000),
    ADD COLUMN logo bytea CHECK (octet_length(logo) BETWEEN 1 AND 524288),
    ADD COLUMN logo_type varchar(20) CHECK (logo_type IN ('image/png', 'image/jpeg')),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT firm_logo CHECK ((logo IS NULL) = (logo_type IS NULL));

-- A mail that carries a secret keeps its words only until it is out.
ALTER TABLE dna_app.jobs ADD COLUMN is_secret boolean NOT NULL DEFAULT false;

-- What a person is for customers, as the program reads it with a session or a token.
CREATE FUNCTION auth.memberships_of(asked_user integer) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object('customer_id', m.customer_id, 'role', m.role, 'status', m.status, 'expires_on', m.expires_on,
                                                 'approval_steps', m.approval_steps, 'plan_ids', m.plan_ids)
                              ORDER BY m.customer_id, m.role), '[]')
    FROM dna_app.customer_members m WHERE m.user_id = asked_user AND m.status <> 'removed'
$$;

CREATE OR REPLACE FUNCTION auth.open_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (user_id integer, email varchar, full_name varchar, role varchar, memberships jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE auth.session_tokens s SET last_seen_at = asked_at
    WHERE s.token_hash = asked_token_hash AND s.last_seen_at < asked_at - interval '1 minute'
      AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit;
    RETURN QUERY
    SELECT u.id, u.email, u.full_name, u.role, auth.memberships_of(u.id)
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
END
$$;

-- Somebody may be limited to some plans of a customer (app.limited lists such customers, app.plans
-- the plans that they see). A restrictive policy narrows what the others permit, in a customer's
-- scope and in the portfolio alike.
CREATE PROCEDURE dna_app.limit_to_plans(target regclass, plan_column name)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format('CREATE POLICY service_in_plans ON %s AS RESTRICTIVE TO %I USING ('
        || '(SELECT nullif(current_setting(''app.limited'', true), '''')) IS NULL'
        || ' OR customer_id <> ALL ((SELECT string_to_array(current_setting(''app.limited'', true), '',''))::integer[])'
        || ' OR %I = ANY ((SELECT string_to_array(nullif(current_setting(''app.plans'', true), ''''), '',''))::uuid[]))',
        target, current_user || '_service', plan_column);
END
$$;
CALL dna_app.limit_to_plans('dna_app.customer_iso_plans', 'id');
CALL dna_app.limit_to_plans('dna_app.customer_iso_plan_templates', 'plan_id');
CALL dna_app.limit_to_plans('dna_app.customer_answers', 'plan_id');
CALL dna_app.limit_to_plans('dna_app.customer_documents', 'plan_id');
CALL dna_app.limit_to_plans('dna_app.customer_tasks', 'plan_id');

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    -- An entry of the audit log belongs to a plan through what it tells of.
    EXECUTE format($policy$CREATE POLICY service_in_plans ON dna_app.customer_audit_log AS RESTRICTIVE FOR SELECT TO %I USING (
        (SELECT nullif(current_setting('app.limited', true), '')) IS NULL
        OR customer_id <> ALL ((SELECT string_to_array(current_setting('app.limited', true), ','))::integer[])
        OR (subject_kind IN ('plan', 'template', 'answer') AND EXISTS (SELECT FROM dna_app.customer_iso_plans p
            WHERE p.customer_id = customer_audit_log.customer_id AND p.id::text = split_part(subject_id, '/', 1)))
        OR (subject_kind = 'task' AND EXISTS (SELECT FROM dna_app.customer_tasks t
            WHERE t.customer_id = customer_audit_log.customer_id AND t.id::text = subject_id))
        OR (subject_kind = 'document' AND EXISTS (SELECT FROM dna_app.customer_documents d
            WHERE d.customer_id = customer_audit_log.customer_id AND d.id::text = subject_id)))$policy$, service);
    REVOKE ALL ON FUNCTION auth.memberships_of(integer) FROM PUBLIC;
    REVOKE ALL ON PROCEDURE dna_app.limit_to_plans(regclass, name) FROM PUBLIC;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON auth.invitations TO %I', service);
END
$$;

-- The links of a customer's chain, for whoever sees only some of its entries: an export of those
-- shows that nothing was left out but what it says.
CREATE FUNCTION dna_app.audit_links(asked_customer integer) RETURNS TABLE (id bigint, previous_hash bytea, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT l.id, l.previous_hash, l.hash FROM dna_app.customer_audit_log l
    WHERE l.customer_id = asked_customer AND asked_customer = nullif(current_setting('app.customer', true), '')::integer
    ORDER BY l.id
$$;
DO $$
BEGIN
    REVOKE ALL ON FUNCTION dna_app.audit_links(integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION dna_app.audit_links(integer) TO %I', current_user || '_service');
END
$$;
