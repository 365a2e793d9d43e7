-- Lists of tasks as a person likes to see them (docs/SCHEMA.md, "Saved views"): filters under a name.
-- They are the person's own, and nothing of a customer: the filters are kept as the address has them.

CREATE TABLE auth.task_views (
    id uuid PRIMARY KEY,
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    list varchar(20) NOT NULL CHECK (list IN ('my_work', 'tasks')),
    -- The only customer that it is for, where it names a plan, a template or a person of it. No
    -- reference: what is a person's own does not hold on to customers' rows.
    for_customer integer CHECK (for_customer IS NULL OR list = 'tasks'),
    name varchar(60) NOT NULL CHECK (btrim(name) <> ''),
    query text NOT NULL CHECK (octet_length(query) <= 2000),
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL
);
CREATE INDEX task_views_user ON auth.task_views (user_id, list);
-- A list opens with one view: of my work, of one customer's tasks, of everybody's.
CREATE UNIQUE INDEX task_views_default ON auth.task_views (user_id, list, for_customer) NULLS NOT DISTINCT WHERE is_default;

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON auth.task_views TO %I', current_user || '_service');
END
$$;
