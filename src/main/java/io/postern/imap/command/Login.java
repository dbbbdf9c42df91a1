package io.postern.imap.command;

import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;

/** LOGIN (RFC 3501 §6.2.3). */
record Login(String user, Secret password) implements Command.Unauthenticated {
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
  public Uni<Outcome> run(CommandContext context, State.NotAuthenticated state) {
    return context.connectionState().offer().password()
        ? context
            .ports()
            .login()
            .password(new LoginAttempt(context.client(), "LOGIN", user), password)
            .chain(result -> outcome(context, result))
        : ErrorResponses.privacyRequired().now();
  }

  private static Uni<Outcome> outcome(CommandContext context, Result result) {
    return switch (result) {
      case Result.Success(var identity) -> context.enter(identity, "LOGIN completed.");
      case Result.Refused(var refusal) -> ErrorResponses.of(refusal).now();
    };
  }
}
