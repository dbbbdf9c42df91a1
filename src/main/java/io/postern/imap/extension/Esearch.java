package io.postern.imap.extension;

import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.state.ConnectionState;
import io.postern.model.NumberSet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** ESEARCH (RFC 4731): what SEARCH returns instead of all numbers, or besides. */
public final class Esearch implements Extension {
  @Override
  public int rfc() {
    return 4731;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("ESEARCH");
  }

  @Override
  public List<SearchReturn> searchReturns() {
    return Arrays.stream(Returned.values())
        .map(option -> new SearchReturn(option.name(), (_, _) -> option))
        .toList();
  }

  /** The return options of RFC 4731 §3.1. */
  private enum Returned implements SearchReturn.Effect {
    MIN,
    MAX,
    ALL,
    COUNT;

    @Override
    public Optional<ReturnData> data(SearchReturn.Result result) {
      if (this == COUNT) {
        return Optional.of(new ReturnData.Numeric(name(), result.count()));
      }
      return result.count() == 0 ? Optional.empty() : Optional.of(found(result));
    }

    @Override
    public boolean returnsAll() {
      return this == ALL;
    }

    private ReturnData found(SearchReturn.Result result) {
      return switch (this) {
        case MIN -> new ReturnData.Numeric(name(), result.number(0));
        case MAX -> new ReturnData.Numeric(name(), result.number(result.count() - 1));
        case ALL -> result.all(name());
        case COUNT -> new ReturnData.Numeric(name(), result.count());
      };
    }

    /** RFC 5182 §2.4: of MIN and MAX one message each, of ALL and COUNT all that were found. */
    @Override
    public NumberSet returned(SearchReturn.Result result) {
      if (result.count() == 0) {
        return NumberSet.EMPTY;
      }
      return switch (this) {
        case MIN -> NumberSet.of(result.uid(0));
        case MAX -> NumberSet.of(result.uid(result.count() - 1));
        case ALL, COUNT -> result.uids();
      };
    }
  }
}
