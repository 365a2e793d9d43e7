-- Who holds a session is read from a view. A function that is asked at each request takes a third of its time for being
-- one: it changes whose rights hold, makes its settings and takes them back, and keeps its rows to give them out. The
-- view is as open as the function was: the service reads the hashes of all sessions anyway, and so could ask it for each.
DROP FUNCTION auth.open_session(bytea, timestamptz, interval, integer);
DROP FUNCTION auth.look_at_session(bytea, timestamptz, interval);
DROP FUNCTION auth.workspace_versions(integer);

-- Sessions of people who may sign in, each with its holder and their memberships in all customers, which are asked for
-- before any customer is known: so it is read with its owner's rights. Whether a session is still in force depends on
-- the moment, which whoever asks has to say.
CREATE VIEW auth.sessions_held AS
SELECT s.token_hash, s.expires_at, s.last_seen_at, s.id AS session_id, s.confirmed_at, u.id AS user_id, u.email, u.full_name, u.role,
       u.locale, u.time_zone,
       EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS has_totp,
       f.totp_required_for_firm, f.totp_required_for_approvers,
       -- Written down once and not built as a value first: that takes three times as long for a thousand of them.
       (SELECT coalesce(json_agg(held ORDER BY held.customer_id, held.role), '[]')
        FROM (SELECT m.customer_id, m.role, m.status, m.expires_on, m.approval_steps, m.plan_ids
              FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed') held) AS memberships
FROM auth.session_tokens s
JOIN auth.users u ON u.id = s.user_id
CROSS JOIN dna_app.firm f
WHERE u.is_active;

-- The versions of all that a customer's workspace shows, and its zone, which tells what day it is there: all that has to
-- be known before an answer that was made before is given out again. Read with the session, before it is decided whether
-- its holder may see the customer.
CREATE VIEW auth.workspace_versions AS
SELECT c.id AS customer_id, c.workspace_version, c.time_zone AS workspace_zone, f.library_version,
       f.people_version + f.names_version AS people_version
FROM dna_app.customers c
CROSS JOIN dna_app.firm f;

DO $$
BEGIN
    EXECUTE format('GRANT SELECT ON auth.sessions_held, auth.workspace_versions TO %I', current_user || '_service');
END
$$;
