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
 * An extension of the protocol: an implementation overrides what it adds and is entered in the
 * catalogue. The base protocol is entered the same way.
 */
public interface Extension {
  /** The RFC that defines it. */
  int rfc();

  /** What CAPABILITY shows in this state of the connection. */
  default List<String> capabilities(ConnectionState connectionState) {
    return List.of();
  }

  /** Its commands. */
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
   * The attributes it adds to a name in LIST.
   *
   * @param mailbox the mailbox of that name; empty when it does not exist but names below it do
   */
  default List<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren) {
    return List.of();
  }

  /** Its LIST options. */
  default List<ListOption> listOptions() {
    return List.of();
  }

  /** What ENABLE can switch on, in capitals. */
  default List<String> enables() {
    return List.of();
  }

  /** A SEARCH key: its name, and the reader of its arguments. */
  record SearchKey(String name, SearchText.KeyReader reader) {}

  /**
   * An option of LIST that selects mailboxes or asks for attributes (RFC 5258 §3).
   *
   * @param name in capitals
   * @param selects whether a mailbox is listed when the option selects
   */
  record ListOption(String name, Predicate<MailboxInfo> selects) {}

  /** A STATUS data item. */
  record StatusItem(String name, Value value) {
    /** Computes the item's value from the state that was just read. */
    @FunctionalInterface
    public interface Value {
      Uni<Long> of(ImapPorts ports, MailboxKey mailbox, MailboxState state);
    }

    /** An item whose value is one of the counters. */
    public static StatusItem of(String name, ToLongFunction<MailboxState> counter) {
      return new StatusItem(
          name, (_, _, state) -> Uni.createFrom().item(counter.applyAsLong(state)));
    }
  }
}
