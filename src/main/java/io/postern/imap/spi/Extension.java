package io.postern.imap.spi;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.View;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * An extension of the protocol: an implementation overrides what it adds and is entered in the
 * catalogue. The base protocol is entered the same way. All names are in capitals.
 */
public interface Extension {
  /** The RFC that defines it. */
  int rfc();

  /** What CAPABILITY shows in this state of the connection. */
  default List<String> capabilities(ConnectionState connectionState) {
    return List.of();
  }

  /** The capabilities that it can't do without: when one of them is disabled, so is this. */
  default Set<String> requires() {
    return Set.of();
  }

  /** Its commands. */
  default List<Verb> verbs() {
    return List.of();
  }

  /** Its parameters of SELECT and EXAMINE. */
  default List<SelectParameter> selectParameters() {
    return List.of();
  }

  /** Its parameters of CREATE. */
  default List<CreateParameter> createParameters() {
    return List.of();
  }

  /** The code that it adds to the response to a CREATE that made this mailbox. */
  default Optional<ResponseCode> createCode(MailboxInfo mailbox) {
    return Optional.empty();
  }

  /** Codes that it adds to the responses to SELECT and EXAMINE (RFC 3501 §6.3.1). */
  default List<ResponseCode> selectCodes(View view, MailboxIndex index) {
    return List.of();
  }

  /** Its FETCH data items. */
  default List<FetchItem.Kind> fetchItems() {
    return List.of();
  }

  /** Its modifiers of FETCH. */
  default List<FetchModifier> fetchModifiers() {
    return List.of();
  }

  /** Its modifiers of STORE. */
  default List<StoreModifier> storeModifiers() {
    return List.of();
  }

  /** Its SEARCH keys. */
  default List<SearchKey> searchKeys() {
    return List.of();
  }

  /** Its return options of SEARCH. */
  default List<SearchReturn> searchReturns() {
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

  /** Its options of LIST. */
  default List<ListOption> listOptions() {
    return List.of();
  }

  /** Its forms of APPEND's message. */
  default List<AppendData> appendData() {
    return List.of();
  }

  /** Its options of APPEND. */
  default List<AppendData.Option> appendOptions() {
    return List.of();
  }

  /** Whether APPEND takes several messages. */
  default boolean appendsSeveral() {
    return false;
  }

  /** Octets of the largest literal that a client may send without asking (RFC 7888). */
  default OptionalLong unaskedLiteral() {
    return OptionalLong.empty();
  }

  /** The most messages that one COPY or APPEND adds (RFC 9738). */
  default OptionalInt saveLimit() {
    return OptionalInt.empty();
  }

  /** The most messages that one command handles (RFC 9738). */
  default OptionalInt messageLimit() {
    return OptionalInt.empty();
  }

  /**
   * The extension for sessions whose commands handle no more messages than this.
   *
   * @param messages at least 1
   */
  default Extension limitedTo(int messages) {
    return this;
  }

  /** Whether a message can be appended as a literal8 (RFC 3516 §4.4). */
  default boolean appendsBinary() {
    return false;
  }

  /** Its markers that stand in place of a set of messages. */
  default List<SetMarker> setMarkers() {
    return List.of();
  }

  /** What ENABLE can switch on. */
  default List<Enabling> enables() {
    return List.of();
  }

  /** A SEARCH key: its name, and the reader of its arguments. */
  record SearchKey(String name, Reader reader) {
    /** Parses what follows the key's name. */
    @FunctionalInterface
    public interface Reader {
      Criterion read(SearchText in, CommandContext context) throws BadSyntax;
    }
  }

  /**
   * One character in place of a set of messages (RFC 5182 §2).
   *
   * @param uids of the messages it stands for when the command begins; some may be expunged
   */
  record SetMarker(char marker, Function<CommandContext, NumberSet> uids) {}

  /**
   * A name that ENABLE knows (RFC 5161 §3.1), and what happens when it is switched on.
   *
   * @param implied other names that are switched on with it
   */
  record Enabling(String name, Set<String> implied, Hook hook) {
    /** A name that is switched on alone. */
    public Enabling(String name, Hook hook) {
      this(name, Set.of(), hook);
    }

    /** Runs before the response to ENABLE, or to the command that enables it. */
    @FunctionalInterface
    public interface Hook {
      /** Nothing happens but that responses change. */
      Hook NONE = _ -> Uni.createFrom().voidItem();

      Uni<Void> enabled(CommandContext context);
    }
  }
}
