-- Signing in with the firm's identity provider (docs/SCHEMA.md, "Identities").

-- Who a subject of a provider is here. The pair never changes its person; what the provider says
-- of a person's address later changes nothing.
CREATE TABLE auth.identities (
    issuer varchar(255) NOT NULL,
    subject varchar(255) NOT NULL,
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    -- The address by which the link was made; nothing where the person made it themselves.
    email_at_link varchar(255),
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject),
    -- A person is one subject of a provider, so that nobody else's can be added beside it.
    UNIQUE (user_id, issuer)
);

-- Sign-ins that have gone to the provider and not come back yet. Of the two secrets that bring
-- one back, the browser's cookie and the state, only the SHA-256 is kept.
CREATE TABLE auth.sign_in_attempts (
    id_hash bytea PRIMARY KEY CHECK (octet_length(id_hash) = 32),
    state_hash bytea NOT NULL CHECK (octet_length(state_hash) = 32),
    nonce varchar(64) NOT NULL,
    code_verifier varchar(128) NOT NULL,
    next varchar(2000) NOT NULL,
    -- The signed-in person who wants to be known by the provider's subject from now on.
    for_user integer REFERENCES auth.users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_expires ON auth.sign_in_attempts (expires_at);

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON auth.identities, auth.sign_in_attempts TO %I', current_user || '_service');
END
$$;
