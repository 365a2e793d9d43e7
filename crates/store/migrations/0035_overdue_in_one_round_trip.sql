-- How many of somebody's own open tasks are past their due date, up to a number: every page shows it, so it is told by
-- one statement without a transaction around it, and whoever has thousands does not wait for all of them. The caller's
-- rights and row security hold as everywhere: the scope is made in the function, as long as the statement lasts, of
-- what `store::scope` would set.
CREATE FUNCTION dna_app.my_overdue_count(portfolio text, limited text, plans text, asked_user integer, asked_at timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM set_config('app.portfolio', portfolio, true), set_config('app.limited', limited, true), set_config('app.plans', plans, true);
    RETURN (SELECT count(*) FROM (
            SELECT FROM dna_app.customer_tasks t
            JOIN dna_app.customers c ON c.id = t.customer_id
            LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
            LEFT JOIN dna_app.customer_iso_plan_templates a
                ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
            WHERE t.assigned_to = asked_user AND NOT t.is_ignored
              AND NOT coalesce(p.is_ignored, false) AND NOT coalesce(a.is_ignored, false) AND c.status <> 'archived'
              AND t.status NOT IN ('completed', 'cancelled') AND t.due_date < (asked_at AT TIME ZONE c.time_zone)::date
            LIMIT most) late);
END
$$;
DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    REVOKE ALL ON FUNCTION dna_app.my_overdue_count(text, text, text, integer, timestamptz, integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION dna_app.my_overdue_count(text, text, text, integer, timestamptz, integer) TO %I', service);
END
$$;
