package io.postern.imap.extension;

import io.postern.imap.command.AppendSink;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * UTF8=ACCEPT (RFC 6855): a client that enabled it writes and reads mailbox names in UTF-8, and
 * appends messages with UTF-8 in their headers. Messages are stored and shown as they came, also to
 * clients that did not enable it.
 */
public final class Utf8Accept implements Extension {
  /** Its capability, and its name for ENABLE. */
  private static final String NAME = "UTF8=ACCEPT";

  @Override
  public int rfc() {
    return 6855;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public Set<String> requires() {
    return Set.of("ENABLE");
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling(NAME, Enabling.Hook.NONE));
  }

  @Override
  public List<AppendData> appendData() {
    return List.of(new Utf8());
  }

  /** {@code UTF8 (~{n})} (RFC 6855 §4). */
  private record Utf8() implements AppendData {
    @Override
    public String name() {
      return "UTF8";
    }

    @Override
    public Uni<LiteralDecision> literal(
        CommandContext context,
        Arguments soFar,
        Request.Head head,
        Supplier<Uni<LiteralDecision>> message) {
      try {
        open(soFar, context);
        if (soFar.peek() != Arguments.END || !head.binary()) {
          throw soFar.expected("a literal8");
        }
        return message.get();
      } catch (BadSyntax e) {
        return new LiteralDecision.Refuse(Outcome.bad("APPEND: " + e.getMessage() + ".")).now();
      }
    }

    private static void open(Arguments in, CommandContext context) throws BadSyntax {
      if (!context.enabled().utf8()) {
        throw in.expected("ENABLE UTF8=ACCEPT before this command");
      }
      in.octet(' ', "a space and a list");
      in.openList();
    }

    @Override
    public Source read(Arguments in, CommandContext context) throws BadSyntax {
      open(in, context);
      var source = AppendSink.source(in.literal());
      in.closeList();
      return source;
    }
  }
}
