-- How much mail an account may keep, where that differs from the defaults of the settings. The usage
-- is in mailbox_state. The version before runs beside this one and enforces nothing.

-- Rather fail, and be tried again at the next start, than have all deliveries wait behind this.
SET LOCAL lock_timeout = '10s';

CREATE TABLE account_quota (
  account bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  -- In octets; NULL for the default.
  warning bigint,
  prohibit_send bigint,
  prohibit_receive bigint,
  messages bigint
);

-- Whether an account that gets so many more octets and messages would exceed its quota. Volatile, so
-- that it sees what was committed while the statement that calls it waited for a lock. Without a quota
-- it reads one index.
CREATE FUNCTION over_quota(
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
  SELECT coalesce(q.prohibit_receive, default_octets), coalesce(q.messages, default_messages)
    INTO most_octets, most_messages
    FROM account_quota q WHERE q.account = of_account;
  IF NOT FOUND THEN
    most_octets := default_octets;
    most_messages := default_messages;
  END IF;
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
