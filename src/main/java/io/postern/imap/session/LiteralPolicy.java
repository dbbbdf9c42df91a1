package io.postern.imap.session;

import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.postern.wire.limits.WireLimits.Unauthenticated;
import io.smallrye.mutiny.Uni;

/** Accepts or refuses literals before their first octet (RFC 3501 §4.3, RFC 7888 §4). */
final class LiteralPolicy {
  /** How many literals a command can have: empty ones cost something, too. */
  static final int MOST = 256;

  private LiteralPolicy() {}

  /** Decides on the literal at this head. */
  static Uni<LiteralDecision> decide(
      CommandContext context,
      ParsedRequest.Start start,
      Request.Head head,
      ExtensionRegistry registry) {
    if (start.verb().isEmpty()) {
      return new LiteralDecision.Refuse(Outcome.bad(start.problem())).now();
    }
    long unasked = registry.unaskedLiteral();
    if (!head.synchronizing() && head.size() > unasked) {
      // RFC 7888 §5
      var which = unasked < 0 ? "A literal" : "A literal of more than " + unasked + " octets";
      return new LiteralDecision.Refuse(
              Outcome.bad("TOOBIG", which + " is sent when the server asks for it."))
          .now();
    }
    return start
        .verb()
        .get()
        .literals()
        .decide(context, start.arguments(), head, registry)
        .map(
            it ->
                it instanceof LiteralDecision.Hold(boolean binary)
                    ? bounded(context, start.verb().get(), head, binary)
                    : it);
  }

  private static LiteralDecision bounded(
      CommandContext context, Verb verb, Request.Head head, boolean binary) {
    if (head.binary() && !binary) {
      return new LiteralDecision.Refuse(Outcome.bad("A literal8 is not allowed here."));
    }
    if (head.literals().size() >= MOST) {
      return new LiteralDecision.Refuse(
          Outcome.bad("A command has at most " + MOST + " literals."));
    }
    long limit =
        context.connectionState().loggedIn()
            ? context.ports().live().now().imap().maxCommandSize().asLongValue()
            : limitBeforeLogin(verb);
    long held = head.literals().stream().mapToLong(Literal::size).sum();
    return held + head.size() > limit || held + head.size() < 0
        ? new LiteralDecision.Refuse(
            Outcome.no("TOOBIG", "Literals of a command have at most " + limit + " octets here."))
        : new LiteralDecision.Hold();
  }

  /** Octets of literals held for one command: names and passwords, or the parameters of ID. */
  private static int limitBeforeLogin(Verb verb) {
    return verb.mayBeLong() ? Unauthenticated.LONG_LINE : Unauthenticated.LINE;
  }
}
