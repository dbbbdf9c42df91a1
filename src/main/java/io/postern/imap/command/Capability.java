package io.postern.imap.command;

import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;

/** CAPABILITY (RFC 3501 §6.1.1). */
record Capability() implements Command.Anytime {
  static final Verb VERB = Verb.of("CAPABILITY", new Capability());

  @Override
  public Uni<Outcome> run(CommandContext context, State state) {
    var names = context.extensions().capabilities(context.connectionState());
    context.reply().send(new Untagged.Capability(names));
    return Outcome.ok("CAPABILITY completed.").now();
  }
}
