package io.postern.auth;

import io.postern.auth.password.Passwords;
import io.postern.config.Live;
import io.postern.config.area.DirectorySettings;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.AccountName;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Creates the account of a user of the directory at the first login with the right password, if
 * {@code mail.auth.directory.create-accounts} is on. Called from any thread.
 */
final class AccountProvisioning {
  private static final Logger LOG = System.getLogger(AccountProvisioning.class.getName());

  /** Exchange blocks the mailbox of this user: it gets none. */
  private static final String ADMINISTRATOR = "administrator";

  private static final long MINUTE = 60_000_000_000L;
  private static final int PASSWORD_OCTETS = 32;

  private final Accounts accounts;
  private final DirectoryPasswords directory;
  private final Passwords passwords;
  private final Live live;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();

  private final AtomicReference<Minute> minute;

  /**
   * What has happened in a minute.
   *
   * @param begun by {@link System#nanoTime}
   * @param created accounts
   * @param warned whether it was logged that users get none
   */
  private record Minute(long begun, int created, boolean warned) {
    /** The minute of this time: itself, or a new one. */
    Minute at(long now) {
      return now - begun < MINUTE ? this : new Minute(now, 0, false);
    }
  }

  AccountProvisioning(
      Accounts accounts,
      DirectoryPasswords directory,
      Passwords passwords,
      Live live,
      LongSupplier nanoTime) {
    this.accounts = accounts;
    this.directory = directory;
    this.passwords = passwords;
    this.live = live;
    this.nanoTime = nanoTime;
    this.minute = new AtomicReference<>(new Minute(nanoTime.getAsLong(), 0, false));
  }

  private DirectorySettings settings() {
    return live.now().auth().directory();
  }

  /** Whether a right password creates an account: the user has none, and requests no other's. */
  boolean isWanted(Candidate candidate) {
    var meaning = candidate.meaning();
    return settings().createAccounts()
        && candidate.obstacle().filter(Failure.UNKNOWN::equals).isPresent()
        && candidate.account().isEmpty()
        && meaning.mailbox().isEmpty()
        && names().actAs(candidate.attempt(), meaning).isEmpty()
        && directory.decides(meaning.user());
  }

  private LoginName names() {
    return new LoginName(live.now().auth());
  }

  /**
   * Creates the account of a user whose password was right.
   *
   * @param user the login name
   * @return the name of the new account; empty if it has been created meanwhile, for example on
   *     another replica, or if the user does not get one: by its name, or because a deleted account
   *     of that name is kept. Fails with StoreException (Unavailable) when too many were created in
   *     this minute, or the mailbox plan does not exist.
   */
  Uni<Optional<String>> create(String user) {
    return directory
        .account(user)
        .chain(
            name ->
                name.filter(this::mayBeCreated)
                    .map(this::created)
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
  }

  /** The attribute of an entry names the account: it is checked as the name of a login is. */
  private boolean mayBeCreated(String name) {
    return AccountName.isValid(name)
        && directory.decides(name)
        && !names().literal(name).blocked()
        && !name.substring(0, name.indexOf('@')).equals(ADMINISTRATOR);
  }

  private Uni<Optional<String>> created(String name) {
    if (!withinRate()) {
      return unavailable("more than mail.auth.directory.created-accounts-per-minute");
    }
    // The directory decides about the password; this one is not kept.
    return passwords
        .verifiers(randomPassword())
        .chain(verifiers -> accounts.create(name, verifiers, settings().mailboxPlan()))
        .map(_ -> Optional.of(name))
        .onFailure(StoreException.class)
        .recoverWithUni(this::notCreated);
  }

  private Uni<Optional<String>> notCreated(StoreException failure) {
    var why = failure.failure();
    if (why instanceof StoreFailure.NotPermitted refused) {
      return unavailable(refused.reason());
    }
    return why instanceof StoreFailure.AccountExists || why instanceof StoreFailure.AccountDeleted
        ? Uni.createFrom().item(Optional.empty())
        : Uni.createFrom().failure(failure);
  }

  private <T> Uni<T> unavailable(String why) {
    if (isFirstWarning()) {
      LOG.log(Level.WARNING, "Users of the directory get no accounts: {0}", why);
    }
    return Uni.createFrom().failure(new StoreException(new StoreFailure.Unavailable(why)));
  }

  private boolean withinRate() {
    long now = nanoTime.getAsLong();
    int most = settings().createdAccountsPerMinute();
    var before =
        minute.getAndUpdate(
            last -> {
              var it = last.at(now);
              return new Minute(it.begun, Math.min(most, it.created + 1), it.warned);
            });
    return before.at(now).created < most;
  }

  private boolean isFirstWarning() {
    long now = nanoTime.getAsLong();
    var before =
        minute.getAndUpdate(last -> new Minute(last.at(now).begun, last.at(now).created, true));
    return !before.at(now).warned;
  }

  private Secret randomPassword() {
    var octets = new byte[PASSWORD_OCTETS];
    random.nextBytes(octets);
    return new Secret(HexFormat.of().formatHex(octets));
  }
}
