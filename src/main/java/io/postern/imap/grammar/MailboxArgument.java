package io.postern.imap.grammar;

import io.postern.model.MailboxName;
import java.util.Optional;

/** A mailbox name as a client gave it: grammar can't be blamed, but it may still name nothing. */
public sealed interface MailboxArgument {
  /**
   * A name there can be.
   *
   * @param name without a delimiter at its end
   * @param parent whether it was given with a delimiter at its end, which tells CREATE that names
   *     below are to come (RFC 3501 §6.3.3)
   */
  record Valid(MailboxName name, boolean parent) implements MailboxArgument {}

  /**
   * A name no mailbox can have: NO, not BAD.
   *
   * @param problem why, in words for a response's text: printable ASCII, one line
   */
  record Invalid(String problem) implements MailboxArgument {}

  /** The name, if there can be such a one. */
  default Optional<MailboxName> valid() {
    return switch (this) {
      case Valid(var name, _) -> Optional.of(name);
      case Invalid _ -> Optional.empty();
    };
  }
}
