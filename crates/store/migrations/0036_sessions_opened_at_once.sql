-- Who holds a session is told by one function, whether the versions of a customer's workspace are wanted with it or
-- not: before, all but the workspace was opened by one that tried to write at each request. Memberships are told as
-- JSON that is written down once and not built as a value first, which took 10 ms for somebody with a thousand of
-- them, and takes 3.
DROP FUNCTION auth.open_session(bytea, timestamptz, interval);
DROP FUNCTION auth.open_workspace(bytea, timestamptz, interval, integer);
DROP FUNCTION auth.look_at_session(bytea, timestamptz, interval);

-- Without noting that the session is used: what a browser does by itself must not keep it alive.
CREATE FUNCTION auth.look_at_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships json)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT s.id, s.confirmed_at, u.id, u.email, u.full_name, u.role, u.locale, u.time_zone,
           EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           f.totp_required_for_firm, f.totp_required_for_approvers,
           (SELECT coalesce(json_agg(held ORDER BY held.customer_id, held.role), '[]')
            FROM (SELECT m.customer_id, m.role, m.status, m.expires_on, m.approval_steps, m.plan_ids
                  FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed') held)
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    CROSS JOIN dna_app.firm f
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
END
$$;

-- The same, noting that the session is used, and with the versions of a customer's workspace, none where no customer
-- is asked for or there is no such customer: all that has to be known before an answer that was made before is given
-- out again, in one round trip. It tells numbers and a zone; whether the person may see the customer is decided on
-- what it tells.
CREATE FUNCTION auth.open_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval, asked_customer integer)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships json,
               workspace_version bigint, workspace_zone varchar, library_version bigint, people_version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    last_seen timestamptz;
BEGIN
    SELECT s.last_seen_at, s.id, s.confirmed_at, u.id, u.email, u.full_name, u.role, u.locale, u.time_zone,
           EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           f.totp_required_for_firm, f.totp_required_for_approvers,
           (SELECT coalesce(json_agg(held ORDER BY held.customer_id, held.role), '[]')
            FROM (SELECT m.customer_id, m.role, m.status, m.expires_on, m.approval_steps, m.plan_ids
                  FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed') held),
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

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    REVOKE ALL ON FUNCTION auth.look_at_session(bytea, timestamptz, interval) FROM PUBLIC;
    REVOKE ALL ON FUNCTION auth.open_session(bytea, timestamptz, interval, integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.look_at_session(bytea, timestamptz, interval) TO %I', service);
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_session(bytea, timestamptz, interval, integer) TO %I', service);
END
$$;
