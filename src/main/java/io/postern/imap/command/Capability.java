package io.postern.imap.command;

import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Turn;
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
  public Uni<Outcome> run(Turn turn, State state) {
    turn.reply().untagged("CAPABILITY " + turn.vocabulary().capabilities(turn.terms()));
    return Outcome.ok("CAPABILITY completed.").now();
  }
}
