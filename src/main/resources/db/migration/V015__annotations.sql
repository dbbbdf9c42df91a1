-- Annotations of mailboxes, and of the server as one user has them (RFC 5464). The version before does not know them;
-- when it deletes a mailbox, they go with it.
CREATE TABLE annotation (
  account bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  -- NULL: of the server.
  mailbox bigint,
  -- Whose private annotation it is; 0: shared by all who may see the mailbox.
  viewer bigint NOT NULL,
  -- In lower case.
  entry text COLLATE "C" NOT NULL,
  value bytea NOT NULL,
  UNIQUE NULLS NOT DISTINCT (account, mailbox, viewer, entry),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox ON DELETE CASCADE
);
-- The removal of an account looks for its private annotations of the mailboxes of others.
CREATE INDEX annotation_viewer ON annotation (viewer) WHERE viewer <> 0;

-- Sets annotations of one subject, or removes some of them, all or none. Returns 'done', 'gone' when there
-- is no such mailbox, 'full' when one viewer would have more than allowed,
-- 'large' when the account's values would take more octets than allowed, and more than before. Volatile, so that it counts what was
-- committed while it waited for the lock, behind which the changes of one account wait for each other.
CREATE FUNCTION set_annotations(
  of_account bigint,
  of_mailbox bigint,
  viewers bigint[],
  entries text[],
  new_values bytea[],
  removed boolean[],
  most integer,
  most_octets bigint
) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  octets_before bigint;
  octets_after bigint;
BEGIN
  new_values := ARRAY(SELECT CASE WHEN u.gone THEN NULL ELSE u.value END
    FROM unnest(new_values, removed) WITH ORDINALITY AS u(value, gone, at) ORDER BY u.at);
  PERFORM FROM account a WHERE a.id = of_account FOR NO KEY UPDATE;
  IF of_mailbox IS NOT NULL THEN
    PERFORM FROM mailbox m WHERE m.account = of_account AND m.id = of_mailbox FOR KEY SHARE;
    IF NOT FOUND THEN
      RETURN 'gone';
    END IF;
  END IF;
  IF EXISTS (
    SELECT FROM unnest(viewers, entries, new_values) AS c(viewer, entry, value)
    WHERE c.value IS NOT NULL AND NOT EXISTS (
      SELECT FROM annotation o WHERE o.account = of_account AND o.mailbox IS NOT DISTINCT FROM of_mailbox
        AND o.viewer = c.viewer AND o.entry = c.entry)
    GROUP BY c.viewer
    HAVING count(*) + (
      SELECT count(*) FROM annotation o WHERE o.account = of_account AND o.mailbox IS NOT DISTINCT FROM of_mailbox
        AND o.viewer = c.viewer AND NOT EXISTS (
          SELECT FROM unnest(viewers, entries, new_values) AS r(viewer, entry, value)
          WHERE r.viewer = o.viewer AND r.entry = o.entry AND r.value IS NULL)) > most
  ) THEN
    RETURN 'full';
  END IF;
  SELECT coalesce(sum(octet_length(o.value)), 0) INTO octets_before FROM annotation o WHERE o.account = of_account;
  SELECT octets_before + coalesce(sum(octet_length(c.value)), 0) - coalesce((
      SELECT sum(octet_length(o.value)) FROM annotation o JOIN unnest(viewers, entries) AS r(viewer, entry)
        ON r.viewer = o.viewer AND r.entry = o.entry
      WHERE o.account = of_account AND o.mailbox IS NOT DISTINCT FROM of_mailbox), 0) INTO octets_after
    FROM unnest(new_values) AS c(value);
  IF octets_after > most_octets AND octets_after > octets_before THEN
    RETURN 'large';
  END IF;
  DELETE FROM annotation o USING unnest(viewers, entries, new_values) AS c(viewer, entry, value)
    WHERE o.account = of_account AND o.mailbox IS NOT DISTINCT FROM of_mailbox
      AND o.viewer = c.viewer AND o.entry = c.entry AND c.value IS NULL;
  INSERT INTO annotation (account, mailbox, viewer, entry, value)
    SELECT of_account, of_mailbox, c.viewer, c.entry, c.value
    FROM unnest(viewers, entries, new_values) AS c(viewer, entry, value) WHERE c.value IS NOT NULL
    ON CONFLICT (account, mailbox, viewer, entry) DO UPDATE SET value = excluded.value;
  RETURN 'done';
END;
$$;
