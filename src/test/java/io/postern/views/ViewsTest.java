package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.property.Property;
import io.postern.push.Hints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
import io.postern.views.ModelClient.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Several clients of one account on two nodes run random commands, and hints get lost: the updates,
 * replayed, is the store. {@code -Dsteps=10000} takes as many steps in all.
 */
class ViewsTest {
  private static final int MOST_STEPS = 400;
  private static final int STEPS = Integer.getInteger("steps", 1_500);
  private static final List<String> NAMES = List.of("INBOX", "Other");

  /** Names of mailboxes that nobody selects. */
  private static final List<String> OTHERS = List.of("a", "a/x", "a/y", "b", "b/x", "c/x/y");

  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Flagged", "\\Deleted", "\\Deleted", "$Forwarded", "work");

  private record Run(long seed, int steps) {}

  @Test
  void updatesReplayedEqualTheStore() {
    // Sizes grow evenly up to 40, so a trial takes half of the most steps.
    int trials = Math.max(2, STEPS / (MOST_STEPS / 2) + 1);
    Property.forAll(
        "views",
        trials,
        (random, size) -> new Run(random.nextLong(), Math.max(5, MOST_STEPS * size / 40)),
        run -> new Play(run.seed).run(run.steps));
  }

  private static final class Play {
    private final RandomScheduler scheduler;
    private final TestNodes setup = new TestNodes();
    private final List<LossyHints> hints = new ArrayList<>();
    private final List<TestNodes.Node> nodes;
    private final List<ModelClient> players;

    Play(long seed) {
      scheduler = new RandomScheduler(seed);
      setup.create("Other");
      // The second node's memory holds no index: all is read anew each time.
      nodes = List.of(node(1 << 20), node(scheduler.oneIn(2) ? 1 : 1 << 20));
      players =
          IntStream.range(0, 2 + scheduler.below(3))
              .mapToObj(i -> new ModelClient(scheduler, nodes.get(i % 2).protocol(), kind(i)))
              .toList();
    }

    /** Each kind of client meets each other kind, sooner or later. */
    private Kind kind(int player) {
      var kinds = Kind.values();
      return kinds[(player + scheduler.below(2)) % kinds.length];
    }

    private TestNodes.Node node(long octets) {
      Hints own = new LossyHints(scheduler, hints);
      return setup.node(
          own,
          scheduler.slow(Mailboxes.class, setup.mailboxes),
          scheduler.slow(Messages.class, setup.messages),
          octets);
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
        if (scheduler.oneIn(40)) {
          checkpoint();
        }
      }
      checkpoint();
    }

    private void step() {
      var player = players.get(scheduler.below(players.size()));
      if (player.isDropped()) {
        return;
      }
      if (player.kind().keepsModSeqs() && scheduler.oneIn(20)) {
        player.drop();
        return;
      }
      switch (scheduler.below(12)) {
        case 0 -> deliver();
        case 1 -> player.timePasses();
        case 2 -> hints.get(scheduler.below(2)).resync();
        case 3, 4, 5, 6 -> {
          if (player.idling()) {
            if (scheduler.oneIn(4)) {
              player.done();
            }
          } else if (!player.busy()) {
            command(player);
          }
        }
        default -> {
          for (int some = scheduler.below(6); some > 0; some--) {
            scheduler.happen();
          }
        }
      }
    }

    private void deliver() {
      var mailbox = setup.mailbox(NAMES.get(scheduler.below(2)));
      var many =
          IntStream.range(0, 1 + scheduler.below(3))
              .mapToObj(i -> SampleMessages.message("n"))
              .toList();
      nodes
          .get(scheduler.below(2))
          .messages()
          .append(mailbox, many)
          .subscribe()
          .with(done -> {}, failure -> assertThat(failure).isNull());
    }

    private void command(ModelClient player) {
      if (NAMES.stream().noneMatch(player::hasSelected) || scheduler.oneIn(15)) {
        player.select(NAMES.get(scheduler.below(2)));
        return;
      }
      int size = player.size();
      if (player.kind() == Kind.NOTIFIED) {
        commandByUid(player);
        return;
      }
      if (player.kind() == Kind.PLAIN && scheduler.oneIn(8)) {
        player.say(commandOnNames());
        return;
      }
      if (player.kind().keepsModSeqs() && size > 0 && !scheduler.oneIn(4)) {
        commandWithModSeq(player, size);
        return;
      }
      switch (scheduler.below(size == 0 ? 2 : 11)) {
        case 0 -> player.say("NOOP");
        case 1 -> player.say("IDLE");
        case 2 -> player.say("FETCH " + set(size) + " (UID FLAGS)");
        case 3 -> player.say("UID FETCH 1:* (FLAGS)");
        case 4, 5 -> player.say("STORE " + set(size) + " " + sign() + "FLAGS (" + flag() + ")");
        case 6 -> player.storeSilently(1 + scheduler.below(size), "", sign(), flag());
        case 7 -> player.say("EXPUNGE");
        case 8 -> player.say("COPY " + set(size) + " " + NAMES.get(scheduler.below(2)));
        case 9 -> player.say("MOVE " + set(size) + " " + NAMES.get(scheduler.below(2)));
        default -> player.say("SEARCH NOT SEEN");
      }
    }

    private void commandWithModSeq(ModelClient player, int size) {
      var unchanged = " (UNCHANGEDSINCE " + player.modSeq() + ")";
      var vanished = player.kind() == Kind.QRESYNC && scheduler.oneIn(2) ? " VANISHED)" : ")";
      switch (scheduler.below(12)) {
        case 0, 1, 2, 3 ->
            player.say("STORE " + set(size) + unchanged + " " + sign() + "FLAGS (" + flag() + ")");
        case 4, 5 -> player.storeSilently(1 + scheduler.below(size), unchanged, sign(), flag());
        case 6 -> player.say("UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + player.modSeq() + vanished);
        case 7, 8 -> player.say("FETCH " + set(size) + " (UID FLAGS MODSEQ)");
        case 9, 10 -> player.say("UID SEARCH 1:* MODSEQ " + player.modSeq());
        default -> player.say("STATUS " + NAMES.get(scheduler.below(2)) + " (HIGHESTMODSEQ)");
      }
    }

    /** Sequence numbers may change under it at any time. */
    private void commandByUid(ModelClient player) {
      switch (scheduler.below(6)) {
        case 0 -> player.say("NOOP");
        case 1, 2 -> player.say("IDLE");
        case 3 -> player.say("UID FETCH 1:* (FLAGS)");
        case 4 -> player.say("UID STORE 1:* " + sign() + "FLAGS (" + flag() + ")");
        default -> player.say("UID SEARCH SEEN");
      }
    }

    /** Names come and go, also those of mailboxes that others have just read. */
    private String commandOnNames() {
      var name = OTHERS.get(scheduler.below(OTHERS.size()));
      return switch (scheduler.below(7)) {
        case 0, 1 -> "CREATE " + name;
        case 2 -> "DELETE " + name;
        case 3 -> "RENAME " + name + " " + OTHERS.get(scheduler.below(OTHERS.size()));
        case 4 -> "SUBSCRIBE " + name;
        case 5 -> "UNSUBSCRIBE " + name;
        default -> "UID COPY 1:* " + name;
      };
    }

    private char sign() {
      return scheduler.oneIn(3) ? '-' : '+';
    }

    private String flag() {
      return FLAGS.get(scheduler.below(FLAGS.size()));
    }

    private String set(int size) {
      int one = 1 + scheduler.below(size);
      int other = 1 + scheduler.below(size);
      return scheduler.oneIn(2) ? "" + one : one + ":" + other;
    }

    /** All operations complete and each client sends NOOP; then all must agree. */
    private void checkpoint() {
      scheduler.settle();
      for (var player : players) {
        if (player.isDropped()) {
          resume(player);
        } else if (player.idling()) {
          player.done();
          scheduler.settle();
        }
      }
      if (players.stream().anyMatch(player -> player.kind() == Kind.NOTIFIED)) {
        checkNotified();
      }
      for (var player : players) {
        NAMES.stream().filter(player::hasSelected).forEach(name -> check(player, name));
      }
    }

    /** Clients that asked for all events know all, without giving a command. */
    private void checkNotified() {
      hints.forEach(LossyHints::resync);
      scheduler.settle();
      for (var player : players) {
        if (player.kind() == Kind.NOTIFIED) {
          player.agreesWith(setup);
          NAMES.stream()
              .filter(player::hasSelected)
              .forEach(name -> player.agreesWith(setup.uids(name), setup.flags(name)));
        }
      }
    }

    /** A client that comes back hears of all that changed while it was away. */
    private void resume(ModelClient player) {
      player.resume();
      var name = NAMES.stream().filter(player::hasSelected).findFirst().orElse(NAMES.getFirst());
      player.resumedWith(setup.uids(name), setup.flags(name));
    }

    private void check(ModelClient player, String name) {
      player.say("NOOP");
      scheduler.settle();
      player.agreesWith(setup.uids(name), setup.flags(name));
      if (player.size() > 0) {
        player.say("FETCH 1:* (UID FLAGS)");
        scheduler.settle();
        player.agreesWith(setup.uids(name), setup.flags(name));
      }
    }
  }
}
