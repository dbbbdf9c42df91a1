package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchModifier;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.state.ConnectionState;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** PARTIAL (RFC 9394): some of the messages that SEARCH finds, or that UID FETCH names. */
public final class Partial implements Extension {
  private static final String NAME = "PARTIAL";

  @Override
  public int rfc() {
    return 9394;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public List<SearchReturn> searchReturns() {
    return List.of(new SearchReturn(NAME, (in, _) -> new Returned(Range.read(in))));
  }

  @Override
  public List<FetchModifier> fetchModifiers() {
    return List.of(new FetchModifier(NAME, (in, _) -> new Fetched(Range.read(in))));
  }

  /**
   * Some of many messages, both ends included.
   *
   * @param text the lesser number first, which means the same (RFC 9394 §4)
   * @param least at least 1
   * @param fromLast whether the last message is number 1
   */
  record Range(String text, long least, long greatest, boolean fromLast) {
    static Range read(Arguments in) throws BadSyntax {
      in.space();
      boolean fromLast = in.tryOctet('-');
      long one = position(in);
      in.octet(':', "a range");
      if (fromLast) {
        in.octet('-', "a range that is negative at both ends");
      }
      long other = position(in);
      var sign = fromLast ? "-" : "";
      long least = Math.min(one, other);
      long greatest = Math.max(one, other);
      return new Range(sign + least + ":" + sign + greatest, least, greatest, fromLast);
    }

    private static long position(Arguments in) throws BadSyntax {
      long start = in.position();
      long position = in.number();
      if (position == 0) {
        throw new BadSyntax("a number above 0", start);
      }
      return position;
    }

    /** The first of so many messages that is in the range, counted from 0. */
    int from(int count) {
      return (int) (fromLast ? Math.max(0, count - greatest) : Math.min(count, least - 1));
    }

    /** The place behind the last one. */
    int to(int count) {
      return (int) (fromLast ? Math.max(0, count - least + 1) : Math.min(count, greatest));
    }
  }

  record Returned(Range range) implements SearchReturn.Effect {
    /** RFC 9394 §3.1 */
    @Override
    public Optional<String> conflict(List<SearchReturn.Effect> all) {
      return all.stream().anyMatch(SearchReturn.Effect::returnsAll)
          ? Optional.of("either PARTIAL or ALL")
          : Optional.empty();
    }

    private SearchReturn.Result part(SearchReturn.Result result) {
      return result.part(range.from(result.count()), range.to(result.count()));
    }

    @Override
    public Optional<ReturnData> data(SearchReturn.Result result) {
      var part = part(result);
      return Optional.of(
          new ReturnData.Partial(
              range.text, part.count() == 0 ? Optional.empty() : Optional.of(part.all(NAME))));
    }

    @Override
    public NumberSet returned(SearchReturn.Result result) {
      return part(result).uids();
    }
  }

  /** RFC 9394 §3.4: of the messages that the command names, whatever CHANGEDSINCE selects. */
  private record Fetched(Range range) implements FetchModifier.Effect {
    /** RFC 9738 §3.1: of more than one command handles none is fetched. */
    @Override
    public long messages() {
      return range.greatest - range.least + 1;
    }

    @Override
    public boolean selectsFirst() {
      return true;
    }

    @Override
    public int[] select(MailboxIndex index, int[] positions) {
      return Arrays.copyOfRange(
          positions, range.from(positions.length), range.to(positions.length));
    }
  }
}
