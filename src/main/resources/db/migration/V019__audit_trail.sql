-- Calls of the admin API that changed something, were refused, or read mail. The version before writes none.
CREATE TABLE audit_trail (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  address text NOT NULL,
  action text NOT NULL,
  path text NOT NULL,
  -- The name of the account that the call was about.
  account_name text COLLATE "C",
  status integer NOT NULL
);
CREATE INDEX audit_trail_at ON audit_trail (at);
CREATE INDEX audit_trail_account_name ON audit_trail (account_name, id) WHERE account_name IS NOT NULL;
CREATE INDEX audit_trail_actor ON audit_trail (actor, id);
