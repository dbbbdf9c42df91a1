package io.postern.imap.grammar;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The base64 texts of AUTHENTICATE (RFC 3501 §6.2.2, RFC 4959). */
public final class SaslText {
  private SaslText() {}

  /** Parses {@code initial-resp}: base64, or "=" for one of no octets (RFC 4959 §3). */
  public static Buffer initialResponse(Arguments in) throws BadSyntax {
    long start = in.position();
    var text = in.atom("a response in base64");
    return text.equals("=") ? Buffer.buffer() : decoded(text, start);
  }

  /**
   * Decodes the client's response to a challenge; empty when it cancels with "*".
   *
   * @param line without its line end
   */
  public static Optional<Buffer> answer(Buffer line) throws BadSyntax {
    var text = line.toString(StandardCharsets.ISO_8859_1);
    return text.equals("*") ? Optional.empty() : Optional.of(decoded(text, 1));
  }

  private static Buffer decoded(String base64, long start) throws BadSyntax {
    if (base64.length() % 4 == 0) {
      try {
        return Buffer.buffer(Base64.getDecoder().decode(base64));
      } catch (IllegalArgumentException notBase64) {
        throw new BadSyntax("base64", start);
      }
    }
    throw new BadSyntax("base64 of whole groups", start);
  }

  /** Encodes a challenge as it stands behind "+ ". */
  public static Buffer challenge(Buffer octets) {
    return Buffer.buffer(Base64.getEncoder().encode(octets.getBytes()));
  }
}
