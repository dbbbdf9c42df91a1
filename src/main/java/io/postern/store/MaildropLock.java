package io.postern.store;

import io.postern.model.Ids.MailboxKey;

/**
 * Proof that its holder has the exclusive lock on a maildrop.
 *
 * @param mailbox the locked mailbox
 * @param token fencing token, greater with each holder; only the latest one permits removals
 */
public record MaildropLock(MailboxKey mailbox, long token) {}
