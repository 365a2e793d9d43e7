-- One's own account: how dates are told, what one is written to about, sessions that can be told
-- apart, two-step sign-in, and the resetting of a password (docs/SCHEMA.md, "Accounts").

ALTER TABLE auth.users
    ADD COLUMN locale varchar(20) NOT NULL DEFAULT 'en-GB' CHECK (locale IN ('en-GB', 'en-US')),
    ADD COLUMN time_zone varchar(64) NOT NULL DEFAULT 'UTC',
    -- What the person wants to be written to about.
    ADD COLUMN notifications text[] NOT NULL
        DEFAULT '{assignment,mention,due_soon,overdue,evidence_sent_back,approval_wanted,weekly_digest}'
        CHECK (array_position(notifications, NULL) IS NULL AND notifications <@ ARRAY['assignment', 'mention', 'due_soon', 'overdue',
            'evidence_sent_back', 'approval_wanted', 'weekly_digest']);

-- The id stands for a session where people see it; its token is never shown. Network and browser
-- help its holder to recognise it.
ALTER TABLE auth.session_tokens
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN network varchar(64) NOT NULL DEFAULT '',
    ADD COLUMN user_agent varchar(300) NOT NULL DEFAULT '',
    -- When the holder last gave their password or a code again.
    ADD COLUMN confirmed_at timestamptz;

-- A sign-in whose password was right and whose code is still to come. It is no session.
CREATE TABLE auth.pending_sign_ins (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_sign_ins_user ON auth.pending_sign_ins (user_id);

-- Two-step sign-in by codes (RFC 6238). The secret is sealed with a key that the database does not
-- have; of recovery codes only the hash is kept, until they are used.
CREATE TABLE auth.totp (
    user_id integer PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE,
    sealed_secret bytea NOT NULL,
    created_at timestamptz NOT NULL,
    -- Empty until the first code has been right: until then it asks for nothing.
    confirmed_at timestamptz,
    -- The step of the last code that was taken. No step is taken twice.
    last_step bigint NOT NULL DEFAULT 0
);
CREATE TABLE auth.recovery_codes (
    user_id integer NOT NULL REFERENCES auth.totp (user_id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE auth.password_resets (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX password_resets_user ON auth.password_resets (user_id);

ALTER TABLE dna_app.firm
    ADD COLUMN totp_required_for_firm boolean NOT NULL DEFAULT false,
    ADD COLUMN totp_required_for_approvers boolean NOT NULL DEFAULT false;

-- The same as before, with the session's id, how dates are told, and how two-step sign-in stands.
DROP FUNCTION auth.open_session(bytea, timestamptz, interval);
CREATE FUNCTION auth.open_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE auth.session_tokens s SET last_seen_at = asked_at
    WHERE s.token_hash = asked_token_hash AND s.last_seen_at < asked_at - interval '1 minute'
      AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit;
    RETURN QUERY
    SELECT s.id, s.confirmed_at, u.id, u.email, u.full_name, u.role, u.locale, u.time_zone,
           EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           f.totp_required_for_firm, f.totp_required_for_approvers,
           auth.memberships_of(u.id)
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    CROSS JOIN dna_app.firm f
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
END
$$;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON auth.pending_sign_ins, auth.totp, auth.recovery_codes, auth.password_resets TO %I', service);
    REVOKE ALL ON FUNCTION auth.open_session(bytea, timestamptz, interval) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_session(bytea, timestamptz, interval) TO %I', service);
END
$$;
