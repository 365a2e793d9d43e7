-- A word as it was typed is looked for before the words that begin with it: GIN reads all rows of all words that
-- begin so before it gives the first, and then a word that stands in very many rows is full of whole ones already.
-- And the indexes are used whatever the planner thinks of them: it does not know that taking a document's words
-- anew costs half a millisecond, and reads the table instead.
CREATE OR REPLACE FUNCTION dna_app.search_candidates(asked tsquery, most integer) RETURNS TABLE (kind text, customer_id integer, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET gin_fuzzy_search_limit = 20000 SET enable_seqscan = off AS $$
DECLARE
    visible text := coalesce(nullif(current_setting('app.customer', true), ''), current_setting('app.portfolio', true), '');
    is_one boolean := coalesce(current_setting('app.customer', true), '') <> '';
    whole tsquery := replace(asked::text, ':*', '')::tsquery;
    begun tsquery := asked && !!whole;
    visible_customers tsquery;
    wanted tsquery;
    tasks integer := 0;
    documents integer := 0;
    answers integer := 0;
    pieces_of_evidence integer := 0;
    comments integer := 0;
    found integer;
BEGIN
    IF visible = '' THEN
        RETURN;
    END IF;
    IF visible <> 'all' THEN
        visible_customers := (SELECT string_agg('''customer ' || one::integer || '''', ' | ') FROM unnest(string_to_array(visible, ',')) AS one)::tsquery;
        asked := visible_customers && asked;
        whole := visible_customers && whole;
        begun := visible_customers && begun;
    END IF;
    -- A customer's own words are few enough to be looked for all at once.
    FOREACH wanted IN ARRAY CASE WHEN is_one THEN ARRAY[asked] ELSE ARRAY[whole, begun] END LOOP
        IF tasks < most THEN
            RETURN QUERY SELECT 'task', t.customer_id, t.id FROM dna_app.customer_tasks t
            WHERE dna_app.search_vector(t.customer_id, t.title || ' ' || coalesce(t.description, '')) @@ wanted LIMIT most - tasks;
            GET DIAGNOSTICS found = ROW_COUNT;
            tasks := tasks + found;
        END IF;
        IF documents < most THEN
            RETURN QUERY SELECT 'document', d.customer_id, d.id FROM dna_app.customer_documents d
            WHERE dna_app.search_vector(d.customer_id, d.document_name || ' ' || left(coalesce(d.content ->> 'body', ''), 100000)
                || ' ' || left(coalesce(dna_app.search_strings(d.content -> 'answers'), ''), 100000)) @@ wanted LIMIT most - documents;
            GET DIAGNOSTICS found = ROW_COUNT;
            documents := documents + found;
        END IF;
        IF answers < most THEN
            RETURN QUERY SELECT 'answer', a.customer_id, a.id FROM dna_app.customer_answers a
            WHERE dna_app.search_vector(a.customer_id, left(dna_app.search_strings(a.value), 100000)) @@ wanted LIMIT most - answers;
            GET DIAGNOSTICS found = ROW_COUNT;
            answers := answers + found;
        END IF;
        IF pieces_of_evidence < most THEN
            RETURN QUERY SELECT 'evidence', e.customer_id, e.id FROM dna_app.customer_evidence e
            WHERE dna_app.search_vector(e.customer_id, e.filename || ' ' || coalesce(e.note, '')) @@ wanted LIMIT most - pieces_of_evidence;
            GET DIAGNOSTICS found = ROW_COUNT;
            pieces_of_evidence := pieces_of_evidence + found;
        END IF;
        IF comments < most THEN
            RETURN QUERY SELECT 'comment', m.customer_id, m.id FROM dna_app.customer_task_comments m
            WHERE dna_app.search_vector(m.customer_id, m.body) @@ wanted LIMIT most - comments;
            GET DIAGNOSTICS found = ROW_COUNT;
            comments := comments + found;
        END IF;
    END LOOP;
END
$$;
