-- The same as before, with the memberships (as `auth.memberships_of` tells them) in the statement itself: every
-- request asks one of these, and a function within a function took a quarter of its time.
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
           (SELECT coalesce(jsonb_agg(jsonb_build_object('customer_id', m.customer_id, 'role', m.role, 'status', m.status,
                                                         'expires_on', m.expires_on, 'approval_steps', m.approval_steps,
                                                         'plan_ids', m.plan_ids)
                                      ORDER BY m.customer_id, m.role), '[]')
            FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed')
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    CROSS JOIN dna_app.firm f
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
END
$$;

CREATE OR REPLACE FUNCTION auth.open_workspace(asked_token_hash bytea, asked_at timestamptz, idle_limit interval, asked_customer integer)
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
           (SELECT coalesce(jsonb_agg(jsonb_build_object('customer_id', m.customer_id, 'role', m.role, 'status', m.status,
                                                         'expires_on', m.expires_on, 'approval_steps', m.approval_steps,
                                                         'plan_ids', m.plan_ids)
                                      ORDER BY m.customer_id, m.role), '[]')
            FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed'),
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
