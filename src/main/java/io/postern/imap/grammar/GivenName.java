package io.postern.imap.grammar;

import io.postern.model.MailboxName;
import java.util.Optional;

/** A mailbox name as a client gave it: grammar can't be blamed, but it may still name nothing. */
public sealed interface GivenName {
  /**
   * A name there can be.
   *
   * @param name without a delimiter at its end
   * @param parent whether it was given with a delimiter at its end, which tells CREATE that names
   *     below are to come (RFC 3501 §6.3.3)
   */
  record Proper(MailboxName name, boolean parent) implements GivenName {}

  /**
   * A name no mailbox can have: NO, not BAD.
   *
   * @param problem why, in words for a response's text: printable ASCII, one line
   */
  record Improper(String problem) implements GivenName {}

  /** The name, if there can be such a one. */
  default Optional<MailboxName> proper() {
    return switch (this) {
      case Proper(var name, _) -> Optional.of(name);
      case Improper _ -> Optional.empty();
    };
  }
}
