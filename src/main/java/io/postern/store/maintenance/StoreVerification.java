package io.postern.store.maintenance;

import io.postern.model.Ids.MailboxKey;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * Checks that what the store holds is consistent: formats and checksums, counters, mod-sequences
 * and contents. It changes nothing, and compares what was committed at one moment, so it may run
 * beside mail traffic.
 */
public interface StoreVerification {
  /** The most mailboxes that one call checks. */
  int MAX_MAILBOXES = 500;

  /**
   * Something that is not as it should be.
   *
   * @param mailbox where; for a finding about the account, its first mailbox
   * @param problem in plain text
   */
  record Finding(MailboxKey mailbox, String problem) {}

  /**
   * What was checked.
   *
   * @param mailboxes how many
   * @param messages how many they have
   * @param unownedContents contents that no message has, of the accounts whose first mailbox is
   *     among these; the sweeper removes them
   * @param next the last of these mailboxes, behind which to go on; empty when they were the last
   */
  record Verified(
      int mailboxes,
      long messages,
      long unownedContents,
      List<Finding> findings,
      Optional<MailboxKey> next) {}

  /**
   * Checks the next mailboxes, by account and mailbox id, each in a transaction of its own.
   *
   * @param after the mailbox behind which to begin; empty for the first one
   * @param limit how many mailboxes at most, 1 to {@link #MAX_MAILBOXES}
   */
  Uni<Verified> verify(Optional<MailboxKey> after, int limit);
}
