-- Rows come in sets, and what would look at each of them alone waits: indexes that only serve reading are made
-- at the end, and the references are compared at the end, all at once (end.sql).
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SET synchronous_commit = off;

CREATE SCHEMA bench;
CREATE TABLE bench.later AS
SELECT c.oid::regclass::text AS name, pg_get_indexdef(c.oid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = 'dna_app' AND t.relname IN ('customer_tasks', 'customer_answers', 'customer_documents') AND NOT i.indisunique;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM bench.later LOOP
        EXECUTE format('DROP INDEX %s', one.name);
    END LOOP;
END
$$;
