package io.postern.mime;

import java.util.Optional;

/**
 * One entry of an envelope's address list (RFC 3501 §7.4.2). Strings hold octets as chars 0 to 255,
 * as the header has them: encoded words are not decoded.
 *
 * @param name the personal name
 * @param route the source route, e.g. {@code @a,@b}
 * @param mailbox the local part, quotes taken off; of a group's start the group's name
 * @param host the domain; empty text when the address has none, absent for a group's two markers
 */
public record Address(
    Optional<String> name,
    Optional<String> route,
    Optional<String> mailbox,
    Optional<String> host) {
  /** The end of a group. */
  public static final Address GROUP_END =
      new Address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The start of a group. */
  public static Address groupStart(String name) {
    return new Address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
  }

  /** An address; an empty name or route counts as none. */
  public static Address of(String name, String route, String mailbox, String host) {
    return new Address(
        Optional.of(name).filter(n -> !n.isEmpty()),
        Optional.of(route).filter(r -> !r.isEmpty()),
        Optional.of(mailbox),
        Optional.of(host));
  }
}
