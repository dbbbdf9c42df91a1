-- POP3's exclusive locks, mail that was expunged and may be restored, and which contents lack the
-- line end that POP3 has to add.

-- A row stays when its lock is given up, so that no token is ever given twice.
CREATE TABLE maildrop_lock (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  -- Counts the sessions that had the lock; the latest one's is the only one that still counts.
  token bigint NOT NULL,
  -- The lock is free from here on.
  until timestamptz NOT NULL,
  -- When it was taken last; LOGIN-DELAY counts from here.
  taken timestamptz NOT NULL,
  PRIMARY KEY (account, mailbox),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox_state ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE SEQUENCE recoverable_id;

-- What EXPUNGE and POP3 removed, kept for a time. A row keeps its content from the sweeper.
CREATE TABLE recoverable (
  account bigint NOT NULL REFERENCES account,
  id bigint NOT NULL DEFAULT nextval('recoverable_id'),
  mailbox bigint NOT NULL,
  uid bigint NOT NULL,
  -- System flags only: keywords have no meaning outside their mailbox.
  flags bigint NOT NULL,
  size integer NOT NULL,
  internal_date bigint NOT NULL,
  internal_zone smallint NOT NULL,
  content bigint NOT NULL,
  removed timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account, id)
);
CREATE INDEX recoverable_content ON recoverable (account, content);
CREATE INDEX recoverable_removed ON recoverable (removed);

-- Whether the last line lacks its CRLF: few messages do, and POP3 must know which before it tells
-- their size.
ALTER TABLE content ADD COLUMN unended boolean NOT NULL DEFAULT false;
UPDATE content c SET unended = true FROM blob_chunk b
  WHERE c.size > 0 AND b.blob = c.blob AND b.n = (c.size - 1) / 131072
    AND substring(b.bytes FROM greatest(length(b.bytes) - 1, 1)) <> '\x0d0a'::bytea;
CREATE INDEX content_unended ON content (account, id) WHERE unended;
