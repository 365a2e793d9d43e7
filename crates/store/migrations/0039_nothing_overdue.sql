-- Most people have nothing overdue, and every page asks how many such tasks they have: four tables, each with its
-- policies, took most of the time of a page that was ready. One table tells whether there can be any: what was due before
-- today at the place where it is today first. For whoever has thousands of tasks, only those are joined with the others.
CREATE OR REPLACE FUNCTION dna_app.my_overdue_count(portfolio text, limited text, plans text, asked_user integer, asked_at timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    latest_today date := (asked_at AT TIME ZONE 'Pacific/Kiritimati')::date;
BEGIN
    PERFORM set_config('app.portfolio', portfolio, true), set_config('app.limited', limited, true), set_config('app.plans', plans, true);
    IF NOT EXISTS (SELECT FROM dna_app.customer_tasks t
                   WHERE t.assigned_to = asked_user AND NOT t.is_ignored AND t.status NOT IN ('completed', 'cancelled')
                     AND t.due_date < latest_today) THEN
        RETURN 0;
    END IF;
    RETURN (SELECT count(*) FROM (
            SELECT FROM dna_app.customer_tasks t
            JOIN dna_app.customers c ON c.id = t.customer_id
            LEFT JOIN dna_app.customer_iso_plans p ON p.customer_id = t.customer_id AND p.id = t.plan_id
            LEFT JOIN dna_app.customer_iso_plan_templates a
                ON a.customer_id = t.customer_id AND a.plan_id = t.plan_id AND a.template_id = t.template_id
            WHERE t.assigned_to = asked_user AND NOT t.is_ignored
              AND NOT coalesce(p.is_ignored, false) AND NOT coalesce(a.is_ignored, false) AND c.status <> 'archived'
              AND t.status NOT IN ('completed', 'cancelled') AND t.due_date < latest_today
              AND t.due_date < (asked_at AT TIME ZONE c.time_zone)::date
            LIMIT most) late);
END
$$;
