-- Messages as pages of 256 and a tail of up to 32, in place of a row a message. Where a message lies
-- follows from its UID: page (uid - 1) / 256, slot (uid - 1) % 256. The formats are described in
-- FlagsCodec, FactsCodec and RecoveryCodec of io.postern.store.postgres.page. The version before
-- cannot run beside the one that uses pages: it has to be stopped before this ends.
--
-- No transaction of Flyway: each mailbox is converted and committed by itself, and whatever ends this
-- migration, it goes on behind the last one. Every statement can be repeated. page_migration shows how
-- far it is; it has a row for each mailbox that is converted, with the mod-sequence it had then.

-- Rather fail, and be tried again at the next start, than have all deliveries and reads wait behind this.
SET lock_timeout = '10s';

-- What changes of a page (flags and mod-sequences) is stored in the row, so that an update is HOT; what
-- is written once (size, dates, content) is stored out of line and never named by an update of flags.
CREATE TABLE IF NOT EXISTS mailbox_page (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  page integer NOT NULL,
  -- The greatest of its slots, or greater: readers skip the pages they know.
  mod_seq bigint NOT NULL,
  flags bytea NOT NULL,
  facts bytea NOT NULL,
  -- No other index: updates are HOT only without one.
  PRIMARY KEY (account, mailbox, page)
) WITH (fillfactor = 80);
ALTER TABLE mailbox_page ALTER COLUMN flags SET STORAGE PLAIN;
ALTER TABLE mailbox_page ALTER COLUMN facts SET STORAGE EXTERNAL;

ALTER TABLE mailbox_state ADD COLUMN IF NOT EXISTS tail_flags bytea NOT NULL DEFAULT '';
ALTER TABLE mailbox_state ADD COLUMN IF NOT EXISTS tail_facts bytea NOT NULL DEFAULT '';
ALTER TABLE mailbox_state ALTER COLUMN tail_flags SET STORAGE PLAIN;
ALTER TABLE mailbox_state ALTER COLUMN tail_facts SET STORAGE PLAIN;

-- What one command removed, kept for a time, in place of a row a message. A row keeps its contents from
-- the sweeper.
CREATE TABLE IF NOT EXISTS recovery (
  account bigint NOT NULL REFERENCES account,
  id bigint NOT NULL DEFAULT nextval('recoverable_id'),
  mailbox bigint NOT NULL,
  removed timestamptz NOT NULL DEFAULT now(),
  entries bytea NOT NULL,
  PRIMARY KEY (account, id)
);
ALTER TABLE recovery ALTER COLUMN entries SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS recovery_removed ON recovery (removed);

-- Accounts that may have contents without a message; the sweeper looks after them.
CREATE TABLE IF NOT EXISTS account_sweep (
  account bigint PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  -- How often it was marked: a sweep removes the mark only if it was not renewed meanwhile.
  marks bigint NOT NULL DEFAULT 1
);
CREATE INDEX IF NOT EXISTS account_sweep_since ON account_sweep (since);

CREATE TABLE IF NOT EXISTS page_migration (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  mod_seq bigint NOT NULL,
  PRIMARY KEY (account, mailbox)
);

-- One slot of flags and one of facts for each UID that was assigned, zeros for those that are gone.
CREATE OR REPLACE FUNCTION pg_temp.slots(of_account bigint, of_mailbox bigint, first bigint, last bigint,
    OUT flags bytea, OUT facts bytea) LANGUAGE plpgsql STABLE AS $$
BEGIN
  SELECT coalesce(string_agg(coalesce(int8send(m.flags << 1 | 1) || int8send(m.mod_seq),
      '\x00000000000000000000000000000000'), '' ORDER BY u.uid), ''),
    coalesce(string_agg(coalesce(int4send(m.size)
      || int8send((m.internal_date << 12) | (m.internal_zone + 2048))
      || int8send(m.saved) || int8send(m.content),
      '\x00000000000000000000000000000000000000000000000000000000'), '' ORDER BY u.uid), '')
  INTO slots.flags, slots.facts
  FROM generate_series(slots.first, slots.last) AS u(uid)
  LEFT JOIN message m
    ON m.account = slots.of_account AND m.mailbox = slots.of_mailbox AND m.uid = u.uid;
END
$$;

-- Converts a mailbox. The lock of its row keeps the version before from changing messages meanwhile.
-- Pages that have a message, up to the tail; blocks with 8 octets of flags and of mod-sequences.
CREATE OR REPLACE PROCEDURE pg_temp.convert(of_account bigint, of_mailbox bigint) LANGUAGE plpgsql AS $$
DECLARE
  next_uid bigint;
  at_mod_seq bigint;
  tail bigint;
BEGIN
  SELECT uid_next, mod_seq INTO next_uid, at_mod_seq FROM mailbox_state
    WHERE account = of_account AND mailbox = of_mailbox FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  tail := CASE WHEN next_uid = 1 THEN 1 ELSE (next_uid - 2) / 32 * 32 + 1 END;
  DELETE FROM mailbox_page WHERE account = of_account AND mailbox = of_mailbox;
  INSERT INTO mailbox_page (account, mailbox, page, mod_seq, flags, facts)
    SELECT of_account, of_mailbox, p.page, p.mod_seq,
      decode('0200' || lpad(to_hex(p.last - p.first), 2, '0') || '880000000000000000', 'hex') || s.flags,
      decode('0100' || lpad(to_hex(p.last - p.first), 2, '0') || '00', 'hex') || s.facts
    FROM (SELECT ((m.uid - 1) / 256)::int AS page, max(m.mod_seq) AS mod_seq,
        (m.uid - 1) / 256 * 256 + 1 AS first, least((m.uid - 1) / 256 * 256 + 256, tail - 1) AS last
      FROM message m WHERE m.account = of_account AND m.mailbox = of_mailbox AND m.uid < tail
      GROUP BY (m.uid - 1) / 256) p,
    pg_temp.slots(of_account, of_mailbox, p.first, p.last) s;
  IF next_uid > 1 THEN
    UPDATE mailbox_state SET tail_flags = s.flags, tail_facts = s.facts
      FROM pg_temp.slots(of_account, of_mailbox, tail, next_uid - 1) s
      WHERE account = of_account AND mailbox = of_mailbox;
  END IF;
  INSERT INTO page_migration VALUES (of_account, of_mailbox, at_mod_seq)
    ON CONFLICT (account, mailbox) DO UPDATE SET mod_seq = excluded.mod_seq;
END
$$;

-- The flush of the last transaction is the flush of all.
SET synchronous_commit = off;
DO $$
DECLARE
  m record;
BEGIN
  IF to_regclass('message') IS NULL THEN
    RETURN;
  END IF;
  FOR m IN SELECT account, mailbox FROM mailbox_state s WHERE NOT EXISTS
      (SELECT FROM page_migration p WHERE p.account = s.account AND p.mailbox = s.mailbox)
      ORDER BY account, mailbox LOOP
    CALL pg_temp.convert(m.account, m.mailbox);
    COMMIT;
  END LOOP;
END
$$;
RESET synchronous_commit;

-- One transaction: what changed since, or was not there, and the end of the old tables.
DO $$
DECLARE
  m record;
BEGIN
  IF to_regclass('message') IS NULL THEN
    RETURN;
  END IF;
  LOCK TABLE message, recoverable, mailbox_state IN ACCESS EXCLUSIVE MODE;
  FOR m IN SELECT s.account, s.mailbox FROM mailbox_state s LEFT JOIN page_migration p
      ON p.account = s.account AND p.mailbox = s.mailbox
      WHERE p.mod_seq IS DISTINCT FROM s.mod_seq ORDER BY s.account, s.mailbox LOOP
    CALL pg_temp.convert(m.account, m.mailbox);
  END LOOP;
  DELETE FROM mailbox_page f WHERE NOT EXISTS
    (SELECT FROM mailbox_state s WHERE s.account = f.account AND s.mailbox = f.mailbox);
  INSERT INTO recovery (account, mailbox, removed, entries)
    SELECT account, mailbox, removed, string_agg(int8send(uid) || int8send(flags) || int4send(size)
      || int8send((internal_date << 12) | (internal_zone + 2048)) || int8send(0) || int8send(content),
      '' ORDER BY id)
    FROM (SELECT *, row_number() OVER (PARTITION BY account, mailbox, removed ORDER BY id) / 32768 AS part
      FROM recoverable) r
    GROUP BY account, mailbox, removed, part ORDER BY account, removed;
  INSERT INTO account_sweep (account, since)
    SELECT account, max(since) FROM content_unowned GROUP BY account;
  DROP TABLE message;
  DROP TABLE recoverable;
  DROP TABLE content_unowned;
END
$$;

DROP TABLE IF EXISTS page_migration;
DROP PROCEDURE pg_temp.convert;
DROP FUNCTION pg_temp.slots;
RESET lock_timeout;

-- This migration was a single transaction at first, with the same schema and data after it. Databases that
-- have it, and the version before, know that form by its checksum: the case of these letters gives this
-- form the same one.
-- abcDEfgHIJklMNOPqrstuvwxyzaBcdeFghijklmnopqr
