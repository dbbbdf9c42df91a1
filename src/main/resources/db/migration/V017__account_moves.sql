-- Accounts move between sites. A moving account is fenced by this database itself, so that also the version
-- before, which knows nothing of moves and runs beside this one, cannot change it.

-- Rather fail, and be tried again at the next start, than have all deliveries and reads wait behind this.
SET LOCAL lock_timeout = '10s';

-- leaving: frozen, its mailboxes can be read; left: another site is its home, this is the old copy;
-- arriving: it is being copied here. Accounts that have left, or have not arrived completely, are marked
-- as deleted as well, so that no login finds them.
ALTER TABLE account ADD COLUMN moving text CHECK (moving IN ('leaving', 'left', 'arriving'));
ALTER TABLE mailbox_state ADD COLUMN fenced boolean NOT NULL DEFAULT false;

-- Grants to users whose mailboxes another site stores.
CREATE TABLE access_grant_elsewhere (
  owner bigint NOT NULL REFERENCES account,
  delegate_name text COLLATE "C" NOT NULL,
  PRIMARY KEY (owner, delegate_name)
);
CREATE INDEX access_grant_elsewhere_delegate ON access_grant_elsewhere (delegate_name);

-- Rights and private annotations of users whose mailboxes another site stores, in the account's own mailboxes. The
-- viewer '' stands for all who may see the mailbox.
CREATE TABLE mailbox_access_elsewhere (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  grantee_name text COLLATE "C" NOT NULL,
  rights integer NOT NULL CHECK (rights BETWEEN 1 AND 2047),
  PRIMARY KEY (account, mailbox, grantee_name),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox ON DELETE CASCADE
);
CREATE INDEX mailbox_access_elsewhere_grantee ON mailbox_access_elsewhere (grantee_name);
CREATE TABLE annotation_elsewhere (
  account bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  mailbox bigint,
  viewer_name text COLLATE "C" NOT NULL,
  entry text COLLATE "C" NOT NULL,
  value bytea NOT NULL,
  UNIQUE NULLS NOT DISTINCT (account, mailbox, viewer_name, entry),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox ON DELETE CASCADE
);
CREATE INDEX annotation_elsewhere_viewer ON annotation_elsewhere (viewer_name);

-- Ids of other accounts differ between sites, or are not there: rows go by names. What deleted accounts had stays
-- behind, as their names may be given again.
CREATE VIEW named_mailbox_access AS
  SELECT x.account, x.mailbox, g.name AS grantee_name, x.rights
    FROM mailbox_access x JOIN account g ON g.id = x.grantee AND g.deleted IS NULL
  UNION ALL SELECT account, mailbox, grantee_name, rights FROM mailbox_access_elsewhere;
CREATE VIEW named_annotation AS
  SELECT n.account, n.mailbox, coalesce(v.name, '') AS viewer_name, n.entry, n.value
    FROM annotation n LEFT JOIN account v ON v.id = n.viewer AND (v.deleted IS NULL OR v.id = n.account)
    WHERE n.viewer = 0 OR v.id IS NOT NULL
  UNION ALL SELECT account, mailbox, viewer_name, entry, value FROM annotation_elsewhere;

-- An entry that an account has here replaces that of the user of this name elsewhere.
CREATE FUNCTION replace_elsewhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'mailbox_access' THEN
    DELETE FROM mailbox_access_elsewhere e USING account g WHERE e.account = NEW.account
      AND e.mailbox = NEW.mailbox AND g.id = NEW.grantee AND e.grantee_name = g.name;
  ELSE
    DELETE FROM annotation_elsewhere e USING account v WHERE e.account = NEW.account
      AND e.mailbox IS NOT DISTINCT FROM NEW.mailbox AND e.entry = NEW.entry
      AND v.id = NEW.viewer AND e.viewer_name = v.name;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER elsewhere AFTER INSERT ON mailbox_access FOR EACH ROW EXECUTE FUNCTION replace_elsewhere();
CREATE TRIGGER elsewhere AFTER INSERT ON annotation FOR EACH ROW WHEN (NEW.viewer <> 0)
  EXECUTE FUNCTION replace_elsewhere();

-- SQLSTATE PM001 is that of a refused change. Transactions of a move may change what they move.
CREATE FUNCTION refuse_moving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('postern.move', true), '') <> 'on' THEN
    RAISE EXCEPTION 'the account is being moved to another site' USING ERRCODE = 'PM001';
  END IF;
  RETURN NULL;
END
$$;

-- For tables that are changed seldom. The lock waits for a freeze that is being committed, and a freeze
-- waits for it.
CREATE FUNCTION refuse_if_moving() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb := to_jsonb(coalesce(NEW, OLD));
  fenced boolean;
BEGIN
  IF coalesce(current_setting('postern.move', true), '') <> 'on' THEN
    SELECT moving IS NOT NULL AND NOT purging INTO fenced FROM account
      WHERE id = (changed ->> TG_ARGV[0])::bigint FOR KEY SHARE;
    IF fenced THEN
      RAISE EXCEPTION 'the account is being moved to another site' USING ERRCODE = 'PM001';
    END IF;
  END IF;
  RETURN NULL;
END
$$;

-- All changes of messages. That messages are recent, or a mailbox damaged, may be recorded.
CREATE TRIGGER fence AFTER UPDATE ON mailbox_state FOR EACH ROW
  WHEN (OLD.fenced AND (OLD.mod_seq, OLD.uid_next, OLD.uid_validity)
    IS DISTINCT FROM (NEW.mod_seq, NEW.uid_next, NEW.uid_validity))
  EXECUTE FUNCTION refuse_moving();
CREATE TRIGGER fence AFTER UPDATE ON account FOR EACH ROW
  WHEN (OLD.moving IS NOT NULL AND NEW.moving IS NOT NULL AND NOT NEW.purging
    AND OLD.* IS DISTINCT FROM NEW.*)
  EXECUTE FUNCTION refuse_moving();
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON mailbox FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON subscription FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OF verifier OR DELETE ON app_password FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON account_quota FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER UPDATE OR DELETE ON recovery FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR DELETE ON access_grant FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('owner');
CREATE TRIGGER fence AFTER INSERT OR DELETE ON access_grant_elsewhere FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('owner');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON mailbox_access FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON mailbox_access_elsewhere FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON annotation FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');
CREATE TRIGGER fence AFTER INSERT OR UPDATE OR DELETE ON annotation_elsewhere FOR EACH ROW
  EXECUTE FUNCTION refuse_if_moving('account');

-- Moves of accounts away from this site.
CREATE TABLE account_move (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The account. Not a reference: the record outlives it.
  moved bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  destination text NOT NULL,
  -- of the home that the account leaves
  epoch bigint NOT NULL,
  phase text NOT NULL DEFAULT 'copy',
  -- Which run this is; those before it may change nothing any more, here and at the destination.
  attempt integer NOT NULL DEFAULT 0,
  leased_until timestamptz NOT NULL DEFAULT now(),
  requested timestamptz NOT NULL DEFAULT now(),
  finished timestamptz,
  rounds integer NOT NULL DEFAULT 0,
  contents bigint NOT NULL DEFAULT 0,
  octets bigint NOT NULL DEFAULT 0,
  all_contents bigint NOT NULL DEFAULT 0,
  all_octets bigint NOT NULL DEFAULT 0,
  frozen_at timestamptz,
  frozen_millis bigint,
  problem text,
  cancelled boolean NOT NULL DEFAULT false,
  -- The old copy is removed from then on.
  sweep_at timestamptz
);
-- One at a time for an account.
CREATE UNIQUE INDEX account_move_open ON account_move (moved)
  WHERE phase NOT IN ('done', 'cancelled', 'failed', 'grace');
CREATE INDEX account_move_unfinished ON account_move (leased_until) WHERE finished IS NULL;

-- Moves of accounts to this site.
CREATE TABLE account_arrival (
  account bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  move uuid NOT NULL,
  attempt integer NOT NULL,
  origin text NOT NULL,
  epoch bigint NOT NULL,
  -- all rows are here and were compared
  complete boolean NOT NULL DEFAULT false,
  since timestamptz NOT NULL DEFAULT now()
);
