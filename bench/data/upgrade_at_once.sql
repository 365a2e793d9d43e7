-- The original schema's upgrade of its tasks, step by step as its text has it: one transaction, which holds the table
-- from its first statement to its last.
BEGIN;
ALTER TABLE dna_app.customer_tasks ADD COLUMN template_id uuid REFERENCES dna_app.templates (id) ON DELETE SET NULL;
UPDATE dna_app.customer_tasks t SET template_id = a.template_id
FROM dna_app.customer_iso_plan_templates a WHERE a.plan_id = t.plan_id AND t.template_id IS NULL;
UPDATE dna_app.customer_tasks SET task_scope = 'customer' WHERE task_scope <> 'customer' AND plan_id IS NULL;
UPDATE dna_app.customer_tasks SET task_scope = 'plan' WHERE task_scope <> 'plan' AND plan_id IS NOT NULL AND template_id IS NULL;
UPDATE dna_app.customer_tasks SET task_scope = 'template' WHERE task_scope <> 'template' AND template_id IS NOT NULL AND document_id IS NULL;
UPDATE dna_app.customer_tasks SET task_scope = 'document' WHERE task_scope <> 'document' AND document_id IS NOT NULL;
ALTER TABLE dna_app.customer_tasks ADD CONSTRAINT task_scope_hierarchy CHECK (CASE task_scope
    WHEN 'customer' THEN plan_id IS NULL AND template_id IS NULL AND document_id IS NULL
    WHEN 'plan' THEN plan_id IS NOT NULL AND template_id IS NULL AND document_id IS NULL
    WHEN 'template' THEN plan_id IS NOT NULL AND template_id IS NOT NULL AND document_id IS NULL
    WHEN 'document' THEN plan_id IS NOT NULL AND template_id IS NOT NULL AND document_id IS NOT NULL
END);
CREATE INDEX idx_customer_tasks_template ON dna_app.customer_tasks (template_id);
CREATE INDEX idx_customer_tasks_scope ON dna_app.customer_tasks (task_scope);
CREATE INDEX idx_customer_tasks_customer_scope ON dna_app.customer_tasks (customer_id, task_scope);
CREATE INDEX idx_customer_tasks_plan_template ON dna_app.customer_tasks (plan_id, template_id);
COMMIT;
