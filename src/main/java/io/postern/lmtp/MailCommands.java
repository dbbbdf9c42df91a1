package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.config.area.LmtpSettings;
import io.postern.lmtp.LmtpState.Closed;
import io.postern.lmtp.LmtpState.Envelope;
import io.postern.lmtp.LmtpState.Greeted;
import io.postern.lmtp.LmtpState.Ready;
import io.postern.store.account.Account;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Runs the commands of a mail transaction: MAIL, RCPT and DATA (RFC 5321 §3.3, RFC 2033 §4.2). */
final class MailCommands {
  /**
   * The effect of MAIL or RCPT.
   *
   * @param envelope the state that follows; empty when the state stays as it is
   */
  record Effect(LmtpReply reply, Optional<Envelope> envelope) {
    private static Effect refused(LmtpReply reply) {
      return new Effect(reply, Optional.empty());
    }

    private static Effect accepted(LmtpReply reply, Envelope envelope) {
      return new Effect(reply, Optional.of(envelope));
    }
  }

  private final Connection connection;
  private final Live live;
  private final Delivery delivery;
  private final String ownName;

  /** The name that the peer gave in LHLO. */
  private String peer = "";

  /**
   * @param ownName the server's name when the settings give none
   */
  MailCommands(Connection connection, Live live, Delivery delivery, String ownName) {
    this.connection = connection;
    this.live = live;
    this.delivery = delivery;
    this.ownName = ownName;
  }

  /** The peer has given its name in LHLO. */
  void peer(String name) {
    peer = name;
  }

  /** The server's name. */
  String hostname() {
    return settings().hostname().orElse(ownName);
  }

  /** Octets that a message may have when it arrives (RFC 1870 §4), before its trace fields. */
  long maxSize() {
    return live.now().maxReceiveSize().asLongValue();
  }

  Effect mail(LmtpState state, LmtpCommand.Mail mail) {
    return switch (state) {
      case Greeted _, Closed _ -> Effect.refused(LmtpReply.LHLO_FIRST);
      // RFC 5321 §4.1.4: MAIL within mail is out of sequence
      case Envelope _ -> Effect.refused(LmtpReply.NESTED_MAIL);
      case Ready _ -> begin(mail);
    };
  }

  private Effect begin(LmtpCommand.Mail mail) {
    boolean tls = settings().requireTls() || settings().requireClientCertificate();
    if (tls && !connection.secure()) {
      return Effect.refused(LmtpReply.TLS_FIRST);
    }
    // Not 530: the peer may have a certificate that the handshake did not request.
    if (settings().requireClientCertificate() && !certified()) {
      return Effect.refused(LmtpReply.CERTIFICATE_FIRST);
    }
    if (mail.size() > maxSize()) {
      return Effect.refused(LmtpReply.tooBig(maxSize()));
    }
    if (!mail.utf8() && !mail.sender().ascii()) {
      return Effect.refused(LmtpReply.WANTS_UTF8);
    }
    var envelope = new Envelope(mail.sender().text(), mail.utf8(), List.of());
    return Effect.accepted(LmtpReply.SENDER_OK, envelope);
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

  Uni<Effect> rcpt(LmtpState state, LmtpCommand.Rcpt rcpt) {
    return switch (state) {
      case Greeted _, Closed _ -> refused(LmtpReply.LHLO_FIRST);
      case Ready _ -> refused(LmtpReply.MAIL_FIRST);
      case Envelope envelope -> recipient(envelope, rcpt.recipient());
    };
  }

  private Uni<Effect> recipient(Envelope envelope, Address.Path path) {
    if (envelope.recipients().size() >= settings().maxRecipients()) {
      return refused(LmtpReply.TOO_MANY_RECIPIENTS);
    }
    if (!envelope.utf8() && !path.ascii()) {
      return refused(LmtpReply.WANTS_UTF8);
    }
    return delivery
        .find(path.names())
        .map(account -> recipient(envelope, path, account))
        .onFailure(Delivery::answerable)
        .recoverWithItem(failure -> Effect.refused(Delivery.answer(failure)));
  }

  private static Effect recipient(Envelope envelope, Address.Path path, Optional<Account> account) {
    if (account.isEmpty()) {
      return Effect.refused(LmtpReply.NO_SUCH_USER);
    }
    if (!account.get().access().enabled()) {
      return Effect.refused(LmtpReply.DISABLED);
    }
    var recipient = LmtpState.Recipient.of(account.get(), path.text());
    return Effect.accepted(LmtpReply.RECIPIENT_OK, envelope.with(recipient));
  }

  private static Uni<Effect> refused(LmtpReply reply) {
    return Uni.createFrom().item(Effect.refused(reply));
  }

  /** Receives the data of a message and delivers it; emits one reply for each recipient. */
  Multi<LmtpReply> data(Envelope envelope) {
    var trace = trace(envelope);
    var messageSink = delivery.messageSink(trace);
    long limit = maxSize();
    return connection
        .data(messageSink, limit)
        .onItem()
        .transformToMulti(
            size -> {
              if (size > limit) {
                messageSink.abandon();
                return Delivery.toAll(envelope.recipients(), LmtpReply.tooBig(limit));
              }
              return delivery.deliver(messageSink, trace);
            });
  }

  private TraceFields trace(Envelope envelope) {
    var address = connection.remote().hostAddress();
    var hop =
        new TraceFields.Hop(peer, address, hostname(), connection.secure(), delivery.instant());
    return TraceFields.of(settings(), envelope, hop);
  }

  private LmtpSettings settings() {
    return live.now().lmtp();
  }
}
