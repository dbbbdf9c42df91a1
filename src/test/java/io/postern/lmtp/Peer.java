package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Home;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.MailboxName;
import io.postern.site.MailDelivery.Verdict;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages.Columns;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mail transfer agent at a session that has a store in memory and no socket. */
final class Peer {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final MemoryStore store = new MemoryStore();
  final Mailboxes mailboxes = new MemoryMailboxes(store);
  final Blobs blobs = new MemoryBlobs(store);
  final FakeConnection connection = new FakeConnection();
  final Map<AccountId, RuntimeException> faults = new HashMap<>();
  int dropped;

  Optional<RuntimeException> blobFault = Optional.empty();

  /** Accounts of another site, {@code west}; their mail, and how it is answered there. */
  final Map<String, Verdict> elsewhere = new HashMap<>();

  final List<String> passedOn = new ArrayList<>();
  private final Accounts accounts = new MemoryAccounts(store);
  private final Protocol.Session session;

  Peer(String... settings) {
    var live = new Live(TestSettings.of(settings));
    var messages = FaultyMessages.of(new MemoryMessages(store), faults);
    var delivery = new Delivery(ofBothSites(), messages, kept(), () -> NOW, this::passOn);
    session = new LmtpProtocol(live, delivery, "mail.example.test").open(connection);
  }

  private Accounts ofBothSites() {
    return (Accounts)
        Proxy.newProxyInstance(
            Accounts.class.getClassLoader(),
            new Class<?>[] {Accounts.class},
            (_, method, arguments) ->
                method.getName().equals("find") && elsewhere.containsKey(arguments[0])
                    ? Uni.createFrom()
                        .item(
                            Optional.of(
                                Account.elsewhere(
                                    (String) arguments[0],
                                    Verifiers.of(new Secret("$none$")),
                                    new Home("west", 1))))
                    : method.invoke(accounts, arguments));
  }

  private Uni<Verdict> passOn(String site, String account, Multi<Buffer> octets) {
    return octets
        .collect()
        .in(Buffer::buffer, Buffer::appendBuffer)
        .invoke(all -> passedOn.add(site + " " + account + " " + all))
        .map(_ -> elsewhere.getOrDefault(account, Verdict.LATER));
  }

  /** Chunks of the store, which can fail. */
  private Blobs kept() {
    return new Blobs() {
      @Override
      public Uni<Void> write(BlobId blob, int number, Buffer bytes) {
        return blobFault
            .<Uni<Void>>map(Uni.createFrom()::failure)
            .orElseGet(() -> blobs.write(blob, number, bytes));
      }

      @Override
      public Multi<Buffer> read(BlobId blob, long from, long length) {
        return blobs.read(blob, from, length);
      }

      @Override
      public Uni<Void> drop(BlobId blob) {
        dropped++;
        return blobs.drop(blob);
      }
    };
  }

  /** With an account of this name. */
  Peer with(String name) {
    await(accounts.create(name, Verifiers.of(new Secret("$none$"))));
    return this;
  }

  /** The greeting of the server. */
  List<String> greeting() {
    session.opened();
    return heard();
  }

  /** Past LHLO. */
  Peer ready() {
    greeting();
    say("LHLO client.example.test");
    return this;
  }

  /** The reply of the server to a line. */
  List<String> say(String line) {
    return say(Buffer.buffer(line));
  }

  List<String> say(Buffer line) {
    await(session.command(new Request(List.of(line), List.of())));
    return heard();
  }

  /** The replies of the server to the message after DATA. */
  List<String> data(String message) {
    connection.coming = Buffer.buffer(message);
    return say("DATA");
  }

  List<String> tooLong() {
    session.lineTooLong(4096, new Request(List.of(Buffer.buffer()), List.of()));
    return heard();
  }

  Protocol.Session session() {
    return session;
  }

  /** The messages in an account's INBOX. */
  List<String> inbox(String name) {
    var account = await(accounts.find(name)).orElseThrow().id();
    var inbox = await(mailboxes.find(account, MailboxName.INBOX)).orElseThrow();
    var messages = new MemoryMessages(store);
    var loaded = await(messages.load(inbox.key())).messages();
    var all = new ArrayList<String>();
    for (int i = 0; i < loaded.size(); i++) {
      var info = loaded.info(i);
      var contents =
          await(messages.contents(account, List.of(info.content()), Columns.FACTS)).values();
      var content = contents.iterator().next();
      var pieces =
          info.size() == 0
              ? List.<Buffer>of()
              : await(content.read(blobs, 0, info.size()).collect().asList());
      var whole = Buffer.buffer();
      pieces.forEach(whole::appendBuffer);
      all.add(whole.toString(StandardCharsets.ISO_8859_1));
    }
    return all;
  }

  /** Octets in chunks, those that no message refers to included. */
  int storedOctets() {
    return store.storedOctets();
  }

  AccountId id(String name) {
    return await(accounts.find(name)).orElseThrow().id();
  }

  private List<String> heard() {
    var text = connection.sent.toString(StandardCharsets.ISO_8859_1);
    connection.sent = Buffer.buffer();
    return text.isEmpty() ? List.of() : Arrays.asList(text.split("\r\n"));
  }

  /** Nobody logs in to the account any more. */
  void disable(String name) {
    var id = await(accounts.find(name)).orElseThrow().id();
    await(accounts.change(id, access -> access.withEnabled(false)));
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(10));
  }
}
