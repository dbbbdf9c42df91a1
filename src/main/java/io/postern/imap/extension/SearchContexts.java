package io.postern.imap.extension;

import io.postern.imap.command.FollowedResult;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.notify.NotifyText;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.message.Criterion;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * CONTEXT=SEARCH and CONTEXT=SORT (RFC 5267): a client follows the results of searches. CONTEXT is
 * a hint that has no effect; PARTIAL is of RFC 9394.
 */
public final class SearchContexts implements Extension {
  @Override
  public int rfc() {
    return 5267;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("CONTEXT=SEARCH", "CONTEXT=SORT");
  }

  @Override
  public Set<String> requires() {
    return Set.of("ESEARCH", "ESORT", "PARTIAL");
  }

  @Override
  public List<SearchReturn> searchReturns() {
    return List.of(
        new SearchReturn("CONTEXT", (_, _) -> new SearchReturn.Effect() {}),
        new SearchReturn("UPDATE", SearchContexts::update));
  }

  private static SearchReturn.Effect update(Arguments in, CommandContext context) throws BadSyntax {
    if (context.view().isEmpty()) {
      throw in.expected("a selected mailbox for UPDATE");
    }
    // RFC 5267 §4.3
    if (context.view().filter(view -> view.followed().has(context.tag())).isPresent()) {
      throw in.expected("a tag that is not one of a search with UPDATE");
    }
    boolean fetches = context.extensions().hasVerb("NOTIFY");
    return new Update(context, fetches ? NotifyText.tryItems(in, context) : List.of());
  }

  /**
   * Follows the result.
   *
   * @param items of messages that are new in it (RFC 5465 §7)
   */
  private record Update(CommandContext context, List<FetchItem> items)
      implements SearchReturn.Effect {
    @Override
    public void answered(SearchReturn.Result result, Criterion criterion) {
      FollowedResult.follow(context, result, criterion, items);
    }
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("CANCELUPDATE", SearchContexts::parse));
  }

  private static Command parse(Arguments in) throws BadSyntax {
    var tags = new LinkedHashSet<String>();
    in.space();
    do {
      tags.add(in.string());
    } while (in.trySpace());
    in.end();
    return new CancelUpdate(tags);
  }

  /** RFC 5267 §4.3.5 */
  private record CancelUpdate(Set<String> tags) implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      tags.forEach(state.view().followed()::cancel);
      return Outcome.ok("CANCELUPDATE completed.").now();
    }
  }
}
