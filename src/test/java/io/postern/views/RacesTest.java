package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.SystemFlag;
import io.postern.push.Hint;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
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

/** Changes at the worst moment and for many sessions at once, without hints. */
class RacesTest {
  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();
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

  /** Records the called methods, and returns results that the test chooses. */
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

  private TestNodes.Node node(UnaryOperator<Uni<?>> claims, boolean slow) {
    var mailboxes = watched(Mailboxes.class, setup.mailboxes, claims);
    var messages = watched(Messages.class, setup.messages, UnaryOperator.identity());
    return slow
        ? setup.node(
            hints,
            scheduler.slow(Mailboxes.class, mailboxes),
            scheduler.slow(Messages.class, messages),
            1 << 30)
        : setup.node(hints, mailboxes, messages, 1 << 30);
  }

  private TestNodes.Node node() {
    return node(UnaryOperator.identity(), false);
  }

  private ModelClient selected(TestNodes.Node node) {
    var player = new ModelClient(scheduler, node.protocol());
    player.select("INBOX");
    scheduler.settle();
    player.news();
    return player;
  }

  /** On another node, without a hint. */
  private void deliverElsewhere() {
    TestNodes.await(
        setup.messages.append(setup.mailbox("INBOX"), List.of(SampleMessages.message("n"))));
  }

  @Test
  void aChangeBetweenSelectAndIdleIsSent() {
    var player = selected(node());
    deliverElsewhere();
    player.say("IDLE");
    scheduler.settle();
    assertThat(player.news()).containsSubsequence("+ idling", "* 1 EXISTS");
  }

  @Test
  void aChangeBeforeTheFirstResyncOfIdleIsSent() {
    var player = selected(node(UnaryOperator.identity(), true));
    player.say("IDLE");
    // The plus is out, and nothing that the command asked the store for has come.
    assertThat(player.news()).contains("+ idling");
    deliverElsewhere();
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void aHintDuringTheFirstResyncCausesAnother() {
    var node = node(UnaryOperator.identity(), true);
    var player = selected(node);
    player.say("IDLE");
    // The look has read the store, its answer is on its way.
    assertThat(scheduler.happen()).isTrue();
    var appended =
        node.messages().append(setup.mailbox("INBOX"), List.of(SampleMessages.message("n")));
    appended.subscribe().with(done -> {}, failure -> assertThat(failure).isNull());
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void changesMissedWithoutHintsAreSentWhenHintsReturn() {
    var player = selected(node());
    player.say("IDLE");
    deliverElsewhere();
    scheduler.settle();
    assertThat(player.news()).doesNotContain("* 1 EXISTS");
    hints.watchers.forEach(Hints.Watcher::resync);
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
  }

  @Test
  void withoutHintsIdleSessionsPoll() {
    var player = selected(node());
    player.say("IDLE");
    deliverElsewhere();
    player.timePasses();
    scheduler.settle();
    assertThat(player.news()).doesNotContain("* 1 EXISTS");
    hints.degraded = true;
    player.timePasses();
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS").doesNotContain("* OK Still here.");
  }

  @Test
  void aResyncWithoutChangesCostsOneRead() {
    var player = selected(node());
    player.say("IDLE");
    hints.degraded = true;
    calls.clear();
    player.timePasses();
    assertThat(calls).containsExactly("state");
  }

  @Test
  void arrivalsAreSentWhenRecentCannotBeClaimed() {
    UnaryOperator<Uni<?>> failing =
        answer ->
            Uni.createFrom().failure(new StoreException(new StoreFailure.Unavailable("away")));
    var claims = new ArrayList<UnaryOperator<Uni<?>>>(List.of(UnaryOperator.identity()));
    var node = node(answer -> claims.getLast().apply(answer), false);
    var player = selected(node);
    claims.add(failing);
    deliverElsewhere();
    player.say("NOOP");
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS");
    player.agreesWith(setup.uids("INBOX"), setup.flags("INBOX"));
  }

  /** A claim writes: a push does not claim, the end of IDLE does. */
  @Test
  void arrivalsAreClaimedWhenIdleEnds() {
    var player = selected(node());
    player.say("IDLE");
    scheduler.settle();
    calls.clear();
    deliverElsewhere();
    hints.watchers.forEach(Hints.Watcher::resync);
    scheduler.settle();
    assertThat(player.news()).contains("* 1 EXISTS").doesNotContain("* 1 RECENT");
    assertThat(calls).doesNotContain("claimRecent");
    player.done();
    scheduler.settle();
    assertThat(player.news()).contains("* 1 RECENT");
  }

  @Test
  void aSilentStoreDoesNotHideChangesOfOthers() {
    var node = node();
    deliverElsewhere();
    var player = selected(node);
    player.say("FETCH 1 (FLAGS)");
    scheduler.settle();
    flagElsewhere(SystemFlag.FLAGGED);
    player.storeSilently(1, "", '+', "\\Seen");
    scheduler.settle();
    player.say("NOOP");
    scheduler.settle();
    player.agreesWith(setup.uids("INBOX"), setup.flags("INBOX"));
  }

  /** The flags of a message that the index still has would contradict the command. */
  @Test
  void aStoreShowsNoFlagsOfAMessageExpungedJustBefore() {
    deliverElsewhere();
    deliverElsewhere();
    var player = selected(node());
    flagElsewhere(SystemFlag.DELETED);
    TestNodes.await(
        setup.messages.expunge(setup.mailbox("INBOX"), Optional.of(NumberSet.range(1, 1))));
    player.say("STORE 1:2 +FLAGS ($New)");
    scheduler.settle();
    assertThat(player.news())
        .noneMatch(line -> line.startsWith("* 1 FETCH"))
        .anyMatch(line -> line.startsWith("* 2 FETCH") && line.contains("$New"));
  }

  private void flagElsewhere(SystemFlag flag) {
    var update = new FlagsUpdate(FlagsUpdate.Mode.ADD, Flags.of(flag));
    var all = NumberSet.range(1, 1_000_000);
    TestNodes.await(setup.messages.storeFlags(setup.mailbox("INBOX"), all, update));
  }

  @Test
  void aHundredSessionsRefreshTheirIndexOnce() {
    var node = node(UnaryOperator.identity(), true);
    var players = IntStream.range(0, 100).mapToObj(i -> selected(node)).toList();
    players.forEach(player -> player.say("IDLE"));
    scheduler.settle();
    calls.clear();
    deliverElsewhere();
    var changed = TestNodes.await(setup.mailboxes.state(setup.mailbox("INBOX"))).highestModSeq();
    hints.publish(new Hint(setup.mailbox("INBOX"), changed, 0));
    scheduler.settle();
    players.forEach(player -> assertThat(player.news()).contains("* 1 EXISTS"));
    // Those that come while it is read share the next read, which finds no change.
    assertThat(Collections.frequency(calls, "changesSince")).isBetween(1, 2);
    assertThat(calls).doesNotContain("load");
  }

  @Test
  void expungingAHundredThousandYields() {
    int all = 100_000;
    TestNodes.await(
        setup.messages.append(
            setup.mailbox("INBOX"),
            Collections.nCopies(all, SampleMessages.message("n", SystemFlag.DELETED))));
    var node = node();
    var idle = selected(node);
    idle.say("IDLE");
    scheduler.settle();
    // Every second one: the removals are as many ranges.
    var half = new NumberSet.Builder();
    LongStream.rangeClosed(1, all / 2).forEach(i -> half.add(2 * i));
    int before = idle.lines();
    TestNodes.await(node.messages().expunge(setup.mailbox("INBOX"), Optional.of(half.build())));
    int most = 0;
    int slices = 0;
    int last = idle.lines();
    while (scheduler.happen()) {
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
  void expungingAllYieldsToOtherSessions() {
    int all = 100_000;
    TestNodes.await(
        setup.messages.append(
            setup.mailbox("INBOX"),
            Collections.nCopies(all, SampleMessages.message("n", SystemFlag.DELETED))));
    setup.create("Other");
    var node = node();
    var other = new ModelClient(scheduler, node.protocol());
    other.select("Other");
    var expunging = selected(node);
    expunging.say("EXPUNGE");
    for (int i = 0; i < 20; i++) {
      other.say("NOOP");
      int turns = 0;
      while (other.busy()) {
        assertThat(scheduler.happen()).isTrue();
        turns++;
      }
      assertThat(turns).isLessThan(50);
    }
    assertThat(expunging.busy()).isTrue();
    scheduler.settle();
    assertThat(expunging.size()).isZero();
  }
}
