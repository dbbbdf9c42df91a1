package io.postern.sessions;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postern.admission.AdmissionControl;
import io.postern.app.wiring.MessageRetrieval;
import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Mechanisms;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.FastPasswords;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.auth.sasl.SaslCatalogue;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.config.component.ProtocolLogRequests;
import io.postern.imap.Catalogue;
import io.postern.imap.selected.UpdateMeter;
import io.postern.imap.session.ImapProtocol;
import io.postern.imap.spi.ImapPorts;
import io.postern.lmtp.Delivery;
import io.postern.lmtp.LmtpProtocol;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailProtocol;
import io.postern.observe.log.AuditLog;
import io.postern.observe.log.SessionLog;
import io.postern.observe.protocol.ProtocolLog;
import io.postern.pop3.Pop3Ports;
import io.postern.pop3.Pop3Protocol;
import io.postern.pop3.maildrop.KnownSizes;
import io.postern.push.HintPublisher;
import io.postern.push.LocalHints;
import io.postern.push.PublishingAnnotations;
import io.postern.push.PublishingMailboxes;
import io.postern.site.Sites;
import io.postern.store.Blobs;
import io.postern.store.ChangeListener;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.NotifyingMessages;
import io.postern.store.account.Quotas;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.content.CachingMessages;
import io.postern.store.content.ContentCache;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.memory.MemoryAccessLists;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAnnotations;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryIndexedTexts;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryQuotas;
import io.postern.store.memory.MemoryStore;
import io.postern.store.rendering.Renditions;
import io.postern.store.search.IndexingQueue;
import io.postern.store.search.SearchIndexing;
import io.postern.tls.TlsSource;
import io.postern.wire.Certificates;
import io.postern.wire.CloseReason;
import io.postern.wire.OutputBudget;
import io.postern.wire.Protocol;
import io.postern.wire.limits.OctetBudget;
import io.postern.wire.limits.WireLimits;
import io.postern.wire.registry.CommandRecord;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionObserver;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.registry.SessionStats;
import io.postern.wire.timer.TimerWheel;
import io.postern.wire.transport.Listener;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The whole protocol half over loopback, with the store in memory. */
final class MemoryTarget implements VariantTarget {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Secret PASSWORD = new Secret("secret");
  private static final int LMTP_LINE = 4_096;
  private static final WireLimits.Unauthenticated UNTIL_LOGIN =
      WireLimits.Unauthenticated.of(new OctetBudget(16 << 20));

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = Clock.systemUTC();
  private final List<TimerWheel> wheels = TimerWheel.spread(vertx, 2);
  private final MemoryStore store = new MemoryStore();
  private final MemoryAccounts accounts = new MemoryAccounts(store);
  private final MemoryAppPasswords appPasswords = new MemoryAppPasswords(store);
  private final MemoryGrants grants = new MemoryGrants(store);
  private final MemoryMailboxes storedMailboxes = new MemoryMailboxes(store, this::mailboxLimits);
  private final MemoryQuotas quotas = new MemoryQuotas(store, this::quotaDefaults);
  private final MemoryMessages storedMessages = new MemoryMessages(store, quotas);
  private final MemoryBlobs blobs = new MemoryBlobs(store);
  private final ContentCache contents = new ContentCache(() -> 16 << 20);
  private final LocalHints hints = new LocalHints();
  private final MailboxIndexes indexes = new MailboxIndexes(storedMessages, 64 << 20);
  private final Mailboxes mailboxes = new PublishingMailboxes(storedMailboxes, hints);
  private final IndexingQueue unindexed = new IndexingQueue();
  private final Messages messages =
      new NotifyingMessages(
          new CachingMessages(storedMessages, contents, this::index),
          ChangeListener.inOrder(List.of(indexes::apply, new HintPublisher(hints))));
  private final Workers workers = new Workers(2, 64);
  private final ExecutorService renderers = Executors.newFixedThreadPool(2);
  private final Passwords passwords =
      FastPasswords.forClients(workers, new Credentials(Duration.ofMinutes(5), 100));
  private static final List<String> SETTINGS =
      List.of("mail.imap.login-type=plain-text-login", "mail.pop3.login-type=plain-text-login");

  private final ProtocolLog protocolLog;
  private final List<String> usual;
  private List<String> always;
  private final Live live;
  private final SessionRegistry sessions;
  private final Verifiers verifiers = soon(passwords.verifiers(PASSWORD));
  private final AtomicInteger numbers = new AtomicInteger();
  private final UnaryOperator<WireLimits> limits;
  private final Listener imap;
  private final Listener pop3;
  private final Listener lmtp;

  /** Indexes contents for SEARCH at once, so that the scripts search what is indexed. */
  private void index(AccountId account, ContentId content) {
    unindexed.offer(account, content);
    var ports =
        new SearchIndexing.Ports(storedMessages, blobs, new MemoryIndexedTexts(store), contents);
    new SearchIndexing(unindexed, ports, Runnable::run).run().subscribe().with(_ -> {});
  }

  MemoryTarget() {
    this(UnaryOperator.identity());
  }

  private Mailboxes.Limits mailboxLimits() {
    var now = live.now().mailbox();
    return new Mailboxes.Limits(now.maxMailboxes(), now.maxSubscriptions());
  }

  private Quotas.Levels quotaDefaults() {
    var now = live.now().mailbox();
    return new Quotas.Levels(
        now.issueWarningQuota().map(MemorySize::asLongValue),
        now.prohibitSendQuota().map(MemorySize::asLongValue),
        now.prohibitSendReceiveQuota().map(MemorySize::asLongValue),
        now.maxMessages());
  }

  /** With faults put before the bytes that are read. */
  MemoryTarget(UnaryOperator<Blobs> faults) {
    this(faults, SessionObserver.NONE, UnaryOperator.identity(), SETTINGS);
  }

  /** One whose logs say all they can. */
  static MemoryTarget talkative() {
    var logs =
        Stream.of(
            "mail.imap.protocol-log-enabled=true",
            "mail.pop3.protocol-log-enabled=true",
            "mail.log.session-summary=true");
    return new MemoryTarget(
        UnaryOperator.identity(),
        SessionObserver.NONE,
        UnaryOperator.identity(),
        Stream.concat(SETTINGS.stream(), logs).toList());
  }

  /** With other limits, and an observer of commands. */
  MemoryTarget(
      UnaryOperator<Blobs> faults, SessionObserver commands, UnaryOperator<WireLimits> limits) {
    this(faults, commands, limits, SETTINGS);
  }

  private MemoryTarget(
      UnaryOperator<Blobs> faults,
      SessionObserver commands,
      UnaryOperator<WireLimits> limits,
      List<String> settings) {
    this.limits = limits;
    this.usual = settings;
    this.always = settings;
    this.live = new Live(TestSettings.of(settings.toArray(String[]::new)));
    this.protocolLog =
        new ProtocolLog(live, clock, ProtocolLogRequests.NONE, new SimpleMeterRegistry());
    this.sessions =
        new SessionRegistry(new Logs(commands, protocolLog, new SessionLog(live, clock)));
    var bytes = faults.apply(blobs);
    var tls = ClientCertificates.asked(Certificates.of("localhost"));
    var login = passwordLogin();
    var mechanisms =
        SaslCatalogue.of(
            live, login, accounts, workers, InstantSource.system(), IssuerKeysMeter.NONE);
    var retrieval = new MessageRetrieval(new Renditions(messages, bytes, renderers, 1 << 20), live);
    var ports =
        new ImapPorts(
            mailboxes,
            messages,
            bytes,
            indexes,
            hints,
            quotas,
            new PublishingAnnotations(new MemoryAnnotations(store), hints),
            new MemoryAccessLists(store),
            login,
            mechanisms,
            live,
            UpdateMeter.NONE,
            identity -> retrieval.shown(MailProtocol.IMAP, identity),
            Sites.SINGLE);
    imap = listen(new ImapProtocol(ports, Catalogue.extensions()), tls);
    pop3 = listen(new Pop3Protocol(drops(bytes, login, mechanisms, retrieval)), tls);
    lmtp = listen(lmtp(), tls);
  }

  private Pop3Ports drops(
      Blobs bytes, io.postern.auth.Login login, Mechanisms mechanisms, MessageRetrieval retrieval) {
    return new Pop3Ports(
        messages,
        bytes,
        indexes,
        new MemoryMaildropLocks(store),
        new KnownSizes(),
        login,
        mechanisms,
        live,
        identity -> retrieval.shown(MailProtocol.POP3, identity),
        Sites.SINGLE);
  }

  private io.postern.auth.Login passwordLogin() {
    return new io.postern.auth.Login(
        accounts, appPasswords, grants, passwords, new AuditLog(LoginPolicy.OPEN, sessions), live);
  }

  private LmtpProtocol lmtp() {
    var delivery = new Delivery(accounts, messages, blobs, clock);
    return new LmtpProtocol(live, delivery, "localhost");
  }

  private Listener listen(Protocol protocol, TlsSource certificate) {
    var binding = new Listener.Binding("127.0.0.1", 0, Listener.Tls.STARTTLS);
    var listener =
        new Listener(
            vertx,
            wheels,
            binding,
            certificate,
            protocol,
            () -> limits.apply(usual(protocol)),
            sessions,
            AdmissionControl.OPEN);
    soon(listener.start());
    return listener;
  }

  private WireLimits usual(Protocol protocol) {
    return switch (protocol.kind()) {
      case IMAP -> ImapProtocol.limits(live.now()).untilLogin(UNTIL_LOGIN);
      case POP3 -> WireLimits.ofLine(Pop3Protocol.LINE).untilLogin(UNTIL_LOGIN);
      case LMTP -> WireLimits.ofLine(LMTP_LINE);
    };
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(SOON);
  }

  /** What the node holds for its clients. */
  OutputBudget output() {
    return sessions.output();
  }

  /** How often a mailbox was looked up by its name. */
  int mailboxLookups() {
    return storedMailboxes.finds();
  }

  @Override
  public List<Long> uids(String mailbox) {
    return store.uids(mailbox);
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int imapPort() {
    return imap.port();
  }

  @Override
  public int pop3Port() {
    return pop3.port();
  }

  @Override
  public int lmtpPort() {
    return lmtp.port();
  }

  @Override
  public Optional<String> obstacle(Script script) {
    return Optional.empty();
  }

  @Override
  public Optional<AccountSetup> accountSetup() {
    return Optional.of(new StoreAccountSetup(accounts, appPasswords, grants));
  }

  @Override
  public void always(Stream<String> more) {
    always = Stream.concat(usual.stream(), more).toList();
    set(List.of());
  }

  @Override
  public void set(List<String> settings) {
    var all = Stream.concat(always.stream(), settings.stream());
    live.swap(TestSettings.of(all.toArray(String[]::new)));
  }

  @Override
  public Login account() {
    var name = "user" + numbers.incrementAndGet() + "@example.test";
    soon(accounts.create(name, verifiers));
    return new Login(name, PASSWORD.reveal());
  }

  /** The log lines of a session while it runs and at its end. */
  private record Logs(SessionObserver observer, ProtocolLog commands, SessionLog summaries)
      implements SessionObserver {
    @Override
    public void opened(SessionInfo session) {
      commands.opened(session);
    }

    @Override
    public void closed(SessionInfo session, SessionStats stats, CloseReason why) {
      commands.closed(session, stats, why);
      summaries.closed(session, stats, why);
    }

    @Override
    public void commandEnded(SessionInfo session, String command, String outcome, long nanos) {
      observer.commandEnded(session, command, outcome, nanos);
    }

    @Override
    public boolean recordsCommands(MailProtocol protocol) {
      return commands.recordsCommands(protocol);
    }

    @Override
    public void commandRecorded(SessionInfo session, CommandRecord command) {
      commands.commandRecorded(session, command);
    }
  }

  @Override
  public void close() {
    soon(imap.stop());
    soon(pop3.stop());
    soon(lmtp.stop());
    protocolLog.close();
    workers.close();
    renderers.close();
    soon(Uni.createFrom().completionStage(() -> vertx.close().toCompletionStage()));
  }
}
