package io.postern.imap.extension;

import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.state.ConnectionState;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * SEARCH=FUZZY (RFC 6203): texts are searched for by the resemblance of their words, in any order;
 * and how relevant the messages found are.
 */
public final class FuzzySearch implements Extension {
  private static final String RELEVANCY = "RELEVANCY";

  @Override
  public int rfc() {
    return 6203;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("SEARCH=FUZZY");
  }

  @Override
  public Set<String> requires() {
    return Set.of("ESEARCH", "ESORT");
  }

  @Override
  public List<SearchKey> searchKeys() {
    return List.of(new SearchKey("FUZZY", (in, _) -> new Criterion.Fuzzy(in.nested())));
  }

  @Override
  public List<SearchReturn> searchReturns() {
    return List.of(new SearchReturn(RELEVANCY, (_, _) -> new Relevancy()));
  }

  /** Of all messages found, or with PARTIAL of those that it returns. */
  private static final class Relevancy implements SearchReturn.Effect {
    private Optional<NumberSet> part = Optional.empty();

    @Override
    public boolean ranks() {
      return true;
    }

    @Override
    public void succeeded(SearchReturn.Result result, List<SearchReturn.Effect> all) {
      part =
          all.stream()
              .filter(Partial.Returned.class::isInstance)
              .map(partial -> partial.returned(result))
              .findFirst();
    }

    @Override
    public Optional<ReturnData> data(SearchReturn.Result result) {
      var scores =
          IntStream.range(0, result.count())
              .filter(i -> part.isEmpty() || part.get().contains(result.uid(i)))
              .map(result::relevancy)
              .toArray();
      return Optional.of(new ReturnData.Relevancies(scores));
    }
  }
}
