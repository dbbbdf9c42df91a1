package io.postern.imap.extension;

import io.postern.imap.selected.UpdateLoop;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** IDLE (RFC 2177): a running command that sends updates until DONE. */
public final class Idle implements Extension {
  @Override
  public int rfc() {
    return 2177;
  }

  /** Announced before login, too: Outlook looks for it only there. */
  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("IDLE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("IDLE", new IdleCommand()));
  }

  /** Idles, with a mailbox selected or not. */
  private record IdleCommand() implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      var loop =
          new UpdateLoop(
              context.session().sender(),
              context.view(),
              true,
              // RFC 2180 §3.3: the client may reconnect.
              () -> context.bye("The selected mailbox was deleted."));
      var meter = context.ports().meter();
      context.reply().continuation(Buffer.buffer("idling"));
      meter.idling(1);
      // The first resync finds changes between the last one and the wait.
      loop.start(true);
      return context
          .connection()
          .nextLine()
          .map(IdleCommand::verdict)
          .onFailure(Connection.LineTooLong.class)
          .recoverWithItem(_ -> Outcome.bad("Expected DONE."))
          .onTermination()
          .invoke(
              (_, _, cancelled) -> {
                meter.idling(-1);
                if (cancelled) {
                  loop.cancel();
                } else {
                  loop.stop();
                }
              })
          .call(loop::stopped);
    }

    private static Outcome verdict(Buffer line) {
      return line.toString(StandardCharsets.ISO_8859_1).strip().equalsIgnoreCase("DONE")
          ? Outcome.ok("IDLE completed.")
          : Outcome.bad("Expected DONE.");
    }
  }
}
