-- Work to be done after a transaction: for now mails. The row is written in the transaction that
-- wants the work done, so it is there exactly if the rest is (docs/SCHEMA.md, "Jobs").
--
-- It references nothing, so that it stays whole on one node when customers are spread over
-- several. It has no row security: its worker serves all customers. Reads are restricted in the
-- program to the worker, the firm's admin, and the task that a mail belongs to.

CREATE TABLE dna_app.jobs (
    id uuid PRIMARY KEY,
    kind varchar(50) NOT NULL CHECK (kind IN ('mail')),
    -- Whom the work is for and who asked for it: the scope that it is finished in.
    customer_id integer,
    requested_by integer,
    -- What may be asked for once only, such as the mail of a task.
    once_key varchar(200) UNIQUE,
    -- The Message-ID of a mail: the same however often it is tried.
    message_id varchar(255) NOT NULL,
    payload jsonb NOT NULL,
    state varchar(50) NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead')),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    run_at timestamptz NOT NULL,
    leased_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT jobs_leased CHECK ((state = 'running') = (leased_until IS NOT NULL)),
    CONSTRAINT jobs_finished CHECK ((state IN ('done', 'dead')) = (finished_at IS NOT NULL))
);
-- What is due next: waiting until run_at, or lost by a worker whose lease has ended.
CREATE INDEX jobs_due ON dna_app.jobs (coalesce(leased_until, run_at)) WHERE state IN ('queued', 'running');
-- The outbox page, the latest first.
CREATE INDEX jobs_created ON dna_app.jobs (created_at DESC, id DESC);

DO $$
BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON dna_app.jobs TO %I', current_user || '_service');
END
$$;
