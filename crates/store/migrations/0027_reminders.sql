-- Calendars by a secret link, reminders, and when people want none (docs/SCHEMA.md, "Calendars" and
-- "Reminders").

-- Of a link only the hash of its secret is kept. A person has one for what is theirs, and one for each
-- customer whose calendar they made. It shows what they may see at the time of reading. Like the
-- customers of a token, the customer is only noted: the table belongs to people and stays whole.
CREATE TABLE auth.calendar_links (
    id uuid PRIMARY KEY,
    user_id integer NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    customer_id integer,
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL,
    CONSTRAINT calendar_links_one UNIQUE NULLS NOT DISTINCT (user_id, customer_id)
);

ALTER TABLE auth.users
    ADD COLUMN quiet_from time(0),
    ADD COLUMN quiet_to time(0),
    ADD CONSTRAINT users_quiet CHECK ((quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to);

-- The last day of the customer whose reminders have been written.
ALTER TABLE dna_app.customers ADD COLUMN reminded_on date CHECK (reminded_on BETWEEN '1900-01-01' AND '2200-12-31');

-- Of which task and due date somebody has been reminded: once of each.
CREATE TABLE dna_app.customer_task_reminders (
    customer_id integer NOT NULL REFERENCES dna_app.customers (id) ON DELETE CASCADE,
    id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
    task_id uuid NOT NULL,
    user_id integer NOT NULL REFERENCES auth.users (id),
    kind varchar(50) NOT NULL CHECK (kind IN ('due_soon', 'overdue')),
    due_date date NOT NULL,
    reminded_on date NOT NULL,
    UNIQUE (customer_id, id),
    UNIQUE (customer_id, task_id, user_id, kind, due_date),
    FOREIGN KEY (customer_id, task_id) REFERENCES dna_app.customer_tasks (customer_id, id) ON DELETE CASCADE
);
CALL dna_app.protect_customer_table('dna_app.customer_task_reminders', 'customer_id');

-- A mail that reminds somebody: whom, of what kind, and of which task or piece of evidence. Whether it is
-- still wanted and still true is looked at when it is sent; what is not is dropped.
ALTER TABLE dna_app.jobs
    ADD COLUMN recipient integer,
    ADD COLUMN notification varchar(50),
    ADD COLUMN about uuid,
    ADD CONSTRAINT jobs_reminder CHECK ((recipient IS NULL) = (notification IS NULL) AND (about IS NULL OR recipient IS NOT NULL)),
    DROP CONSTRAINT jobs_state_check,
    ADD CONSTRAINT jobs_state_check CHECK (state IN ('queued', 'running', 'done', 'dead', 'dropped')),
    DROP CONSTRAINT jobs_finished,
    ADD CONSTRAINT jobs_finished CHECK ((state IN ('done', 'dead', 'dropped')) = (finished_at IS NOT NULL));

-- What an active person is today, for what the program does towards them while they are not there: it
-- writes to them, or gives a calendar to whoever has its link. As for a session, it runs with the owner's
-- rights, because memberships are rows of several customers.
CREATE FUNCTION auth.look_at_person(asked_user integer)
RETURNS TABLE (email varchar, full_name varchar, role varchar, locale varchar, time_zone varchar, notifications text[],
               quiet_from time, quiet_to time, memberships jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT u.email, u.full_name, u.role, u.locale, u.time_zone, u.notifications, u.quiet_from, u.quiet_to, auth.memberships_of(u.id)
    FROM auth.users u WHERE u.id = asked_user AND u.is_active
$$;

DO $$
DECLARE
    service name := current_user || '_service';
BEGIN
    REVOKE ALL ON FUNCTION auth.look_at_person(integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION auth.look_at_person(integer) TO %I', service);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON auth.calendar_links TO %I', service);
    EXECUTE format('GRANT INSERT ON dna_app.customer_task_reminders TO %I', service);
END
$$;
