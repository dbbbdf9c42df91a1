package io.postern.imap.spi;

import io.postern.imap.response.Untagged.StatusData;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A STATUS data item.
 *
 * @param enables what a STATUS with it enables as ENABLE does, in capitals
 */
public record StatusItem(String name, Value value, Set<String> enables) {
  /** An item that enables nothing. */
  public StatusItem(String name, Value value) {
    this(name, value, Set.of());
  }

  /** The item, which enables this. */
  public StatusItem enabling(String extension) {
    return new StatusItem(name, value, Set.of(extension));
  }

  /** Computes the item's value from the state that was just read. */
  @FunctionalInterface
  public interface Value {
    Uni<StatusData> of(ImapPorts ports, MailboxKey mailbox, MailboxState state);
  }

  /** An item whose value is one of the counters. */
  public static StatusItem of(String name, ToLongFunction<MailboxState> counter) {
    return new StatusItem(
        name,
        (_, _, state) ->
            Uni.createFrom().item(new StatusData.Counter(name, counter.applyAsLong(state))));
  }
}
