package io.postern.imap.extension;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import io.postern.model.NumberSet;
import io.postern.model.Uid;
import io.postern.model.message.Criterion;
import java.util.List;
import java.util.OptionalInt;

/**
 * SAVELIMIT (RFC 9738): the most messages that one COPY or APPEND adds, which is one transaction;
 * or MESSAGELIMIT, the most that any command handles, if the settings have such a limit. The SEARCH
 * keys are there in both cases.
 */
public final class MessageLimits implements Extension {
  /** Messages that one COPY adds at most. */
  private static final int MOST = 100_000;

  private final OptionalInt most;

  public MessageLimits() {
    this(OptionalInt.empty());
  }

  private MessageLimits(OptionalInt most) {
    this.most = most;
  }

  @Override
  public Extension limitedTo(int messages) {
    return new MessageLimits(OptionalInt.of(messages));
  }

  @Override
  public int rfc() {
    return 9738;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(most.isPresent() ? "MESSAGELIMIT=" + most.getAsInt() : "SAVELIMIT=" + MOST);
  }

  @Override
  public OptionalInt saveLimit() {
    return OptionalInt.of(most.orElse(MOST));
  }

  @Override
  public OptionalInt messageLimit() {
    return most;
  }

  /** RFC 9738 §3.2 */
  @Override
  public List<SearchKey> searchKeys() {
    return List.of(
        new SearchKey("UIDAFTER", (in, _) -> uids(uid(in) + 1, Uid.MAX)),
        new SearchKey("UIDBEFORE", (in, _) -> uids(1, uid(in) - 1)));
  }

  private static long uid(SearchText in) throws BadSyntax {
    in.arguments().space();
    long start = in.arguments().position();
    long uid = in.arguments().number();
    if (uid == 0) {
      throw new BadSyntax("a UID", start);
    }
    return uid;
  }

  private static Criterion uids(long first, long last) {
    return new Criterion.InUids(first > last ? NumberSet.EMPTY : NumberSet.range(first, last));
  }
}
