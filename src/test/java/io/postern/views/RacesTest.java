package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Flags;
import io.postern.model.FlagsUpdate;
import io.postern.model.Ids.AccountId;
import io.postern.model.NumberSet;
import io.postern.model.SystemFlag;
import io.postern.push.Hint;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Specimens;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Changes that come at the worst moment, and at many sessions at once; no hint tells of them. */
class RacesTest {
  private final Chance chance = new Chance(1);
  private final Cast cast = new Cast();
  private final List<String> calls = new ArrayList<>();
  private final Switch hints = new Switch();

  /** Hints of the node itself, which can be cut off. */
  private static final class Switch implements Hints {
    final LocalHints local = new LocalHints();
    final List<Watcher> watchers = new ArrayList<>();
    boolean degraded;

    @Override
    public void publish(Hint hint) {
      local.publish(hint);
    }

    @Override
    public Subscription watch(AccountId account, Watcher watcher) {
      watchers.add(watcher);
      return local.watch(account, watcher);
    }

    @Override
    public boolean degraded() {
      return degraded;
    }
  }

  /** Writes down which methods are called, and lets a test say what comes of them. */
  private <T> T watched(Class<T> port, T behind, UnaryOperator<Uni<?>> claims) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) -> {
              try {
                calls.add(method.getName());
                var answer = (Uni<?>) method.invoke(behind, arguments);
                return method.getName().equals("claimRecent") ? claims.apply(answer) : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private Cast.Node node(UnaryOperator<Uni<?>> claims, boolean slow) {
    var mailboxes = watched(Mailboxes.class, cast.mailboxes, claims);
    var messages = watched(Messages.class, cast.messages, UnaryOperator.identity());
    return slow
        ? cast.node(
            hints,
            chance.slow(Mailboxes.class, mailboxes),
            chance.slow(Messages.class, messages),
            1 << 30)
        : cast.node(hints, mailboxes, messages, 1 << 30);
  }

  private Cast.Node node() {
    return node(UnaryOperator.identity(), false);
  }

  private Player selected(Cast.Node node) {
    var player = new Player(chance, node.protocol());
    player.select("INBOX");
    chance.settle();
    player.news();
    return player;
  }

  /** On another node, of which nobody here hears. */
  private void deliverElsewhere() {
    Cast.await(cast.messages.append(cast.mailbox("INBOX"), List.of(Specimens.message("n"))));
  }

  @Test
  void aChangeBetweenSelectAndIdleIsTold() {
    var player = selected(node());
    deliverElsewhere();
    player.say("IDLE");
    chance.settle();
    assertThat(player.news()).containsSubsequence("+ idling", "* 1 EXISTS");
  }

  @Test
  void aChangeBetweenThePlusAndTheFirstLookIsTold() {
    var player = selected(node(UnaryOperator.identity(), true));
    player.say("IDLE");
    // The plus is out, and nothing that the command asked the store for has come.
    assertThat(player.news()).contains("+ idling");
    deliverElsewhere();
    chance.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void aHintWhileTheFirstLookIsUnderWayIsNotForgotten() {
    var node = node(UnaryOperator.identity(), true);
    var player = selected(node);
    player.say("IDLE");
    // The look has read the store, its answer is on its way.
    assertThat(chance.happen()).isTrue();
    var appended = node.messages().append(cast.mailbox("INBOX"), List.of(Specimens.message("n")));
    appended.subscribe().with(done -> {}, failure -> assertThat(failure).isNull());
    chance.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void whoeverWasCutOffIsToldWhenHintsAreBack() {
    var player = selected(node());
    player.say("IDLE");
    deliverElsewhere();
    chance.settle();
    assertThat(player.news()).doesNotContain("* 1 EXISTS");
    hints.watchers.forEach(Hints.Watcher::resync);
    chance.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void whileHintsAreAwayIdlersLookByThemselves() {
    var player = selected(node());
    player.say("IDLE");
    deliverElsewhere();
    player.timePasses();
    chance.settle();
    assertThat(player.news()).doesNotContain("* 1 EXISTS");
    hints.degraded = true;
    player.timePasses();
    chance.settle();
    assertThat(player.news()).contains("* 1 EXISTS").doesNotContain("* OK Still here.");
  }

  @Test
  void anIdlerThatLooksInVainCostsOneRead() {
    var player = selected(node());
    player.say("IDLE");
    hints.degraded = true;
    calls.clear();
    player.timePasses();
    assertThat(calls).containsExactly("state");
  }

  @Test
  void arrivalsAreToldThoughNobodyCanClaimThem() {
    UnaryOperator<Uni<?>> failing =
        answer ->
            Uni.createFrom().failure(new StoreException(new StoreFailure.Unavailable("away")));
    var claims = new ArrayList<UnaryOperator<Uni<?>>>(List.of(UnaryOperator.identity()));
    var node = node(answer -> claims.getLast().apply(answer), false);
    var player = selected(node);
    claims.add(failing);
    deliverElsewhere();
    player.say("NOOP");
    chance.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
    player.agreesWith(cast.uids("INBOX"), cast.flags("INBOX"));
  }

  @Test
  void aSilentStoreDoesNotHideWhatOthersChanged() {
    var node = node();
    deliverElsewhere();
    var player = selected(node);
    player.say("FETCH 1 (FLAGS)");
    chance.settle();
    flagElsewhere(SystemFlag.FLAGGED);
    player.storeSilently(1, '+', "\\Seen");
    chance.settle();
    player.say("NOOP");
    chance.settle();
    player.agreesWith(cast.uids("INBOX"), cast.flags("INBOX"));
  }

  private void flagElsewhere(SystemFlag flag) {
    var update = new FlagsUpdate(FlagsUpdate.Mode.ADD, Flags.of(flag));
    var all = NumberSet.range(1, 1_000_000);
    Cast.await(cast.messages.storeFlags(cast.mailbox("INBOX"), all, update));
  }

  @Test
  void aHundredSessionsRefreshTheirIndexOnce() {
    var node = node(UnaryOperator.identity(), true);
    var players = IntStream.range(0, 100).mapToObj(i -> selected(node)).toList();
    players.forEach(player -> player.say("IDLE"));
    chance.settle();
    calls.clear();
    deliverElsewhere();
    var changed = Cast.await(cast.mailboxes.state(cast.mailbox("INBOX"))).highestModSeq();
    hints.publish(new Hint(cast.mailbox("INBOX"), changed, 0));
    chance.settle();
    players.forEach(player -> assertThat(player.news()).contains("* 1 EXISTS"));
    assertThat(Collections.frequency(calls, "changesSince")).isEqualTo(1);
    assertThat(Collections.frequency(calls, "state")).isLessThanOrEqualTo(2);
  }

  @Test
  void expungingAHundredThousandGoesInSlices() {
    int all = 100_000;
    Cast.await(
        cast.messages.append(
            cast.mailbox("INBOX"),
            Collections.nCopies(all, Specimens.message("n", SystemFlag.DELETED))));
    var node = node();
    var idle = selected(node);
    idle.say("IDLE");
    chance.settle();
    // Every second one: the removals are as many ranges.
    var half = new NumberSet.Builder();
    LongStream.rangeClosed(1, all / 2).forEach(i -> half.add(2 * i));
    int before = idle.lines();
    Cast.await(node.messages().expunge(cast.mailbox("INBOX"), Optional.of(half.build())));
    int most = 0;
    int slices = 0;
    int last = idle.lines();
    while (chance.happen()) {
      most = Math.max(most, idle.lines() - last);
      last = idle.lines();
      slices++;
    }
    assertThat(idle.lines() - before).isEqualTo(all / 2);
    assertThat(most).isLessThanOrEqualTo(256);
    assertThat(slices).isGreaterThan(all / 2 / 256);
    assertThat(idle.size()).isEqualTo(all / 2);
  }

  @Test
  void anExpungeOfAllLetsOtherSessionsHaveTheirTurns() {
    int all = 100_000;
    Cast.await(
        cast.messages.append(
            cast.mailbox("INBOX"),
            Collections.nCopies(all, Specimens.message("n", SystemFlag.DELETED))));
    cast.create("Other");
    var node = node();
    var other = new Player(chance, node.protocol());
    other.select("Other");
    var expunging = selected(node);
    expunging.say("EXPUNGE");
    for (int i = 0; i < 20; i++) {
      other.say("NOOP");
      int turns = 0;
      while (other.busy()) {
        assertThat(chance.happen()).isTrue();
        turns++;
      }
      assertThat(turns).isLessThan(50);
    }
    assertThat(expunging.busy()).isTrue();
    chance.settle();
    assertThat(expunging.size()).isZero();
  }
}
