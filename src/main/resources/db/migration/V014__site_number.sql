-- Ids that differ from those of other sites, so that an account keeps its ids when it moves to another
-- one. Nothing changes until a site's number is set: sequences go on by one. The version before takes
-- ids from the same sequences and runs beside this one.

-- Rather fail, and be tried again at the next start, than have all deliveries wait behind this.
SET LOCAL lock_timeout = '10s';

-- One row at most.
CREATE TABLE site_number (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  number smallint NOT NULL CHECK (number BETWEEN 1 AND 1023)
);

-- Has a sequence give only ids that leave the remainder "number" when divided by 1,024, and none up to
-- "beyond". It never goes back. The first ALTER locks out nextval until the commit.
CREATE FUNCTION stripe_sequence(name text, number integer, beyond bigint) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  next bigint;
BEGIN
  EXECUTE format('ALTER SEQUENCE %I CACHE 1', name);
  EXECUTE format('SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM %I', name)
    INTO next;
  next := greatest(next, beyond + 1);
  next := next + ((number - next) % 1024 + 1024) % 1024;
  EXECUTE format('ALTER SEQUENCE %I INCREMENT BY 1024 RESTART WITH %s', name, next);
END
$$;

-- Gives this database a site's number, if it has none; returns the one that it has.
CREATE FUNCTION claim_site_number(wanted integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO site_number (number) VALUES (wanted) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    PERFORM stripe_sequence(name, wanted, 0)
      FROM unnest(ARRAY['account_id', 'mailbox_id', 'content_id', 'recoverable_id']) AS name;
  END IF;
  RETURN (SELECT number FROM site_number);
END
$$;
