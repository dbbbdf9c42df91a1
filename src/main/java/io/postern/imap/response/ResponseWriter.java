package io.postern.imap.response;

import io.postern.model.NumberSet;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;
import java.util.function.LongUnaryOperator;

/**
 * Sends a session's responses: appends them to the output of the turn. A command awaits {@link
 * #room()} between pieces of a long response. Used on the connection's context only.
 */
public final class ResponseWriter {
  /** After so many steps other tasks of the event loop run. */
  private static final int SLICE = 256;

  /** Numbers of one SEARCH response written at once, and ranges of one VANISHED response. */
  private static final int NUMBERS = 512;

  private final Connection connection;
  private final ResponseEncoder encoder = new ResponseEncoder();
  private final ResponseText text = ResponseText.idle();
  private boolean amidLiteral;

  public ResponseWriter(Connection connection) {
    this.connection = connection;
  }

  /** Encodes for these extensions from now on. */
  public void enabled(EnabledExtensions enabled) {
    encoder.enabled(enabled);
  }

  /** Sends an untagged response. */
  public void send(Untagged response) {
    append(out -> encoder.untagged(response, out));
  }

  /** Sends a condition that no command asked for. */
  public void send(StatusResponse status) {
    send(new Untagged.Status(status));
  }

  /** Sends the tagged line of a command. */
  public void tagged(String tag, StatusResponse status) {
    append(out -> encoder.tagged(tag, status, out));
  }

  /** The tagged line of a command, to be sent by another. */
  public Buffer taggedLine(String tag, StatusResponse status) {
    var line = new ResponseText();
    encoder.tagged(tag, status, line);
    return line.buffer();
  }

  private void append(Consumer<ResponseText> response) {
    connection
        .out()
        .append(
            buffer -> {
              response.accept(text.at(buffer));
              text.end();
            });
  }

  /** Sends a continuation request with these octets at once (RFC 3501 §7.5). */
  public void continuation(Buffer octets) {
    append(out -> out.raw("+ ").raw(octets).crlf());
    flush();
  }

  /**
   * Sends that messages were expunged, descending, so that no number sent before changes by one
   * sent after (RFC 3501 §7.4.1).
   *
   * @param uids at least one
   * @param number a message's sequence number if all messages below it are still there
   */
  public Uni<Void> sendExpunged(NumberSet uids, LongUnaryOperator number) {
    if (encoder.showsVanished()) {
      return sendVanished(uids, false);
    }
    var descending = uids.descending();
    return each(
        (int) uids.size(),
        _ -> {
          long uid = descending.nextLong();
          send(new Untagged.Expunged(number.applyAsLong(uid), uid));
        });
  }

  /**
   * Sends that messages were expunged, by UID (RFC 7162 §3.2.10): in several responses, so that
   * none is long.
   *
   * @param earlier whether before the client asked
   */
  public Uni<Void> sendVanished(NumberSet uids, boolean earlier) {
    return each(
        (uids.ranges() + NUMBERS - 1) / NUMBERS,
        piece -> {
          var some = new NumberSet.Builder();
          int end = Math.min(uids.ranges(), (piece + 1) * NUMBERS);
          for (int i = piece * NUMBERS; i < end; i++) {
            some.add(uids.first(i), uids.last(i));
          }
          send(new Untagged.Vanished(some.build(), earlier));
        });
  }

  /** Whether expunged messages are shown by UID (RFC 7162 §3.2.10). */
  public boolean showsVanished() {
    return encoder.showsVanished();
  }

  /** Whether mod-sequences are shown with flags. */
  public boolean showsModSeq() {
    return encoder.showsModSeq();
  }

  /** Whether the data of a message begin with its UID in place of its number (RFC 9586 §3.3). */
  public boolean beginsWithUid() {
    return encoder.beginsWithUid();
  }

  /** The greatest mod-sequence in the data of messages since the last tagged line; 0 for none. */
  public long modSeqShown() {
    return encoder.modSeqShown();
  }

  /**
   * Sends the result of a SEARCH without return options, also when nothing was found (RFC 3501
   * §7.2.5); an ESEARCH response to a client of IMAP4rev2 (RFC 9051 §7.3.4).
   *
   * @param numbers ascending, {@code count} of them
   * @param modSeq the highest mod-sequence of the messages, if it is shown (RFC 7162 §3.1.6)
   */
  public Uni<Void> sendFound(
      String tag, boolean byUid, int count, IntToLongFunction numbers, OptionalLong modSeq) {
    if (encoder.showsEsearch()) {
      return sendEsearch(tag, byUid, count, numbers, modSeq);
    }
    return sendNumbers("SEARCH", count, numbers, modSeq);
  }

  /**
   * Sends a response with numbers, maybe none: {@code * SORT 3 1 2} (RFC 5256 §4).
   *
   * @param modSeq the highest mod-sequence of the messages, if it is shown (RFC 7162 §3.1.9)
   */
  public Uni<Void> sendNumbers(
      String name, int count, IntToLongFunction numbers, OptionalLong modSeq) {
    append(out -> out.raw("* ").raw(name));
    return each(
            (count + NUMBERS - 1) / NUMBERS,
            piece -> append(out -> numbers(count, numbers, piece * NUMBERS, out)))
        .invoke(
            () -> {
              modSeq.ifPresent(it -> append(out -> out.raw(" (MODSEQ ").number(it).raw(')')));
              append(ResponseText::crlf);
            });
  }

  /**
   * Sends threads (RFC 5256 §4).
   *
   * @param tokens messages from 0 up; -1 and -2 for the beginning and end of a list
   * @param number of a message, for the client
   */
  public Uni<Void> sendThreads(long[] tokens, LongUnaryOperator number) {
    append(out -> out.raw(tokens.length == 0 ? "* THREAD" : "* THREAD "));
    return each(
            (tokens.length + NUMBERS - 1) / NUMBERS,
            piece -> append(out -> threads(tokens, number, piece * NUMBERS, out)))
        .invoke(() -> append(ResponseText::crlf));
  }

  private static void threads(long[] tokens, LongUnaryOperator number, int from, ResponseText out) {
    for (int i = from; i < tokens.length && i < from + NUMBERS; i++) {
      boolean afterNumber = i > 0 && tokens[i - 1] >= 0;
      if (tokens[i] >= 0) {
        (afterNumber ? out.space() : out).number(number.applyAsLong(tokens[i]));
      } else if (tokens[i] == -1) {
        (afterNumber ? out.space() : out).raw('(');
      } else {
        out.raw(')');
      }
    }
  }

  private static void numbers(int count, IntToLongFunction numbers, int from, ResponseText out) {
    for (int i = from; i < count && i < from + NUMBERS; i++) {
      out.space().number(numbers.applyAsLong(i));
    }
  }

  private Uni<Void> sendEsearch(
      String tag, boolean byUid, int count, IntToLongFunction numbers, OptionalLong modSeq) {
    var all = new NumberSet.Builder();
    return each(count, i -> all.add(numbers.applyAsLong(i)))
        .invoke(() -> send(Untagged.Esearch.all(tag, byUid, all.build()).with(modSeq)));
  }

  /** Begins the data of a message whose items are sent one by one. */
  public MessageWriter message(long number, long uid) {
    return new MessageWriter(this, encoder, number, uid);
  }

  void write(Buffer octets) {
    connection.out().write(octets);
  }

  /** Marks whether the octets of a literal are being written. */
  void amidLiteral(boolean amid) {
    amidLiteral = amid;
  }

  /** Whether the client would take the next octets for those of a literal. */
  public boolean isAmidLiteral() {
    return amidLiteral;
  }

  /** Ends the connection amid a response that can't be completed. */
  void abort() {
    connection.close(CloseReason.FAULT);
  }

  /** Sends the pending output, without waiting for the end of the command. */
  public void flush() {
    connection.out().flush();
  }

  /** Completes when the client has read enough that more may be written. */
  public Uni<Void> room() {
    return connection.out().room();
  }

  /** Completes when there is room and other sessions of the event loop have run. */
  public Uni<Void> pause() {
    return Uni.createFrom()
        .<Void>emitter(emitter -> connection.queue(() -> emitter.complete(null)))
        .chain(this::room);
  }

  /** How many octets may be written between two waits for room. */
  public int piece() {
    return connection.out().piece();
  }

  /** Reserves memory for data that is read to be written; the caller releases it when done. */
  public Outbox.Allowance allowance(int wanted) {
    return connection.out().allowance(wanted);
  }

  /** Whether {@link #room()} would have to wait. */
  public boolean full() {
    return connection.out().full();
  }

  /**
   * Runs steps 0 to count - 1 in order, as fast as the client reads what they write, in slices that
   * let other sessions of the event loop run.
   */
  public Uni<Void> each(int count, IntConsumer step) {
    return Uni.createFrom()
        .emitter(
            emitter -> new Slices(count, step, () -> emitter.complete(null), emitter::fail).run());
  }

  /** A loop that runs in slices. */
  private final class Slices implements Runnable {
    private final int count;
    private final IntConsumer step;
    private final Runnable done;
    private final Consumer<Throwable> failed;
    private int at;

    Slices(int count, IntConsumer step, Runnable done, Consumer<Throwable> failed) {
      this.count = count;
      this.step = step;
      this.done = done;
      this.failed = failed;
    }

    @Override
    public void run() {
      try {
        for (int end = Math.min(count, at + SLICE); at < end && !full(); at++) {
          step.accept(at);
        }
      } catch (RuntimeException e) {
        failed.accept(e);
        return;
      }
      if (at == count) {
        done.run();
      } else if (full()) {
        goOn();
      } else {
        connection.queue(this::goOn);
      }
    }

    /** Continues when there is room; a connection that has ended has none. */
    private void goOn() {
      room().subscribe().with(_ -> run(), failed);
    }
  }
}
