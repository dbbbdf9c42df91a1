package io.postern.sessions;

import java.util.List;

/**
 * IMAP data, as scripts and servers write it. Texts hold one octet a char (ISO 8859-1), so that
 * nothing is decoded before it is compared.
 */
sealed interface Node {
  /** An atom, a number, a flag or NIL; in a script also {@code $name} and {@code !word}. */
  record Word(String text) implements Node {}

  /** A string, quoted or literal. */
  record Text(String octets) implements Node {}

  /** A parenthesized list, or the fields of a line, in order. */
  record Row(List<Node> items) implements Node {}

  /** A list whose order means nothing. */
  record Bag(List<Node> items) implements Node {}

  /** A string compared without case: a media type within BODYSTRUCTURE. */
  record Loose(String octets) implements Node {}

  /** {@code ...} of a script: whatever else there is. */
  record Rest() implements Node {}
}
