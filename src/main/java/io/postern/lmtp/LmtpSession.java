package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.config.area.LmtpSettings;
import io.postern.config.net.Networks;
import io.postern.lmtp.LmtpState.Closed;
import io.postern.lmtp.LmtpState.Envelope;
import io.postern.lmtp.LmtpState.Greeted;
import io.postern.lmtp.LmtpState.Ready;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.function.Supplier;

/** One peer's session: its state, and the effect of each command on it (RFC 2033 §4). */
final class LmtpSession implements Protocol.Session {
  /** Number of protocol errors after which the session ends. */
  static final int MAX_ERRORS = 10;

  private final Connection connection;
  private final Live live;
  private final Supplier<Networks> trustedNetworks;
  private final MailCommands commands;
  private LmtpState state = new Greeted();
  private int errors;

  /** The greatest first digit among the replies to the present command. */
  private int worst;

  /**
   * @param trustedNetworks of the settings in force; those of peers that may deliver
   * @param ownName the server's name when the settings give none
   */
  LmtpSession(
      Connection connection,
      Live live,
      Supplier<Networks> trustedNetworks,
      Delivery delivery,
      String ownName) {
    this.connection = connection;
    this.live = live;
    this.trustedNetworks = trustedNetworks;
    this.commands = new MailCommands(connection, live, delivery, ownName);
  }

  @Override
  public void opened() {
    if (!trustedNetworks.get().contains(connection.remote().hostAddress())) {
      // RFC 5321 §3.1: no service for this peer
      say(LmtpReply.of(554, "5.7.1", "No mail is accepted from your address"));
      end(CloseReason.LOGOUT);
      return;
    }
    connection.timeout(settings().timeout(), CloseReason.IDLE_TIMEOUT);
    say(LmtpReply.plain(220, commands.hostname() + " LMTP Postern is ready"));
    connection.out().flush();
  }

  @Override
  public void settingsChanged() {
    connection.timeout(settings().timeout(), CloseReason.IDLE_TIMEOUT);
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    throw new IllegalStateException("LMTP has no literals");
  }

  @Override
  public Uni<Void> command(Request request) {
    if (state instanceof Closed) {
      return done();
    }
    var command = LmtpCommands.read(request.texts().getFirst());
    long began = System.nanoTime();
    worst = 0;
    return run(command).invoke(() -> ended(command.verb(), began));
  }

  private void ended(String verb, long began) {
    // RFC 5321 §4.2.1: what the first digit of a reply means; of several recipients the worst
    var outcome = worst < 4 ? "ok" : worst == 4 ? "later" : "refused";
    connection.commandEnded(verb, outcome, System.nanoTime() - began);
  }

  private Uni<Void> run(LmtpCommand command) {
    return switch (command) {
      case LmtpCommand.Lhlo(var domain) -> now(lhlo(domain));
      case LmtpCommand.Mail mail -> now(mail(mail));
      case LmtpCommand.Rcpt rcpt -> rcpt(rcpt);
      case LmtpCommand.Data _ -> data();
      case LmtpCommand.Rset _ -> now(rset());
      case LmtpCommand.Noop _ -> now(LmtpReply.OK);
      case LmtpCommand.Vrfy _ -> now(LmtpReply.NOT_VERIFIED);
      case LmtpCommand.Help _ -> now(LmtpReply.HELP);
      case LmtpCommand.StartTls _ -> startTls();
      case LmtpCommand.Quit _ -> quit();
      case LmtpCommand.Wrong(var reply) -> now(reply);
    };
  }

  // RFC 2033 §4.1: as EHLO
  private LmtpReply lhlo(String domain) {
    commands.peer(domain);
    var lines = new ArrayList<String>();
    lines.add(commands.hostname());
    lines.add("PIPELINING");
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("8BITMIME");
    lines.add("SMTPUTF8");
    lines.add("SIZE " + commands.maxSize());
    if (connection.canStartTls()) {
      lines.add("STARTTLS");
    }
    state = new Ready();
    return new LmtpReply(250, "", lines);
  }

  private LmtpReply mail(LmtpCommand.Mail mail) {
    return enter(commands.mail(state, mail));
  }

  private Uni<Void> rcpt(LmtpCommand.Rcpt rcpt) {
    return commands.rcpt(state, rcpt).map(this::enter).invoke(this::say).replaceWithVoid();
  }

  private LmtpReply enter(MailCommands.Effect effect) {
    // Unless the connection ended during the store query.
    if (!(state instanceof Closed)) {
      effect.envelope().ifPresent(envelope -> state = envelope);
    }
    return effect.reply();
  }

  private Uni<Void> data() {
    return switch (state) {
      case Greeted _, Closed _ -> now(LmtpReply.LHLO_FIRST);
      case Ready _ -> now(LmtpReply.MAIL_FIRST);
      // RFC 2033 §4.2: DATA needs at least one recipient
      case Envelope(_, _, var recipients) when recipients.isEmpty() -> now(LmtpReply.NO_RECIPIENTS);
      case Envelope envelope -> receive(envelope);
    };
  }

  private Uni<Void> receive(Envelope envelope) {
    say(LmtpReply.GO_AHEAD);
    connection.out().flush();
    state = new Ready();
    return commands.data(envelope).invoke(this::sayAtOnce).collect().last().replaceWithVoid();
  }

  private LmtpReply rset() {
    if (state instanceof Envelope) {
      state = new Ready();
    }
    return LmtpReply.OK;
  }

  private Uni<Void> startTls() {
    if (connection.secure()) {
      return now(LmtpReply.TLS_ALREADY);
    }
    if (!connection.canStartTls()) {
      return now(LmtpReply.NO_TLS);
    }
    // RFC 3207 §4.2: what the peer said before TLS is discarded
    state = new Greeted();
    connection.switchStream(StreamStage.TLS, Buffer.buffer(LmtpReply.READY_FOR_TLS.text()));
    return done();
  }

  private Uni<Void> quit() {
    say(LmtpReply.BYE);
    end(CloseReason.LOGOUT);
    return done();
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    long began = System.nanoTime();
    worst = 0;
    say(LmtpReply.of(500, "5.5.2", "A line has at most " + limit + " octets"));
    ended("?", began);
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    return Farewell.of(reason);
  }

  @Override
  public void closed(CloseReason reason) {
    state = new Closed();
  }

  private Uni<Void> now(LmtpReply reply) {
    say(reply);
    return done();
  }

  private void sayAtOnce(LmtpReply reply) {
    say(reply);
    connection.out().flush();
  }

  private void say(LmtpReply reply) {
    connection.out().write(reply.text());
    worst = Math.max(worst, reply.code() / 100);
    errors += reply.protocolError() ? 1 : 0;
    if (errors >= MAX_ERRORS) {
      end(CloseReason.ERRORS);
    }
  }

  private void end(CloseReason reason) {
    if (!(state instanceof Closed)) {
      state = new Closed();
      connection.close(reason);
    }
  }

  private LmtpSettings settings() {
    return live.now().lmtp();
  }

  private static Uni<Void> done() {
    return Uni.createFrom().voidItem();
  }
}
