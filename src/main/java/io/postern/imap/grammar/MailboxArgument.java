package io.postern.imap.grammar;

import io.postern.model.MailboxName;
import java.util.Optional;

/** A mailbox name from a client: it matches the grammar, but may be invalid as a name. */
public sealed interface MailboxArgument {
  /**
   * A valid name.
   *
   * @param name without a delimiter at its end
   * @param parent whether the client ended it with a delimiter, by which CREATE announces names
   *     below it (RFC 3501 §6.3.3)
   * @param written the name as the client wrote it, if it is another text: {@code inbox}
   */
  record Valid(MailboxName name, boolean parent, Optional<String> written)
      implements MailboxArgument {}

  /**
   * A name that no mailbox can have: NO, not BAD.
   *
   * @param problem why, in words for a response's text: printable ASCII, one line
   */
  record Invalid(String problem) implements MailboxArgument {}

  /** The name, if it is valid. */
  default Optional<MailboxName> valid() {
    return switch (this) {
      case Valid(var name, _, _) -> Optional.of(name);
      case Invalid _ -> Optional.empty();
    };
  }
}
