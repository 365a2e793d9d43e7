-- The library belongs to the firm: standards, templates with their releases, task rules.
-- Rows with a library_key came from a library file; importing the file again finds them by it.

CREATE TABLE dna_app.iso_standards (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code varchar(50) NOT NULL UNIQUE,
    name varchar(200) NOT NULL,
    description text,
    active boolean NOT NULL DEFAULT true,
    display_order integer NOT NULL DEFAULT 1000,
    color varchar(20),
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dna_app.templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    reference varchar(50),
    description text,
    status varchar(50) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'approved', 'archived')),
    library_key varchar(100) UNIQUE,
    version integer NOT NULL DEFAULT 1,
    created_by integer REFERENCES auth.users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dna_app.template_iso_mapping (
    template_id uuid NOT NULL REFERENCES dna_app.templates (id) ON DELETE CASCADE,
    iso_standard_id uuid NOT NULL REFERENCES dna_app.iso_standards (id) ON DELETE CASCADE,
    PRIMARY KEY (template_id, iso_standard_id)
);
CREATE INDEX template_iso_mapping_standard ON dna_app.template_iso_mapping (iso_standard_id);

CREATE TABLE dna_app.template_releases (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    template_id uuid NOT NULL REFERENCES dna_app.templates (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    document_title varchar(500) NOT NULL,
    body text NOT NULL,
    note text,
    -- SHA-256 of the library file's content, to see on re-import whether it has changed.
    content_hash bytea,
    -- NULL while it is the draft; from then on nothing of it changes.
    released_at timestamptz,
    released_by integer REFERENCES auth.users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (template_id, number),
    -- What an assignment's composite reference points at.
    UNIQUE (template_id, id)
);
CREATE UNIQUE INDEX template_releases_one_draft ON dna_app.template_releases (template_id) WHERE released_at IS NULL;

CREATE TABLE dna_app.template_questions (
    release_id uuid NOT NULL REFERENCES dna_app.template_releases (id) ON DELETE CASCADE,
    key varchar(80) NOT NULL CHECK (key ~ '^[a-z0-9_]+$'),
    position integer NOT NULL,
    section varchar(255),
    label varchar(500) NOT NULL,
    help text,
    example text,
    kind varchar(50) NOT NULL
        CHECK (kind IN ('text', 'long_text', 'choice', 'choices', 'date', 'number', 'yes_no', 'person', 'table', 'file')),
    required boolean NOT NULL DEFAULT true,
    requires_evidence boolean NOT NULL DEFAULT false,
    evidence_description text,
    reuse_key varchar(100),
    options jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(options) = 'array'),
    unit varchar(50),
    PRIMARY KEY (release_id, key),
    UNIQUE (release_id, position)
);

-- A release is a promise to every plan that pins it: the database keeps it too.
CREATE FUNCTION dna_app.refuse_change_of_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_TABLE_NAME = 'template_releases' THEN
        IF OLD.released_at IS NOT NULL THEN
            RAISE EXCEPTION 'release % of template % is immutable', OLD.number, OLD.template_id USING ERRCODE = 'check_violation';
        END IF;
    ELSIF EXISTS (
        SELECT FROM dna_app.template_releases r
        WHERE r.released_at IS NOT NULL
          AND ((TG_OP <> 'INSERT' AND r.id = OLD.release_id) OR (TG_OP <> 'DELETE' AND r.id = NEW.release_id))
    ) THEN
        RAISE EXCEPTION 'the questions of a release are immutable' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER template_releases_immutable BEFORE UPDATE OR DELETE ON dna_app.template_releases
    FOR EACH ROW EXECUTE FUNCTION dna_app.refuse_change_of_release();
CREATE TRIGGER template_questions_immutable BEFORE INSERT OR UPDATE OR DELETE ON dna_app.template_questions
    FOR EACH ROW EXECUTE FUNCTION dna_app.refuse_change_of_release();

CREATE TABLE dna_app.task_rules (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    level varchar(50) NOT NULL CHECK (level IN ('customer', 'plan', 'template', 'document')),
    iso_standard_id uuid REFERENCES dna_app.iso_standards (id),
    template_id uuid REFERENCES dna_app.templates (id),
    title varchar(500) NOT NULL,
    description text,
    task_type varchar(50) NOT NULL,
    priority varchar(50) NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    requires_evidence boolean NOT NULL DEFAULT false,
    evidence_description text,
    due_offset_days integer CHECK (due_offset_days BETWEEN 0 AND 3650),
    assignee_role varchar(50) CHECK (assignee_role IN ('admin', 'consultant', 'manager', 'contributor', 'approver')),
    approval_step varchar(50),
    is_active boolean NOT NULL DEFAULT true,
    position integer NOT NULL,
    library_key varchar(100) UNIQUE,
    version integer NOT NULL DEFAULT 1,
    created_by integer REFERENCES auth.users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT task_rules_level CHECK (
        CASE level
            WHEN 'customer' THEN iso_standard_id IS NULL AND template_id IS NULL
            WHEN 'plan' THEN template_id IS NULL
            ELSE true
        END
    ),
    CONSTRAINT task_rules_approval CHECK ((task_type = 'approve_document') = (approval_step IS NOT NULL)),
    CONSTRAINT task_rules_approval_level CHECK (task_type <> 'approve_document' OR level = 'document')
);
CREATE INDEX task_rules_level_position ON dna_app.task_rules (level, position) WHERE is_active;
