-- Drafts of templates: who saved one last, and that one may be discarded
-- (docs/SCHEMA.md, "Templates").

ALTER TABLE dna_app.template_releases
    -- Who saved the draft last, and when. NULL where a library file brought the content.
    ADD COLUMN edited_by integer REFERENCES auth.users (id),
    ADD COLUMN edited_at timestamptz;

-- A draft is nobody's promise yet, so it may go. That a release does not is kept by its trigger.
DO $$
BEGIN
    EXECUTE format('GRANT DELETE ON dna_app.template_releases TO %I', current_user || '_service');
END
$$;
