package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageFacts;
import io.postern.mime.MessageScanner;
import io.postern.model.message.Flags;
import io.postern.push.LocalHints;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.Staged;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A FETCH yields the event loop after many octets, written or not. */
class FetchTurnsTest {
  private static final int MESSAGES = 10;
  private static final int ITEMS = 20;

  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();

  /** A client that has selected that many messages with such a header and body. */
  private ModelClient selected(String header, String body) {
    var octets = Buffer.buffer(header + "\r\n" + body);
    var scanner = new MessageScanner();
    scanner.feed(octets);
    var staged = new Staged(new Staged.Bytes.Inline(octets), scanner.finish());
    var message = new NewMessage(staged, Flags.of(), SampleMessages.CAME);
    TestNodes.await(
        setup.messages.append(setup.mailbox("INBOX"), Collections.nCopies(MESSAGES, message)));
    var node = setup.node(new LocalHints(), setup.mailboxes, setup.messages, 1 << 20);
    var player = new ModelClient(scheduler, node.protocol());
    player.select("INBOX");
    scheduler.settle();
    return player;
  }

  private int turnsOf(ModelClient player, String command) {
    int before = player.turns();
    player.say(command);
    scheduler.settle();
    assertThat(player.busy()).isFalse();
    assertThat(player.news()).anyMatch(line -> line.startsWith("t OK FETCH"));
    return player.turns() - before;
  }

  private static String items(String section) {
    return IntStream.range(0, ITEMS)
        .mapToObj(n -> "BODY.PEEK[" + section + " (A" + n + ")]")
        .collect(Collectors.joining(" ", "(", ")"));
  }

  private static String header(int octets) {
    return "A: b\r\n".repeat(octets / 6);
  }

  @Test
  void fieldsOfLongHeadersAreTakenInATurnEach() {
    var player = selected(header(MessageFacts.MAX_HEADER - 2), "");
    int turns = turnsOf(player, "FETCH 1:* " + items("HEADER.FIELDS"));
    assertThat(turns).isBetween(MESSAGES * ITEMS / 2, MESSAGES * ITEMS);
  }

  @Test
  void answersBelowTheBoundShareTurnsUpToIt() {
    var player = selected(header(32 * 1024), "");
    int turns = turnsOf(player, "FETCH 1:* BODY.PEEK[HEADER.FIELDS (A1)]");
    assertThat(turns).isBetween(MESSAGES / 3, MESSAGES / 2);
  }

  @Test
  void octetsOfCachedPartsAreCounted() {
    var part = "Content-Type: message/rfc822\r\n\r\n" + header(12 * 1024) + "\r\ntext\r\n";
    var player =
        selected("Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\n" + part + "--b--\r\n");
    int turns = turnsOf(player, "FETCH 1:* " + items("1.HEADER.FIELDS"));
    assertThat(turns).isBetween(MESSAGES * ITEMS / 6, MESSAGES * ITEMS / 2);
  }

  @Test
  void answersAwaitRoomHoweverTheyAreMade() {
    var player = selected(header(MessageFacts.MAX_HEADER / 2), "text\r\n");
    // At hand and below the bound, at hand and above it, and from the bytes.
    turnsOf(player, "FETCH 1:* BODY.PEEK[HEADER.FIELDS (A1)]");
    turnsOf(player, "FETCH 1:* " + items("HEADER.FIELDS"));
    turnsOf(player, "FETCH 1:* BODY.PEEK[TEXT]");
    // The first answer of a command awaits nothing.
    assertThat(player.overruns()).isLessThanOrEqualTo(3);
  }

  @Test
  void whatIsSmallIsAnsweredInOneTurn() {
    var player = selected(header(60), "text\r\n");
    assertThat(turnsOf(player, "FETCH 1:* " + items("HEADER.FIELDS"))).isZero();
    assertThat(turnsOf(player, "FETCH 1:* (ENVELOPE BODY BODYSTRUCTURE BODY.PEEK[])")).isZero();
  }
}
