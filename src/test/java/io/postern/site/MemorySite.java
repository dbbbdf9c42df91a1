package io.postern.site;

import io.postern.admission.AdmissionControl;
import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.Login;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Mechanisms;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.FastPasswords;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.auth.sasl.SaslCatalogue;
import io.postern.config.BootSettings;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.imap.Catalogue;
import io.postern.imap.selected.UpdateMeter;
import io.postern.imap.session.ImapProtocol;
import io.postern.imap.spi.ImapPorts;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.observe.log.AuditLog;
import io.postern.pop3.Pop3Ports;
import io.postern.pop3.Pop3Protocol;
import io.postern.pop3.maildrop.KnownSizes;
import io.postern.push.HintPublisher;
import io.postern.push.LocalHints;
import io.postern.push.PublishingAnnotations;
import io.postern.push.PublishingMailboxes;
import io.postern.site.directory.CachedHomes;
import io.postern.site.directory.HomePublisher;
import io.postern.site.directory.HomedAccounts;
import io.postern.site.directory.HomedAppPasswords;
import io.postern.site.directory.PublishedAccounts;
import io.postern.site.directory.PublishedAppPasswords;
import io.postern.site.hop.SitePassing;
import io.postern.store.ChangeListener;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.NotifyingMessages;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Quotas;
import io.postern.store.account.Secret;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.memory.MemoryAccessLists;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAnnotations;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryQuotas;
import io.postern.store.memory.MemoryStore;
import io.postern.tls.OpenSslClientOptions;
import io.postern.tls.TlsEngine;
import io.postern.tls.TlsSource;
import io.postern.wire.Protocol;
import io.postern.wire.dial.SocketDialer;
import io.postern.wire.limits.OctetBudget;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.timer.TimerWheel;
import io.postern.wire.transport.BackEnd;
import io.postern.wire.transport.Listener;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;

/** A site over loopback with its store in memory: a port for clients, and one for other sites. */
final class MemorySite implements AutoCloseable {
  static final String PASSWORD = "secret-secret";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final WireLimits.Unauthenticated UNTIL_LOGIN =
      WireLimits.Unauthenticated.of(new OctetBudget(16 << 20));

  final Vertx vertx = Vertx.vertx();
  final List<String> events = new CopyOnWriteArrayList<>();
  final SessionRegistry sessions = new SessionRegistry();
  final Accounts accounts;
  final AppPasswords appPasswords;
  private final String name;
  private final int imapBack;
  private final int pop3Back;
  private final BootSettings boot;
  private final Live live;
  private final List<TimerWheel> wheels = TimerWheel.spread(vertx, 2);
  private final Workers workers = new Workers(2, 64);
  private final Passwords passwords =
      FastPasswords.forClients(workers, new Credentials(Duration.ofMinutes(5), 100));
  private final SSLOptions keys;
  private final LocalHints hints = new LocalHints();
  private final List<Listener> listeners = new ArrayList<>();
  private final SiteMeter meter = new Events();

  /** That of connections to other sites, from the first on. */
  SSLEngineOptions engine = new OpenSslClientOptions();

  /** That of connections from other sites. */
  TlsEngine backEndEngine = TlsEngine.OPENSSL;

  /**
   * Creates it; {@link #start} opens its ports.
   *
   * @param ports for other sites, by IMAP and by POP3
   * @param others the ports of another site, by its name
   * @param settings further ones
   */
  MemorySite(
      String name,
      SSLOptions keys,
      MemoryDirectory directory,
      List<Integer> ports,
      Map<String, List<Integer>> others,
      String... settings) {
    this.name = name;
    this.keys = keys;
    this.imapBack = ports.get(0);
    this.pop3Back = ports.get(1);
    var mail = new ArrayList<>(Stream.of(settings).filter(MemorySite::isOfMail).toList());
    mail.add("mail.imap.login-type=plain-text-login");
    mail.add("mail.pop3.login-type=plain-text-login");
    this.live = new Live(TestSettings.of(mail.toArray(String[]::new)));
    var all = new ArrayList<>(Stream.of(settings).filter(it -> !isOfMail(it)).toList());
    all.add("mail.site.name=" + name);
    all.add("mail.site.imap-back-ends=" + backEnds(others, 0));
    all.add("mail.site.pop3-back-ends=" + backEnds(others, 1));
    this.boot = TestSettings.boot(all.toArray(String[]::new));
    var store = new MemoryStore();
    var stored = new MemoryAccounts(store);
    var storedAppPasswords = new MemoryAppPasswords(store);
    var publisher = new HomePublisher(directory, stored, storedAppPasswords, name);
    this.accounts = new PublishedAccounts(stored, directory, publisher, name);
    this.appPasswords = new PublishedAppPasswords(storedAppPasswords, publisher);
    wire(store, new CachedHomes(directory, Duration.ofHours(1), System::nanoTime, meter));
  }

  private static boolean isOfMail(String setting) {
    return setting.startsWith("mail.imap.") || setting.startsWith("mail.pop3.");
  }

  private static String backEnds(Map<String, List<Integer>> others, int which) {
    return others.entrySet().stream()
        .map(it -> it.getKey() + "=127.0.0.1:" + it.getValue().get(which))
        .collect(Collectors.joining(","));
  }

  private void wire(MemoryStore store, CachedHomes homes) {
    var quotas = new MemoryQuotas(store, () -> Quotas.Levels.NONE);
    var storedMessages = new MemoryMessages(store, quotas);
    var indexes = new MailboxIndexes(storedMessages, 64 << 20);
    var messages =
        new NotifyingMessages(
            storedMessages,
            ChangeListener.inOrder(List.of(indexes::apply, new HintPublisher(hints))));
    var login = login(store, homes);
    var mechanisms =
        SaslCatalogue.of(
            live,
            login,
            accounts,
            workers,
            InstantSource.system(),
            IssuerKeysMeter.NONE,
            homes::atLeast);
    var dialer = new SocketDialer(vertx, () -> keys, () -> engine, sessions.output());
    var sites = new SitePassing(name, boot.site(), live, homes, dialer, meter, System::nanoTime);
    open(
        new ImapProtocol(
            new ImapPorts(
                mailboxes(store),
                messages,
                new MemoryBlobs(store),
                indexes,
                hints,
                quotas,
                new PublishingAnnotations(new MemoryAnnotations(store), hints),
                new MemoryAccessLists(store),
                login,
                mechanisms,
                live,
                UpdateMeter.NONE,
                _ -> messages,
                sites),
            Catalogue.extensions()),
        pop3(store, messages, indexes, login, mechanisms, sites));
  }

  private Mailboxes mailboxes(MemoryStore store) {
    return new PublishingMailboxes(
        new MemoryMailboxes(store, () -> new Mailboxes.Limits(1_000, 1_000)), hints);
  }

  private Login login(MemoryStore store, CachedHomes homes) {
    return new Login(
        new HomedAccounts(accounts, homes, name),
        new HomedAppPasswords(appPasswords, homes, name),
        new MemoryGrants(store),
        passwords,
        new AuditLog(LoginPolicy.OPEN, sessions),
        live);
  }

  private Pop3Protocol pop3(
      MemoryStore store,
      Messages messages,
      MailboxIndexes indexes,
      Login login,
      Mechanisms mechanisms,
      Sites sites) {
    return new Pop3Protocol(
        new Pop3Ports(
            messages,
            new MemoryBlobs(store),
            indexes,
            new MemoryMaildropLocks(store),
            new KnownSizes(),
            login,
            mechanisms,
            live,
            _ -> messages,
            sites));
  }

  private void open(ImapProtocol imap, Pop3Protocol pop3) {
    listeners.add(listener(imap, 0, Optional.empty()));
    listeners.add(listener(pop3, 0, Optional.empty()));
    listeners.add(listener(imap, imapBack, Optional.of(new SiteBackEnd())));
    listeners.add(listener(pop3, pop3Back, Optional.of(new SiteBackEnd())));
  }

  private Listener listener(Protocol protocol, int port, Optional<BackEnd> backEnd) {
    var tls = backEnd.isPresent() ? Listener.Tls.IMPLICIT : Listener.Tls.STARTTLS;
    return new Listener(
        vertx,
        wheels,
        new Listener.Binding("127.0.0.1", port, tls, false, backEnd.isPresent()),
        backEnd.isPresent() ? new SiteTls() : TlsSource.none(),
        protocol,
        () -> WireLimits.ofLine(64 << 10).skippingLiterals(64 << 20).untilLogin(UNTIL_LOGIN),
        sessions,
        AdmissionControl.OPEN,
        backEnd);
  }

  private final class SiteTls implements TlsSource {
    @Override
    public SSLOptions options() {
      return keys;
    }

    @Override
    public ClientAuth clientAuth() {
      return ClientAuth.REQUIRED;
    }

    @Override
    public TlsEngine engine() {
      return backEndEngine;
    }

    @Override
    public boolean onlyTls13() {
      return true;
    }
  }

  private final class SiteBackEnd implements BackEnd {
    @Override
    public String site() {
      return name;
    }

    @Override
    public Optional<String> front(SSLSession session) {
      var named = SiteCertificates.named(session, List.of("east", "west"));
      if (named.isEmpty()) {
        meter.certificateRefused(true, SiteMeter.CertificateFault.OTHER_SITE);
      }
      return named;
    }

    @Override
    public void handshakeFailed(MailProtocol protocol, Throwable failure) {
      SiteCertificates.fault(failure).ifPresent(why -> meter.certificateRefused(true, why));
    }
  }

  /** Notes what is counted. */
  private final class Events implements SiteMeter {
    @Override
    public void passedOn(MailProtocol protocol, String site, Outcome outcome) {
      events.add(outcome + " " + site);
    }

    @Override
    public void broke(MailProtocol protocol, String site) {
      events.add("BROKE " + site);
    }

    @Override
    public void certificateRefused(boolean incoming, CertificateFault why) {
      events.add((incoming ? "INCOMING " : "OUTGOING ") + why);
    }

    @Override
    public void untrustedHandOver(MailProtocol protocol, String session, String address) {
      events.add("UNTRUSTED");
    }

    @Override
    public void looped(MailProtocol protocol) {
      events.add("LOOPED");
    }
  }

  /** Opens all ports. */
  MemorySite start() {
    listeners.forEach(it -> it.start().await().atMost(SOON));
    return this;
  }

  /** Creates an account with {@link #PASSWORD}. */
  AccountId account(String user) {
    var verifiers = passwords.verifiers(new Secret(PASSWORD)).await().atMost(SOON);
    return accounts.create(user, verifiers).await().atMost(SOON);
  }

  int imap() {
    return listeners.get(0).port();
  }

  int pop3() {
    return listeners.get(1).port();
  }

  int imapBack() {
    return imapBack;
  }

  int pop3Back() {
    return pop3Back;
  }

  @Override
  public void close() {
    Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()).await().atMost(SOON);
    workers.close();
  }
}
