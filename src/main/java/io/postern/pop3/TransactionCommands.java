package io.postern.pop3;

import io.postern.pop3.maildrop.Maildrop;
import io.postern.pop3.maildrop.Retrieval;
import io.postern.pop3.maildrop.SequentialReader;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Uni;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** Runs the commands on an open maildrop (RFC 1939 §5). */
final class TransactionCommands {
  private final Pop3Ports ports;
  private final Outbox out;
  private final Responses responses;
  private final SequentialReader reader;
  private boolean sending;

  TransactionCommands(Pop3Ports ports, Outbox out, Responses responses) {
    this.ports = ports;
    this.out = out;
    this.responses = responses;
    this.reader = new SequentialReader(ports.messages(), out);
  }

  /** Ends what is read ahead: the client has disconnected. */
  void end() {
    reader.end();
  }

  /** Whether a message was sent in part: then no other response may follow. */
  boolean sending() {
    return sending;
  }

  Uni<Void> run(Maildrop maildrop, Pop3Command.Mail command) {
    return switch (command) {
      case Pop3Command.Stat _ ->
          now(() -> responses.ok(maildrop.count() + " " + maildrop.octets()));
      case Pop3Command.Listing(var number) -> list(maildrop, number);
      case Pop3Command.Uidl(var number) -> uidl(maildrop, number);
      case Pop3Command.Retr(long number) -> message(maildrop, number, OptionalLong.empty());
      case Pop3Command.Top(long number, long lines) ->
          message(maildrop, number, OptionalLong.of(lines));
      case Pop3Command.Dele(long number) -> now(() -> delete(maildrop, number));
      case Pop3Command.Noop _ -> now(() -> responses.ok("Completed"));
      case Pop3Command.Rset _ -> now(() -> reset(maildrop));
    };
  }

  private Uni<Void> list(Maildrop maildrop, OptionalLong number) {
    if (number.isEmpty()) {
      return responses.each(
          summary(maildrop), maildrop, (line, n) -> line.append(maildrop.size(n)));
    }
    return one(maildrop, number.getAsLong(), n -> responses.ok(n + " " + maildrop.size(n)));
  }

  private Uni<Void> uidl(Maildrop maildrop, OptionalLong number) {
    if (number.isEmpty()) {
      return responses.each("Unique-ids follow", maildrop, maildrop::appendUniqueId);
    }
    return one(maildrop, number.getAsLong(), n -> responses.ok(uniqueId(maildrop, n)));
  }

  private static String uniqueId(Maildrop maildrop, long number) {
    var line = new StringBuilder().append(number).append(' ');
    maildrop.appendUniqueId(line, number);
    return line.toString();
  }

  private void delete(Maildrop maildrop, long number) {
    if (maildrop.has(number)) {
      maildrop.delete(number);
      responses.ok("Message " + number + " is marked for deletion");
    } else {
      noSuch();
    }
  }

  private void reset(Maildrop maildrop) {
    maildrop.reset();
    responses.ok("The maildrop has " + summary(maildrop));
  }

  private Uni<Void> one(Maildrop maildrop, long number, LongConsumer answer) {
    return now(
        () -> {
          if (maildrop.has(number)) {
            answer.accept(number);
          } else {
            noSuch();
          }
        });
  }

  private void noSuch() {
    responses.refuse("There is no such message");
  }

  static String summary(Maildrop maildrop) {
    return maildrop.count() + " messages (" + maildrop.octets() + " octets)";
  }

  private Uni<Void> message(Maildrop maildrop, long number, OptionalLong lines) {
    if (!maildrop.has(number)) {
      return now(this::noSuch);
    }
    var retrieval = new Retrieval(ports.messages(), ports.blobs(), out);
    sending = true;
    var sent =
        lines.isPresent()
            ? retrieval.top(maildrop, number, lines.getAsLong())
            : reader.before(maildrop, number).chain(() -> retrieval.whole(maildrop, number));
    return sent.onItemOrFailure()
        .invoke(
            (_, failure) -> {
              retrieval.release();
              sending = failure != null && retrieval.begun();
            });
  }

  private static Uni<Void> now(Runnable work) {
    work.run();
    return Uni.createFrom().voidItem();
  }
}
