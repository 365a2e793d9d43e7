-- Makes the indexes that waited, as the migrations made them.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM bench.later LOOP
        EXECUTE one.definition;
    END LOOP;
END
$$;
DROP SCHEMA bench CASCADE;
SELECT setval(pg_get_serial_sequence('dna_app.customers', 'id'), (SELECT max(id) FROM dna_app.customers));

-- Every reference of every table is compared: a row that points nowhere is an error.
DO $$
DECLARE
    one record;
    stray bigint;
BEGIN
    FOR one IN
        SELECT k.conname, k.conrelid::regclass AS source, k.confrelid::regclass AS target,
               (SELECT string_agg(format('s.%I = t.%I', a.attname, b.attname), ' AND ')
                FROM unnest(k.conkey, k.confkey) AS pair (source, target)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.source
                JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.target) AS matching,
               (SELECT string_agg(format('s.%I IS NOT NULL', a.attname), ' AND ')
                FROM unnest(k.conkey) AS source JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = source) AS filled
        FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace IN ('dna_app'::regnamespace, 'auth'::regnamespace)
    LOOP
        EXECUTE format('SELECT count(*) FROM %s s WHERE %s AND NOT EXISTS (SELECT FROM %s t WHERE %s)', one.source, one.filled, one.target, one.matching)
        INTO stray;
        IF stray > 0 THEN
            RAISE EXCEPTION '% rows of % break %', stray, one.source, one.conname;
        END IF;
    END LOOP;
END
$$;
RESET session_replication_role;
