-- Who may log in and how: a second verifier of the password, what an account may, passwords of
-- single programs, and who may open whose mailboxes.

-- The version before inserts accounts without these: hence the defaults.
ALTER TABLE account ADD COLUMN scram text;
ALTER TABLE account ADD COLUMN administrator boolean NOT NULL DEFAULT false;
ALTER TABLE account ADD COLUMN imap_enabled boolean NOT NULL DEFAULT true;
ALTER TABLE account ADD COLUMN pop_enabled boolean NOT NULL DEFAULT true;

CREATE TABLE app_password (
  account bigint NOT NULL REFERENCES account,
  name text COLLATE "C" NOT NULL,
  verifier text NOT NULL,
  created timestamptz NOT NULL DEFAULT now(),
  last_used timestamptz,
  PRIMARY KEY (account, name)
);

CREATE TABLE access_grant (
  owner bigint NOT NULL REFERENCES account,
  delegate bigint NOT NULL REFERENCES account,
  PRIMARY KEY (owner, delegate)
);

-- Secrets that all replicas share. The one that accounts which do not exist are made up from has
-- 244 random bits.
CREATE TABLE site_secret (
  name text PRIMARY KEY,
  value text NOT NULL
);
INSERT INTO site_secret (name, value)
  VALUES ('decoy', gen_random_uuid()::text || gen_random_uuid()::text);
