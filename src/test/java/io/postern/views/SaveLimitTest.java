package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.spi.Extension;
import io.postern.model.message.SystemFlag;
import io.postern.push.LocalHints;
import io.postern.store.SampleMessages;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One COPY or APPEND adds no more messages than the server announces (RFC 9738 §3.1). */
class SaveLimitTest {
  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes(new Three());
  private final TestNodes.Node node =
      setup.node(new LocalHints(), setup.mailboxes, setup.messages, 1 << 20);
  private final ModelClient client = new ModelClient(scheduler, node.protocol());

  /** Lowers the limit of the catalogue. */
  private record Three() implements Extension {
    @Override
    public int rfc() {
      return 9738;
    }

    @Override
    public OptionalInt saveLimit() {
      return OptionalInt.of(3);
    }
  }

  @BeforeEach
  void select() {
    setup.create("Filed");
    TestNodes.await(
        setup.messages.append(
            setup.mailbox("INBOX"),
            Collections.nCopies(5, SampleMessages.message("n", SystemFlag.SEEN))));
    client.select("INBOX");
    scheduler.settle();
  }

  private List<String> say(String command) {
    client.say(command);
    scheduler.settle();
    assertThat(client.busy()).isFalse();
    return client.news();
  }

  @Test
  void copiesAsManyMessagesAsTheLimit() {
    assertThat(say("UID COPY 2:4 Filed").getLast()).contains(" OK [COPYUID ");
    assertThat(setup.uids("Filed")).hasSize(3);
  }

  @Test
  void copiesNoneOfMoreMessages() {
    assertThat(say("UID COPY 1:4 Filed").getLast()).contains(" NO [MESSAGELIMIT 3 2] ");
    assertThat(say("COPY 1:* Filed").getLast()).contains(" NO [MESSAGELIMIT 3 3] ");
    assertThat(setup.uids("Filed")).isEmpty();
  }

  @Test
  void countsMessagesThatExist() {
    assertThat(say("UID COPY 3:100000 Filed").getLast()).contains(" OK [COPYUID ");
    assertThat(setup.uids("Filed")).hasSize(3);
  }

  @Test
  void movesMore() {
    assertThat(say("UID MOVE 1:4 Filed").getLast()).contains(" OK ");
    assertThat(setup.uids("Filed")).hasSize(4);
  }
}
