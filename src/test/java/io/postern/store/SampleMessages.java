package io.postern.store;

import io.postern.mime.MessageFacts;
import io.postern.mime.OctetFacts;
import io.postern.mime.PartTree;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.NewMessage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Small messages with their facts, for tests that don't depend on their content. */
public final class SampleMessages {
  /** The internal date of all samples, in a zone of its own. */
  public static final InternalDate CAME = new InternalDate(1_700_000_000L, 90);

  private SampleMessages() {}

  /** A message of one line of text. */
  public static Buffer text(String line) {
    return Buffer.buffer(
        "Subject: specimen\r\nDate: Tue, 14 Nov 2023 23:43:20 +0130\r\n\r\n" + line + "\r\n");
  }

  /** Facts of a message that is plain text. */
  public static MessageFacts facts(Buffer message) {
    int bodyStart = message.toString(StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    var parts =
        new PartTree(
            "text", "plain", "7bit", "us-ascii", 0, bodyStart, message.length(), List.of());
    return new MessageFacts(
        message.length(),
        Buffer.buffer("(NIL \"specimen\" NIL NIL NIL NIL NIL NIL NIL NIL)"),
        Buffer.buffer("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1)"),
        Buffer.buffer("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1 NIL NIL NIL NIL)"),
        message.slice(0, bodyStart),
        Optional.of(LocalDate.of(2023, 11, 14)),
        parts,
        octets(message.toString(StandardCharsets.ISO_8859_1)));
  }

  private static OctetFacts octets(String message) {
    boolean ended = message.endsWith("\r\n");
    int size = message.replace("\r\n", "\n").replace("\n", "\r\n").length();
    return new OctetFacts(
        ended,
        OptionalLong.of(size + (message.endsWith("\n") ? 0 : 2)),
        message.indexOf('\0') >= 0);
  }

  /** A message held in memory. */
  public static Staged staged(String line) {
    var bytes = text(line);
    return new Staged(new Staged.Bytes.Inline(bytes), facts(bytes));
  }

  /** A message with these system flags. */
  public static NewMessage message(String line, SystemFlag... flags) {
    return new NewMessage(staged(line), Flags.of(flags), CAME);
  }

  /** A message with these keywords. */
  public static NewMessage tagged(String line, String... keywords) {
    return new NewMessage(staged(line), Flags.of(List.of(), Arrays.asList(keywords)), CAME);
  }

  /** The time of the clock, to the second. */
  public static long nowSecond() {
    return Instant.now().getEpochSecond();
  }
}
