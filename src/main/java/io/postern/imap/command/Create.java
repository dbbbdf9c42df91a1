package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.selected.Notifications.OwnChange;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.CreateParameter;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.MailboxInfo;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * CREATE (RFC 3501 §6.3.3): creates missing parent mailboxes, too. A delimiter at the end of the
 * name announces names below it, and changes nothing here. Extensions add parameters (RFC 4466
 * §2.2).
 */
record Create(MailboxArgument given, List<CreateParameter.Effect> parameters)
    implements Command.User {
  static final Verb VERB = Verb.of("CREATE", Create::parse);

  private static Create parse(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    in.space();
    var given = in.mailbox();
    var parameters =
        Parameters.tryRead(
            in,
            "a parameter of CREATE",
            registry::createParameter,
            (parameter, rest) -> parameter.reader().read(rest, context));
    in.end();
    return new Create(given, parameters);
  }

  @Override
  public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
    return switch (given) {
      case MailboxArgument.Invalid(var problem) -> Outcome.no("CANNOT", problem + ".").now();
      case MailboxArgument.Valid valid ->
          parameters.stream()
              .flatMap(it -> it.refusal().stream())
              .findFirst()
              .map(Outcome::now)
              .orElseGet(() -> create(context, state, valid));
    };
  }

  private Uni<Outcome> create(
      CommandContext context, State.LoggedIn state, MailboxArgument.Valid valid) {
    var use = parameters.stream().flatMap(it -> it.use().stream()).findFirst();
    return context
        .ports()
        .mailboxes()
        .create(state.identity().account(), valid.name(), use)
        .invoke(made -> context.listener().changed(new OwnChange.Created(made)))
        .invoke(() -> SelectedName.sendIfChanged(context, valid, List.of()))
        .map(made -> created(context, made));
  }

  private static Outcome created(CommandContext context, MailboxInfo made) {
    var done = Outcome.ok("CREATE completed.");
    return context.extensions().createCode(made).map(done::code).orElse(done);
  }
}
