package io.postern.model;

import io.postern.model.Ids.MailboxKey;
import java.util.Optional;

/**
 * A mailbox in the tree of its account.
 *
 * @param key its id within its account
 * @param name its name now
 * @param uidValidity the validity of its UIDs
 * @param use its special use, when it is one of the standard folders
 */
public record MailboxInfo(
    MailboxKey key, MailboxName name, UidValidity uidValidity, Optional<SpecialUse> use) {}
