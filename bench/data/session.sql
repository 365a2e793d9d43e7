-- Signs in the administrator, the largest customer's manager and a consultant: of a session only the SHA-256 of what the
-- cookie holds is kept, so whoever made the cookie's words can put in the row. Made anew before each part, for
-- a session that lies unused ends.
DELETE FROM auth.session_tokens WHERE user_id IN (1, 2, 3);
INSERT INTO auth.session_tokens (token_hash, user_id, created_at, last_seen_at, expires_at)
VALUES (sha256(convert_to(current_setting('bench.admin'), 'UTF8')), 1, now(), now(), now() + interval '12 hours'),
       (sha256(convert_to(current_setting('bench.manager'), 'UTF8')), 2, now(), now(), now() + interval '12 hours'),
       (sha256(convert_to(current_setting('bench.consultant'), 'UTF8')), 3, now(), now(), now() + interval '12 hours');
