-- Every template and every rule has a key of its own from the first day: what is exported finds
-- its row again when it comes back, here or in another installation (docs/SCHEMA.md, "Library").

CREATE FUNCTION dna_app.set_library_key() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    -- The name of a template, or the title of a rule.
    words text := coalesce(to_jsonb(NEW) ->> 'name', to_jsonb(NEW) ->> 'title', '');
BEGIN
    IF NEW.library_key IS NULL THEN
        NEW.library_key := concat_ws(
            '-',
            nullif(trim(BOTH '-' FROM left(regexp_replace(lower(words), '[^a-z0-9]+', '-', 'g'), 60)), ''),
            right(replace(NEW.id::text, '-', ''), 8)
        );
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER templates_library_key BEFORE INSERT OR UPDATE ON dna_app.templates
    FOR EACH ROW EXECUTE FUNCTION dna_app.set_library_key();
CREATE TRIGGER task_rules_library_key BEFORE INSERT OR UPDATE ON dna_app.task_rules
    FOR EACH ROW EXECUTE FUNCTION dna_app.set_library_key();

-- The trigger fills in what is missing.
UPDATE dna_app.templates SET library_key = NULL WHERE library_key IS NULL;
UPDATE dna_app.task_rules SET library_key = NULL WHERE library_key IS NULL;
ALTER TABLE dna_app.templates ALTER COLUMN library_key SET NOT NULL;
ALTER TABLE dna_app.task_rules ALTER COLUMN library_key SET NOT NULL;
