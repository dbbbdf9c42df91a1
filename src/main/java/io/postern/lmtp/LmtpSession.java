package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.config.LmtpSettings;
import io.postern.config.net.Networks;
import io.postern.lmtp.LmtpState.Closed;
import io.postern.lmtp.LmtpState.Envelope;
import io.postern.lmtp.LmtpState.Greeted;
import io.postern.lmtp.LmtpState.Ready;
import io.postern.store.account.Account;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** One peer's session: its state, and the effect of each command on it (RFC 2033 §4). */
final class LmtpSession implements Protocol.Session {
  /** Number of protocol errors after which the session ends. */
  static final int MAX_ERRORS = 10;

  private final Connection connection;
  private final Live live;
  private final Delivery delivery;
  private final String ownName;
  private final LmtpProtocol.CommandLog log;
  private LmtpState state = new Greeted();
  private int errors;

  /** The name that the peer gave in LHLO. */
  private String peer = "";

  /** The greatest first digit among the replies to the present command. */
  private int worst;

  LmtpSession(
      Connection connection,
      Live live,
      Delivery delivery,
      String ownName,
      LmtpProtocol.CommandLog log) {
    this.connection = connection;
    this.live = live;
    this.delivery = delivery;
    this.ownName = ownName;
    this.log = log;
  }

  @Override
  public void opened() {
    if (!Networks.parse(settings().trustedNetworks()).contains(connection.remote().hostAddress())) {
      // RFC 5321 §3.1: no service for this peer
      say(LmtpReply.of(554, "5.7.1", "No mail is taken from your address"));
      end(CloseReason.LOGOUT);
      return;
    }
    connection.timeout(settings().timeout(), CloseReason.IDLE_TIMEOUT);
    say(LmtpReply.plain(220, hostname() + " LMTP Postern is ready"));
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
    connection.timeout(settings().timeout(), CloseReason.IDLE_TIMEOUT);
    var command = LmtpCommands.read(request.texts().getFirst());
    long began = System.nanoTime();
    worst = 0;
    return run(command).invoke(() -> ended(command.verb(), began));
  }

  private void ended(String verb, long began) {
    // RFC 5321 §4.2.1: what the first digit of a reply means; of several recipients the worst
    var outcome = worst < 4 ? "ok" : worst == 4 ? "later" : "refused";
    log.ran(verb, outcome, System.nanoTime() - began);
    connection.ended(verb, outcome);
  }

  private Uni<Void> run(LmtpCommand command) {
    return switch (command) {
      case LmtpCommand.Lhlo(var domain) -> now(lhlo(domain));
      case LmtpCommand.Mail mail -> now(mail(mail));
      case LmtpCommand.Rcpt rcpt -> rcpt(rcpt).invoke(this::say).replaceWithVoid();
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
    peer = domain;
    var lines = new ArrayList<String>();
    lines.add(hostname());
    lines.add("PIPELINING");
    lines.add("ENHANCEDSTATUSCODES");
    lines.add("8BITMIME");
    lines.add("SMTPUTF8");
    lines.add("SIZE " + maxSize());
    if (connection.canStartTls()) {
      lines.add("STARTTLS");
    }
    state = new Ready();
    return new LmtpReply(250, "", lines);
  }

  private LmtpReply mail(LmtpCommand.Mail mail) {
    return switch (state) {
      case Greeted _, Closed _ -> LmtpReply.LHLO_FIRST;
      // RFC 5321 §4.1.4: MAIL within mail is out of sequence
      case Envelope _ -> LmtpReply.NESTED_MAIL;
      case Ready _ -> begin(mail);
    };
  }

  private LmtpReply begin(LmtpCommand.Mail mail) {
    boolean tls = settings().requireTls() || settings().requireClientCertificate();
    if (tls && !connection.secure()) {
      return LmtpReply.TLS_FIRST;
    }
    // Not 530: the peer may have a certificate that the handshake did not request.
    if (settings().requireClientCertificate() && !certified()) {
      return LmtpReply.CERTIFICATE_FIRST;
    }
    var envelope = new Envelope(mail.sender().text(), mail.utf8(), List.of());
    long limit = maxSize(trace(envelope));
    if (mail.size() > limit) {
      return LmtpReply.tooBig(limit);
    }
    if (!mail.utf8() && !mail.sender().ascii()) {
      return LmtpReply.WANTS_UTF8;
    }
    state = envelope;
    return LmtpReply.SENDER_OK;
  }

  private TraceFields trace(Envelope envelope) {
    var address = connection.remote().hostAddress();
    var hop =
        new TraceFields.Hop(peer, address, hostname(), connection.secure(), delivery.instant());
    return TraceFields.of(settings(), envelope, hop);
  }

  private boolean certified() {
    try {
      return connection.tls().isPresent()
          && connection.tls().get().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException _) {
      // The peer sent no certificate.
      return false;
    }
  }

  private Uni<LmtpReply> rcpt(LmtpCommand.Rcpt rcpt) {
    return switch (state) {
      case Greeted _, Closed _ -> Uni.createFrom().item(LmtpReply.LHLO_FIRST);
      case Ready _ -> Uni.createFrom().item(LmtpReply.MAIL_FIRST);
      case Envelope envelope -> recipient(envelope, rcpt.recipient());
    };
  }

  private Uni<LmtpReply> recipient(Envelope envelope, Address.Path path) {
    if (envelope.recipients().size() >= settings().maxRecipients()) {
      return Uni.createFrom().item(LmtpReply.TOO_MANY_RECIPIENTS);
    }
    if (!envelope.utf8() && !path.ascii()) {
      return Uni.createFrom().item(LmtpReply.WANTS_UTF8);
    }
    return delivery
        .find(path.names())
        .map(account -> taken(account, path))
        .onFailure(Delivery::answerable)
        .recoverWithItem(Delivery::answer);
  }

  private LmtpReply taken(Optional<Account> account, Address.Path path) {
    if (account.isEmpty()) {
      return LmtpReply.NO_SUCH_USER;
    }
    if (!account.get().access().enabled()) {
      return LmtpReply.DISABLED;
    }
    // Unless the connection ended during the store query.
    if (state instanceof Envelope envelope) {
      state = envelope.with(new LmtpState.Recipient(account.get().id(), path.text()));
    }
    return LmtpReply.RECIPIENT_OK;
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
    var trace = trace(envelope);
    var messageSink = delivery.messageSink(trace);
    long limit = maxSize(trace);
    return connection
        .data(messageSink, limit)
        .onItem()
        .transformToMulti(size -> delivered(messageSink, size, limit, trace))
        .invoke(this::sayAtOnce)
        .collect()
        .last()
        .replaceWithVoid();
  }

  private Multi<LmtpReply> delivered(
      MessageSink messageSink, long size, long limit, TraceFields trace) {
    if (size > limit) {
      messageSink.abandon();
      return Delivery.toAll(trace.envelope().recipients(), LmtpReply.tooBig(limit));
    }
    return delivery.deliver(messageSink, trace);
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
    return switch (reason) {
      case CLIENT, LOGOUT -> Buffer.buffer();
      case LOGIN_TIMEOUT, IDLE_TIMEOUT, STALLED -> last("4.4.2", "Nothing was said for too long");
      case ERRORS, LOGINS_REFUSED -> last("4.7.0", "Too many errors");
      case TOO_LARGE -> last("4.7.0", "A line or message is too long to be read");
      case FULL, ADDRESS_FULL -> last("4.3.2", "Too many connections; try again later");
      // RFC 5321 §3.1
      case DENIED ->
          Buffer.buffer(
              LmtpReply.of(554, "5.7.1", "Connections from this address are not taken").text());
      case SHUTDOWN, KICKED, DISPLACED -> last("4.3.2", "The service goes away");
      case FAULT -> last("4.3.0", "A fault of the server");
    };
  }

  // RFC 5321 §3.8: a server that closes the connection on its own replies 421
  private static Buffer last(String enhanced, String text) {
    return Buffer.buffer(LmtpReply.of(421, enhanced, text).text());
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

  /** Octets that a message may have when it arrives, before trace fields are added. */
  private long maxSize(TraceFields trace) {
    return Math.max(0, maxSize() - trace.octets());
  }

  private long maxSize() {
    return live.now().maxReceiveSize().asLongValue();
  }

  private LmtpSettings settings() {
    return live.now().lmtp();
  }

  private String hostname() {
    return settings().hostname().orElse(ownName);
  }

  private static Uni<Void> done() {
    return Uni.createFrom().voidItem();
  }
}
