package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.DateText;
import io.postern.imap.grammar.FlagText;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.AppendData.Source;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.state.State;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Parses the messages of APPEND (RFC 3501 §6.3.11, RFC 3502, RFC 4466 §2.6). */
final class AppendArguments {
  private static final String LITERAL = "the message as a literal";

  private AppendArguments() {}

  /**
   * What is said of a message before its bytes.
   *
   * @param form of the message, other than a literal
   */
  record Attributes(
      Flags flags,
      Optional<InternalDate> date,
      List<UnaryOperator<NewMessage>> options,
      Optional<AppendData> form) {
    NewMessage message(Staged staged) {
      var at = date.orElseGet(() -> InternalDate.of(Instant.now()));
      var message = new NewMessage(staged, flags, at);
      for (var option : options) {
        message = option.apply(message);
      }
      return message;
    }
  }

  /** A message to append. */
  record Message(Attributes attributes, Source source) {
    Uni<NewMessage> staged(CommandContext context, State.LoggedIn state) {
      return source.staged(context, state).map(attributes::message);
    }
  }

  /** Parses a message; the space before it is not read yet. */
  static Message message(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    gap(in);
    var attributes = attributes(in, context, registry);
    var source =
        attributes.form.isPresent()
            ? attributes.form.get().read(in, context)
            : AppendSink.source(in.literal());
    return new Message(attributes, source);
  }

  /** Parses what comes before a message's bytes. */
  static Attributes attributes(Arguments in, CommandContext context, ExtensionRegistry registry)
      throws BadSyntax {
    var flags = Flags.NONE;
    if (in.peek() == '(') {
      flags = FlagText.list(in);
      gap(in);
    }
    Optional<InternalDate> date = Optional.empty();
    if (in.peek() == '"') {
      date = Optional.of(DateText.dateTime(in));
      gap(in);
    }
    var options = new ArrayList<UnaryOperator<NewMessage>>();
    Optional<AppendData> form = Optional.empty();
    while (form.isEmpty() && !in.atEnd() && in.peek() != Arguments.LITERAL) {
      long start = in.position();
      var name = in.word(LITERAL);
      var option = registry.appendOption(name);
      form = registry.appendData(name);
      if (option.isPresent()) {
        gap(in);
        options.add(option.get().reader().read(in, context));
        gap(in);
      } else if (form.isEmpty()) {
        throw new BadSyntax(LITERAL + " instead of " + name, start);
      }
    }
    return new Attributes(flags, date, options, form);
  }

  /** Reads a space even at the end, where an announced literal is not present yet. */
  static void gap(Arguments in) throws BadSyntax {
    in.octet(' ', "a space and another argument");
  }
}
