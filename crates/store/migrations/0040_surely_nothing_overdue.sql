-- Every page tells its reader how many of their tasks are overdue, and most have none. Whoever has few tasks is told so
-- by what is read with their session, without asking for it apart.
CREATE OR REPLACE VIEW auth.sessions_held AS
SELECT s.token_hash, s.expires_at, s.last_seen_at, s.id AS session_id, s.confirmed_at, u.id AS user_id, u.email, u.full_name, u.role,
       u.locale, u.time_zone,
       EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS has_totp,
       f.totp_required_for_firm, f.totp_required_for_approvers,
       (SELECT coalesce(json_agg(held ORDER BY held.customer_id, held.role), '[]')
        FROM (SELECT m.customer_id, m.role, m.status, m.expires_on, m.approval_steps, m.plan_ids
              FROM dna_app.customer_members m WHERE m.user_id = u.id AND m.status <> 'removed') held) AS memberships,
       -- The day before which no open task of theirs is due, whichever they may see; nothing where they have too many tasks
       -- to be looked at in passing.
       (SELECT CASE WHEN count(*) <= 200 THEN coalesce(min(t.due_date) FILTER (WHERE NOT t.is_ignored AND t.status NOT IN ('completed', 'cancelled')), '9999-12-31') END
        FROM (SELECT one.due_date, one.is_ignored, one.status
              FROM dna_app.customer_tasks one WHERE one.assigned_to = u.id LIMIT 201) t) AS nothing_due_before
FROM auth.session_tokens s
JOIN auth.users u ON u.id = s.user_id
CROSS JOIN dna_app.firm f
WHERE u.is_active;
