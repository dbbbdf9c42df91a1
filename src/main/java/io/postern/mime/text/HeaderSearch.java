package io.postern.mime.text;

import io.postern.mime.HeaderFields;
import io.postern.mime.text.AhoCorasick.Scan;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks through a header: line by line as it stands, lines that are no field included, and in the
 * values of fields (RFC 3501 §6.4.4: HEADER and the keys like it, TEXT). Lines are unfolded (RFC
 * 5322 §2.2.3) and decoded. It ends at an empty line. Of a field longer than {@link #MAX_FIELD} the
 * rest is not looked at.
 */
final class HeaderSearch implements RangeSearch {
  /** Octets looked at in one field, its name included. */
  static final int MAX_FIELD = 1024 * 1024;

  /** Chars matched in one call. */
  private static final int PIECE = 8 * 1024;

  /**
   * What looks into the fields of a name.
   *
   * @param addresses looks into the addresses that they list
   */
  record Field(Scan value, Optional<Scan> addresses) {}

  /** A text to be matched from an offset on. */
  private record Match(Scan scan, String text, int from) {}

  private final Optional<Scan> lines;
  private final Function<String, Optional<Field>> fields;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final Deque<Match> matches = new ArrayDeque<>();
  private boolean lineStarts = true;
  private boolean over;

  /**
   * Where the name of the held field ends; -1 while that is not known, or for a line that is none.
   */
  private int colon = -1;

  private boolean nameOver;
  private boolean passedOver;
  private Optional<Field> field = Optional.empty();

  /**
   * @param lines for all lines, if they are looked through
   * @param fields by their lower-case names
   */
  HeaderSearch(Optional<Scan> lines, Function<String, Optional<Field>> fields) {
    this.lines = lines;
    this.fields = fields;
  }

  @Override
  public void feed(Buffer bytes) {
    var octets = bytes.getBytes();
    int at = 0;
    while (at < octets.length) {
      if (lineStarts && octets[at] != ' ' && octets[at] != '\t') { // RFC 5322 §2.2.3
        fieldOver();
      }
      if (over) {
        return;
      }
      int to = lineEnd(octets, at);
      lineStarts = octets[to - 1] == '\n';
      if (!passedOver) {
        hold(octets, at, to);
      }
      at = to;
    }
  }

  private static int lineEnd(byte[] octets, int from) {
    int at = from;
    while (at < octets.length && octets[at] != '\n') {
      at++;
    }
    return Math.min(octets.length, at + 1);
  }

  private void hold(byte[] octets, int from, int to) {
    int before = held.size();
    held.write(octets, from, Math.min(to - from, MAX_FIELD - before));
    if (nameOver) {
      return;
    }
    int at = from;
    while (at < to && octets[at] != ':') {
      at++;
    }
    nameOver = at < to || lineStarts;
    if (at < to && before + at - from < held.size()) {
      colon = before + at - from;
      var name = held.toString(StandardCharsets.ISO_8859_1).substring(0, colon);
      field = fields.apply(name.stripTrailing().toLowerCase(Locale.ROOT));
    }
    passedOver = nameOver && lines.isEmpty() && field.isEmpty();
  }

  @Override
  public void finish() {
    if (!over) {
      fieldOver();
    }
  }

  private void fieldOver() {
    if (held.size() > 0) {
      var raw = held.toString(StandardCharsets.ISO_8859_1);
      over = raw.equals("\r\n") || raw.equals("\n");
      if (!over && !passedOver) {
        match(raw);
      }
    }
    held.reset();
    colon = -1;
    nameOver = false;
    passedOver = false;
    field = Optional.empty();
  }

  private void match(String raw) {
    var value = HeaderFields.unfolded(raw.substring(colon + 1));
    lines.ifPresent(
        scan -> {
          var line = HeaderText.decode(raw.replace("\r", "").replace("\n", ""));
          add(scan, colon < 0 ? line : line + HeaderText.extendedParameters(value));
        });
    field.ifPresent(
        found -> {
          add(found.value(), HeaderText.searchable(value));
          found.addresses().ifPresent(scan -> add(scan, HeaderText.addresses(value)));
        });
  }

  private void add(Scan scan, String text) {
    matches.add(new Match(scan, text, 0));
  }

  @Override
  public boolean pending() {
    return !matches.isEmpty();
  }

  @Override
  public void advance() {
    int room = PIECE;
    while (room > 0 && !matches.isEmpty()) {
      var match = matches.remove();
      if (match.from() == 0) {
        match.scan().begin();
      }
      int to = Math.min(match.text().length(), match.from() + room);
      var chars = new char[to - match.from()];
      match.text().getChars(match.from(), to, chars, 0);
      match.scan().accept(chars, 0, chars.length);
      room -= to - match.from() + 1;
      if (to < match.text().length()) {
        matches.addFirst(new Match(match.scan(), match.text(), to));
      }
    }
  }
}
