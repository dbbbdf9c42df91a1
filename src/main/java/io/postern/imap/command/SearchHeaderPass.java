package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Searched;
import io.postern.mime.search.IndexedText;
import io.postern.mime.search.MessageSearch;
import io.postern.mime.search.SearchTerms;
import io.postern.model.Ids.ContentId;
import io.postern.store.Messages.StoredHeader;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides those messages of a search that their stored header or indexed text decides. */
final class SearchHeaderPass {
  private final SearchVerdicts verdicts;
  private final SearchBudget budget;
  private final SearchTerms terms;
  private final Iterator<SearchCandidate> candidates;
  private final Map<ContentId, StoredHeader> headers;
  private Optional<Begun> begun = Optional.empty();

  /** A message whose header has further steps. */
  private record Begun(int position, Message message, SearchHeader header) {}

  SearchHeaderPass(
      SearchVerdicts verdicts,
      SearchBudget budget,
      SearchTerms terms,
      List<SearchCandidate> candidates,
      Map<ContentId, StoredHeader> headers) {
    this.verdicts = verdicts;
    this.budget = budget;
    this.terms = terms;
    this.candidates = candidates.iterator();
    this.headers = headers;
  }

  /** A step of bounded length; false when there is no more. */
  boolean step() {
    if (begun.isPresent()) {
      advance(begun.get());
    } else if (candidates.hasNext()) {
      begin(candidates.next());
    } else {
      return false;
    }
    return true;
  }

  /** A message whose content is gone meanwhile does not match. */
  private void begin(SearchCandidate candidate) {
    var stored = headers.get(candidate.content());
    if (stored == null) {
      verdicts.reject(candidate.position());
      return;
    }
    var text = terms.search();
    stored.indexed().ifPresent(indexed -> apply(indexed, text));
    var message = candidate.with(new Searched(stored.sent(), text));
    boolean decided = verdicts.evaluate(candidate.position(), message);
    if (!decided && stored.header().isPresent()) {
      var header =
          new SearchHeader(budget, stored.header().get(), text, () -> verdicts.isDecided(message));
      advance(new Begun(candidate.position(), message, header));
    }
  }

  private void apply(IndexedText indexed, MessageSearch text) {
    budget.spend(indexed.fields().map(ByteBuffer::remaining).orElse(0));
    text.apply(indexed);
  }

  private void advance(Begun current) {
    boolean more = current.header().step();
    begun = more ? Optional.of(current) : Optional.empty();
    if (!more) {
      verdicts.evaluate(current.position(), current.message());
    }
  }
}
