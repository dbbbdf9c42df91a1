package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * LANGUAGE (RFC 5255 §3): in which language texts for people are. They are English, and nothing
 * changes when a client chooses it; other languages are refused.
 */
public final class Language implements Extension {
  private static final String ENGLISH = "en";
  private static final String UNNEGOTIATED = "i-default";

  /** Most language ranges of one command. */
  private static final int MAX_RANGES = 64;

  @Override
  public int rfc() {
    return 5255;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LANGUAGE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("LANGUAGE", Language::parse));
  }

  private static Command parse(Arguments in) throws BadSyntax {
    var ranges = new ArrayList<String>();
    while (in.trySpace()) {
      if (ranges.size() == MAX_RANGES) {
        throw in.expected("at most " + MAX_RANGES + " languages");
      }
      ranges.add(in.astring("a language").toLowerCase(Locale.ROOT));
    }
    in.end();
    return new LanguageCommand(List.copyOf(ranges));
  }

  /** The language that a range matches first (RFC 4647 §3.4): a longer one is cut at its ends. */
  private static Optional<String> match(String range) {
    if (range.equals("default") || range.equals("*")) {
      return Optional.of(ENGLISH);
    }
    return range.equals(UNNEGOTIATED)
        ? Optional.of(UNNEGOTIATED)
        : Optional.of(ENGLISH).filter(it -> range.equals(it) || range.startsWith(it + "-"));
  }

  private record LanguageCommand(List<String> ranges) implements Command.Anytime {
    @Override
    public Uni<Outcome> run(CommandContext context, State state) {
      if (ranges.isEmpty()) {
        context.reply().send(new Untagged.Languages(List.of(ENGLISH, UNNEGOTIATED)));
        return Outcome.ok("These languages are supported.").now();
      }
      var chosen = ranges.stream().flatMap(range -> match(range).stream()).findFirst();
      if (chosen.isEmpty()) {
        return Outcome.no("None of the languages is supported.").now();
      }
      context.reply().send(new Untagged.Languages(List.of(chosen.get())));
      return Outcome.ok("LANGUAGE completed.").now();
    }
  }
}
