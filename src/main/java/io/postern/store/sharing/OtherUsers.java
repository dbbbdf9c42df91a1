package io.postern.store.sharing;

import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.store.account.AccessLists.Shared;
import java.util.Optional;

/** The namespace of other users' mailboxes: {@code Other Users/alice@example.test/INBOX}. */
public final class OtherUsers {
  /** Its prefix, with the delimiter. */
  public static final String PREFIX = "Other Users" + MailboxName.DELIMITER;

  /**
   * A name in it, taken apart.
   *
   * @param owner the name of an account
   * @param name of a mailbox there
   */
  record Address(String owner, MailboxName name) {}

  private OtherUsers() {}

  /** Whether a name is in the namespace, or is the namespace itself. */
  public static boolean contains(MailboxName name) {
    return (name.value() + MailboxName.DELIMITER).startsWith(PREFIX);
  }

  /** The account whose mailbox a name means; empty for names of one's own. */
  public static Optional<String> owner(MailboxName name) {
    return parse(name).map(Address::owner);
  }

  /** Whose mailbox a name means; empty for names of one's own. */
  static Optional<Address> parse(MailboxName name) {
    if (!name.value().startsWith(PREFIX)) {
      return Optional.empty();
    }
    int end = name.value().indexOf(MailboxName.DELIMITER, PREFIX.length());
    return end < 0
        ? Optional.empty()
        : Optional.of(
            new Address(
                name.value().substring(PREFIX.length(), end),
                new MailboxName(name.value().substring(end + 1))));
  }

  /** The mailbox under its name in the namespace; empty when it can have none. */
  static Optional<MailboxInfo> shown(Shared shared) {
    var name = PREFIX + shared.owner() + MailboxName.DELIMITER + shared.mailbox().name().value();
    return shared.owner().indexOf(MailboxName.DELIMITER) >= 0
            || MailboxName.problem(name).isPresent()
        ? Optional.empty()
        : Optional.of(shown(shared.mailbox(), new MailboxName(name)));
  }

  /** The mailbox under this name, without its special use, which is the owner's. */
  static MailboxInfo shown(MailboxInfo mailbox, MailboxName name) {
    return new MailboxInfo(mailbox.key(), name, mailbox.uidValidity(), Optional.empty());
  }
}
