-- The directory of homes, which all sites share: which site stores the mailboxes of an account, and
-- what the other sites need to authenticate its user. The home site publishes the latter.
CREATE TABLE home (
  -- the login name, lower case
  name text PRIMARY KEY CHECK (name = lower(name) AND length(name) BETWEEN 1 AND 1024),
  site text NOT NULL CHECK (site ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  -- grows by one with each change of the site
  epoch bigint NOT NULL DEFAULT 1 CHECK (epoch > 0),
  -- as in account.verifier and account.scram of the site's database
  verifier text NOT NULL,
  scram text,
  -- the verifiers of app passwords
  app_passwords text[] NOT NULL DEFAULT '{}',
  changed timestamptz NOT NULL DEFAULT now()
);
