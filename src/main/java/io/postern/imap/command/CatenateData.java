package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.store.Staged;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** {@code CATENATE (TEXT {n} URL "…")}: a message made of parts (RFC 4469 §3). */
public record CatenateData() implements AppendData {
  /** Most parts of one message. */
  static final int MAX_PARTS = 256;

  /** A part of the message. */
  sealed interface Part {
    /** Octets from the client; empty when it sent none. */
    record Text(List<Source> octets) implements Part {}

    /** Octets of a message of the account. */
    record Url(String url) implements Part {}
  }

  @Override
  public String name() {
    return "CATENATE";
  }

  @Override
  public Uni<LiteralDecision> literal(
      CommandContext context,
      Arguments soFar,
      Request.Head head,
      Supplier<Uni<LiteralDecision>> message) {
    try {
      var kind = new Reader(soFar, context).unfinished();
      if (kind == Kind.UTF8 && !head.binary()) {
        throw soFar.expected("a literal8");
      }
      // An empty text is no message, but a part may be empty.
      return kind == Kind.URL || head.size() == 0
          ? new LiteralDecision.Hold().now()
          : message.get();
    } catch (BadSyntax e) {
      return new LiteralDecision.Refuse(Outcome.bad("CATENATE: " + e.getMessage() + ".")).now();
    }
  }

  @Override
  public Source read(Arguments in, CommandContext context) throws BadSyntax {
    var parts = new Reader(in, context).parts();
    return (CommandContext now, State.LoggedIn state) -> staged(now, state, parts);
  }

  private static Uni<Staged> staged(
      CommandContext context, State.LoggedIn state, List<Part> parts) {
    return new Catenation(context, state).staged(parts);
  }

  /** The word that begins a part. */
  private enum Kind {
    TEXT,
    URL,
    /** RFC 6855 §4. */
    UTF8
  }

  /** Parses the list of parts. */
  private record Reader(Arguments in, CommandContext context) {
    List<Part> parts() throws BadSyntax {
      var parts = new ArrayList<Part>();
      open();
      do {
        if (parts.size() == MAX_PARTS) {
          throw in.expected("at most " + MAX_PARTS + " parts");
        }
        parts.add(part(kind()));
      } while (in.trySpace());
      in.closeList();
      return List.copyOf(parts);
    }

    /** The kind of the part whose literal is announced at the end. */
    Kind unfinished() throws BadSyntax {
      open();
      while (true) {
        var kind = kind();
        if (in.peek() == Arguments.END) {
          return kind;
        }
        part(kind);
        gap();
      }
    }

    private void open() throws BadSyntax {
      gap();
      in.openList();
    }

    /** Reads a space even at the end, where an announced literal is not present yet. */
    private void gap() throws BadSyntax {
      in.octet(' ', "a space and another argument");
    }

    /** Reads a part up to its text or URL. */
    private Kind kind() throws BadSyntax {
      long start = in.position();
      var word = in.word("TEXT or URL");
      gap();
      switch (word) {
        case "TEXT" -> {
          return Kind.TEXT;
        }
        case "URL" -> {
          return Kind.URL;
        }
        case "UTF8" -> {
          if (!context.enabled().utf8()) {
            throw in.expected("ENABLE UTF8=ACCEPT before this command");
          }
          in.openList();
          return Kind.UTF8;
        }
        default -> throw new BadSyntax("TEXT or URL instead of " + word, start);
      }
    }

    private Part part(Kind kind) throws BadSyntax {
      return switch (kind) {
        case URL -> new Part.Url(in.astring("a URL"));
        case TEXT -> text();
        case UTF8 -> {
          var text = text();
          in.closeList();
          yield text;
        }
      };
    }

    private Part text() throws BadSyntax {
      var literal = in.literal();
      return new Part.Text(
          literal instanceof Literal.Held && literal.size() == 0
              ? List.of()
              : List.of(AppendSink.source(literal)));
    }
  }
}
