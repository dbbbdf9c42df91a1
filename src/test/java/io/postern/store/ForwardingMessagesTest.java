package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ForwardingMessagesTest {
  /** Those that are defined by another call. */
  private static final Set<String> DERIVED =
      Set.of(
          "append(MailboxKey, List)",
          "copy(MailboxKey, NumberSet, MailboxKey)",
          "move(MailboxKey, NumberSet, MailboxKey)",
          "contents(AccountId, Collection, Columns)");

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", ", method.getName() + "(", ")"));
  }

  @Test
  void everyCallIsForwardedOrDefinedByAnother() {
    var forwarded =
        Arrays.stream(ForwardingMessages.class.getDeclaredMethods())
            .filter(method -> !method.isSynthetic())
            .map(ForwardingMessagesTest::signature)
            .collect(Collectors.toSet());
    var calls =
        Arrays.stream(Messages.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .map(ForwardingMessagesTest::signature)
            .filter(signature -> !DERIVED.contains(signature))
            .collect(Collectors.toSet());
    assertThat(forwarded).containsAll(calls);
  }

  /** Else each refresh of an index reads the facts of messages that it has. */
  @Test
  void theFirstUnknownMessageIsForwarded() {
    var called = new ArrayList<String>();
    var store =
        (Messages)
            Proxy.newProxyInstance(
                Messages.class.getClassLoader(),
                new Class<?>[] {Messages.class},
                (_, method, arguments) -> {
                  called.add(signature(method) + List.of(arguments));
                  return null;
                });
    ForwardingMessages forwarding = () -> store;
    var mailbox = new MailboxKey(new AccountId(1), new MailboxId(2));
    forwarding.changesSince(mailbox, new ModSeq(3), 4);
    assertThat(called)
        .containsExactly(
            "changesSince(MailboxKey, ModSeq, long)" + List.of(mailbox, new ModSeq(3), 4L));
  }
}
