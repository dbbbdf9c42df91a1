package io.postern.app;

import io.postern.app.wiring.SchemaStatus;
import io.postern.auth.password.Passwords;
import io.postern.config.BootSettings;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.model.message.SystemFlag;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staging;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/** Creates missing accounts for demos and benchmarks. */
@Singleton
final class DemoAccounts {
  /** For the log line that shows how to connect. */
  static final String HOW_TO_LOG_IN = "alice@example.test, password secret";

  private static final Logger LOG = System.getLogger(DemoAccounts.class.getName());
  private static final Secret PASSWORD = new Secret("secret");
  private static final String DOMAIN = "@example.test";
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int AT_ONCE = 8;

  private record Sample(String file, Duration age, Flags flags) {}

  private static final List<Sample> FOR_ALICE =
      List.of(
          new Sample("welcome.eml", Duration.ofDays(9), Flags.of(SystemFlag.SEEN)),
          new Sample(
              "minutes.eml", Duration.ofDays(3), Flags.of(SystemFlag.SEEN, SystemFlag.ANSWERED)),
          new Sample("figures.eml", Duration.ofDays(1), Flags.of(SystemFlag.FLAGGED)),
          new Sample("invitation.eml", Duration.ofHours(2), Flags.NONE));
  private static final List<Sample> FOR_BOB =
      List.of(
          new Sample("welcome.eml", Duration.ofDays(9), Flags.NONE),
          new Sample("figures.eml", Duration.ofDays(1), Flags.NONE));

  private final BootSettings settings;
  private final SchemaStatus schema;
  private final Passwords passwords;
  private final Accounts accounts;
  private final Mailboxes mailboxes;
  private final Messages messages;
  private final Blobs blobs;
  private final InstantSource clock;

  DemoAccounts(
      BootSettings settings,
      SchemaStatus schema,
      Passwords passwords,
      Accounts accounts,
      Mailboxes mailboxes,
      Messages messages,
      Blobs blobs,
      InstantSource clock) {
    this.settings = settings;
    this.schema = schema;
    this.passwords = passwords;
    this.accounts = accounts;
    this.mailboxes = mailboxes;
    this.messages = messages;
    this.blobs = blobs;
    this.clock = clock;
  }

  /**
   * Checks that the settings do not request demo accounts where they are forbidden.
   *
   * @throws IllegalStateException in production beside a database that is not the bundled one
   */
  void check() {
    if (refused(settings, ConfigUtils.isProfileActive("prod"))) {
      throw new IllegalStateException(
          "mail.demo.enabled or mail.demo.bulk-accounts asks for accounts with a published password;"
              + " in production that is allowed with mail.embedded.enabled=true only");
    }
  }

  /**
   * Creates the requested accounts that are missing, once the database is reachable; returns when
   * they exist.
   */
  void create() {
    if (!wanted(settings)) {
      return;
    }
    // One hash for all: a benchmark needs accounts, not a day of hashing.
    var created =
        schema
            .whenCurrent()
            .chain(() -> passwords.verifiers(PASSWORD))
            .flatMap(this::all)
            .await()
            .atMost(LONGEST);
    LOG.log(Level.INFO, "Demo accounts created: accounts={0}", Long.toString(created));
  }

  private static boolean wanted(BootSettings settings) {
    return settings.demo().enabled() || settings.demo().bulkAccounts() > 0;
  }

  /** Whether the accounts would be created in a production database. */
  static boolean refused(BootSettings settings, boolean production) {
    return wanted(settings) && production && !settings.embedded().enabled();
  }

  private Uni<Long> all(Verifiers verifiers) {
    return people(verifiers).flatMap(people -> bulk(verifiers).map(bulk -> people + bulk));
  }

  private Uni<Long> people(Verifiers verifiers) {
    if (!settings.demo().enabled()) {
      return Uni.createFrom().item(0L);
    }
    return person("alice", verifiers, FOR_ALICE)
        .flatMap(alice -> person("bob", verifiers, FOR_BOB).map(bob -> alice + bob));
  }

  private Uni<Long> person(String user, Verifiers verifiers, List<Sample> samples) {
    return accounts
        .find(user + DOMAIN)
        .flatMap(
            found ->
                found.isPresent()
                    ? Uni.createFrom().item(0L)
                    : accounts
                        .create(user + DOMAIN, verifiers)
                        .flatMap(account -> deliver(account, samples))
                        .replaceWith(1L))
        .onFailure(DemoAccounts::nameTaken)
        .recoverWithItem(0L);
  }

  /** Nodes that start together race for the same names; a deleted account stays deleted. */
  private static boolean nameTaken(Throwable failure) {
    return failure instanceof StoreException store
        && (store.failure() instanceof StoreFailure.AccountExists
            || store.failure() instanceof StoreFailure.AccountDeleted);
  }

  private Uni<Long> bulk(Verifiers verifiers) {
    return Multi.createFrom()
        .items(IntStream.range(0, settings.demo().bulkAccounts()).boxed())
        .onItem()
        .transformToUni(i -> person("u" + i, verifiers, List.of()))
        .merge(AT_ONCE)
        .collect()
        .with(java.util.stream.Collectors.summingLong(Long::longValue));
  }

  private Uni<Void> deliver(AccountId account, List<Sample> samples) {
    return Multi.createFrom()
        .iterable(samples)
        .onItem()
        .transformToUniAndConcatenate(this::staged)
        .collect()
        .asList()
        .flatMap(
            all ->
                mailboxes
                    .find(account, MailboxName.INBOX)
                    .flatMap(inbox -> messages.append(inbox.orElseThrow().key(), all)))
        .replaceWithVoid();
  }

  private Uni<NewMessage> staged(Sample sample) {
    var staging = new Staging(blobs);
    Instant received = clock.instant().minus(sample.age());
    return staging
        .write(read(sample.file()))
        .chain(staging::finish)
        .map(staged -> new NewMessage(staged, sample.flags(), InternalDate.of(received)));
  }

  /** The sample, with the line ends that mail has (RFC 5322 §2.3). */
  private static Buffer read(String file) {
    try (var in = DemoAccounts.class.getResourceAsStream("/demo/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the package lacks demo/" + file);
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Buffer.buffer(text.replace("\r\n", "\n").replace("\n", "\r\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("demo/" + file + " cannot be read", e);
    }
  }
}
