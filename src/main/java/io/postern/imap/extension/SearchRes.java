package io.postern.imap.extension;

import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.state.ConnectionState;
import io.postern.model.NumberSet;
import java.util.List;

/** SEARCHRES (RFC 5182): SEARCH saves its result, and {@code $} stands for it in later commands. */
public final class SearchRes implements Extension {
  @Override
  public int rfc() {
    return 5182;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("SEARCHRES");
  }

  @Override
  public List<SearchReturn> searchReturns() {
    return List.of(new SearchReturn("SAVE", (_, _) -> new Save()));
  }

  @Override
  public List<SetMarker> setMarkers() {
    return List.of(new SetMarker('$', SearchRes::saved));
  }

  private static NumberSet saved(CommandContext context) {
    return context.view().map(View::saved).orElse(NumberSet.EMPTY);
  }

  private record Save() implements SearchReturn.Effect {
    /** RFC 5182 §2.4: saves what the other options return; without others, all that was found. */
    @Override
    public void succeeded(SearchReturn.Result result, List<SearchReturn.Effect> all) {
      var saved =
          all.size() == 1
              ? result.uids()
              : all.stream()
                  .map(option -> option.returned(result))
                  .reduce(NumberSet.EMPTY, NumberSet::union);
      result.view().save(saved);
    }

    /** RFC 5182 §2.1: after a NO nothing is saved. */
    @Override
    public void failed(View view) {
      view.save(NumberSet.EMPTY);
    }

    @Override
    public boolean saves() {
      return true;
    }

    @Override
    public boolean responds() {
      return false;
    }
  }
}
