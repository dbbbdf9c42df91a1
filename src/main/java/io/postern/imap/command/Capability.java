package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.smallrye.mutiny.Uni;

/** CAPABILITY (RFC 3501 §6.1.1). */
record Capability() implements Command.Anytime {
  static final Verb VERB =
      Verb.of(
          "CAPABILITY",
          in -> {
            in.end();
            return new Capability();
          });

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    context
        .reply()
        .untagged("CAPABILITY " + context.extensions().capabilities(context.connectionState()));
    return Outcome.ok("CAPABILITY completed.").now();
  }
}
