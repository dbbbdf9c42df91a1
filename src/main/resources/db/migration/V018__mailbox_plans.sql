-- Mailbox plans: what accounts have where nothing else is set for them. The version before does not know them: while
-- it runs beside this one, its logins follow the account's own columns alone. Its quotas follow the plan.

-- Rather fail, and be tried again at the next start, than have all deliveries and logins wait behind this.
SET LOCAL lock_timeout = '10s';

CREATE TABLE mailbox_plan (
  name text COLLATE "C" PRIMARY KEY,
  -- New accounts get it.
  by_default boolean NOT NULL,
  imap_enabled boolean NOT NULL,
  pop_enabled boolean NOT NULL,
  -- As in account.
  imap_use_protocol_defaults boolean NOT NULL,
  imap_mime_format smallint NOT NULL CHECK (imap_mime_format BETWEEN 0 AND 6),
  imap_calendar_format smallint NOT NULL CHECK (imap_calendar_format BETWEEN 0 AND 3),
  imap_suppress_read_receipt boolean NOT NULL,
  imap_force_ical boolean NOT NULL,
  pop_use_protocol_defaults boolean NOT NULL,
  pop_mime_format smallint NOT NULL CHECK (pop_mime_format BETWEEN 0 AND 6),
  pop_calendar_format smallint NOT NULL CHECK (pop_calendar_format BETWEEN 0 AND 3),
  pop_suppress_read_receipt boolean NOT NULL,
  pop_force_ical boolean NOT NULL,
  -- As in account_quota.
  warning bigint,
  prohibit_send bigint,
  prohibit_receive bigint,
  messages bigint,
  deleted_item_days integer CHECK (deleted_item_days >= 0)
);
CREATE UNIQUE INDEX mailbox_plan_by_default ON mailbox_plan (by_default) WHERE by_default;

ALTER TABLE account
  ADD COLUMN plan text COLLATE "C" REFERENCES mailbox_plan,
  -- Whether a true in imap_enabled or pop_enabled was set for the account, and holds whatever the plan says. A false
  -- was always set for the account.
  ADD COLUMN imap_own boolean NOT NULL DEFAULT false,
  ADD COLUMN pop_own boolean NOT NULL DEFAULT false,
  ADD COLUMN deleted_item_days integer CHECK (deleted_item_days >= 0);
CREATE INDEX account_plan ON account (plan) WHERE plan IS NOT NULL;

-- As before, and the levels of the plan where the account has none.
CREATE OR REPLACE FUNCTION over_quota(
  of_account bigint,
  more_octets bigint,
  more_messages bigint,
  default_octets bigint,
  default_messages bigint
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  most_octets bigint := default_octets;
  most_messages bigint := default_messages;
  used_octets bigint;
  used_messages bigint;
BEGIN
  SELECT coalesce(q.prohibit_receive, p.prohibit_receive, default_octets),
      coalesce(q.messages, p.messages, default_messages)
    INTO most_octets, most_messages
    FROM account a LEFT JOIN account_quota q ON q.account = a.id LEFT JOIN mailbox_plan p ON p.name = a.plan
    WHERE a.id = of_account;
  IF most_octets IS NULL AND most_messages IS NULL THEN
    RETURN false;
  END IF;
  SELECT coalesce(sum(s.size), 0), coalesce(sum(s.messages), 0)
    INTO used_octets, used_messages
    FROM mailbox_state s WHERE s.account = of_account;
  RETURN coalesce(used_octets + more_octets > most_octets, false)
    OR coalesce(used_messages + more_messages > most_messages, false);
END;
$$;

-- The same levels, for the message of a refusal and for administration.
CREATE VIEW quota_in_force AS
  SELECT a.id AS account, coalesce(q.warning, p.warning) AS warning,
      coalesce(q.prohibit_send, p.prohibit_send) AS prohibit_send,
      coalesce(q.prohibit_receive, p.prohibit_receive) AS prohibit_receive,
      coalesce(q.messages, p.messages) AS messages
    FROM account a LEFT JOIN account_quota q ON q.account = a.id LEFT JOIN mailbox_plan p ON p.name = a.plan;
