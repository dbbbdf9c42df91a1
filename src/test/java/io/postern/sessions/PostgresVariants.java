package io.postern.sessions;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The server with PostgreSQL, for scripts with extensions enabled. */
final class PostgresVariants implements VariantTarget {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final PostgresTarget target;
  private final StoreAccountSetup setup;
  private final Mailboxes mailboxes;
  private final Messages messages;
  private final List<String> names = new ArrayList<>();
  private List<String> always = List.of();

  PostgresVariants(
      PostgresTarget target, StoreAccountSetup setup, Mailboxes mailboxes, Messages messages) {
    this.target = target;
    this.setup = setup;
    this.mailboxes = mailboxes;
    this.messages = messages;
  }

  /** Called before each script: its mailboxes are those of accounts that are made from now on. */
  @Override
  public void always(Stream<String> settings) {
    always = settings.toList();
    names.clear();
    set(List.of());
  }

  @Override
  public List<Long> uids(String mailbox) {
    return names.stream()
        .map(name -> soon(setup.accounts().find(name)).orElseThrow().id())
        .flatMap(account -> mailbox(account, mailbox).stream())
        .flatMap(key -> uids(key).stream())
        .toList();
  }

  private Optional<MailboxKey> mailbox(AccountId account, String objectId) {
    return soon(mailboxes.states(account)).entrySet().stream()
        .filter(it -> it.getKey().objectId(it.getValue().uidValidity()).equals(objectId))
        .map(it -> new MailboxKey(account, it.getKey()))
        .findFirst();
  }

  private List<Long> uids(MailboxKey mailbox) {
    var loaded = soon(messages.load(mailbox)).messages();
    return IntStream.range(0, loaded.size()).mapToObj(loaded::uid).toList();
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(SOON);
  }

  @Override
  public Login account() {
    var login = target.account();
    names.add(login.name());
    return login;
  }

  @Override
  public void set(List<String> settings) {
    target.set(Stream.concat(always.stream(), settings.stream()).toList());
  }

  @Override
  public String host() {
    return target.host();
  }

  @Override
  public int imapPort() {
    return target.imapPort();
  }

  @Override
  public int pop3Port() {
    return target.pop3Port();
  }

  @Override
  public int lmtpPort() {
    return target.lmtpPort();
  }

  @Override
  public Optional<String> obstacle(Script script) {
    return target.obstacle(script);
  }

  @Override
  public Optional<AccountSetup> accountSetup() {
    return target.accountSetup();
  }

  @Override
  public void close() {
    target.close();
  }
}
