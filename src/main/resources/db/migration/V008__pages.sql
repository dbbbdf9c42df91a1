-- Messages as pages of 256 and a tail of up to 32, in place of a row a message. Where a message lies
-- follows from its UID: page (uid - 1) / 256, slot (uid - 1) % 256. The formats are described in
-- FlagsCodec, FactsCodec and RecoveryCodec of io.postern.store.postgres.page. The version before
-- cannot run beside this one: it has to be stopped first.

-- Rather fail, and be tried again at the next start, than have all deliveries and reads wait behind this.
SET LOCAL lock_timeout = '10s';
LOCK TABLE message, recoverable, mailbox_state IN ACCESS EXCLUSIVE MODE;

-- What changes of a page (flags and mod-sequences) is stored in the row, so that an update is HOT; what
-- is written once (size, dates, content) is stored out of line and never named by an update of flags.
CREATE TABLE mailbox_page (
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

ALTER TABLE mailbox_state ADD COLUMN tail_flags bytea NOT NULL DEFAULT '';
ALTER TABLE mailbox_state ADD COLUMN tail_facts bytea NOT NULL DEFAULT '';
ALTER TABLE mailbox_state ALTER COLUMN tail_flags SET STORAGE PLAIN;
ALTER TABLE mailbox_state ALTER COLUMN tail_facts SET STORAGE PLAIN;

-- One slot of flags and one of facts for each UID that was assigned, zeros for those that are gone.
CREATE FUNCTION pg_temp.slots(of_account bigint, of_mailbox bigint, first bigint, last bigint,
    OUT flags bytea, OUT facts bytea) LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(coalesce(int8send(m.flags << 1 | 1) || int8send(m.mod_seq),
      '\x00000000000000000000000000000000'), '' ORDER BY u.uid), ''),
    coalesce(string_agg(coalesce(int4send(m.size)
      || int8send((m.internal_date << 12) | (m.internal_zone + 2048))
      || int8send(m.saved) || int8send(m.content),
      '\x00000000000000000000000000000000000000000000000000000000'), '' ORDER BY u.uid), '')
  FROM generate_series(first, last) AS u(uid)
  LEFT JOIN message m ON m.account = of_account AND m.mailbox = of_mailbox AND m.uid = u.uid
$$;

-- Pages that have a message, up to the tail; blocks with 8 octets of flags and of mod-sequences.
INSERT INTO mailbox_page (account, mailbox, page, mod_seq, flags, facts)
  SELECT p.account, p.mailbox, p.page, p.mod_seq,
    decode('0200' || lpad(to_hex(p.last - p.first), 2, '0') || '880000000000000000', 'hex') || s.flags,
    decode('0100' || lpad(to_hex(p.last - p.first), 2, '0') || '00', 'hex') || s.facts
  FROM (SELECT m.account, m.mailbox, ((m.uid - 1) / 256)::int AS page, max(m.mod_seq) AS mod_seq,
      (m.uid - 1) / 256 * 256 + 1 AS first,
      least((m.uid - 1) / 256 * 256 + 256, max(c.tail) - 1) AS last
    FROM message m JOIN (SELECT account, mailbox,
        CASE WHEN uid_next = 1 THEN 1 ELSE (uid_next - 2) / 32 * 32 + 1 END AS tail
        FROM mailbox_state) c ON c.account = m.account AND c.mailbox = m.mailbox
    WHERE m.uid < c.tail GROUP BY m.account, m.mailbox, (m.uid - 1) / 256) p,
  pg_temp.slots(p.account, p.mailbox, p.first, p.last) s;

UPDATE mailbox_state c SET tail_flags = s.flags, tail_facts = s.facts
  FROM (SELECT account, mailbox, (uid_next - 2) / 32 * 32 + 1 AS first, uid_next - 1 AS last
    FROM mailbox_state WHERE uid_next > 1) t, pg_temp.slots(t.account, t.mailbox, t.first, t.last) s
  WHERE c.account = t.account AND c.mailbox = t.mailbox;

-- What one command removed, kept for a time, in place of a row a message. A row keeps its contents from
-- the sweeper.
CREATE TABLE recovery (
  account bigint NOT NULL REFERENCES account,
  id bigint NOT NULL DEFAULT nextval('recoverable_id'),
  mailbox bigint NOT NULL,
  removed timestamptz NOT NULL DEFAULT now(),
  entries bytea NOT NULL,
  PRIMARY KEY (account, id)
);
ALTER TABLE recovery ALTER COLUMN entries SET STORAGE EXTERNAL;
CREATE INDEX recovery_removed ON recovery (removed);
INSERT INTO recovery (account, mailbox, removed, entries)
  SELECT account, mailbox, removed, string_agg(int8send(uid) || int8send(flags) || int4send(size)
    || int8send((internal_date << 12) | (internal_zone + 2048)) || int8send(0) || int8send(content),
    '' ORDER BY id)
  FROM (SELECT *, row_number() OVER (PARTITION BY account, mailbox, removed ORDER BY id) / 32768 AS part
    FROM recoverable) r
  GROUP BY account, mailbox, removed, part ORDER BY account, removed;

-- Accounts that may have contents without a message; the sweeper looks after them.
CREATE TABLE account_sweep (
  account bigint PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  -- How often it was marked: a sweep removes the mark only if it was not renewed meanwhile.
  marks bigint NOT NULL DEFAULT 1
);
CREATE INDEX account_sweep_since ON account_sweep (since);
INSERT INTO account_sweep (account, since)
  SELECT account, max(since) FROM content_unowned GROUP BY account;

DROP TABLE message;
DROP TABLE recoverable;
DROP TABLE content_unowned;
