package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.EntryText;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.store.Annotations.Depth;
import io.postern.store.Annotations.Found;
import io.postern.store.Annotations.Query;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** LIST-METADATA (RFC 9590): annotations of all listed mailboxes, read together. */
public final class ListMetadata implements Extension {
  @Override
  public int rfc() {
    return 9590;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LIST-METADATA");
  }

  @Override
  public Set<String> requires() {
    return Set.of("METADATA", "LIST-EXTENDED");
  }

  @Override
  public List<ListOption> listOptions() {
    return List.of(new ListOption.Return("METADATA", (in, _) -> read(in)));
  }

  private static ListOption.Shows read(Arguments in) throws BadSyntax {
    in.space();
    in.openList();
    return new Asked(EntryText.listed(in));
  }

  private record Asked(Map<String, String> entries) implements ListOption.Shows {
    @Override
    public Uni<ListOption.Shows> prepared(CommandContext context, AccountId account) {
      var query = new Query(entries.keySet(), Depth.ITSELF, Long.MAX_VALUE);
      return context
          .ports()
          .annotations()
          .readAll(account, account, query)
          .map(
              found ->
                  new Read(
                      account,
                      entries,
                      found.stream()
                          .collect(Collectors.groupingBy(it -> it.mailbox().orElseThrow()))));
    }
  }

  private record Read(
      AccountId viewer, Map<String, String> entries, Map<MailboxId, List<Found>> found)
      implements ListOption.Shows {
    /**
     * RFC 9590 §3: an entry without a value is NIL, and what is no mailbox has none. Of those of
     * others, which were not read, nothing is said.
     */
    @Override
    public Uni<Optional<Untagged>> behind(CommandContext context, ListOption.Name name) {
      return Uni.createFrom()
          .item(
              name.mailbox()
                  .filter(it -> it.key().account().equals(viewer))
                  .map(
                      it ->
                          new Untagged.Metadata(
                              Optional.of(name.name()),
                              Metadata.shown(
                                  found.getOrDefault(it.key().mailbox(), List.of()),
                                  entries,
                                  Depth.ITSELF))));
    }
  }
}
