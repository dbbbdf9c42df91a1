package io.postern.imap.command;

import io.postern.auth.Attempt;
import io.postern.auth.Login.Result;
import io.postern.imap.session.Command;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.Refusals;
import io.postern.imap.session.State;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.postern.store.Secret;
import io.smallrye.mutiny.Uni;

/** LOGIN (RFC 3501 §6.2.3). */
record Login(String user, Secret password) implements Command.Guest {
  static final Verb VERB =
      Verb.of(
          "LOGIN",
          in -> {
            in.space();
            var user = in.astring("a user name");
            in.space();
            var password = new Secret(in.astring("a password"));
            in.end();
            return new Login(user, password);
          });

  @Override
  public Uni<Outcome> run(Turn turn, State.NotAuthenticated state) {
    return turn.terms().offer().password()
        ? turn.ports()
            .login()
            .password(new Attempt(turn.client(), "LOGIN", user), password)
            .map(result -> outcome(turn, result))
        : Refusals.privacyRequired().now();
  }

  private static Outcome outcome(Turn turn, Result result) {
    return switch (result) {
      case Result.Welcome(var identity) -> turn.welcome(identity, "LOGIN completed.");
      case Result.Refused(var refusal) -> Refusals.of(refusal);
    };
  }
}
