-- Answers that are taken back, where an answer was taken over from, and looking at a session
-- without using it (docs/SCHEMA.md, "Answers").

ALTER TABLE dna_app.customer_answers
    -- Taken back: the question is open again. The row keeps what stood there and counts on, so that
    -- no version of an answer ever comes back.
    ADD COLUMN withdrawn_at timestamptz,
    -- Which question of the source, and which version of its answer a person took over.
    ADD COLUMN reused_from_question_key varchar(80),
    ADD COLUMN reused_from_version integer;

-- Sources that were noted before: the answer there to the question with the same reuse key.
UPDATE dna_app.customer_answers a
SET reused_from_question_key = f.question_key, reused_from_version = f.version
FROM dna_app.customer_answers f
WHERE f.customer_id = a.customer_id AND f.plan_id = a.reused_from_plan_id AND f.template_id = a.reused_from_template_id
  AND f.reuse_key = a.reuse_key;
UPDATE dna_app.customer_answers SET reused_from_plan_id = NULL, reused_from_template_id = NULL WHERE reused_from_question_key IS NULL;

ALTER TABLE dna_app.customer_answers
    ADD CONSTRAINT customer_answers_reused_from CHECK (
        num_nulls(reused_from_plan_id, reused_from_template_id, reused_from_question_key, reused_from_version) IN (0, 4)),
    ADD CONSTRAINT customer_answers_source FOREIGN KEY (customer_id, reused_from_plan_id, reused_from_template_id, reused_from_question_key)
        REFERENCES dna_app.customer_answers (customer_id, plan_id, template_id, question_key);

-- As in 0004; what was taken back does not count.
CREATE OR REPLACE VIEW dna_app.v_customer_workspace WITH (security_invoker = true) AS
SELECT c.id AS customer_id, c.name AS customer_name, c.email AS customer_email,
       ct.id AS task_id, ct.title AS task_title, ct.description AS task_description, ct.status AS task_status,
       ct.priority AS task_priority, ct.task_scope, ct.task_type, ct.requires_evidence, ct.due_date AS task_due_date,
       ct.completed_at AS task_completed_at,
       NULL::uuid AS plan_id, NULL::varchar AS iso_code, NULL::varchar AS iso_name, NULL::varchar AS plan_status,
       NULL::date AS plan_target_date, NULL::uuid AS template_id, NULL::varchar AS template_name,
       NULL::text AS template_description, NULL::uuid AS document_id, NULL::varchar AS document_name,
       NULL::varchar AS document_status, NULL::integer AS completion_percentage,
       1 AS hierarchy_level, ct.position AS task_position, ct.created_at AS task_created_at
FROM dna_app.customers c
LEFT JOIN dna_app.customer_tasks ct ON ct.customer_id = c.id AND ct.plan_id IS NULL AND NOT ct.is_ignored
UNION ALL
SELECT p.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       p.id, s.code, s.name, p.plan_status, p.target_completion_date, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       2, ct.position, ct.created_at
FROM dna_app.customer_iso_plans p
JOIN dna_app.customers c ON c.id = p.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = p.customer_id AND ct.plan_id = p.id AND ct.template_id IS NULL AND NOT ct.is_ignored
WHERE NOT p.is_ignored
UNION ALL
SELECT a.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       a.plan_id, s.code, s.name, p.plan_status, p.target_completion_date, a.template_id, t.name, t.description,
       NULL, NULL, NULL, NULL,
       3, ct.position, ct.created_at
FROM dna_app.customer_iso_plan_templates a
JOIN dna_app.customer_iso_plans p ON p.customer_id = a.customer_id AND p.id = a.plan_id AND NOT p.is_ignored
JOIN dna_app.customers c ON c.id = a.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
JOIN dna_app.templates t ON t.id = a.template_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = a.customer_id AND ct.plan_id = a.plan_id AND ct.template_id = a.template_id
    AND ct.document_id IS NULL AND NOT ct.is_ignored
WHERE NOT a.is_ignored
UNION ALL
SELECT d.customer_id, c.name, c.email,
       ct.id, ct.title, ct.description, ct.status, ct.priority, ct.task_scope, ct.task_type, ct.requires_evidence,
       ct.due_date, ct.completed_at,
       d.plan_id, s.code, s.name, p.plan_status, p.target_completion_date, d.template_id, t.name, t.description,
       d.id, d.document_name, d.status,
       (SELECT (100 * count(w.id) / greatest(count(*), 1))::integer
        FROM dna_app.template_questions q
        LEFT JOIN dna_app.customer_answers w ON w.customer_id = d.customer_id AND w.plan_id = d.plan_id
            AND w.template_id = d.template_id AND w.question_key = q.key AND w.withdrawn_at IS NULL
        WHERE q.release_id = d.release_id),
       4, ct.position, ct.created_at
FROM dna_app.customer_documents d
JOIN dna_app.customer_iso_plan_templates a
    ON a.customer_id = d.customer_id AND a.plan_id = d.plan_id AND a.template_id = d.template_id AND NOT a.is_ignored
JOIN dna_app.customer_iso_plans p ON p.customer_id = d.customer_id AND p.id = d.plan_id AND NOT p.is_ignored
JOIN dna_app.customers c ON c.id = d.customer_id
JOIN dna_app.iso_standards s ON s.id = p.iso_standard_id
JOIN dna_app.templates t ON t.id = d.template_id
LEFT JOIN dna_app.customer_tasks ct
    ON ct.customer_id = d.customer_id AND ct.plan_id = d.plan_id AND ct.template_id = d.template_id
    AND ct.document_id = d.id AND NOT ct.is_ignored;

-- Who holds a session, as `auth.open_session` tells it, without noting that it is used: what a
-- browser does by itself must not keep a session alive.
CREATE FUNCTION auth.look_at_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT s.id, s.confirmed_at, u.id, u.email, u.full_name, u.role, u.locale, u.time_zone,
           EXISTS (SELECT FROM auth.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
           f.totp_required_for_firm, f.totp_required_for_approvers,
           auth.memberships_of(u.id)
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    CROSS JOIN dna_app.firm f
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active
$$;
CREATE OR REPLACE FUNCTION auth.open_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (session_id uuid, confirmed_at timestamptz, user_id integer, email varchar, full_name varchar, role varchar,
               locale varchar, time_zone varchar, has_totp boolean, totp_required_for_firm boolean,
               totp_required_for_approvers boolean, memberships jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE auth.session_tokens s SET last_seen_at = asked_at
    WHERE s.token_hash = asked_token_hash AND s.last_seen_at < asked_at - interval '1 minute'
      AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit;
    RETURN QUERY SELECT * FROM auth.look_at_session(asked_token_hash, asked_at, idle_limit);
END
$$;

DO $$
BEGIN
    REVOKE ALL ON FUNCTION auth.look_at_session(bytea, timestamptz, interval) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.look_at_session(bytea, timestamptz, interval) TO %I', current_user || '_service');
END
$$;
