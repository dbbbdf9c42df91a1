package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.SampleMessages;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A message that arrives in a mailbox just after it was renamed, while a session reads names. */
class RenamedMailboxNotifiedTest {
  private static final int MOMENTS = 24;

  private final TestNodes setup = new TestNodes();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void itIsNotSentUnderTheOldName(long seed) {
    for (int moment = 0; moment < MOMENTS; moment++) {
      var to = "new" + moment;
      assertThat(news(seed, "old" + moment, to, moment))
          .as("after %d steps", moment)
          .noneMatch(line -> line.startsWith("* STATUS old"))
          .anyMatch(line -> line.startsWith("* STATUS " + to + " (MESSAGES 1 UIDNEXT 2 "));
    }
  }

  private List<String> news(long seed, String from, String to, int moment) {
    var scheduler = new RandomScheduler(seed);
    var hints = new LocalHints();
    var slow = scheduler.slow(Mailboxes.class, setup.mailboxes);
    var node = setup.node(hints, slow, setup.messages, 1 << 20);
    var quick = setup.node(hints, setup.mailboxes, setup.messages, 1 << 20);
    var watcher = new ModelClient(scheduler, node.protocol());
    var other = new ModelClient(scheduler, quick.protocol());
    other.say("CREATE " + from);
    scheduler.settle();
    watcher.say("NOTIFY SET (personal (MessageNew MessageExpunge))");
    scheduler.settle();
    watcher.news();
    // The watcher begins to read the names.
    say(scheduler, other, "SUBSCRIBE " + from);
    for (int step = 0; step < moment && scheduler.happen(); step++) {}
    say(scheduler, other, "RENAME " + from + " " + to);
    quick
        .messages()
        .append(setup.mailbox(to), List.of(SampleMessages.message("x")))
        .subscribe()
        .with(_ -> {}, failure -> assertThat(failure).isNull());
    scheduler.settle();
    return watcher.news();
  }

  /** Until it has the answer. */
  private static void say(RandomScheduler scheduler, ModelClient client, String command) {
    client.news();
    client.say(command);
    while (client.news().stream().noneMatch(line -> line.startsWith("t OK "))) {
      assertThat(scheduler.happen()).isTrue();
    }
  }
}
