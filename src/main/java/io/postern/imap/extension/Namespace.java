package io.postern.imap.extension;

import io.postern.auth.Identity;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ConnectionState;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** NAMESPACE (RFC 2342): one personal namespace, none of other users, none shared. */
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
    return List.of(
        Verb.of(
            "NAMESPACE",
            in -> {
              in.end();
              return new NamespaceCommand();
            }));
  }

  private record NamespaceCommand() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, Identity identity) {
      context.reply().untagged("NAMESPACE ((\"\" \"/\")) NIL NIL");
      return Outcome.ok("NAMESPACE completed.").now();
    }
  }
}
