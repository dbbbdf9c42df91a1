package io.postern.imap.extension;

import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.store.sharing.OtherUsers;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** NAMESPACE (RFC 2342): one personal namespace, and one of other users' mailboxes (RFC 4314). */
public final class Namespace implements Extension {
  @Override
  public int rfc() {
    return 2342;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("NAMESPACE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("NAMESPACE", new NamespaceCommand()));
  }

  private record NamespaceCommand() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      context.reply().send(new Untagged.Namespaces(List.of(""), List.of(OtherUsers.PREFIX)));
      return Outcome.ok("NAMESPACE completed.").now();
    }
  }
}
