package io.postern.imap.session;

import io.postern.imap.grammar.SearchText;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxState;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What one file adds to the protocol: override what it adds, enter it in the catalogue. The base
 * protocol is entered the same way.
 */
public interface Extension {
  /** The RFC that defines it. */
  int rfc();

  /** What CAPABILITY shows under these terms. */
  default List<String> capabilities(ConnectionState connectionState) {
    return List.of();
  }

  /** Its verbs. */
  default List<Verb> verbs() {
    return List.of();
  }

  /** Its FETCH data items. */
  default List<FetchItem.Kind> fetchItems() {
    return List.of();
  }

  /** Its SEARCH keys. */
  default List<SearchKey> searchKeys() {
    return List.of();
  }

  /** Its STATUS data items. */
  default List<StatusItem> statusItems() {
    return List.of();
  }

  /**
   * The attributes it adds to a name that LIST shows.
   *
   * @param mailbox the mailbox of that name; empty when there is none and names below it exist
   */
  default List<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return List.of();
  }

  /** Its options of LIST. */
  default List<ListOption> listOptions() {
    return List.of();
  }

  /** What ENABLE can switch on, in capitals. */
  default List<String> enables() {
    return List.of();
  }

  /** A SEARCH key: a word of the client for a question to the store. */
  record SearchKey(String name, SearchText.KeyReader reader) {}

  /**
   * An option of LIST, by which mailboxes are selected or attributes asked for (RFC 5258 §3).
   *
   * @param name in capitals
   * @param selects the mailboxes that are left when it selects
   */
  record ListOption(String name, Predicate<MailboxInfo> selects) {}

  /** A STATUS item. */
  record StatusItem(String name, Value value) {
    /** Finds its value; the state was read just now. */
    @FunctionalInterface
    public interface Value {
      Uni<Long> of(ImapPorts ports, MailboxKey mailbox, MailboxState state);
    }

    /** An item that is one of the counters. */
    public static StatusItem of(String name, ToLongFunction<MailboxState> counter) {
      return new StatusItem(
          name, (_, _, state) -> Uni.createFrom().item(counter.applyAsLong(state)));
    }
  }
}
