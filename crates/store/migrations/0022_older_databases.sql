-- People who came from an older database may sign in by the name that they had in its portal.
ALTER TABLE auth.users ADD COLUMN sign_in_name varchar(100) CHECK (btrim(sign_in_name) <> '');
CREATE UNIQUE INDEX users_sign_in_name_key ON auth.users (lower(sign_in_name));

-- Files of theirs stay where the older program kept them: the folder and name there. Empty for files
-- in Muster's own data folder.
ALTER TABLE dna_app.customer_evidence ADD COLUMN source_path text CHECK (btrim(source_path) <> '');
