package io.postern.render;

import io.postern.mime.PartTree;
import io.postern.model.MimeFormat;
import java.util.List;
import java.util.Optional;

/** A form of a message's body. */
enum TextKind {
  PLAIN,
  ENRICHED,
  HTML,
  CALENDAR;

  /** The kind of a part; empty when it is no text of a body. */
  static Optional<TextKind> of(PartTree part) {
    if (!part.type().equals("text")) {
      return Optional.empty();
    }
    return switch (part.subtype()) {
      case "plain" -> Optional.of(PLAIN);
      case "enriched" -> Optional.of(ENRICHED);
      case "html" -> Optional.of(HTML);
      case "calendar" -> Optional.of(CALENDAR);
      default -> Optional.empty();
    };
  }

  /** The kinds that a format asks for, the plainest first (RFC 2046 §5.1.4); of TNEF the text. */
  static List<TextKind> wanted(MimeFormat format, List<TextKind> stored) {
    return switch (format) {
      case TEXT_ONLY, TNEF -> List.of(PLAIN);
      case HTML_ONLY -> List.of(HTML);
      case HTML_AND_TEXT_ALTERNATIVE -> List.of(PLAIN, HTML);
      case TEXT_ENRICHED_ONLY -> List.of(ENRICHED);
      case TEXT_ENRICHED_AND_TEXT_ALTERNATIVE -> List.of(PLAIN, ENRICHED);
      case BEST_BODY_FORMAT -> stored.isEmpty() ? List.of(PLAIN) : stored;
    };
  }
}
