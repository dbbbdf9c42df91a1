package io.postern.mime.text;

import io.postern.mime.header.HeaderScan;
import io.postern.mime.text.AhoCorasick.Scan;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Searches a header: each line, lines that are no field included, and the values of fields (RFC
 * 3501 §6.4.4: HEADER and similar keys, TEXT). Lines are unfolded (RFC 5322 §2.2.3) and decoded.
 * Ends at an empty line. Reads at most {@link #MAX_FIELD} octets of a field.
 */
final class HeaderSearch implements RangeSearch {
  /** Octets searched in one field, its name included. */
  static final int MAX_FIELD = 1024 * 1024;

  /** Chars matched in one call. */
  private static final int PIECE = 8 * 1024;

  /**
   * The scans of the fields with a name.
   *
   * @param addresses scans the addresses that they list
   */
  record Field(Scan value, Optional<Scan> addresses) {}

  private final Optional<Scan> lines;
  private final Function<String, Optional<Field>> fields;
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private final Deque<Match> matches = new ArrayDeque<>();
  private boolean lineStarts = true;
  private boolean over;

  /**
   * Where the name of the held field ends; -1 while that is not known, or for a line that is no
   * field.
   */
  private int colon = -1;

  private boolean nameOver;
  private boolean passedOver;
  private Optional<Field> field = Optional.empty();

  /**
   * @param lines for all lines, if they are searched
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
    var value = raw.substring(colon + 1);
    var parameters =
        colon < 0 || value.indexOf('*') < 0
            ? ""
            : HeaderText.extendedParameters(HeaderScan.unfolded(value));
    lines.ifPresent(
        scan -> {
          var line = raw.replace("\r", "").replace("\n", "");
          matches.add(new Match(scan, HeaderText.pieces(line), parameters));
        });
    field.ifPresent(
        found -> {
          var unfolded = HeaderScan.unfolded(value);
          matches.add(new Match(found.value(), HeaderText.pieces(unfolded), parameters));
          found
              .addresses()
              .ifPresent(scan -> matches.add(new Match(scan, HeaderText.addresses(unfolded), "")));
        });
  }

  @Override
  public boolean pending() {
    return !matches.isEmpty();
  }

  @Override
  public void advance() {
    int room = PIECE;
    while (room > 0 && !matches.isEmpty()) {
      var match = matches.element();
      room -= match.step(room);
      if (match.isOver()) {
        matches.remove();
      }
    }
  }

  /** A text that is decoded and matched piece by piece. */
  private static final class Match {
    /** Cost of decoding a piece, in chars matched. */
    private static final int DECODED = 256;

    private final Scan scan;
    private final Iterator<String> pieces;
    private Optional<String> end;
    private String piece = "";
    private int at;
    private boolean begun;

    /**
     * @param pieces the text
     * @param end the text behind it
     */
    Match(Scan scan, Iterator<String> pieces, String end) {
      this.scan = scan;
      this.pieces = pieces;
      this.end = Optional.of(end);
    }

    boolean isOver() {
      return begun && at == piece.length() && end.isEmpty();
    }

    /** Decodes the next piece, or matches at most so many chars of it; returns the cost. */
    int step(int room) {
      if (!begun) {
        scan.begin();
        begun = true;
      }
      if (at == piece.length()) {
        next();
        return DECODED;
      }
      var chars = new char[Math.min(room, piece.length() - at)];
      piece.getChars(at, at + chars.length, chars, 0);
      scan.accept(chars, 0, chars.length);
      at += chars.length;
      return chars.length;
    }

    private void next() {
      at = 0;
      if (pieces.hasNext()) {
        piece = pieces.next();
      } else {
        piece = end.orElse("");
        end = Optional.empty();
      }
    }
  }
}
