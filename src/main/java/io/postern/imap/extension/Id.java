package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.IdText;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailProtocol;
import io.postern.site.HandOverFields;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** ID (RFC 2971): records the client's identification, and returns the server's. */
public final class Id implements Extension {
  private static final List<String> SHOWN = List.of("name", "version", "os");
  private static final int LONGEST = 128;

  private static final Map<String, String> SERVER = Map.of("name", "Postern");

  @Override
  public int rfc() {
    return 2971;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("ID");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("ID", Id::parse).asLong());
  }

  private static IdCommand parse(Arguments in) throws BadSyntax {
    in.space();
    var client = IdText.read(in);
    in.end();
    return new IdCommand(client);
  }

  private record IdCommand(Map<String, String> client) implements Command.Anytime {
    @Override
    public Uni<Outcome> run(CommandContext context, State state) {
      return HandOverFields.isHandOver(client)
          ? takeOver(context, state)
          : ownFields(context).now();
    }

    /** The front end of another site hands its client over; other clients may not. */
    private Uni<Outcome> takeOver(CommandContext context, State state) {
      if (state instanceof State.LoggedIn) {
        return Outcome.bad("A connection is passed on before login.").now();
      }
      return context
          .ports()
          .sites()
          .takeOver(context.connection(), MailProtocol.IMAP, client)
          .map(
              why ->
                  why.<Outcome>map(it -> Outcome.bad(it + "."))
                      .orElseGet(() -> ownFields(context)));
    }

    private Outcome ownFields(CommandContext context) {
      var program = program();
      program.ifPresent(context.connection()::client);
      context.reply().send(new Untagged.Id(SERVER));
      var done = Outcome.ok("ID completed.");
      return program
          .map(name -> done.connection(context.connectionState().client(name)))
          .orElse(done);
    }

    /** The client's name, version and system; printable ASCII, and not long. */
    private Optional<String> program() {
      var said =
          SHOWN.stream()
              .flatMap(field -> Optional.ofNullable(client.get(field)).stream())
              .collect(Collectors.joining(" "))
              .replaceAll("[^\\x20-\\x7e]", "?");
      return Optional.of(said.substring(0, Math.min(said.length(), LONGEST)))
          .filter(text -> !text.isBlank());
    }
  }
}
