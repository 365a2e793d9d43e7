-- The versions of all that a workspace shows, so that an answer that was made before is known to be the
-- one that would be made now. A customer's own is raised by every writer of the customer, the library's
-- by every writer of the library. That of names is raised here, by every change of what is shown of
-- people, whoever makes it; the one of people stays what figures of the portfolio are counted anew for.
ALTER TABLE dna_app.firm ADD COLUMN names_version bigint NOT NULL DEFAULT 1;

CREATE FUNCTION auth.raise_names_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE dna_app.firm SET names_version = names_version + 1;
    RETURN NULL;
END
$$;
-- A role tells whether somebody is of the firm, which is shown beside their name; who is not active is
-- not proposed for new work.
CREATE TRIGGER raise_names_version AFTER UPDATE OF full_name, role, is_active ON auth.users
    FOR EACH ROW WHEN ((OLD.full_name, OLD.role, OLD.is_active) IS DISTINCT FROM (NEW.full_name, NEW.role, NEW.is_active))
    EXECUTE FUNCTION auth.raise_names_version();

-- The same as before, in a language that keeps its plans, and told to keep them: these are asked at every
-- request, and planning them anew took several times as long as running them.
CREATE OR REPLACE FUNCTION auth.memberships_of(asked_user integer) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('customer_id', m.customer_id, 'role', m.role, 'status', m.status,
                                                         'expires_on', m.expires_on, 'approval_steps', m.approval_steps,
                                                         'plan_ids', m.plan_ids)
                                      ORDER BY m.customer_id, m.role), '[]')
            FROM dna_app.customer_members m WHERE m.user_id = asked_user AND m.status <> 'removed');
END
$$;
CREATE OR REPLACE FUNCTION auth.look_at_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
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

-- Who holds a session, as `auth.open_session` tells it, and the versions of a customer's workspace, none
-- where there is no such customer: all that has to be known before an answer that was made before is
-- given out again, in one round trip. It tells numbers and a zone; whether the person may see the
-- customer is decided on what it tells.
CREATE FUNCTION auth.open_workspace(asked_token_hash bytea, asked_at timestamptz, idle_limit interval, asked_customer integer)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships jsonb,
               workspace_version bigint, workspace_zone varchar, library_version bigint, people_version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    last_seen timestamptz;
BEGIN
    SELECT s.last_seen_at, s.id, s.confirmed_at, u.id, u.email, u.full_name, u.role, u.locale, u.time_zone,
           EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           f.totp_required_for_firm, f.totp_required_for_approvers,
           auth.memberships_of(u.id),
           c.workspace_version, c.time_zone, f.library_version, f.people_version + f.names_version
    INTO last_seen, session_id, confirmed_at, user_id, email, full_name, role, locale, time_zone, has_totp,
         totp_required_for_firm, totp_required_for_approvers, memberships,
         workspace_version, workspace_zone, library_version, people_version
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    CROSS JOIN dna_app.firm f
    LEFT JOIN dna_app.customers c ON c.id = asked_customer
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- Noted at most once a minute, so that reading does not become writing.
    IF last_seen < asked_at - interval '1 minute' THEN
        UPDATE auth.session_tokens s SET last_seen_at = asked_at WHERE s.token_hash = asked_token_hash AND s.last_seen_at < asked_at;
    END IF;
    RETURN NEXT;
END
$$;

-- The versions alone, for whoever is known by a token.
CREATE FUNCTION auth.workspace_versions(asked_customer integer)
RETURNS TABLE (workspace_version bigint, workspace_zone varchar, library_version bigint, people_version bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT c.workspace_version, c.time_zone, f.library_version, f.people_version + f.names_version
    FROM dna_app.customers c CROSS JOIN dna_app.firm f WHERE c.id = asked_customer
$$;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    REVOKE ALL ON FUNCTION auth.raise_names_version() FROM PUBLIC;
    REVOKE ALL ON FUNCTION auth.open_workspace(bytea, timestamptz, interval, integer) FROM PUBLIC;
    REVOKE ALL ON FUNCTION auth.workspace_versions(integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_workspace(bytea, timestamptz, interval, integer) TO %I', service);
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.workspace_versions(integer) TO %I', service);
END
$$;
