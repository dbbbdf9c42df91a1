-- Which rights other accounts have to mailboxes (RFC 4314). The version before does not know them; when it deletes a
-- mailbox, they go with it.
CREATE TABLE mailbox_access (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  grantee bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  -- A bit for each of the letters lrswipkxtea.
  rights integer NOT NULL CHECK (rights BETWEEN 1 AND 2047),
  PRIMARY KEY (account, mailbox, grantee),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox ON DELETE CASCADE
);
CREATE INDEX mailbox_access_grantee ON mailbox_access (grantee);

-- Changes one entry; without rights it is removed. Returns what became of it. Volatile, so that it counts what was
-- committed while it waited for the lock, behind which the changes of one account wait for each other.
CREATE FUNCTION change_mailbox_access(
  of_account bigint,
  of_mailbox bigint,
  of_name text,
  mode text,
  named integer,
  most integer,
  most_of_account integer
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  who bigint;
  old_rights integer := 0;
  new_rights integer;
BEGIN
  PERFORM FROM account a WHERE a.id = of_account FOR NO KEY UPDATE;
  PERFORM FROM mailbox m WHERE m.account = of_account AND m.id = of_mailbox FOR KEY SHARE;
  IF NOT FOUND THEN
    RETURN 'GONE';
  END IF;
  SELECT a.id INTO who FROM account a WHERE a.name = of_name AND a.deleted IS NULL;
  IF who IS NULL THEN
    RETURN 'UNKNOWN';
  ELSIF who = of_account THEN
    RETURN 'OWNER';
  END IF;
  SELECT x.rights INTO old_rights FROM mailbox_access x
    WHERE x.account = of_account AND x.mailbox = of_mailbox AND x.grantee = who;
  old_rights := coalesce(old_rights, 0);
  new_rights := CASE mode WHEN 'ADD' THEN old_rights | named WHEN 'REMOVE' THEN old_rights & ~named ELSE named END;
  IF new_rights = 0 THEN
    DELETE FROM mailbox_access x WHERE x.account = of_account AND x.mailbox = of_mailbox AND x.grantee = who;
    RETURN 'DONE';
  END IF;
  IF old_rights = 0 AND (
    (SELECT count(*) FROM mailbox_access x WHERE x.account = of_account AND x.mailbox = of_mailbox) >= most
    OR (SELECT count(*) FROM mailbox_access x WHERE x.account = of_account) >= most_of_account) THEN
    RETURN 'FULL';
  END IF;
  INSERT INTO mailbox_access (account, mailbox, grantee, rights) VALUES (of_account, of_mailbox, who, new_rights)
    ON CONFLICT (account, mailbox, grantee) DO UPDATE SET rights = excluded.rights;
  RETURN 'DONE';
END;
$$;
