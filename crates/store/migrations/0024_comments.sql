-- Comments on tasks, and the people whom they name (docs/SCHEMA.md, "Comments"). What was said stays
-- as it was said: rows come in, and nothing of them changes.

CREATE TABLE dna_app.customer_task_comments (
    id uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    task_id uuid NOT NULL,
    author_id integer NOT NULL REFERENCES auth.users (id),
    -- A person who is named stands in it by number, as `@[7]`.
    body text NOT NULL CHECK (btrim(body) <> ''),
    written_at timestamptz NOT NULL,
    UNIQUE (customer_id, id),
    FOREIGN KEY (customer_id, task_id) REFERENCES dna_app.customer_tasks (customer_id, id) ON DELETE CASCADE
);
CREATE INDEX customer_task_comments_task ON dna_app.customer_task_comments (customer_id, task_id, written_at);

CREATE TABLE dna_app.customer_task_comment_mentions (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    comment_id uuid NOT NULL,
    user_id integer NOT NULL REFERENCES auth.users (id),
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, comment_id, user_id),
    FOREIGN KEY (customer_id, comment_id) REFERENCES dna_app.customer_task_comments (customer_id, id) ON DELETE CASCADE
);

-- A change of several tasks at once: each task as it was before, so that it can be put back as long
-- as nobody has changed it since. Written with the change itself.
CREATE TABLE dna_app.customer_task_changes (
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    task_id uuid NOT NULL,
    -- All tasks that were changed together, also of several customers.
    batch_id uuid NOT NULL,
    changed_by integer NOT NULL REFERENCES auth.users (id),
    changed_at timestamptz NOT NULL,
    kind varchar(20) NOT NULL CHECK (kind IN ('start', 'complete', 'hold', 'assign', 'due', 'priority', 'ignore')),
    -- The task's version since, by which it is seen whether anybody has changed it after.
    version integer NOT NULL,
    -- What may have to be put back.
    status varchar(50) NOT NULL,
    completed_at timestamptz,
    completed_by integer REFERENCES auth.users (id),
    assigned_to integer REFERENCES auth.users (id),
    due_date date,
    priority varchar(50) NOT NULL,
    undone_at timestamptz,
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, batch_id, task_id),
    FOREIGN KEY (customer_id, task_id) REFERENCES dna_app.customer_tasks (customer_id, id) ON DELETE CASCADE
);
-- A batch is looked for across customers, by whoever made it.
CREATE INDEX customer_task_changes_batch ON dna_app.customer_task_changes (batch_id);

CALL dna_app.protect_customer_table('dna_app.customer_task_comments', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_task_comment_mentions', 'customer_id');
CALL dna_app.protect_customer_table('dna_app.customer_task_changes', 'customer_id');

DO $$
DECLARE
    service name := current_user || '_service';
    unlimited text := '(SELECT nullif(current_setting(''app.limited'', true), '''')) IS NULL
        OR customer_id <> ALL ((SELECT string_to_array(current_setting(''app.limited'', true), '',''))::integer[])';
BEGIN
    -- Somebody limited to some plans reads what was said of the tasks that they see.
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_task_comments AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_tasks t
                   WHERE t.customer_id = customer_task_comments.customer_id AND t.id = customer_task_comments.task_id))', service, unlimited);
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_task_comment_mentions AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_task_comments c
                   WHERE c.customer_id = customer_task_comment_mentions.customer_id AND c.id = customer_task_comment_mentions.comment_id))',
        service, unlimited);
    EXECUTE format('CREATE POLICY service_in_plans ON dna_app.customer_task_changes AS RESTRICTIVE TO %I USING (%s
        OR EXISTS (SELECT FROM dna_app.customer_tasks t
                   WHERE t.customer_id = customer_task_changes.customer_id AND t.id = customer_task_changes.task_id))', service, unlimited);

    EXECUTE format('GRANT INSERT ON dna_app.customer_task_comments, dna_app.customer_task_comment_mentions, dna_app.customer_task_changes TO %I', service);
    EXECUTE format('GRANT UPDATE (undone_at) ON dna_app.customer_task_changes TO %I', service);
END
$$;
