-- Row security and grants (docs/SCHEMA.md, "Roles and row security").
--
-- The service role sees and changes rows of the one customer in app.customer, and reads rows of
-- the customers in app.portfolio (a list of ids, or `all`). FORCE holds the owner to policies too,
-- so it has one of its own: without it migrations, backups and checks would silently see no rows.

CREATE PROCEDURE dna_app.protect_customer_table(target regclass, customer_column name)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    service name := current_user || '_service';
    reporting name := current_user || '_reporting';
    in_customer text := format('%I = (SELECT nullif(current_setting(''app.customer'', true), '''')::integer)', customer_column);
    in_portfolio text := format(
        '(SELECT current_setting(''app.portfolio'', true)) = ''all'' OR %I = ANY ((SELECT string_to_array('
        || 'nullif(nullif(current_setting(''app.portfolio'', true), ''''), ''all''), '',''))::integer[])', customer_column);
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', target, current_user);
    EXECUTE format('CREATE POLICY reporting_reads ON %s FOR SELECT TO %I USING (true)', target, reporting);
    EXECUTE format('CREATE POLICY service_in_customer ON %s TO %I USING (%s) WITH CHECK (%s)', target, service, in_customer, in_customer);
    EXECUTE format('CREATE POLICY service_in_portfolio ON %s FOR SELECT TO %I USING (%s)', target, service, in_portfolio);
    EXECUTE format('GRANT SELECT ON %s TO %I, %I', target, service, reporting);
END
$$;

CALL dna_app.protect_customer_table('dna_app.customers', 'id');
CALL dna_app.protect_customer_table('dna_app.customer_members', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_iso_plans', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_iso_plan_templates', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_answers', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_documents', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_tasks', 'customer_id');

-- The stored answers of idempotent requests are each person's own.
ALTER TABLE dna_app.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE dna_app.idempotency_keys FORCE ROW LEVEL SECURITY;

DO $$
DECLARE
    service name := current_user || '_service';
    reporting name := current_user || '_reporting';
BEGIN
    EXECUTE format('CREATE POLICY owner_all ON dna_app.idempotency_keys TO %I USING (true) WITH CHECK (true)', current_user);
    EXECUTE format($policy$CREATE POLICY service_own ON dna_app.idempotency_keys TO %I
        USING (user_id = (SELECT nullif(current_setting('app.actor', true), '')::integer))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.actor', true), '')::integer))$policy$, service);

    EXECUTE format('GRANT USAGE ON SCHEMA auth, dna_app TO %I', service);
    EXECUTE format('GRANT USAGE ON SCHEMA dna_app TO %I', reporting);
    -- Nothing of a customer is ever deleted by the program: it is ignored, archived, superseded.
    EXECUTE format('GRANT INSERT, UPDATE ON dna_app.customers, dna_app.customer_members, dna_app.customer_iso_plans,
        dna_app.customer_iso_plan_templates, dna_app.customer_answers, dna_app.customer_documents, dna_app.customer_tasks TO %I', service);
    EXECUTE format('GRANT SELECT ON dna_app.v_customer_workspace, dna_app.v_plan_progress, dna_app.v_template_progress TO %I, %I', service, reporting);
    EXECUTE format('GRANT SELECT ON dna_app.visible_open_tasks TO %I', service);
    EXECUTE format('GRANT SELECT ON dna_app.firm, dna_app.iso_standards, dna_app.templates, dna_app.template_iso_mapping,
        dna_app.template_releases, dna_app.template_questions, dna_app.task_rules TO %I, %I', service, reporting);
    EXECUTE format('GRANT INSERT, UPDATE ON dna_app.iso_standards, dna_app.templates, dna_app.template_releases,
        dna_app.template_questions, dna_app.task_rules TO %I', service);
    EXECUTE format('GRANT INSERT, DELETE ON dna_app.template_iso_mapping TO %I', service);
    EXECUTE format('GRANT DELETE ON dna_app.template_questions TO %I', service);
    EXECUTE format('GRANT UPDATE ON dna_app.firm TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON dna_app.idempotency_keys TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON auth.users TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON auth.session_tokens, auth.sign_in_failures, auth.setup_links TO %I', service);
    EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA auth, dna_app TO %I', service);
    -- The readiness check compares what has been migrated with what the program expects.
    EXECUTE format('GRANT SELECT ON dna_app.schema_migrations TO %I', service);
END
$$;

-- Who holds a session, and what they are: one round trip before any scope is set. It runs with the
-- owner's rights, because a person's memberships are rows of several customers.
CREATE FUNCTION auth.open_session(asked_token_hash bytea, asked_at timestamptz, idle_limit interval)
RETURNS TABLE (user_id integer, email varchar, full_name varchar, role varchar, memberships jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    -- Noted at most once a minute, so that reading does not become writing.
    UPDATE auth.session_tokens s SET last_seen_at = asked_at
    WHERE s.token_hash = asked_token_hash AND s.last_seen_at < asked_at - interval '1 minute'
      AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit;
    RETURN QUERY
    SELECT u.id, u.email, u.full_name, u.role,
           coalesce((SELECT jsonb_agg(jsonb_build_object('customer_id', m.customer_id, 'role', m.role, 'status', m.status,
                                                         'expires_on', m.expires_on, 'approval_steps', m.approval_steps)
                                      ORDER BY m.customer_id, m.role)
                     FROM dna_app.customer_members m WHERE m.user_id = u.id), '[]')
    FROM auth.session_tokens s
    JOIN auth.users u ON u.id = s.user_id
    WHERE s.token_hash = asked_token_hash AND s.expires_at > asked_at AND s.last_seen_at > asked_at - idle_limit AND u.is_active;
END
$$;

DO $$
BEGIN
    REVOKE ALL ON FUNCTION auth.open_session(bytea, timestamptz, interval) FROM PUBLIC;
    REVOKE ALL ON PROCEDURE dna_app.protect_customer_table(regclass, name) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.open_session(bytea, timestamptz, interval) TO %I', current_user || '_service');
END
$$;
