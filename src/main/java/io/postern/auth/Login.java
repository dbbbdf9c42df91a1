package io.postern.auth;

import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.postern.store.StoreException;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.Optional;

/** Says whose account a name and a password open. */
public final class Login {
  /** How long a name or a password may be, in UTF-16 units. */
  public static final int MAX_LENGTH = 1_024;

  /** What came of it. */
  public sealed interface Result {
    /** It is this user. */
    record Welcome(Identity identity) implements Result {}

    /** No such name, not its password, or disabled: nobody is told which. */
    record Refused() implements Result {}

    /** It can't be found out now; trying again may help. */
    record Unavailable() implements Result {}
  }

  private final Accounts accounts;
  private final Passwords passwords;

  public Login(Accounts accounts, Passwords passwords) {
    this.accounts = accounts;
    this.passwords = passwords;
  }

  /**
   * Whether this is the account's password. Names compare without case and are not trimmed. Never
   * fails for what a client can do or a store can suffer.
   */
  public Uni<Result> verify(String name, Secret password) {
    return lookUp(name, password)
        .flatMap(account -> decide(account, password))
        .onFailure(StoreException.class)
        .recoverWithItem(new Result.Unavailable())
        .onFailure(Workers.Busy.class)
        .recoverWithItem(new Result.Unavailable());
  }

  private Uni<Optional<Account>> lookUp(String name, Secret password) {
    // RFC 4616 §2: an empty identity or password fails, and neither contains NUL
    return plausible(name) && plausible(password.reveal())
        ? accounts.find(name.toLowerCase(Locale.ROOT))
        : Uni.createFrom().item(Optional.empty());
  }

  private Uni<Result> decide(Optional<Account> account, Secret password) {
    return account
        .map(a -> passwords.fits(a.verifier(), password).map(fits -> result(a, fits)))
        .orElseGet(() -> passwords.fitsNobody(bounded(password)).map(_ -> new Result.Refused()));
  }

  private static Result result(Account account, boolean fits) {
    return fits && account.enabled()
        ? new Result.Welcome(new Identity(account.id(), account.name()))
        : new Result.Refused();
  }

  private static boolean plausible(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }

  private static Secret bounded(Secret password) {
    var text = password.reveal();
    return text.length() <= MAX_LENGTH ? password : new Secret(text.substring(0, MAX_LENGTH));
  }
}
