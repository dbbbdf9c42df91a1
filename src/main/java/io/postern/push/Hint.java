package io.postern.push;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Says that a mailbox changed.
 *
 * @param mailbox which
 * @param modSeq its highest mod-sequence after the change, whoever stands there knows it already;
 *     or {@link #GONE}
 * @param committed when the node that made the change knew it to be kept: microseconds since 1970
 *     by that node's clock, 0 when nobody says. For meters only, nothing is decided by it
 */
public record Hint(MailboxKey mailbox, ModSeq modSeq, long committed) {
  /** Stands for the mod-sequence of a mailbox that was deleted: nobody stands there. */
  public static final ModSeq GONE = new ModSeq(Long.MAX_VALUE);

  /** A hint that does not say when the change was made. */
  public Hint(MailboxKey mailbox, ModSeq modSeq) {
    this(mailbox, modSeq, 0);
  }

  /** A hint at a change that is kept just now. */
  static Hint now(MailboxKey mailbox, ModSeq modSeq) {
    return new Hint(mailbox, modSeq, micros());
  }

  /** Microseconds since 1970 by this node's clock. */
  public static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** One for both: its mod-sequence is the later, and it was late since the earlier. */
  Hint and(Hint other) {
    return new Hint(
        mailbox,
        modSeq.isAfter(other.modSeq) ? modSeq : other.modSeq,
        Math.min(committed, other.committed));
  }
}
