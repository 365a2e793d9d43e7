-- Tasks that wait for anybody of a role, found without reading all tasks: somebody's own work across a thousand
-- customers took 20 s. No column of it changes with a task's status, so such updates still touch no index.
CREATE INDEX customer_tasks_for_roles ON dna_app.customer_tasks (assignee_role, customer_id)
    WHERE assigned_to IS NULL AND assignee_role IS NOT NULL;
