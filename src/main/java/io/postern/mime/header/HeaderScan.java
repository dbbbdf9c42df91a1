package io.postern.mime.header;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the wanted fields of one header while its octets flow past. A field is cut at {@link
 * #MAX_FIELD} octets, one that lists addresses at {@link #MAX_LIST}, all together at the room
 * given. The octets contain no NUL.
 */
public final class HeaderScan {
  /** Most octets kept of a field. */
  public static final int MAX_FIELD = 16 * 1024;

  /** Most octets kept of a field that lists addresses, all its occurrences together. */
  public static final int MAX_LIST = 64 * 1024;

  private final boolean message;
  private final Map<KeptField, ByteArrayOutputStream> kept = new EnumMap<>(KeptField.class);
  private final StringBuilder name = new StringBuilder(KeptField.LONGEST_NAME + 1);
  private int room;
  private boolean lineStarts = true;
  private boolean inName;
  private @Nullable ByteArrayOutputStream current;

  /** Most octets that may be kept of the current field. */
  private int most;

  /**
   * A scan that begins at a header's first octet.
   *
   * @param message whether it is a message's header, not only a part's
   * @param room how many octets may be kept
   */
  public HeaderScan(boolean message, int room) {
    this.message = message;
    this.room = room;
  }

  /** How many octets may still be kept. */
  public int room() {
    return room;
  }

  /** Scans octets of one line, its line feed included. */
  public void octets(byte[] bytes, int from, int to) {
    int at = from;
    if (lineStarts && at < to) {
      lineStarts = false;
      if (bytes[at] != ' ' && bytes[at] != '\t') { // RFC 5322 §2.2.3
        inName = true;
        name.setLength(0);
        current = null;
      }
    }
    while (inName && at < to) {
      nameOctet(bytes[at++]);
    }
    var field = current;
    if (field != null) {
      keep(field, bytes, at, to);
    }
  }

  /** Ends the line. */
  public void lineEnd() {
    lineStarts = true;
    inName = false;
  }

  private void nameOctet(byte octet) {
    if (octet == ':') {
      inName = false;
      var fieldName = name.toString().stripTrailing().toLowerCase(Locale.ROOT);
      KeptField.named(fieldName).ifPresent(this::open);
    } else if (name.length() <= KeptField.LONGEST_NAME) {
      name.append((char) (octet & 0xFF));
    }
  }

  private void open(KeptField field) {
    if (field.ofMessage() && !message) {
      return;
    }
    most = field.listsAddresses() ? MAX_LIST : MAX_FIELD;
    var first = kept.get(field);
    if (first == null) {
      current = new ByteArrayOutputStream();
      kept.put(field, current);
    } else if (field.listsAddresses() && first.size() < most && room > 0) {
      // Clients differ in which of two From fields they show: both are kept.
      first.write(0);
      room--;
      current = first;
    }
  }

  private void keep(ByteArrayOutputStream field, byte[] bytes, int from, int to) {
    int length = Math.min(to - from, Math.min(room, most - field.size()));
    if (length > 0) {
      field.write(bytes, from, length);
      room -= length;
    }
  }

  /** The first value of a field, unfolded and without white space around it. */
  public Optional<String> value(KeptField field) {
    return values(field).stream().findFirst();
  }

  /** The values of a field, one of each occurrence, unfolded. */
  public List<String> values(KeptField field) {
    var raw = kept.get(field);
    if (raw == null) {
      return List.of();
    }
    var text = raw.toString(StandardCharsets.ISO_8859_1);
    var values = new ArrayList<String>();
    int from = 0;
    for (int at = text.indexOf(0); at >= 0; at = text.indexOf(0, from)) {
      values.add(unfolded(text.substring(from, at)));
      from = at + 1;
    }
    values.add(unfolded(text.substring(from)));
    return values;
  }

  /** A raw value without line ends and without white space around it. */
  public static String unfolded(String raw) { // RFC 5322 §2.2.3
    int from = 0;
    int to = raw.length();
    while (from < to && isFoldingSpace(raw.charAt(from))) {
      from++;
    }
    while (to > from && isFoldingSpace(raw.charAt(to - 1))) {
      to--;
    }
    var text = raw.substring(from, to).replace("\r\n", "");
    return text.indexOf('\n') < 0 && text.indexOf('\r') < 0
        ? text
        : text.replace("\r", "").replace("\n", "");
  }

  private static boolean isFoldingSpace(char c) {
    return FieldCursor.isSpace(c) || c == '\r' || c == '\n';
  }
}
