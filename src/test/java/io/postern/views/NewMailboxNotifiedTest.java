package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that arrives while a session with NOTIFY reads what mailboxes there are. */
class NewMailboxNotifiedTest {
  private static final int MOMENTS = 24;

  private final TestNodes setup = new TestNodes();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void itsArrivalIsSentAtWhateverMoment(long seed) {
    for (int moment = 0; moment < MOMENTS; moment++) {
      var name = "new" + moment;
      assertThat(news(seed, name, moment))
          .as("after %d steps", moment)
          .anyMatch(line -> line.startsWith("* STATUS " + name + " (MESSAGES 1 UIDNEXT 2 "));
    }
  }

  private List<String> news(long seed, String name, int moment) {
    var scheduler = new RandomScheduler(seed);
    var node =
        setup.node(
            new LocalHints(),
            scheduler.slow(Mailboxes.class, setup.mailboxes),
            scheduler.slow(Messages.class, setup.messages),
            1 << 20);
    var watcher = new ModelClient(scheduler, node.protocol());
    var other = new ModelClient(scheduler, node.protocol());
    watcher.say("NOTIFY SET (personal (MailboxName MessageNew MessageExpunge))");
    scheduler.settle();
    watcher.news();
    other.news();
    other.say("CREATE " + name);
    while (other.news().stream().noneMatch(line -> line.startsWith("t OK "))) {
      assertThat(scheduler.happen()).isTrue();
    }
    for (int step = 0; step < moment && scheduler.happen(); step++) {}
    node.messages()
        .append(setup.mailbox(name), List.of(SampleMessages.message("x")))
        .subscribe()
        .with(_ -> {}, failure -> assertThat(failure).isNull());
    scheduler.settle();
    return watcher.news();
  }
}
