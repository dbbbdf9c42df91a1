-- Accounts, mailboxes, messages and their bytes. Keys begin with the account, so that the tables
-- can be partitioned by it later. Only ids from sequences: none is ever used twice.

CREATE SEQUENCE account_id;
CREATE SEQUENCE mailbox_id;
CREATE SEQUENCE content_id;

CREATE TABLE account (
  id bigint PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  verifier text NOT NULL,
  enabled boolean NOT NULL,
  -- The UIDVALIDITY given last. The row's lock is what orders all changes of the account's tree.
  uid_validity bigint NOT NULL DEFAULT 0
);

CREATE TABLE mailbox (
  account bigint NOT NULL REFERENCES account,
  id bigint NOT NULL,
  name text COLLATE "C" NOT NULL,
  uid_validity bigint NOT NULL,
  special_use text,
  PRIMARY KEY (account, id),
  UNIQUE (account, name)
);

CREATE TABLE subscription (
  account bigint NOT NULL REFERENCES account,
  name text COLLATE "C" NOT NULL,
  PRIMARY KEY (account, name)
);

-- The counters of a mailbox. Whoever changes a message of it holds this row's lock to the commit:
-- so the order of mod-sequences is the order of commits. Half of each page is kept free, because
-- this is the row that changes most and no index need learn of it.
CREATE TABLE mailbox_state (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  uid_validity bigint NOT NULL,
  uid_next bigint NOT NULL,
  mod_seq bigint NOT NULL,
  messages integer NOT NULL,
  unseen integer NOT NULL,
  size bigint NOT NULL,
  first_recent bigint NOT NULL,
  -- Removals up to this mod-sequence are no longer in the log.
  expunged_floor bigint NOT NULL,
  -- The keyword of bit 5 + i at place i; grows only.
  keywords text[] NOT NULL,
  PRIMARY KEY (account, mailbox),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox ON DELETE CASCADE
) WITH (fillfactor = 50);

CREATE TABLE message (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  uid bigint NOT NULL,
  flags bigint NOT NULL,
  mod_seq bigint NOT NULL,
  size integer NOT NULL,
  -- Epoch second and minutes east of UTC.
  internal_date bigint NOT NULL,
  internal_zone smallint NOT NULL,
  saved bigint NOT NULL,
  content bigint NOT NULL,
  PRIMARY KEY (account, mailbox, uid)
);
CREATE INDEX message_mod_seq ON message (account, mailbox, mod_seq);
CREATE INDEX message_content ON message (account, content);
-- EXPUNGE and CLOSE look for \Deleted (bit 2) in mailboxes where hardly any message has it.
CREATE INDEX message_deleted ON message (account, mailbox, uid) WHERE flags & 4 <> 0;

-- One row a command: the UIDs it removed, as first, last, first, last, ...
CREATE TABLE expunged (
  account bigint NOT NULL,
  mailbox bigint NOT NULL,
  mod_seq bigint NOT NULL,
  uids bigint[] NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account, mailbox, mod_seq),
  FOREIGN KEY (account, mailbox) REFERENCES mailbox_state ON DELETE CASCADE
);
CREATE INDEX expunged_at ON expunged (at);

-- What was computed of a message at delivery; shared by its copies within the account. Rows up to
-- a page stay whole and uncompressed: FETCH copies these bytes.
CREATE TABLE content (
  account bigint NOT NULL,
  id bigint NOT NULL,
  blob uuid NOT NULL,
  size integer NOT NULL,
  sent date,
  envelope bytea NOT NULL,
  body bytea NOT NULL,
  body_structure bytea NOT NULL,
  header bytea NOT NULL,
  parts bytea NOT NULL,
  PRIMARY KEY (account, id)
) WITH (toast_tuple_target = 8160);
CREATE INDEX content_blob ON content (blob);

-- Contents whose last message may be gone; the sweeper looks after them.
CREATE TABLE content_unowned (
  account bigint NOT NULL,
  content bigint NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX content_unowned_since ON content_unowned (since);

CREATE TABLE blob_chunk (
  blob uuid NOT NULL,
  n integer NOT NULL,
  bytes bytea NOT NULL,
  PRIMARY KEY (blob, n)
) WITH (toast_tuple_target = 8160);
-- A range is read without unpacking what lies before it.
ALTER TABLE blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Blobs that no content may refer to: uploads under way, and those whose content was swept.
CREATE TABLE blob_unowned (
  blob uuid PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now()
);
