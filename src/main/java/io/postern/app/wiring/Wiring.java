package io.postern.app.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.admin.NodeName;
import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.imap.Catalogue;
import io.postern.imap.selected.UpdateMeter;
import io.postern.imap.session.ImapProtocol;
import io.postern.imap.spi.ImapPorts;
import io.postern.lmtp.Delivery;
import io.postern.lmtp.LmtpProtocol;
import io.postern.lmtp.SiteMailReceiver;
import io.postern.model.MailProtocol;
import io.postern.observe.SessionLogs;
import io.postern.observe.trace.Traces;
import io.postern.pop3.Pop3Ports;
import io.postern.pop3.Pop3Protocol;
import io.postern.pop3.maildrop.KnownSizes;
import io.postern.push.Hints;
import io.postern.site.MailDelivery.Receiver;
import io.postern.site.Sites;
import io.postern.site.transfer.TransferClient;
import io.postern.store.Annotations;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Accounts;
import io.postern.store.account.Quotas;
import io.postern.store.index.MailboxIndexes;
import io.postern.wire.registry.SessionRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Wires the protocols. */
final class Wiring {
  @Produces
  @Singleton
  SessionRegistry sessions(SessionLogs listeners) {
    return new SessionRegistry(listeners);
  }

  @Produces
  @Singleton
  Traces traces(
      Live live,
      InstantSource clock,
      NodeName node,
      MeterRegistry registry,
      @ConfigProperty(name = "quarkus.application.name") String name,
      @ConfigProperty(name = "quarkus.application.version") String version) {
    return new Traces(live, clock, new Traces.Origin(name, version, node.value()), registry);
  }

  /** Sends the last sessions' traces before the process ends. */
  void close(@Disposes Traces traces) {
    traces.close();
  }

  @Produces
  @Singleton
  ImapProtocol imap(
      Mailboxes mailboxes,
      Messages messages,
      Blobs blobs,
      MailboxIndexes indexes,
      Hints hints,
      Quotas quotas,
      Annotations annotations,
      AccessLists lists,
      Login login,
      Mechanisms mechanisms,
      Live live,
      UpdateMeter log,
      MessageRetrieval retrieval,
      Sites sites) {
    var ports =
        new ImapPorts(
            mailboxes,
            messages,
            blobs,
            indexes,
            hints,
            quotas,
            annotations,
            lists,
            login,
            mechanisms,
            live,
            log,
            identity -> retrieval.shown(MailProtocol.IMAP, identity),
            sites);
    return new ImapProtocol(ports, Catalogue.extensions());
  }

  @Produces
  @Singleton
  Pop3Protocol pop3(
      Mailboxes mailboxes,
      Messages messages,
      Blobs blobs,
      MailboxIndexes indexes,
      MaildropLocks locks,
      Login login,
      Mechanisms mechanisms,
      Live live,
      MessageRetrieval retrieval,
      Sites sites) {
    return new Pop3Protocol(
        new Pop3Ports(
            messages,
            blobs,
            indexes,
            locks,
            new KnownSizes(),
            login,
            mechanisms,
            live,
            identity -> retrieval.shown(MailProtocol.POP3, identity),
            sites));
  }

  @Produces
  @Singleton
  Delivery delivery(
      Accounts accounts,
      SiteParts sites,
      Messages messages,
      Blobs blobs,
      InstantSource clock,
      TransferClient others) {
    return new Delivery(sites.forLogin(accounts), messages, blobs, clock, others);
  }

  @Produces
  @Singleton
  Receiver mailReceiver(Accounts accounts, Blobs blobs, Delivery delivery, Live live) {
    return new SiteMailReceiver(
        accounts, blobs, delivery, () -> live.now().maxReceiveSize().asLongValue());
  }

  @Produces
  @Singleton
  LmtpProtocol lmtp(Delivery delivery, Live live) {
    return new LmtpProtocol(live, delivery, hostname());
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getCanonicalHostName();
    } catch (UnknownHostException _) {
      // The machine has no host name.
      return "localhost";
    }
  }
}
