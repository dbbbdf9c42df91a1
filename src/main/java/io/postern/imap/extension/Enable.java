package io.postern.imap.extension;

import io.postern.auth.Identity;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ConnectionState;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Verb;
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
    public Uni<Outcome> run(CommandContext context, Identity identity) {
      var known = context.extensions().enables();
      var enabled = new LinkedHashSet<>(names);
      enabled.retainAll(known);
      enabled.removeAll(context.connectionState().enabled());
      context.reply().untagged(("ENABLED " + String.join(" ", enabled)).strip());
      return Outcome.ok("ENABLE completed.").terms(context.connectionState().enable(enabled)).now();
    }
  }
}
