-- People: one administrator, ten consultants, and members of customers; and the library: four
-- standards, twenty templates of twenty questions, thirty templates without questions for the customer
-- with many templates, and one of fifty questions that nobody has yet.

INSERT INTO auth.users (id, email, full_name, role, notifications)
SELECT n, format('person%s@example.com', n), format('Person %s', n),
       CASE WHEN n = 1 THEN 'admin' WHEN n BETWEEN 3 AND 12 THEN 'consultant' ELSE 'member' END, '{}'
FROM generate_series(1, 1000) n;
SELECT setval(pg_get_serial_sequence('auth.users', 'id'), 1000);

INSERT INTO dna_app.iso_standards (id, code, name)
SELECT md5(format('standard %s', n))::uuid, format('BENCH %s', n), (ARRAY['Information security', 'Quality', 'Environment', 'Continuity'])[n]
FROM generate_series(1, 4) n;

INSERT INTO dna_app.templates (id, name, reference, description, status, library_key)
SELECT md5(format('template %s', n))::uuid, format('Template %s', n), format('T%s', n), 'What has to be laid down in writing, and by whom.',
       'approved', format('bench-template-%s', n)
FROM generate_series(1, 51) n;

INSERT INTO dna_app.template_releases (id, template_id, number, document_title, body)
SELECT md5(format('release %s', n))::uuid, md5(format('template %s', n))::uuid, 1, format('Document %s', n), repeat('The firm lays down what follows. ', 20)
FROM generate_series(1, 51) n;

INSERT INTO dna_app.template_questions (release_id, key, position, section, label, help, kind)
SELECT md5(format('release %s', n))::uuid, format('question_%s', q), q, format('Section %s', 1 + q / 7),
       format('%s the %s of the %s?',
           (ARRAY['Who approves', 'Who keeps', 'How often is somebody looking at', 'Where are', 'Who is told of', 'What limits'])[1 + (n + q) % 6],
           (ARRAY['records', 'copies', 'exceptions', 'owners', 'findings', 'changes', 'dates', 'costs'])[1 + (3 * n + q) % 8],
           (ARRAY['patches', 'suppliers', 'passwords', 'backups', 'visitors', 'laptops', 'contracts', 'incidents', 'audits', 'trainings', 'risks',
                  'networks', 'permits', 'machines', 'complaints'])[1 + (7 * n + q) % 15]),
       'Answer for the whole organisation, and name the place where it is written down.', 'text'
FROM generate_series(1, 51) n
CROSS JOIN LATERAL generate_series(1, CASE WHEN n <= 20 THEN 20 WHEN n = 51 THEN 50 ELSE 0 END) q;

UPDATE dna_app.template_releases SET released_at = now();
