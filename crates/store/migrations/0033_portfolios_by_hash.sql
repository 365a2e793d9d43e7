-- A list of customers was read anew for each row: texts made numbers, and then gone through one by one. Somebody who
-- looks after a thousand customers waited three seconds for their portfolio. Now it is read once for each statement,
-- into a table of hashes, and not at all in the scope of one customer.
CREATE FUNCTION dna_app.portfolio_policy(customer_column name) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT format(
        '(SELECT nullif(current_setting(''app.portfolio'', true), '''') IS NOT NULL) AND ((SELECT current_setting(''app.portfolio'', true)) = ''all'''
        || ' OR %I IN (SELECT unnest(string_to_array(nullif(nullif(current_setting(''app.portfolio'', true), ''''), ''all''), '','')::integer[])))',
        customer_column)
$$;
REVOKE ALL ON FUNCTION dna_app.portfolio_policy(name) FROM PUBLIC;

CREATE OR REPLACE PROCEDURE dna_app.protect_customer_table(target regclass, customer_column name)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    service name := current_user || '_service';
    reporting name := current_user || '_reporting';
    in_customer text := format('%I = (SELECT nullif(current_setting(''app.customer'', true), '''')::integer)', customer_column);
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', target, current_user);
    EXECUTE format('CREATE POLICY reporting_reads ON %s FOR SELECT TO %I USING (true)', target, reporting);
    EXECUTE format('CREATE POLICY service_in_customer ON %s TO %I USING (%s) WITH CHECK (%s)', target, service, in_customer, in_customer);
    EXECUTE format('CREATE POLICY service_in_portfolio ON %s FOR SELECT TO %I USING (%s)', target, service,
                   dna_app.portfolio_policy(customer_column));
    EXECUTE format('GRANT SELECT ON %s TO %I, %I', target, service, reporting);
END
$$;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT p.schemaname, p.tablename FROM pg_policies p WHERE p.policyname = 'service_in_portfolio' LOOP
        EXECUTE format('ALTER POLICY service_in_portfolio ON %I.%I USING (%s)', one.schemaname, one.tablename,
                       dna_app.portfolio_policy(CASE one.tablename WHEN 'customers' THEN 'id' ELSE 'customer_id' END));
    END LOOP;
END
$$;
