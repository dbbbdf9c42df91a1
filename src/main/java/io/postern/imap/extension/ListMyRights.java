package io.postern.imap.extension;

import io.postern.imap.response.Untagged;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.Rights;
import io.postern.store.account.AccessLists.Shared;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** LIST-MYRIGHTS (RFC 8440): the user's rights to all listed mailboxes, read together. */
public final class ListMyRights implements Extension {
  @Override
  public int rfc() {
    return 8440;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LIST-MYRIGHTS");
  }

  @Override
  public Set<String> requires() {
    return Set.of("ACL", "LIST-EXTENDED");
  }

  @Override
  public List<ListOption> listOptions() {
    return List.of(new ListOption.Return("MYRIGHTS", new Asked()));
  }

  private record Asked() implements ListOption.Shows {
    @Override
    public Uni<ListOption.Shows> prepared(CommandContext context, AccountId account) {
      return context
          .ports()
          .lists()
          .sharedWith(account)
          .map(
              shared ->
                  new Read(
                      account,
                      shared.stream()
                          .collect(Collectors.toMap(it -> it.mailbox().key(), Shared::rights))));
    }
  }

  private record Read(AccountId viewer, Map<MailboxKey, Rights> shared)
      implements ListOption.Shows {
    /** RFC 8440 §3: of what is no mailbox, or not shared any more, nothing is said. */
    @Override
    public Uni<Optional<Untagged>> behind(CommandContext context, ListOption.Name name) {
      return Uni.createFrom()
          .item(
              name.mailbox()
                  .flatMap(this::rights)
                  .map(rights -> new Untagged.MyRights(name.name(), rights.text())));
    }

    private Optional<Rights> rights(MailboxInfo mailbox) {
      return mailbox.key().account().equals(viewer)
          ? Optional.of(Rights.ALL)
          : Optional.ofNullable(shared.get(mailbox.key()));
    }
  }
}
