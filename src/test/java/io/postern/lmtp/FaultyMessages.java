package io.postern.lmtp;

import io.postern.model.Ids.AccountId;
import io.postern.store.Destination;
import io.postern.store.Messages;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Messages whose calls fail for some accounts. */
final class FaultyMessages {
  private FaultyMessages() {}

  static Messages of(Messages messages, Map<AccountId, RuntimeException> faults) {
    return (Messages)
        Proxy.newProxyInstance(
            FaultyMessages.class.getClassLoader(),
            new Class<?>[] {Messages.class},
            (_, method, arguments) -> {
              if (arguments[0] instanceof Destination to && faults.containsKey(to.account())) {
                return Uni.createFrom().failure(faults.get(to.account()));
              }
              try {
                return method.invoke(messages, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
