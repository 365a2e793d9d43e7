-- Makes a copy of the older database fit the original schema's upgrade, which ends with an error where the task of a
-- document names no plan, or one without templates.
UPDATE dna_app.customer_tasks t SET plan_id = d.plan_id
FROM dna_app.customer_documents d WHERE d.id = t.document_id AND t.plan_id IS DISTINCT FROM d.plan_id;
VACUUM (ANALYZE) dna_app.customer_tasks;
