package io.postern.model;

import java.util.List;

/**
 * The form in which a message's body is shown; its attachments stay. Exchange:
 * MessageRetrievalMimeFormat.
 */
public enum MimeFormat {
  /** Plain text. */
  TEXT_ONLY,
  /** HTML. */
  HTML_ONLY,
  /** Plain text and HTML, of which the client shows one. */
  HTML_AND_TEXT_ALTERNATIVE,
  /** Enriched text (RFC 1896). */
  TEXT_ENRICHED_ONLY,
  /** Plain text and enriched text, of which the client shows one. */
  TEXT_ENRICHED_AND_TEXT_ALTERNATIVE,
  /** As the message is stored. */
  BEST_BODY_FORMAT,
  /** Plain text, and the body in TNEF: {@code winmail.dat}. */
  TNEF;

  /** The formats in the order of their numbers in Exchange, from 0. */
  public static final List<MimeFormat> BY_NUMBER = List.of(values());
}
