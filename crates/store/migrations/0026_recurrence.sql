-- What comes back: a task, and the tasks of a rule (docs/SCHEMA.md, "Recurring work").
--
-- A pattern is kept as it is read: `monthly`, `quarterly`, `yearly`, or a rule of RFC 5545
-- (domain::recurrence). The next time is a task of its own, made in the transaction that completes the
-- one before, under the unique key of generated tasks: its occurrence is `after:<that task>`, so that a
-- task has one successor, however often it is completed.

ALTER TABLE dna_app.task_rules
    ADD COLUMN recurrence varchar(200) CHECK (btrim(recurrence) <> ''),
    ADD CONSTRAINT task_rules_recurrence CHECK (recurrence IS NULL OR level <> 'document');

ALTER TABLE dna_app.customer_tasks
    ADD COLUMN recurrence varchar(200) CHECK (btrim(recurrence) <> ''),
    -- The day of the month that it is counted by, while its due date is an earlier one because the month
    -- is short.
    ADD COLUMN counted_by smallint CHECK (counted_by BETWEEN 29 AND 31);
