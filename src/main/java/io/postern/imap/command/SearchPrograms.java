package io.postern.imap.command;

import io.postern.imap.grammar.SearchText.Program;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.spi.SearchReturn;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.LongAccumulator;

/** What SEARCH, SORT and THREAD conclude from a program as a whole. */
final class SearchPrograms {
  private SearchPrograms() {}

  /** RFC 7162 §3.1: to search for mod-sequences enables CONDSTORE. */
  static Set<String> enables(Program program) {
    return mentions(program, Criterion.ModSeqFrom.class) ? Set.of("CONDSTORE") : Set.of();
  }

  /** RFC 7162 §3.2.10.2: sequence numbers may be anywhere in the program of a UID command. */
  static boolean usesNumbers(Program program) {
    return mentions(program, Criterion.Numbered.class);
  }

  /** Whether a key of it is matched by resemblance (RFC 6203 §3). */
  static boolean isFuzzy(Program program) {
    // In an unknown charset it is refused in any case.
    return program instanceof Program.UnknownCharset || mentions(program, Criterion.Fuzzy.class);
  }

  private static boolean mentions(Program program, Class<? extends Criterion> kind) {
    return program instanceof Program.Asked(var criterion) && criterion.mentions(kind);
  }

  /**
   * The highest mod-sequence of the messages returned, if mod-sequences were searched for and
   * messages found (RFC 7162 §3.1.6, RFC 4731 §3.2).
   *
   * @param asked the return options; without any, all messages are returned
   */
  static Uni<OptionalLong> highestModSeq(
      ResponseWriter reply,
      Program program,
      SearchReturn.Result result,
      List<SearchReturn.Effect> asked) {
    if (!mentions(program, Criterion.ModSeqFrom.class) || result.count() == 0) {
      return Uni.createFrom().item(OptionalLong.empty());
    }
    var returned =
        asked.stream()
            .map(option -> option.returned(result))
            .reduce(NumberSet.EMPTY, NumberSet::union);
    var highest = new LongAccumulator(Math::max, 0);
    return reply
        .each(
            result.count(),
            i -> {
              if (returned.isEmpty() || returned.contains(result.uid(i))) {
                highest.accumulate(result.index().modSeqAt(result.positions()[i]));
              }
            })
        .map(_ -> OptionalLong.of(highest.get()));
  }
}
