package io.postern.imap.spi;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.View;
import io.postern.imap.state.ConnectionState;
import io.postern.model.MailboxInfo;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the extensions of the server do together, for commands that run and for what an extension
 * adds to commands. Names are in capitals. What is itself given a {@link CommandContext}, such as a
 * modifier of FETCH, is not here: parsers of commands find it in the {@link ExtensionRegistry}.
 */
public interface Extensions {
  /** The capabilities, in the catalogue's order, each once. */
  List<String> capabilities(ConnectionState connectionState);

  /** Whether there is a verb of this name; a UID verb has both words. */
  boolean hasVerb(String name);

  /** The FETCH item of this name. */
  Optional<FetchItem.Kind> fetchItem(String name);

  /** The STATUS item of this name. */
  Optional<StatusItem> statusItem(String name);

  /** The code of the response to a CREATE that made this mailbox. */
  Optional<ResponseCode> createCode(MailboxInfo mailbox);

  /** The codes that extensions add to the responses to SELECT. */
  Stream<ResponseCode> selectCodes(View view, MailboxIndex index);

  /** The attributes that extensions add to a name in LIST, whether or not it is a mailbox. */
  Stream<String> listAttributes(Optional<MailboxInfo> mailbox, boolean hasChildren);

  /** The most messages that one COPY or APPEND adds. */
  int saveLimit();

  /** The most messages that one command handles. */
  int messageLimit();

  /**
   * The UIDs of the messages that a marker stands for in this command; empty if there is no such
   * marker.
   *
   * @param octet as {@link io.postern.imap.grammar.Arguments#peek} has it
   */
  Optional<NumberSet> marked(int octet, CommandContext context);

  /**
   * Runs the hooks of what these names switch on and is not on yet.
   *
   * @return the names that are to be switched on
   */
  Uni<Set<String>> enable(Collection<String> names, CommandContext context);
}
