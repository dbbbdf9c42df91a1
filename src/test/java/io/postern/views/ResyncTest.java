package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
import io.postern.views.ModelClient.Kind;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Clients that keep mod-sequences: what they are sent, and what they can request (RFC 7162). */
class ResyncTest {
  private static final int LARGE = 100_000;

  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();

  private TestNodes.Node node(Messages messages, long indexOctets) {
    return setup.node(new LocalHints(), setup.mailboxes, messages, indexOctets);
  }

  private TestNodes.Node node() {
    return node(setup.messages, 64 << 20);
  }

  private void deliver(int messages) {
    TestNodes.await(
        setup.messages.append(
            setup.mailbox("INBOX"),
            Collections.nCopies(messages, SampleMessages.message("n", SystemFlag.DELETED))));
  }

  private void expunge(NumberSet uids) {
    TestNodes.await(setup.messages.expunge(setup.mailbox("INBOX"), Optional.of(uids)));
  }

  private void flag(NumberSet uids) {
    var update = new FlagsUpdate(Mode.ADD, Flags.of(SystemFlag.FLAGGED));
    TestNodes.await(setup.messages.storeFlags(setup.mailbox("INBOX"), uids, update));
  }

  private List<String> say(ModelClient client, String command) {
    client.say(command);
    scheduler.settle();
    assertThat(client.busy()).isFalse();
    return client.news();
  }

  private ModelClient selected(TestNodes.Node node) {
    var client = new ModelClient(scheduler, node.protocol(), Kind.QRESYNC);
    client.select("INBOX");
    scheduler.settle();
    say(client, "FETCH 1:* (UID FLAGS)");
    return client;
  }

  /** SELECT with what a client knows, which had all messages at the first mod-sequence. */
  private String known(String more) {
    var state = TestNodes.await(setup.mailboxes.state(setup.mailbox("INBOX")));
    return "INBOX (QRESYNC (" + state.uidValidity().value() + " 1" + more + "))";
  }

  @Test
  void aClientThatDisconnectsWhileAnExpungeIsHeldBackHearsOfItLater() {
    deliver(3);
    var client = selected(node());
    expunge(NumberSet.of(2));
    assertThat(say(client, "FETCH 1 (FLAGS)")).noneMatch(line -> line.contains("VANISHED"));
    assertThat(say(client, "STORE 1 +FLAGS (\\Seen)"))
        .anyMatch(line -> line.startsWith("* 1 FETCH (UID 1 FLAGS (\\Deleted \\Seen"))
        .noneMatch(line -> line.contains("VANISHED"));
    client.drop();
    client.resume();
    client.resumedWith(setup.uids("INBOX"), setup.flags("INBOX"));
  }

  @Test
  void ofTwoConditionalChangesAtOnceOneFails() {
    deliver(1);
    var slow =
        setup.node(
            new LocalHints(),
            scheduler.slow(Mailboxes.class, setup.mailboxes),
            scheduler.slow(Messages.class, setup.messages),
            1 << 20);
    var one = selected(slow);
    var other = selected(slow);
    one.say("STORE 1 (UNCHANGEDSINCE " + one.modSeq() + ") +FLAGS (one)");
    other.say("UID STORE 1 (UNCHANGEDSINCE " + other.modSeq() + ") +FLAGS (other)");
    scheduler.settle();
    var both = List.of(one.story(), other.story());
    assertThat(both).filteredOn(story -> story.contains("t OK [MODIFIED 1]")).hasSize(1);
    assertThat(setup.flags("INBOX").getFirst()).hasSize(2).contains("\\Deleted");
  }

  @Test
  void aHundredThousandChangesAreSentAsTheClientReadsThem() {
    deliver(LARGE);
    var even = new NumberSet.Builder();
    LongStream.rangeClosed(1, LARGE / 2).forEach(i -> even.add(2 * i));
    expunge(even.build());
    flag(NumberSet.range(1, LARGE));
    var client = new ModelClient(scheduler, node().protocol(), Kind.QRESYNC);
    client.select(known(""));
    int before = client.lines();
    int last = before;
    int most = 0;
    while (scheduler.happen()) {
      most = Math.max(most, client.lines() - last);
      last = client.lines();
    }
    assertThat(client.news()).allMatch(line -> line.length() < 8_192);
    assertThat(client.lines() - before).isGreaterThan(LARGE / 2);
    assertThat(most).isLessThanOrEqualTo(256);
    assertThat(client.overruns()).isZero();
  }

  @Test
  void whereRemovalsAreNotRecordedAnyMoreAllMissingMessagesAreReported() {
    deliver(9);
    expunge(NumberSet.range(1, 2));
    expunge(NumberSet.range(5, 6));
    expunge(NumberSet.of(9));
    // Its memory holds no index either.
    var node = node(forgetful(), 1);
    var client = new ModelClient(scheduler, node.protocol(), Kind.QRESYNC);
    assertThat(select(client, known(""))).contains("* VANISHED (EARLIER) 1:2,5:6,9");
    assertThat(select(client, known(" 2:5"))).contains("* VANISHED (EARLIER) 2,5");
    assertThat(select(client, known(" 1:9 (1:2 3:4)"))).contains("* VANISHED (EARLIER) 5:6,9");
    assertThat(say(client, "UID FETCH 4:* (FLAGS) (CHANGEDSINCE 3 VANISHED)"))
        .contains("* VANISHED (EARLIER) 5:6,9");
  }

  private List<String> select(ModelClient client, String parameters) {
    client.select(parameters);
    scheduler.settle();
    return client.news();
  }

  /** Messages whose store records no removals. */
  private Messages forgetful() {
    return (Messages)
        Proxy.newProxyInstance(
            Messages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) -> {
              try {
                return method.getName().equals("expungedSince")
                    ? Uni.createFrom().item(Optional.empty())
                    : method.invoke(setup.messages, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
