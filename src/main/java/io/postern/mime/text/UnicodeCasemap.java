package io.postern.mime.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/** The collation i;unicode-casemap (RFC 5051). */
public final class UnicodeCasemap {
  private UnicodeCasemap() {}

  /** What a text is compared by: octets, unsigned. Texts that are equal have equal keys. */
  public static byte[] key(String text) {
    // RFC 5051 §2.3: titlecase, then decomposition.
    var titlecase = new StringBuilder(text.length());
    text.codePoints().map(Character::toTitleCase).forEach(titlecase::appendCodePoint);
    return Normalizer.normalize(titlecase, Form.NFKD).getBytes(StandardCharsets.UTF_8);
  }
}
