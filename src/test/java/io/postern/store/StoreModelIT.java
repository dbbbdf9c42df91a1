package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.SystemFlag;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL and the model agree over random operations, in all but the ids and validities that
 * each gives. Replay with {@code -Dseed=}, more with {@code -Dsteps=}.
 */
@QuarkusTest
class StoreModelIT {
  private static final List<String> NAMES =
      List.of("INBOX", "Sent", "a", "a/b", "a/b/c", "b", "INBOX/x", "Über");
  private static final List<String> KEYWORDS =
      List.of("$Forwarded", "$forwarded", "Work", "work", "Later", "x");

  @Inject PgPorts pg;

  /** One side, with the account of this run. */
  private record Side(Mailboxes mailboxes, Messages messages, AccountId account) {
    Optional<MailboxKey> key(String name) {
      return await(mailboxes.find(account, new MailboxName(name))).map(info -> info.key());
    }
  }

  /** An operation; its result as text that is equal for both stores. */
  private interface Operation {
    String on(Side side);
  }

  private SplittableRandom random = new SplittableRandom(0);

  @Test
  void bothStoresAgree() {
    long seed = Long.getLong("seed", System.nanoTime());
    int steps = Integer.getInteger("steps", 300);
    random = new SplittableRandom(seed);
    var memory = new MemoryStore();
    var name = StorePorts.freshName();
    var secret = new Secret("$none$");
    var model =
        new Side(
            new MemoryMailboxes(memory),
            new MemoryMessages(memory),
            await(new MemoryAccounts(memory).create(name, Verifiers.of(secret))));
    var real =
        new Side(pg.mailboxes, pg.messages, await(pg.accounts.create(name, Verifiers.of(secret))));
    var done = new ArrayList<String>();
    for (int i = 0; i < steps; i++) {
      var operation = next(done);
      assertThat(operation.on(real))
          .as("seed %d, step %d, after %s", seed, i, done)
          .isEqualTo(operation.on(model));
    }
    assertThat(tree(real)).as("seed %d", seed).isEqualTo(tree(model));
  }

  private Operation next(List<String> done) {
    var one = pick(NAMES);
    var other = pick(NAMES);
    var uids = someUids();
    int kind = random.nextInt(20);
    if (kind < 5) {
      var messages = someMessages();
      return logged(
          done,
          "append " + one,
          side -> changed(side, one, m -> m.append(key(side, one), messages)));
    }
    if (kind < 9) {
      var update = someUpdate();
      return logged(
          done,
          update + " of " + uids + " in " + one,
          side -> changed(side, one, m -> m.storeFlags(key(side, one), uids, update)));
    }
    if (kind < 11) {
      var some = random.nextBoolean() ? Optional.of(uids) : Optional.<NumberSet>empty();
      return logged(
          done, "expunge " + one, side -> changed(side, one, m -> m.expunge(key(side, one), some)));
    }
    if (kind < 15) {
      boolean move = random.nextBoolean();
      return logged(
          done,
          (move ? "move " : "copy ") + uids + " from " + one + " to " + other,
          side -> transfer(side, one, uids, other, move));
    }
    if (kind < 16) {
      long since = random.nextLong(1, 20);
      return logged(done, "since " + since + " of " + one, side -> since(side, one, since));
    }
    return logged(
        done, "tree " + kind + " " + one + " " + other, side -> tree(side, kind, one, other));
  }

  private static Operation logged(List<String> done, String words, Operation operation) {
    done.add(words);
    return operation;
  }

  private static MailboxKey key(Side side, String name) {
    return side.key(name).orElseThrow();
  }

  private interface Change {
    Uni<Messages.Changed> of(Messages messages);
  }

  private static String changed(Side side, String name, Change change) {
    return side.key(name).isEmpty()
        ? "none"
        : outcome(() -> words(await(change.of(side.messages))) + whole(side, name));
  }

  private static String transfer(Side side, String from, NumberSet uids, String to, boolean move) {
    if (side.key(from).isEmpty() || side.key(to).isEmpty()) {
      return "none";
    }
    return outcome(
        () -> {
          var source = key(side, from);
          var target = key(side, to);
          var copied =
              await(
                  move
                      ? side.messages.move(source, uids, target)
                      : side.messages.copy(source, uids, target));
          return copied.from() + " to " + copied.to() + whole(side, from) + whole(side, to);
        });
  }

  /** The removals may name more than the model's, but none that is there. */
  private static String since(Side side, String name, long since) {
    if (side.key(name).isEmpty()) {
      return "none";
    }
    var key = key(side, name);
    var changes = await(side.messages.changesSince(key, new ModSeq(since)));
    var there = await(side.messages.load(key)).messages();
    var uids = NumberSet.of(IntStream.range(0, there.size()).mapToLong(there::uid));
    assertThat(changes.gone().intersection(uids)).isEqualTo(NumberSet.EMPTY);
    return words(changes.changed()) + changes.keywords() + changes.state().highestModSeq();
  }

  private static String tree(Side side, int kind, String one, String other) {
    var first = new MailboxName(one);
    var mailboxes = side.mailboxes;
    return outcome(
        () ->
            switch (kind) {
              case 16 ->
                  await(mailboxes.create(side.account, first, Optional.empty())).name().value();
              case 17 ->
                  await(mailboxes.delete(side.account, first).replaceWith("deleted"))
                      + whole(side, one);
              case 18 ->
                  await(
                          mailboxes
                              .rename(side.account, first, new MailboxName(other))
                              .replaceWith("renamed"))
                      + whole(side, one)
                      + whole(side, other);
              default ->
                  side.key(one).map(key -> "" + await(mailboxes.claimRecent(key))).orElse("");
            });
  }

  private static String tree(Side side) {
    return await(side.mailboxes.list(side.account)).stream()
        .map(info -> info.name() + " " + info.use() + whole(side, info.name().value()) + "\n")
        .toList()
        .toString();
  }

  private static String outcome(java.util.function.Supplier<String> call) {
    try {
      return call.get();
    } catch (StoreException refused) {
      return refused.failure() instanceof StoreFailure.NotPermitted
          ? "not permitted"
          : refused.failure().toString();
    }
  }

  private static String whole(Side side, String name) {
    var key = side.key(name);
    if (key.isEmpty()) {
      return " no " + name;
    }
    var loaded = await(side.messages.load(key.get()));
    var state = loaded.state();
    return " | "
        + List.of(state.uidNext(), state.highestModSeq(), state.exists(), state.unseen())
        + List.of(state.size(), state.firstRecent(), loaded.keywords())
        + words(loaded.messages());
  }

  private static String words(Messages.Changed change) {
    return List.of(change.previous(), change.modSeq(), change.gone(), change.keywords())
        + words(change.changed());
  }

  private static String words(io.postern.model.message.MessageColumns rows) {
    return Arrays.toString(rows.uids())
        + Arrays.toString(rows.flags())
        + Arrays.toString(rows.modSeqs())
        + Arrays.toString(rows.sizes())
        + Arrays.toString(rows.internalDates());
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private NumberSet someUids() {
    return NumberSet.of(random.longs(random.nextInt(1, 6), 1, 25));
  }

  private Flags someFlags() {
    var system = Arrays.stream(SystemFlag.values()).filter(_ -> random.nextInt(3) == 0).toList();
    return Flags.of(system, someKeywords());
  }

  /** Sometimes more than a mailbox can hold with two messages. */
  private List<String> someKeywords() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> List.of(pick(KEYWORDS));
      case 3 -> IntStream.range(0, 40).mapToObj(_ -> "k" + random.nextInt(80)).toList();
      default -> List.of();
    };
  }

  private FlagsUpdate someUpdate() {
    return new FlagsUpdate(pick(List.of(FlagsUpdate.Mode.values())), someFlags());
  }

  private List<NewMessage> someMessages() {
    return IntStream.range(0, random.nextInt(0, 4))
        .mapToObj(
            i ->
                new NewMessage(
                    SampleMessages.staged("x".repeat(random.nextInt(20))),
                    someFlags(),
                    SampleMessages.CAME))
        .toList();
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(30));
  }
}
