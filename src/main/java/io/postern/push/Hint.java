package io.postern.push;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;

/**
 * Says that a mailbox changed.
 *
 * @param mailbox which
 * @param modSeq its highest mod-sequence after the change, whoever stands there knows it already;
 *     or {@link #GONE}
 */
public record Hint(MailboxKey mailbox, ModSeq modSeq) {
  /** Stands for the mod-sequence of a mailbox that was deleted: nobody stands there. */
  public static final ModSeq GONE = new ModSeq(Long.MAX_VALUE);
}
