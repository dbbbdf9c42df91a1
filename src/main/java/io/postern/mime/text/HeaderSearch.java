package io.postern.mime.text;

import io.postern.mime.header.FieldCursor;
import io.postern.mime.header.HeaderScan;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;

/**
 * Searches a header: each line, lines that are no field included, and the values of fields (RFC
 * 3501 §6.4.4: HEADER and similar keys, TEXT). Lines are unfolded (RFC 5322 §2.2.3) and decoded.
 * Ends at an empty line. Reads at most {@link #MAX_FIELD} octets of a field.
 */
public final class HeaderSearch implements RangeSearch {
  /** Octets searched in one field, its name included. */
  public static final int MAX_FIELD = 1024 * 1024;

  /** Chars matched in one call. */
  private static final int PIECE = 8 * 1024;

  /**
   * The scans of the fields with a name.
   *
   * @param addresses scans the addresses that they list
   */
  public record Field(TextScan value, Optional<TextScan> addresses) {}

  /** The fields whose values are searched. */
  public interface Fields {
    /** No fields. */
    Fields NONE =
        new Fields() {
          @Override
          public boolean mayBegin(char first) {
            return false;
          }

          @Override
          public Optional<Field> named(String lowerCaseName) {
            return Optional.empty();
          }
        };

    /** Whether the name of one may begin with this char, in any case; most fields end here. */
    boolean mayBegin(char first);

    /** The scans of a field, if it is one of them. */
    Optional<Field> named(String lowerCaseName);
  }

  private final Optional<TextScan> lines;
  private final Fields fields;
  private final StringBuilder held = new StringBuilder();
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
   * @param fields whose values are searched
   */
  public HeaderSearch(Optional<TextScan> lines, Fields fields) {
    this.lines = lines;
    this.fields = fields;
  }

  @Override
  public void feed(Buffer bytes) {
    var octets = bytes.toString(StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < octets.length()) {
      if (lineStarts && !FieldCursor.isSpace(octets.charAt(at))) { // RFC 5322 §2.2.3
        fieldOver();
        passedOver = lines.isEmpty() && !mayBegin(octets.charAt(at));
      }
      if (over) {
        return;
      }
      int lineFeed = octets.indexOf('\n', at);
      int to = lineFeed < 0 ? octets.length() : lineFeed + 1;
      lineStarts = lineFeed >= 0;
      if (!passedOver) {
        hold(octets, at, to);
      }
      at = to;
    }
  }

  /** Whether the line may be a field that is searched, or the empty one. */
  private boolean mayBegin(char first) {
    return first == '\r' || first == '\n' || fields.mayBegin(first);
  }

  private void hold(String octets, int from, int to) {
    int before = held.length();
    held.append(octets, from, Math.min(to, from + MAX_FIELD - before));
    if (nameOver) {
      return;
    }
    int end = octets.indexOf(':', from, to);
    nameOver = end >= 0 || lineStarts;
    if (end >= 0 && before + end - from < held.length()) {
      colon = before + end - from;
      field = fields.named(held.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT));
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
    over = isEmptyLine(held);
    if (!over && !passedOver && !held.isEmpty()) {
      match(held.toString());
    }
    held.setLength(0);
    colon = -1;
    nameOver = false;
    passedOver = false;
    field = Optional.empty();
  }

  private static boolean isEmptyLine(StringBuilder line) {
    return switch (line.length()) {
      case 1 -> line.charAt(0) == '\n';
      case 2 -> line.charAt(0) == '\r' && line.charAt(1) == '\n';
      default -> false;
    };
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
        match.scan.end();
        matches.remove();
      }
    }
  }

  /** A text that is decoded and matched piece by piece. */
  private static final class Match {
    /** Cost of decoding a piece, in chars matched. */
    private static final int DECODED = 256;

    private final TextScan scan;
    private final Iterator<String> pieces;
    private Optional<String> end;
    private String piece = "";
    private int at;
    private boolean begun;

    /**
     * @param pieces the text
     * @param end the text behind it
     */
    Match(TextScan scan, Iterator<String> pieces, String end) {
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
