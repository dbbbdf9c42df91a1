package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.MessageScanner;
import io.postern.mime.PartTreeCodec;
import io.postern.model.message.Flags;
import io.postern.push.LocalHints;
import io.postern.store.Messages;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.Staged;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a SEARCH holds of messages at once is bounded in octets, the trees of their parts too. */
class SearchMemoryTest {
  private static final int BOUND = 4 * 1024 * 1024;

  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes();

  /** Octets held of each batch. */
  private final List<Long> batches = new ArrayList<>();

  /** Batches of 40 messages whose bytes are read, at 16 a batch. */
  private static final int BY_NUMBER = 3;

  private static NewMessage message(int number, int parts) {
    var octets =
        Buffer.buffer(
            "Subject: number "
                + number
                + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\n\r\n".repeat(parts)
                + "--b--\r\n");
    var scanner = new MessageScanner();
    scanner.feed(octets);
    var staged = new Staged(new Staged.Bytes.Inline(octets), scanner.finish());
    return new NewMessage(staged, Flags.of(), SampleMessages.CAME);
  }

  /** The store's messages; writes down what is held of contents that were read. */
  private Messages watched() {
    return (Messages)
        Proxy.newProxyInstance(
            Messages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) -> {
              try {
                var answer = (Uni<?>) method.invoke(setup.messages, arguments);
                return answer.invoke(this::read);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void read(Object answer) {
    if (answer instanceof Contents(var found, _)) {
      batches.add(found.values().stream().mapToLong(Content::held).sum());
    }
  }

  private ModelClient selected(List<NewMessage> messages) {
    messages.forEach(
        message ->
            TestNodes.await(setup.messages.append(setup.mailbox("INBOX"), List.of(message))));
    var player =
        new ModelClient(
            scheduler,
            setup.node(new LocalHints(), setup.mailboxes, watched(), 1 << 20).protocol());
    player.select("INBOX");
    scheduler.settle();
    player.news();
    return player;
  }

  private List<String> answer(ModelClient player, String command) {
    player.say(command);
    scheduler.settle();
    assertThat(player.busy()).isFalse();
    assertThat(player.allowances()).isZero();
    return player.news().stream().filter(line -> line.startsWith("* SEARCH")).toList();
  }

  private static String numbers(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" ", "* SEARCH ", ""));
  }

  @Test
  void messagesOfManyPartsComeInSeveralBatchesAndAreAllDecided() {
    int count = 40;
    var player =
        selected(IntStream.rangeClosed(1, count).mapToObj(n -> message(n, 1_000)).toList());
    assertThat(answer(player, "SEARCH NOT BODY zebra")).containsExactly(numbers(1, count));
    assertThat(batches).hasSizeGreaterThan(BY_NUMBER).allMatch(octets -> octets <= BOUND);
    assertThat(answer(player, "SEARCH TEXT \"number 40\"")).containsExactly(numbers(count, count));
  }

  @Test
  void messagesOfFewPartsComeInBatchesThatAreFullByNumber() {
    int count = 40;
    var player = selected(IntStream.rangeClosed(1, count).mapToObj(n -> message(n, 10)).toList());
    assertThat(answer(player, "SEARCH NOT BODY zebra")).containsExactly(numbers(1, count));
    assertThat(batches).hasSize(BY_NUMBER);
  }

  @Test
  void aMessageAboveTheBoundComesAlone() {
    var large = message(2, 2_000);
    var player = selected(List.of(message(1, 1), large, message(3, 1)));
    var parts = large.staged().facts().parts();
    int tree = PartTreeCodec.HELD * PartTreeCodec.encode(parts).length;
    player.memory(tree);
    assertThat(answer(player, "SEARCH NOT BODY zebra")).containsExactly(numbers(1, 3));
    assertThat(batches)
        .hasSize(3)
        .element(1)
        .satisfies(held -> assertThat(held).isGreaterThanOrEqualTo(tree));
  }
}
