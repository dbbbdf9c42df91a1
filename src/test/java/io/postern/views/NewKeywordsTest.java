package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.push.LocalHints;
import io.postern.store.SampleMessages;
import io.postern.views.ModelClient.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 3501 §7.2.6: a client hears of a keyword before it sees it on a message. */
class NewKeywordsTest {
  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();
  private final ModelClient client;
  private final ModelClient other;

  NewKeywordsTest() {
    for (int i = 0; i < 2; i++) {
      TestNodes.await(
          setup.messages.append(
              setup.mailbox("INBOX"), List.of(SampleMessages.message("one of them"))));
    }
    var node = setup.node(new LocalHints(), setup.mailboxes, setup.messages, 1 << 20);
    client = new ModelClient(scheduler, node.protocol(), Kind.PLAIN);
    other = new ModelClient(scheduler, node.protocol(), Kind.PLAIN);
    client.select("INBOX");
    scheduler.settle();
    other.select("INBOX");
    scheduler.settle();
    client.news();
  }

  private List<String> say(ModelClient who, String command) {
    who.say(command);
    scheduler.settle();
    assertThat(who.busy()).isFalse();
    return who.news();
  }

  @Test
  void aFetchOfFlagsSendsANewKeywordFirst() {
    say(other, "STORE 1 FLAGS (new)");
    assertThat(say(client, "FETCH 1:2 (FLAGS)").get(1)).startsWith("* FLAGS").contains("new");
  }

  @Test
  void aFetchOfBodiesThatShowsFlagsSendsANewKeywordFirst() {
    say(other, "STORE 1 FLAGS (new)");
    assertThat(say(client, "FETCH 1 (FLAGS BODY.PEEK[HEADER])").get(1)).startsWith("* FLAGS");
  }

  @Test
  void aStoreThatChangesNothingSendsANewKeywordFirst() {
    say(other, "STORE 1 FLAGS (new \\Seen)");
    assertThat(say(client, "STORE 1 +FLAGS (\\Seen)").get(1)).startsWith("* FLAGS");
  }

  @Test
  void aKeywordStaysWhileTheClientKnowsMessagesThatHaveIt() {
    say(other, "STORE 1 FLAGS (old)");
    say(client, "NOOP");
    say(other, "STORE 1 FLAGS (new)");
    assertThat(say(client, "NOOP").get(1)).startsWith("* FLAGS").contains("old", "new");
  }

  @Test
  void aKeywordThatIsKnownIsNotSentAgain() {
    say(client, "STORE 1 FLAGS (known)");
    say(other, "STORE 2 FLAGS (known)");
    assertThat(say(client, "FETCH 1:2 (FLAGS)")).noneMatch(line -> line.startsWith("* FLAGS"));
  }
}
