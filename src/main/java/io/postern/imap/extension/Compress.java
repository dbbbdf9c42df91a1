package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * COMPRESS=DEFLATE (RFC 4978), after login only. TLS never compresses here, so that compression is
 * never active twice.
 */
public final class Compress implements Extension {
  @Override
  public int rfc() {
    return 4978;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return connectionState.loggedIn() ? List.of("COMPRESS=DEFLATE") : List.of();
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("COMPRESS", Compress::parse));
  }

  private static Command parse(Arguments in) throws BadSyntax {
    in.space();
    in.keyword("DEFLATE");
    in.end();
    return new CompressCommand();
  }

  private record CompressCommand() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      // RFC 4978 §3
      return context.connection().compressed()
          ? Outcome.bad("DEFLATE is active already.").now()
          : Outcome.ok("DEFLATE active.").switchingTo(StreamStage.DEFLATE).now();
    }
  }
}
