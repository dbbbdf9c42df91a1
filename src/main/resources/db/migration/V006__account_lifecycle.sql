-- Accounts that were deleted and are kept for a time, and renewals of all UIDVALIDITYs.

ALTER TABLE account ADD COLUMN deleted timestamptz;
-- A deleted account is disabled, so that the version before refuses its logins too; this is what
-- a restore gives back.
ALTER TABLE account ADD COLUMN enabled_before boolean NOT NULL DEFAULT true;
-- Its rows are being removed: it can no longer be restored.
ALTER TABLE account ADD COLUMN purging boolean NOT NULL DEFAULT false;
CREATE INDEX account_deleted ON account (deleted) WHERE deleted IS NOT NULL;
-- The removal of an account looks for the grants that name it.
CREATE INDEX access_grant_delegate ON access_grant (delegate);

CREATE SEQUENCE uid_validity_renewal_id;

-- One row a renewal of all accounts. Accounts are taken ascending by id, up to the greatest that
-- there was when it was asked for.
CREATE TABLE uid_validity_renewal (
  id bigint PRIMARY KEY DEFAULT nextval('uid_validity_renewal_id'),
  requested timestamptz NOT NULL DEFAULT now(),
  last_account bigint NOT NULL,
  -- Accounts up to this one are renewed.
  renewed_to bigint NOT NULL DEFAULT 0,
  -- The sessions of accounts up to this one were told to end.
  ended_to bigint NOT NULL DEFAULT 0,
  accounts_total bigint NOT NULL,
  accounts_renewed bigint NOT NULL DEFAULT 0,
  mailboxes_renewed bigint NOT NULL DEFAULT 0,
  finished timestamptz
);
-- One at a time.
CREATE UNIQUE INDEX uid_validity_renewal_open ON uid_validity_renewal ((finished IS NULL))
  WHERE finished IS NULL;
