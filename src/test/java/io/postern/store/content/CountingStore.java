package io.postern.store.content;

import io.postern.model.Ids.ContentId;
import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls that are made of the ports of the model, each when it is subscribed: one call is
 * one statement. Bytes come with the facts, as they do from a database.
 */
public final class CountingStore {
  private final Messages messages;
  private final Blobs blobs;
  private final Blobs uncounted;
  private final AtomicInteger calls = new AtomicInteger();

  public CountingStore(Messages messages, Blobs blobs) {
    this.messages = counting(Messages.class, messages);
    this.blobs = counting(Blobs.class, blobs);
    this.uncounted = blobs;
  }

  /** The messages, counted. */
  public Messages messages() {
    return messages;
  }

  /** The bytes, counted. */
  public Blobs blobs() {
    return blobs;
  }

  /** How many calls were made since the last reset. */
  public int calls() {
    return calls.get();
  }

  /** Counts from 0 again. */
  public void reset() {
    calls.set(0);
  }

  private <T> T counting(Class<T> port, T of) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : counted(whole(call(of, method, arguments), arguments))));
  }

  private Object whole(Object answer, Object[] arguments) {
    return arguments.length == 4 && arguments[2] instanceof Columns columns
        ? ((Uni<?>) answer).map(read -> withBytes((Contents) read, columns))
        : answer;
  }

  private Contents withBytes(Contents read, Columns columns) {
    var found = new HashMap<ContentId, Content>();
    read.found().forEach((id, content) -> found.put(id, withBytes(content, columns)));
    return new Contents(found, read.left());
  }

  private Content withBytes(Content content, Columns columns) {
    var bytes = Buffer.buffer();
    if (content.facts().size() <= columns.bytes()) {
      content
          .read(uncounted, 0, content.facts().size())
          .subscribe()
          .asStream()
          .forEach(bytes::appendBuffer);
    }
    return new Content(
        content.id(),
        content.blob(),
        content.prefix(),
        content.facts(),
        Optional.of(bytes).filter(it -> it.length() > 0));
  }

  private static Object call(Object of, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object counted(Object answer) {
    return switch (answer) {
      case Uni<?> uni -> uni.onSubscription().invoke(calls::incrementAndGet);
      case Multi<?> multi -> multi.onSubscription().invoke(calls::incrementAndGet);
      default -> answer;
    };
  }
}
