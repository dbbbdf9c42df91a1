package io.postern.imap.session;

import io.postern.wire.Literal;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Accepts or refuses literals before their first octet (RFC 3501 §4.3, RFC 7888 §4). */
final class LiteralPolicy {
  /** Octets of literals held for one unauthenticated command: names and passwords. */
  static final int GUEST_LIMIT = 8 * 1024;

  /** How many literals a command can have: empty ones cost something, too. */
  static final int MOST = 256;

  private final ImapPorts ports;

  LiteralPolicy(ImapPorts ports) {
    this.ports = ports;
  }

  /** Decides on the literal at this head. */
  Uni<LiteralPlan> plan(
      CommandContext context, State state, ParsedRequest.Start start, Request.Head head) {
    if (start.verb().isEmpty()) {
      return Uni.createFrom().item(refused(start.tag(), Outcome.bad(start.problem())));
    }
    return start
        .verb()
        .get()
        .literals()
        .plan(context, state, start.arguments(), head)
        .map(plan -> plan instanceof LiteralPlan.Hold ? bounded(context, head) : plan);
  }

  private LiteralPlan bounded(CommandContext context, Request.Head head) {
    if (head.literals().size() >= MOST) {
      return refused(context.tag(), Outcome.bad("A command has at most " + MOST + " literals."));
    }
    long limit =
        context.connectionState().loggedIn()
            ? ports.live().now().imap().maxCommandSize().asLongValue()
            : GUEST_LIMIT;
    long held = head.literals().stream().mapToLong(Literal::size).sum();
    return held + head.size() > limit || held + head.size() < 0
        ? refused(
            context.tag(),
            Outcome.no("TOOBIG", "Literals of a command have at most " + limit + " octets here."))
        : new LiteralPlan.Hold();
  }

  /** The refusal with this outcome, a NO or a BAD. */
  static LiteralPlan refused(String tag, Outcome outcome) {
    return new LiteralPlan.Refuse(line(tag, outcome), false);
  }

  /** Whether the response says that the command was not understood. */
  static boolean isBad(String tag, Buffer answer) {
    return answer.toString(StandardCharsets.ISO_8859_1).startsWith(tag + " BAD ");
  }

  private static Buffer line(String tag, Outcome outcome) {
    var text =
        switch (outcome) {
          case Outcome.Ok _, Outcome.Sent _ -> throw new IllegalArgumentException("a refusal");
          case Outcome.No(var code, var words, _) ->
              "NO " + code.map(c -> "[" + c + "] ").orElse("") + words;
          case Outcome.Bad bad -> "BAD " + bad.text();
        };
    return Buffer.buffer(tag + " " + text + "\r\n");
  }
}
