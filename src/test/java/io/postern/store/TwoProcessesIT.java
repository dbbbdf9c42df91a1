package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxKey;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.PgStoreVerification;
import io.postern.store.postgres.message.PgIndexReader;
import io.smallrye.mutiny.Uni;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes change the same mailboxes at random. What they were answered is one order of
 * changes without a gap, and a model that makes them in this order has the messages that are
 * stored. Replay with {@code -Dseed=}, more with {@code -Dsteps=}.
 */
class TwoProcessesIT {
  private static final List<MailboxKey> MAILBOXES =
      List.of(RandomWriter.mailbox(1), RandomWriter.mailbox(2));

  /** One change of a mailbox, as a process said it. */
  private record Change(
      long mailbox, long previous, long modSeq, List<String> changed, List<String> gone) {
    static Change of(String line) {
      var words = line.split(" ", -1);
      return new Change(
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          parts(words[4]),
          parts(words[5]));
    }

    private static List<String> parts(String word) {
      return word.length() == 1 ? List.of() : List.of(word.substring(1).split(",", -1));
    }
  }

  @Test
  void whatBothWereAnsweredIsWhatIsStored(@TempDir Path directory) throws Exception {
    long seed = Long.getLong("seed", System.nanoTime() >>> 8);
    var database = new MigratedPostgres(directory);
    try {
      create(database);
      var said = run(database, seed, Integer.getInteger("steps", 60));
      var changes =
          said.stream().filter(l -> l.startsWith(RandomWriter.CHANGE)).map(Change::of).toList();
      for (var mailbox : MAILBOXES) {
        var stored = MailboxIndex.of(await(new PgIndexReader(database.tx()).load(mailbox)));
        long id = mailbox.mailbox().value();
        assertThat(replayed(changes, id, stored)).as("seed %d", seed).isEqualTo(flags(stored));
        // Both nodes see the same in the end.
        assertThat(said.stream().filter(l -> l.startsWith(RandomWriter.INDEX + " " + id + " ")))
            .as("seed %d", seed)
            .hasSize(2)
            .allMatch(l -> l.endsWith(" " + RandomWriter.text(stored)));
      }
      var verified = await(new PgStoreVerification(database.tx()).verify(Optional.empty(), 10));
      assertThat(verified.findings()).as("seed %d", seed).isEmpty();
    } finally {
      database.stop();
    }
  }

  private static void create(MigratedPostgres database) {
    database.sql("INSERT INTO account (id, name, verifier, enabled) VALUES (1, 'u', '', true)");
    for (var mailbox : MAILBOXES) {
      long id = mailbox.mailbox().value();
      database.sql(
          "INSERT INTO mailbox (account, id, name, uid_validity) VALUES (1, $1, $2, $1)",
          id,
          "m" + id);
      database.sql(
          "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
              + " unseen, size, first_recent, expunged_floor, keywords)"
              + " VALUES (1, $1, $1, 1, 1, 0, 0, 0, 1, 0, '{}')",
          id);
    }
  }

  private static List<String> run(MigratedPostgres database, long seed, int steps)
      throws Exception {
    var all = new ArrayList<String>();
    var processes = new ArrayList<Process>();
    try {
      for (int i = 0; i < 2; i++) {
        processes.add(launch(database, seed + i, steps));
      }
      var outputs = processes.stream().map(Process::inputReader).toList();
      for (var output : outputs) {
        all.addAll(upTo(output, "ready"));
      }
      for (int i = 0; i < 2; i++) {
        processes.get(i).outputWriter().append('\n').flush();
        all.addAll(outputs.get(i).lines().toList());
        assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(processes.get(i).exitValue()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    return all;
  }

  private static Process launch(MigratedPostgres database, long seed, int steps)
      throws IOException {
    var options = database.options();
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path"),
            RandomWriter.class.getName(),
            Integer.toString(options.getPort()),
            options.getDatabase(),
            options.getUser(),
            options.getPassword(),
            Long.toString(seed),
            Integer.toString(steps))
        .redirectError(Redirect.INHERIT)
        .start();
  }

  private static List<String> upTo(BufferedReader output, String last) throws Exception {
    return CompletableFuture.supplyAsync(
            () -> output.lines().takeWhile(line -> !line.equals(last)).collect(Collectors.toList()))
        .get(120, TimeUnit.SECONDS);
  }

  /** Flags by UID after all changes in the order of their mod-sequences. */
  private static Map<Long, Long> replayed(List<Change> changes, long mailbox, MailboxIndex stored) {
    var model = new TreeMap<Long, Long>();
    long modSeq = 1;
    var ordered =
        changes.stream()
            .filter(change -> change.mailbox == mailbox)
            .sorted(Comparator.comparingLong(Change::modSeq))
            .toList();
    for (var change : ordered) {
      assertThat(change.previous).isEqualTo(modSeq);
      modSeq = change.modSeq;
      for (var message : change.changed) {
        var parts = message.split(":", -1);
        model.put(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
      }
      change.gone.forEach(uid -> assertThat(model.remove(Long.parseLong(uid))).isNotNull());
    }
    assertThat(modSeq).isEqualTo(stored.modSeq().value());
    return model;
  }

  private static Map<Long, Long> flags(MailboxIndex index) {
    var flags = new TreeMap<Long, Long>();
    for (int at = 0; at < index.size(); at++) {
      flags.put(index.uid(at), index.flags(at));
    }
    return flags;
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(60));
  }
}
