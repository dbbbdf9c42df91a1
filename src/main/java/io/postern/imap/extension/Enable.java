package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** ENABLE (RFC 5161): switches on the requested extensions that the server supports. */
public final class Enable implements Extension {
  @Override
  public int rfc() {
    return 5161;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("ENABLE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("ENABLE", Enable::parse));
  }

  private static EnableCommand parse(Arguments in) throws BadSyntax {
    var names = new LinkedHashSet<String>();
    in.space();
    do {
      names.add(in.atom("a capability").toUpperCase(Locale.ROOT));
    } while (in.trySpace());
    in.end();
    return new EnableCommand(names);
  }

  private record EnableCommand(Set<String> names) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      return context
          .extensions()
          .enable(names, context)
          .invoke(enabled -> context.reply().send(new Untagged.Enabled(enabled)))
          .map(
              enabled ->
                  Outcome.ok("ENABLE completed.")
                      .connection(context.connectionState().enable(enabled)));
    }
  }
}
