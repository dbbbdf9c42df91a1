-- What is known of a message's octets from delivery on. NULL: not known, the row was written by the
-- version before.

-- Rather fail, and be tried again at the next start, than have all deliveries and reads wait behind this.
SET LOCAL lock_timeout = '10s';

-- Octets when every line is ended by CRLF, as POP3 sends them and tells their size.
ALTER TABLE content ADD COLUMN crlf_size bigint;
-- Whether there is NUL among the octets; clients are shown another octet for it.
ALTER TABLE content ADD COLUMN nul boolean;
-- Lines of this content alone, before the octets of a blob that it shares with other contents. Size and
-- parts count them. NULL: none.
ALTER TABLE content ADD COLUMN prefix bytea;
