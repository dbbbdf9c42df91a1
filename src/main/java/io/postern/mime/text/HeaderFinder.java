package io.postern.mime.text;

import io.postern.mime.HeaderFields;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Looks for a text in a header's decoded fields, whatever its case (RFC 3501 §6.4.4: HEADER and the
 * keys like it, TEXT). The header's stored octets are fed in order, in any cuts. Of a field longer
 * than {@link #MAX_FIELD} the rest is not looked at.
 */
public final class HeaderFinder implements Finder {
  /** Octets looked at in one field, its name included. */
  public static final int MAX_FIELD = 1024 * 1024;

  private final Optional<String> field;
  private final String text;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private boolean lineStarts = true;

  /** Whether the octets are of a field of another name. */
  private boolean other;

  private boolean found;

  private HeaderFinder(Optional<String> field, String text) {
    this.field = field;
    this.text = text;
  }

  /** In the fields of this name; empty text finds the field itself. */
  public static HeaderFinder inField(String name, String text) {
    return new HeaderFinder(Optional.of(name), text);
  }

  /** Anywhere in the header, field names included. */
  public static HeaderFinder anywhere(String text) {
    return new HeaderFinder(Optional.empty(), text);
  }

  @Override
  public void feed(Buffer bytes) {
    var octets = bytes.getBytes();
    int at = 0;
    while (at < octets.length && !found) {
      if (lineStarts && octets[at] != ' ' && octets[at] != '\t') { // RFC 5322 §2.2.3
        fieldOver();
        other = isOther(octets, at);
      }
      int to = at;
      while (to < octets.length && octets[to] != '\n') {
        to++;
      }
      lineStarts = to < octets.length;
      to = Math.min(octets.length, to + 1);
      if (!other) {
        held.write(octets, at, Math.min(to - at, MAX_FIELD - held.size()));
      }
      at = to;
    }
  }

  /** Whether a field that begins here is seen not to have the name; most are. */
  private boolean isOther(byte[] octets, int start) {
    var name = field.orElse("");
    for (int i = 0; i < name.length() && start + i < octets.length; i++) {
      char octet = Character.toUpperCase((char) (octets[start + i] & 0xFF));
      char wanted = Character.toUpperCase(name.charAt(i));
      if (octet != wanted && Character.toLowerCase(octet) != Character.toLowerCase(wanted)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void finish() {
    fieldOver();
    found |= field.isEmpty() && text.isEmpty();
  }

  @Override
  public boolean found() {
    return found;
  }

  private void fieldOver() {
    if (held.size() > 0) {
      var fields = new HeaderFields(Buffer.buffer(held.toByteArray()));
      found |= fields.next() && holds(fields);
      held.reset();
    }
  }

  private boolean holds(HeaderFields at) {
    if (field.isPresent() && !at.is(field.get())) {
      return false;
    }
    var decoded = HeaderText.searchable(at.value());
    return TextMatcher.contains(
        field.isPresent() ? decoded : HeaderText.decode(at.name()) + ": " + decoded, text);
  }
}
