package io.postern.imap.spi;

import io.postern.imap.state.Outcome;
import io.postern.wire.LiteralSink;
import io.smallrye.mutiny.Uni;

/** A verb's decision about a literal of its command, made before the literal's first octet. */
public sealed interface LiteralDecision {
  /**
   * It is kept in memory, within the limit of the session.
   *
   * @param binary whether it may be a literal8 (RFC 3516 §4.4)
   */
  record Hold(boolean binary) implements LiteralDecision {
    public Hold() {
      this(false);
    }
  }

  /** It is streamed into the sink. */
  record Spool(LiteralSink sink) implements LiteralDecision {}

  /** It is refused, and the command ends with this outcome, not an OK. */
  record Refuse(Outcome.Tagged outcome) implements LiteralDecision {}

  /** The decision that is known at once. */
  default Uni<LiteralDecision> now() {
    return Uni.createFrom().item(this);
  }
}
