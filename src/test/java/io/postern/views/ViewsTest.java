package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.property.Property;
import io.postern.push.Hints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Specimens;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Several clients of one account on two nodes do as they like, hints get lost: what each was told,
 * replayed, is the store. {@code -Dsteps=10000} takes as many steps in all.
 */
class ViewsTest {
  private static final int MOST_STEPS = 400;
  private static final int STEPS = Integer.getInteger("steps", 1_500);
  private static final List<String> NAMES = List.of("INBOX", "Other");
  private static final List<String> FLAGS =
      List.of("\\Seen", "\\Flagged", "\\Deleted", "\\Deleted", "$Forwarded", "work");

  private record Run(long seed, int steps) {}

  @Test
  void whatClientsAreToldIsTheStore() {
    // Sizes grow evenly up to 40, so a trial takes half of the most steps.
    int trials = Math.max(2, STEPS / (MOST_STEPS / 2) + 1);
    Property.forAll(
        "views",
        trials,
        (random, size) -> new Run(random.nextLong(), Math.max(5, MOST_STEPS * size / 40)),
        run -> new Play(run.seed).run(run.steps));
  }

  private static final class Play {
    private final Chance chance;
    private final Cast cast = new Cast();
    private final List<LossyHints> hints = new ArrayList<>();
    private final List<Cast.Node> nodes;
    private final List<Player> players;

    Play(long seed) {
      chance = new Chance(seed);
      cast.create("Other");
      // The second node's memory holds no index: all is read anew each time.
      nodes = List.of(node(1 << 20), node(chance.oneIn(2) ? 1 : 1 << 20));
      players =
          IntStream.range(0, 2 + chance.below(3))
              .mapToObj(i -> new Player(chance, nodes.get(i % 2).protocol()))
              .toList();
    }

    private Cast.Node node(long octets) {
      Hints own = new LossyHints(chance, hints);
      return cast.node(
          own,
          chance.slow(Mailboxes.class, cast.mailboxes),
          chance.slow(Messages.class, cast.messages),
          octets);
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        step();
        if (chance.oneIn(40)) {
          checkpoint();
        }
      }
      checkpoint();
    }

    private void step() {
      var player = players.get(chance.below(players.size()));
      switch (chance.below(12)) {
        case 0 -> deliver();
        case 1 -> player.timePasses();
        case 2 -> hints.get(chance.below(2)).lookAgain();
        case 3, 4, 5, 6 -> {
          if (player.idling()) {
            if (chance.oneIn(4)) {
              player.done();
            }
          } else if (!player.busy()) {
            command(player);
          }
        }
        default -> {
          for (int some = chance.below(6); some > 0; some--) {
            chance.happen();
          }
        }
      }
    }

    private void deliver() {
      var mailbox = cast.mailbox(NAMES.get(chance.below(2)));
      var many =
          IntStream.range(0, 1 + chance.below(3)).mapToObj(i -> Specimens.message("n")).toList();
      nodes
          .get(chance.below(2))
          .messages()
          .append(mailbox, many)
          .subscribe()
          .with(done -> {}, failure -> assertThat(failure).isNull());
    }

    private void command(Player player) {
      if (NAMES.stream().noneMatch(player::hasSelected) || chance.oneIn(15)) {
        player.select(NAMES.get(chance.below(2)));
        return;
      }
      int size = player.size();
      switch (chance.below(size == 0 ? 2 : 11)) {
        case 0 -> player.say("NOOP");
        case 1 -> player.say("IDLE");
        case 2 -> player.say("FETCH " + set(size) + " (UID FLAGS)");
        case 3 -> player.say("UID FETCH 1:* (FLAGS)");
        case 4, 5 -> player.say("STORE " + set(size) + " " + sign() + "FLAGS (" + flag() + ")");
        case 6 -> player.storeSilently(1 + chance.below(size), sign(), flag());
        case 7 -> player.say("EXPUNGE");
        case 8 -> player.say("COPY " + set(size) + " " + NAMES.get(chance.below(2)));
        case 9 -> player.say("MOVE " + set(size) + " " + NAMES.get(chance.below(2)));
        default -> player.say("SEARCH NOT SEEN");
      }
    }

    private char sign() {
      return chance.oneIn(3) ? '-' : '+';
    }

    private String flag() {
      return FLAGS.get(chance.below(FLAGS.size()));
    }

    private String set(int size) {
      int one = 1 + chance.below(size);
      int other = 1 + chance.below(size);
      return chance.oneIn(2) ? "" + one : one + ":" + other;
    }

    /** Everybody comes to rest and asks; then all must agree. */
    private void checkpoint() {
      chance.settle();
      for (var player : players) {
        if (player.idling()) {
          player.done();
          chance.settle();
        }
      }
      for (var player : players) {
        NAMES.stream().filter(player::hasSelected).forEach(name -> check(player, name));
      }
    }

    private void check(Player player, String name) {
      player.say("NOOP");
      chance.settle();
      player.agreesWith(cast.uids(name), cast.flags(name));
      if (player.size() > 0) {
        player.say("FETCH 1:* (UID FLAGS)");
        chance.settle();
        player.agreesWith(cast.uids(name), cast.flags(name));
      }
    }
  }
}
