package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A node that changes two mailboxes at random, by several sessions, and says what each change did:
 * one line for each change of a mailbox, and at the end one for each index that it has.
 */
final class RandomWriter {
  static final String CHANGE = "change";
  static final String INDEX = "index";

  private static final int SESSIONS = 4;

  private final Messages messages;
  private final MailboxIndexes indexes;
  private final List<MailboxKey> mailboxes;

  private RandomWriter(Messages messages, MailboxIndexes indexes, List<MailboxKey> mailboxes) {
    this.messages = messages;
    this.indexes = indexes;
    this.mailboxes = mailboxes;
  }

  /** Arguments: port, database, user, password, seed, steps of each session. */
  public static void main(String[] arguments) throws Exception {
    var vertx = Vertx.vertx();
    var options =
        new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(Integer.parseInt(arguments[0]))
            .setDatabase(arguments[1])
            .setUser(arguments[2])
            .setPassword(arguments[3])
            .setCachePreparedStatements(true);
    var tx = MigratedPostgres.tx(vertx, MigratedPostgres.pool(vertx, options, 3));
    var indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
    var writer =
        new RandomWriter(
            new PgMessages(tx, InstantSource.system(), indexes),
            indexes,
            List.of(mailbox(1), mailbox(2)));
    writer.run(Long.parseLong(arguments[4]), Integer.parseInt(arguments[5]));
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  static MailboxKey mailbox(long id) {
    return new MailboxKey(new AccountId(1), new MailboxId(id));
  }

  private void run(long seed, int steps) throws Exception {
    // What is set up once is set up by one thread.
    await(indexes.current(mailboxes.getFirst()));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sessions = new ArrayList<Future<?>>();
      for (int i = 0; i < SESSIONS; i++) {
        var random = new SplittableRandom(seed * SESSIONS + i);
        sessions.add(threads.submit((Callable<?>) () -> session(random, steps)));
      }
      for (var session : sessions) {
        session.get();
      }
    }
    // What the other process has changed meanwhile, too, once it has ended.
    System.out.println("ready");
    if (System.in.read() >= 0) {
      for (var mailbox : mailboxes) {
        say(INDEX + " " + mailbox.mailbox().value() + " " + text(await(indexes.current(mailbox))));
      }
    }
  }

  private String session(SplittableRandom random, int steps) {
    for (int i = 0; i < steps; i++) {
      step(random, mailboxes.get(random.nextInt(2)));
    }
    return "done";
  }

  private void step(SplittableRandom random, MailboxKey mailbox) {
    long from = random.nextLong(1, 400);
    var some = NumberSet.range(from, from + random.nextLong(40));
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        var more = Collections.nCopies(random.nextInt(1, 5), SampleMessages.message("new"));
        say(mailbox, await(messages.append(mailbox, more)));
      }
      case 2, 3 -> {
        var mode = random.nextInt(3) == 0 ? Mode.REMOVE : Mode.ADD;
        var flag = random.nextBoolean() ? SystemFlag.SEEN : SystemFlag.DELETED;
        var update = new FlagsUpdate(mode, Flags.of(List.of(flag), keywords(random)));
        say(mailbox, await(messages.storeFlags(mailbox, some, update)));
      }
      case 4 -> say(mailbox, await(messages.expunge(mailbox, Optional.of(some))));
      default -> {
        var to = mailboxes.get(random.nextInt(2));
        var few = NumberSet.range(from, from + random.nextLong(5));
        boolean move = random.nextBoolean();
        var copied =
            await(move ? messages.move(mailbox, few, to) : messages.copy(mailbox, few, to));
        copied.target().ifPresent(change -> say(to, change));
        copied.source().ifPresent(change -> say(mailbox, change));
      }
    }
  }

  private static List<String> keywords(SplittableRandom random) {
    return random.nextInt(4) == 0 ? List.of("k" + random.nextInt(4)) : List.of();
  }

  private static void say(MailboxKey mailbox, Changed change) {
    var changed =
        IntStream.range(0, change.changed().size())
            .mapToObj(i -> change.changed().uid(i) + ":" + change.changed().flags()[i])
            .collect(Collectors.joining(","));
    var gone = change.gone().stream().mapToObj(Long::toString).collect(Collectors.joining(","));
    if (!change.modSeq().equals(change.previous())) {
      say(
          "%s %d %d %d +%s -%s"
              .formatted(
                  CHANGE,
                  mailbox.mailbox().value(),
                  change.previous().value(),
                  change.modSeq().value(),
                  changed,
                  gone));
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }

  /** UIDs with flags and mod-sequences. */
  static String text(MailboxIndex index) {
    return index.modSeq().value()
        + IntStream.range(0, index.size())
            .mapToObj(at -> index.uid(at) + ":" + index.flags(at) + ":" + index.modSeqAt(at))
            .collect(Collectors.joining(",", "[", "]"));
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
