package io.postern.imap.extension;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import io.postern.model.message.Criterion;
import java.time.Instant;
import java.util.List;

/** WITHIN (RFC 5032): SEARCH by the seconds since a message was received. */
public final class Within implements Extension {
  @Override
  public int rfc() {
    return 5032;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("WITHIN");
  }

  @Override
  public List<SearchKey> searchKeys() {
    return List.of(
        new SearchKey("OLDER", (in, _) -> read(in, true)),
        new SearchKey("YOUNGER", (in, _) -> read(in, false)));
  }

  private static Criterion read(SearchText in, boolean older) throws BadSyntax {
    in.arguments().space();
    long start = in.arguments().position();
    long seconds = in.arguments().number();
    if (seconds == 0) {
      throw new BadSyntax("a number of seconds above 0", start);
    }
    return new Criterion.InternalTime(Instant.now().getEpochSecond() - seconds, older);
  }
}
