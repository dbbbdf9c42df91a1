package io.postern.pop3;

import io.postern.pop3.maildrop.Maildrop;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.stream.Stream;

/** Writes the responses of commands: status lines and lists (RFC 1939 §3). */
final class Responses {
  /** Appends what a line of a list says of a message, behind its number. */
  interface Column {
    void append(StringBuilder line, long number);
  }

  /** Lines of a list that are written before waiting for the client to read. */
  private static final int SLICE = 500;

  /** Octets that are enough for most lines. */
  private static final int LINE = 32;

  private final Outbox out;
  private boolean refused;

  Responses(Outbox out) {
    this.out = out;
  }

  void ok(String text) {
    out.write("+OK " + text + "\r\n");
  }

  /** Starts the response to another command. */
  void begin() {
    refused = false;
  }

  /** Whether the command was refused. */
  boolean refused() {
    return refused;
  }

  /** Refuses the command without a response code. */
  void refuse(String text) {
    refused = true;
    out.write("-ERR " + text + "\r\n");
  }

  // RFC 2449 §8: the code stands in brackets before the text
  void refuse(String code, String text) {
    refuse("[" + code + "] " + text);
  }

  /** Writes a short list. */
  void lines(String text, Stream<String> lines) {
    ok(text);
    lines.forEach(line -> out.write(line + "\r\n"));
    out.write(".\r\n");
  }

  /** Writes a list that may be long: a line for each message not marked as deleted. */
  Uni<Void> each(String text, Maildrop maildrop, Column column) {
    ok(text);
    int slices = (maildrop.highest() + SLICE - 1) / SLICE;
    return Multi.createFrom()
        .range(0, slices)
        .onItem()
        .transformToUniAndConcatenate(
            slice -> {
              out.write(slice(maildrop, slice, column));
              return out.room();
            })
        .onItem()
        .ignoreAsUni()
        .invoke(() -> out.write(".\r\n"));
  }

  private static String slice(Maildrop maildrop, int slice, Column column) {
    int last = Math.min(maildrop.highest(), (slice + 1) * SLICE);
    var lines = new StringBuilder(SLICE * LINE);
    for (int n = slice * SLICE + 1; n <= last; n++) {
      if (maildrop.has(n)) {
        column.append(lines.append(n).append(' '), n);
        lines.append("\r\n");
      }
    }
    return lines.toString();
  }
}
