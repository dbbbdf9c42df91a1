-- Checksums of what had none: the facts of a page, and the tail of a mailbox. The version before writes
-- neither and runs beside this one; what it wrote counts as unchecked.

-- Rather fail, and be tried again at the next start, than have all deliveries and reads wait behind this.
SET LOCAL lock_timeout = '10s';

-- PostgreSQL has crc32c from version 18 on, in a schema that is searched first.
DO $$
BEGIN
  IF to_regprocedure('pg_catalog.crc32c(bytea)') IS NULL THEN
    CREATE FUNCTION crc32c(octets bytea) RETURNS bigint
      LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $crc$
    DECLARE
      crc bigint := 4294967295;
    BEGIN
      FOR i IN 0 .. octet_length(octets) - 1 LOOP
        crc := crc # get_byte(octets, i);
        FOR bit IN 1 .. 8 LOOP
          crc := (crc >> 1) # (2197175160 * (crc & 1));
        END LOOP;
      END LOOP;
      RETURN crc # 4294967295;
    END
    $crc$;
  END IF;
END
$$;

-- Of each block of facts its first slot (1 octet) and its CRC32C (4 octets); none for a block that the
-- version before appended.
ALTER TABLE mailbox_page ADD COLUMN facts_crc bytea NOT NULL DEFAULT '';
ALTER TABLE mailbox_page ALTER COLUMN facts_crc SET STORAGE PLAIN;

-- CRC32C of the tail, flags then facts; it counts while the mailbox is at the mod-sequence beside it,
-- which the version before leaves behind when it writes.
ALTER TABLE mailbox_state ADD COLUMN tail_crc bigint;
ALTER TABLE mailbox_state ADD COLUMN tail_crc_mod_seq bigint;

-- What cannot be read of the mailbox. NULL: nothing is known to be damaged.
ALTER TABLE mailbox_state ADD COLUMN damaged text;
