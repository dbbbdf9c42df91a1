-- Which mailboxes are marked as damaged: few, or none. Built while replicas read and deliver; one that
-- a build left unfinished is built anew.
DROP INDEX CONCURRENTLY IF EXISTS mailbox_state_damaged;
CREATE INDEX CONCURRENTLY mailbox_state_damaged ON mailbox_state (account, mailbox) WHERE damaged IS NOT NULL;
