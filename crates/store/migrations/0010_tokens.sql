-- API tokens: programs come in with one instead of a session (docs/SCHEMA.md, "API tokens").

CREATE TABLE auth.api_tokens (
    id uuid PRIMARY KEY,
    -- Only the SHA-256 is kept, and the first characters, by which people tell their tokens apart.
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    prefix varchar(20) NOT NULL,
    -- Who made it: it never exceeds what this person is at the moment of its use.
    issuer_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    owner varchar(50) NOT NULL CHECK (owner IN ('person', 'integration')),
    name varchar(255) NOT NULL,
    rights text[] NOT NULL CHECK (cardinality(rights) > 0 AND rights <@ ARRAY['read', 'work', 'shape', 'people', 'library', 'audit']),
    -- The customers that it is narrowed to; NULL: all that its issuer reaches. It only takes away,
    -- so an id that does not exist does no harm.
    customer_ids integer[] CHECK (cardinality(customer_ids) > 0),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days'),
    last_used_at timestamptz,
    revoked_at timestamptz
);
CREATE INDEX api_tokens_issuer ON auth.api_tokens (issuer_id, created_at);

-- Whose token this is, what they are today, and what the token is limited to: one round trip, as
-- for auth.open_session. What is unknown, expired, revoked, or of somebody who may not sign in any
-- more gives no row: from outside they are all the same.
CREATE FUNCTION auth.open_token(asked_token_hash bytea, asked_at timestamptz)
RETURNS TABLE (user_id integer, email varchar, full_name varchar, role varchar, memberships jsonb,
               token_owner varchar, token_name varchar, rights text[], customer_ids integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE auth.api_tokens t SET last_used_at = asked_at
    WHERE t.token_hash = asked_token_hash AND t.expires_at > asked_at AND t.revoked_at IS NULL
      AND (t.last_used_at IS NULL OR t.last_used_at < asked_at - interval '1 minute')
      AND EXISTS (SELECT FROM auth.users u WHERE u.id = t.issuer_id AND u.is_active);
    RETURN QUERY
    SELECT u.id, u.email, u.full_name, u.role, auth.memberships_of(u.id), t.owner, t.name, t.rights, t.customer_ids
    FROM auth.api_tokens t
    JOIN auth.users u ON u.id = t.issuer_id
    WHERE t.token_hash = asked_token_hash AND t.expires_at > asked_at AND t.revoked_at IS NULL AND u.is_active;
END
$$;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    REVOKE ALL ON FUNCTION auth.open_token(bytea, timestamptz) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_token(bytea, timestamptz) TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON auth.api_tokens TO %I', service);
END
$$;
