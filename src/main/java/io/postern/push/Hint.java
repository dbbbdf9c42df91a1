package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A notification that a mailbox has changed, or the names and subscriptions of an account, or its
 * annotations.
 *
 * @param mailbox the mailbox that changed; with the id {@link #NAMES} the names of its account,
 *     with {@link #ANNOTATIONS} its annotations
 * @param modSeq its highest mod-sequence after the change, or {@link #GONE}; a session that has
 *     reached it knows the change already
 * @param committed when the node that made the change knew it to be committed: microseconds since
 *     1970 by that node's clock, 0 when unknown. For meters only, nothing is decided by it
 */
public record Hint(MailboxKey mailbox, ModSeq modSeq, long committed) {
  /** The mod-sequence of a deleted mailbox: no session ever reaches it. */
  public static final ModSeq GONE = new ModSeq(Long.MAX_VALUE);

  /**
   * Stands for the names and subscriptions of an account. No mailbox has this id, so that a node
   * that does not know its meaning does nothing.
   */
  public static final MailboxId NAMES = new MailboxId(Long.MAX_VALUE);

  /**
   * Stands in the same way for the annotations of an account, of its mailboxes and of the server.
   */
  public static final MailboxId ANNOTATIONS = new MailboxId(Long.MAX_VALUE - 1);

  /** A mod-sequence that means nothing: neither {@link #GONE} nor that of a new mailbox. */
  private static final ModSeq NONE = new ModSeq(2);

  /** A hint at a change that was committed just now. */
  static Hint now(MailboxKey mailbox, ModSeq modSeq) {
    return new Hint(mailbox, modSeq, currentMicros());
  }

  /** A hint that names or subscriptions of the account were changed just now. */
  static Hint ofNames(AccountId account) {
    return now(new MailboxKey(account, NAMES), ModSeq.FIRST);
  }

  /** A hint that annotations of the account were changed just now. */
  static Hint ofAnnotations(AccountId account) {
    return now(new MailboxKey(account, ANNOTATIONS), NONE);
  }

  /** Whether annotations of the account were changed. */
  public boolean isAboutAnnotations() {
    return mailbox.mailbox().equals(ANNOTATIONS);
  }

  /** Whether a mailbox of the account was made, removed or renamed, or a subscription changed. */
  public boolean isAboutNames() {
    return mailbox.mailbox().equals(NAMES) || modSeq.equals(GONE) || modSeq.equals(ModSeq.FIRST);
  }

  /** Microseconds since 1970 by this node's clock. */
  public static long currentMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** Merges two hints: the later mod-sequence, and the earlier time of commit. */
  Hint merge(Hint other) {
    return new Hint(
        mailbox,
        modSeq.isAfter(other.modSeq) ? modSeq : other.modSeq,
        Math.min(committed, other.committed));
  }
}
