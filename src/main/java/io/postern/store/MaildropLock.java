package io.postern.store;

import io.postern.model.Ids.MailboxKey;

/**
 * The exclusive lock on a maildrop, as its holder shows it.
 *
 * @param mailbox what is locked
 * @param token greater with each holder; only the latest one's removes anything
 */
public record MaildropLock(MailboxKey mailbox, long token) {}
