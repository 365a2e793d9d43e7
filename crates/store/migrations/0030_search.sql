-- Search: what people write, by its words (docs/SCHEMA.md, "Search").

-- A text as its words: without accents, with what is neither letter nor digit as a gap, in small
-- letters, and with the customer as one more word, so that one index finds the words of one
-- customer. The rules are those of `domain::search`, and do not depend on the locale. Plain ASCII,
-- which most texts are, takes the first way, at a third of the cost: there PostgreSQL's parser finds
-- the gaps once the signs are gone that it would take for paths, hosts, numbers and tags.
CREATE FUNCTION dna_app.search_vector(customer integer, words text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_tsvector(ARRAY['customer ' || (customer)::text]) || to_tsvector('pg_catalog.simple'::regconfig,
    CASE WHEN octet_length(words) = length(words) THEN
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(words,
            '/', ' '), '.', ' '), '_', ' '), '-', ' '), '@', ' '), ':', ' '), '+', ' '), '<', ' '), '&', ' '), '~', ' '), '\', ' ')
    ELSE
        translate(
            regexp_replace(
                regexp_replace(normalize(words, NFKD), '[\u0300-\u036F]+', '', 'g'),
                '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g'),
            'ØøŁłĐđΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩςАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
            'oolldd' || 'αβγδεζηθικλμνξοπρστυφχψωσ' || 'абвгдежзийклмнопрстуфхцчшщъыьэюя')
    END);

-- The texts in an answer or in the answers of a document.
CREATE FUNCTION dna_app.search_strings(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(replace((jsonb_path_query_array(value, 'strict $.** ? (@.type() == "string")'))::text, '\n', ' '), '\t', ' ');

CREATE INDEX customer_tasks_search ON dna_app.customer_tasks
    USING gin (dna_app.search_vector(customer_id, title || ' ' || coalesce(description, '')));
CREATE INDEX customer_documents_search ON dna_app.customer_documents
    USING gin (dna_app.search_vector(customer_id, document_name || ' ' || left(coalesce(content ->> 'body', ''), 100000)
        || ' ' || left(coalesce(dna_app.search_strings(content -> 'answers'), ''), 100000)));
CREATE INDEX customer_answers_search ON dna_app.customer_answers
    USING gin (dna_app.search_vector(customer_id, left(dna_app.search_strings(value), 100000)));
CREATE INDEX customer_evidence_search ON dna_app.customer_evidence
    USING gin (dna_app.search_vector(customer_id, filename || ' ' || coalesce(note, '')));
CREATE INDEX customer_task_comments_search ON dna_app.customer_task_comments
    USING gin (dna_app.search_vector(customer_id, body));

-- Which rows hold the words. Row security keeps the service from using an index on texts (their
-- operators are not leakproof), so the index is asked with the owner's rights, by this function
-- alone. It looks at the customers of the caller's scope only, and gives nothing but ids: what they
-- stand for is read through row security, like everything else.
CREATE FUNCTION dna_app.search_candidates(asked tsquery, most integer) RETURNS TABLE (kind text, customer_id integer, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog SET gin_fuzzy_search_limit = 20000 AS $$
DECLARE
    visible text := coalesce(nullif(current_setting('app.customer', true), ''), current_setting('app.portfolio', true), '');
    wanted tsquery := asked;
BEGIN
    IF visible = '' THEN
        RETURN;
    END IF;
    IF visible <> 'all' THEN
        wanted := (SELECT string_agg('''customer ' || one::integer || '''', ' | ') FROM unnest(string_to_array(visible, ',')) AS one)::tsquery && asked;
    END IF;
    RETURN QUERY
    (SELECT 'task', t.customer_id, t.id FROM dna_app.customer_tasks t
     WHERE dna_app.search_vector(t.customer_id, t.title || ' ' || coalesce(t.description, '')) @@ wanted LIMIT most)
    UNION ALL
    (SELECT 'document', d.customer_id, d.id FROM dna_app.customer_documents d
     WHERE dna_app.search_vector(d.customer_id, d.document_name || ' ' || left(coalesce(d.content ->> 'body', ''), 100000)
        || ' ' || left(coalesce(dna_app.search_strings(d.content -> 'answers'), ''), 100000)) @@ wanted LIMIT most)
    UNION ALL
    (SELECT 'answer', a.customer_id, a.id FROM dna_app.customer_answers a
     WHERE dna_app.search_vector(a.customer_id, left(dna_app.search_strings(a.value), 100000)) @@ wanted LIMIT most)
    UNION ALL
    (SELECT 'evidence', e.customer_id, e.id FROM dna_app.customer_evidence e
     WHERE dna_app.search_vector(e.customer_id, e.filename || ' ' || coalesce(e.note, '')) @@ wanted LIMIT most)
    UNION ALL
    (SELECT 'comment', m.customer_id, m.id FROM dna_app.customer_task_comments m
     WHERE dna_app.search_vector(m.customer_id, m.body) @@ wanted LIMIT most);
END
$$;

-- The words that are in use, each under itself and under every form of it that lacks one letter: two
-- words that differ by one letter, or by two that changed places, share a form. No word here says
-- whose it is. Written by the program when a customer's work has changed.
CREATE TABLE dna_app.search_words (
    form varchar(40) COLLATE "C" NOT NULL,
    word varchar(40) COLLATE "C" NOT NULL,
    PRIMARY KEY (form, word)
);
-- Up to which change of the customer its words are known.
ALTER TABLE dna_app.customers ADD COLUMN words_version bigint NOT NULL DEFAULT 0;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    EXECUTE format('GRANT SELECT, INSERT ON dna_app.search_words TO %I', service);
    REVOKE ALL ON FUNCTION dna_app.search_candidates(tsquery, integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION dna_app.search_candidates(tsquery, integer) TO %I', service);
END
$$;
