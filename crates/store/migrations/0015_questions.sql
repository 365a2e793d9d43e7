-- Questions with tables, files and limits; answers that say why a question does not apply
-- (docs/SCHEMA.md, "Templates").

ALTER TABLE dna_app.template_questions
    -- The columns of a table question.
    ADD COLUMN columns jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(columns) = 'array'),
    ADD COLUMN minimum bigint,
    ADD COLUMN maximum bigint,
    ADD CONSTRAINT template_questions_range CHECK (minimum <= maximum);

ALTER TABLE dna_app.customer_answers
    ADD COLUMN not_applicable_reason text CHECK (btrim(not_applicable_reason) <> ''),
    ADD CONSTRAINT customer_answers_not_applicable CHECK ((value = 'null'::jsonb) = (not_applicable_reason IS NOT NULL));
