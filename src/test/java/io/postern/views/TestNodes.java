package io.postern.views;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Mechanisms;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.FastPasswords;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.imap.Catalogue;
import io.postern.imap.selected.UpdateMeter;
import io.postern.imap.session.ImapProtocol;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ExtensionRegistry;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.push.HintPublisher;
import io.postern.push.Hints;
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
import io.postern.store.index.MailboxIndexes;
import io.postern.store.memory.MemoryAccessLists;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAnnotations;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryQuotas;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One account in one store, and several nodes of the protocol half that use it. */
final class TestNodes {
  private static final Live LIVE = new Live(TestSettings.of());
  private static final Workers WORKERS = new Workers(1, 1);
  private static final Passwords PASSWORDS =
      FastPasswords.of(WORKERS, new Credentials(Duration.ofMinutes(1), 1));

  final MemoryStore store = new MemoryStore();
  final MemoryMailboxes mailboxes = new MemoryMailboxes(store);
  final MemoryMessages messages = new MemoryMessages(store);
  private final MemoryAccounts accounts = new MemoryAccounts(store);
  private final Identity identity;

  private final List<Extension> more;

  /** With extensions beside those of the catalogue. */
  TestNodes(Extension... more) {
    this.more = List.of(more);
    var name = "alice@example.test";
    identity =
        new Identity(await(accounts.create(name, Verifiers.of(new Secret("$none$")))), name, name);
  }

  /** A node: writes through its messages notify its own sessions and those of other nodes. */
  record Node(ImapProtocol protocol, Messages messages) {}

  Node node(Hints hints, Mailboxes slowMailboxes, Messages slowMessages, long indexOctets) {
    return node(hints, slowMailboxes, slowMessages, new MemoryBlobs(store), indexOctets);
  }

  Node node(
      Hints hints, Mailboxes slowMailboxes, Messages slowMessages, Blobs blobs, long indexOctets) {
    var indexes = new MailboxIndexes(slowMessages, indexOctets);
    var notifying =
        new NotifyingMessages(
            slowMessages,
            ChangeListener.inOrder(List.of(indexes::apply, new HintPublisher(hints))));
    var ports =
        new ImapPorts(
            new PublishingMailboxes(slowMailboxes, hints),
            notifying,
            blobs,
            indexes,
            hints,
            new MemoryQuotas(store, () -> Quotas.Levels.NONE),
            new PublishingAnnotations(new MemoryAnnotations(store), hints),
            new MemoryAccessLists(store),
            new Login(
                accounts,
                new MemoryAppPasswords(store),
                new MemoryGrants(store),
                PASSWORDS,
                LoginPolicy.OPEN,
                LIVE),
            new Mechanisms(LIVE, List.of()),
            LIVE,
            UpdateMeter.NONE,
            _ -> notifying,
            Sites.SINGLE);
    return new Node(new ImapProtocol(ports, registry()), notifying);
  }

  private ExtensionRegistry registry() {
    var all = new ArrayList<>(Catalogue.extensions().extensions());
    all.add(new Entry(identity));
    all.addAll(more);
    return new ExtensionRegistry(all);
  }

  /** A verb that lets in without a password. */
  private record Entry(Identity identity) implements Extension {
    @Override
    public int rfc() {
      return 3501;
    }

    @Override
    public List<Verb> verbs() {
      return List.of(Verb.of("ENTER", in -> new Enter(identity)));
    }
  }

  private record Enter(Identity identity) implements Command.Unauthenticated {
    @Override
    public Uni<Outcome> run(CommandContext context, State.NotAuthenticated state) {
      return context.enter(identity, "Entered.");
    }
  }

  MailboxKey mailbox(String name) {
    return await(mailboxes.find(identity.account(), new MailboxName(name))).orElseThrow().key();
  }

  void create(String name) {
    await(mailboxes.create(identity.account(), new MailboxName(name), Optional.empty()));
  }

  List<Long> uids(String name) {
    var rows = await(messages.load(mailbox(name))).messages();
    return IntStream.range(0, rows.size()).mapToObj(rows::uid).toList();
  }

  List<Set<String>> flags(String name) {
    var loaded = await(messages.load(mailbox(name)));
    return IntStream.range(0, loaded.messages().size()).mapToObj(i -> flags(loaded, i)).toList();
  }

  /** The names of all mailboxes. */
  Set<String> names() {
    return states().keySet();
  }

  Set<String> subscriptions() {
    return await(mailboxes.subscriptions(identity.account())).stream()
        .map(MailboxName::value)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The counters of all mailboxes, as STATUS names them. */
  Map<String, Map<String, Long>> states() {
    var states = await(mailboxes.states(identity.account()));
    var named = new TreeMap<String, Map<String, Long>>();
    for (var mailbox : await(mailboxes.list(identity.account()))) {
      var state = Objects.requireNonNull(states.get(mailbox.key().mailbox()));
      named.put(
          mailbox.name().value(),
          Map.of(
              "MESSAGES", (long) state.exists(),
              "UIDNEXT", state.uidNext(),
              "UIDVALIDITY", state.uidValidity().value(),
              "UNSEEN", (long) state.unseen(),
              "HIGHESTMODSEQ", state.highestModSeq().value()));
    }
    return named;
  }

  private static Set<String> flags(Messages.Loaded loaded, int at) {
    var flags = loaded.keywords().unpack(loaded.messages().flags()[at]);
    Set<String> names = new TreeSet<>(flags.keywords());
    flags.system().forEach(flag -> names.add(flag.text()));
    return names;
  }

  static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(10));
  }
}
