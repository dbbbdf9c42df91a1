package io.postern.imap.extension;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.DateText;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.response.FetchData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.state.ConnectionState;
import io.postern.model.message.Criterion;
import io.postern.model.message.Criterion.When;
import io.postern.model.message.InternalDate;
import java.util.ArrayList;
import java.util.List;

/** SAVEDATE (RFC 8514): when a message was added to its mailbox, in UTC. */
public final class SaveDate implements Extension {
  private static final String NAME = "SAVEDATE";

  @Override
  public int rfc() {
    return 8514;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(new FetchItem.Kind(NAME, _ -> new Saved()));
  }

  private record Saved() implements FetchItem {
    @Override
    public Need need() {
      return Need.INDEX;
    }

    @Override
    public FetchData data(Row row) {
      return new FetchData.Date(NAME, InternalDate.of(row.entry().saved()));
    }
  }

  @Override
  public List<SearchKey> searchKeys() {
    var keys = new ArrayList<SearchKey>();
    for (var when : When.values()) {
      keys.add(new SearchKey("SAVED" + when, (in, _) -> day(when, in)));
    }
    keys.add(new SearchKey("SAVEDATESUPPORTED", (_, _) -> new Criterion.All()));
    return keys;
  }

  private static Criterion day(When when, SearchText in) throws BadSyntax {
    in.arguments().space();
    return new Criterion.SavedDay(when, DateText.date(in.arguments()));
  }
}
