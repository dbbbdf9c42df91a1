package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.push.LocalHints;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.SampleMessages;
import io.postern.views.TestNodes.Node;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What NOTIFY keeps for a session is bounded (RFC 5465 §5.8). */
class NotificationOverflowTest {
  private static final int MOST = 2_000;
  private static final String NAMES = "NOTIFY SET (personal (MailboxName))";

  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();
  private final LocalHints hints = new LocalHints();
  private final Node node =
      setup.node(
          hints,
          scheduler.slow(Mailboxes.class, setup.mailboxes),
          scheduler.slow(Messages.class, setup.messages),
          1 << 20);
  private final ModelClient watcher = new ModelClient(scheduler, node.protocol());
  private final ModelClient other = new ModelClient(scheduler, node.protocol());

  @BeforeEach
  void fill() {
    for (int i = setup.names().size(); i < MOST; i++) {
      setup.create("m" + i);
    }
    watcher.news();
  }

  private void say(ModelClient client, String command) {
    client.say(command);
    scheduler.settle();
  }

  @Test
  void asManyMailboxesAsAllowedAreWatchedAndOneMoreEndsAllNotifications() {
    say(watcher, NAMES);
    assertThat(watcher.news()).contains("t OK NOTIFY completed.");
    say(other, "DELETE m1999");
    say(other, "CREATE n1");
    assertThat(watcher.news())
        .containsExactly(
            "* LIST (\\NonExistent \\HasNoChildren) \"/\" m1999",
            "* LIST (\\HasNoChildren) \"/\" n1");
    say(other, "CREATE n2");
    assertThat(watcher.news())
        .singleElement()
        .asString()
        .startsWith("* OK [NOTIFICATIONOVERFLOW] ");
    say(other, "CREATE n3");
    say(watcher, "NOOP");
    assertThat(watcher.news()).containsExactly("C: NOOP", "t OK NOOP completed.");
  }

  @Test
  void aRequestForMoreMailboxesIsRefusedAndFewOfThemCanBeWatched() {
    setup.create("one-more");
    say(watcher, NAMES);
    assertThat(watcher.news().getLast()).startsWith("t NO [NOTIFICATIONOVERFLOW] ");
    say(watcher, "NOTIFY SET (mailboxes one-more (MessageNew MessageExpunge MailboxName))");
    assertThat(watcher.news().getLast()).startsWith("t NO [NOTIFICATIONOVERFLOW] ");
    say(watcher, "NOTIFY SET (mailboxes one-more (MessageNew MessageExpunge))");
    assertThat(watcher.news().getLast()).isEqualTo("t OK NOTIFY completed.");
    node.messages()
        .append(setup.mailbox("one-more"), List.of(SampleMessages.message("x")))
        .subscribe()
        .with(_ -> {}, failure -> assertThat(failure).isNull());
    scheduler.settle();
    assertThat(watcher.news())
        .singleElement()
        .asString()
        .startsWith("* STATUS one-more (MESSAGES 1 UIDNEXT 2 ");
  }
}
