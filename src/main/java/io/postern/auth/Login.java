package io.postern.auth;

import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.Secret;
import io.postern.store.StoreException;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says whose mailboxes an attempt opens. Every protocol and every mechanism comes through here, and
 * so through the {@link Gate}. Never fails for what a client can do or a store can suffer.
 */
public final class Login {
  /** How long a name or a password may be, in UTF-16 units. */
  public static final int MAX_LENGTH = 1_024;

  /** What came of it. */
  public sealed interface Result {
    /** It is this user. */
    record Welcome(Identity identity) implements Result {}

    /** They are not let in. */
    record Refused(Refusal refusal) implements Result {}
  }

  /** Ends an attempt at once. */
  private static final class TurnedAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    TurnedAway(Refusal refusal) {
      super(refusal.name(), null, false, false);
      this.refusal = refusal;
    }
  }

  private final Accounts accounts;
  private final Passwords passwords;
  private final Gate gate;

  public Login(Accounts accounts, Passwords passwords, Gate gate) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.gate = gate;
  }

  /**
   * Lets in who knows the account's password. Names compare without case and are not trimmed; an
   * unknown name and a disabled account cost what a wrong password costs.
   */
  public Uni<Result> password(Attempt attempt, Secret password) {
    return answered(
        gate.admit(attempt)
            .invoke(Login::turnAway)
            .chain(() -> lookUp(attempt.name(), password))
            .chain(account -> decide(attempt, account, password)));
  }

  private static void turnAway(Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new TurnedAway(refusal.get());
    }
  }

  /** Nothing that fails on the way tells more than that it failed. */
  private static Uni<Result> answered(Uni<Result> result) {
    return result
        .onFailure(TurnedAway.class)
        .recoverWithItem(failure -> new Result.Refused(failure.refusal))
        .onFailure(StoreException.class)
        .recoverWithItem(new Result.Refused(Refusal.UNAVAILABLE))
        .onFailure(Workers.Busy.class)
        .recoverWithItem(new Result.Refused(Refusal.UNAVAILABLE));
  }

  private Uni<Optional<Account>> lookUp(String name, Secret password) {
    // RFC 4616 §2: an empty identity or password fails, and neither contains NUL
    return plausible(name) && plausible(password.reveal())
        ? accounts.find(name.toLowerCase(Locale.ROOT))
        : Uni.createFrom().item(Optional.empty());
  }

  private Uni<Result> decide(Attempt attempt, Optional<Account> account, Secret password) {
    return account
        .map(
            a ->
                passwords
                    .fits(a.verifiers().password(), password)
                    .chain(fits -> fits ? known(attempt, a) : failed(attempt, Failure.WRONG)))
        .orElseGet(
            () ->
                passwords
                    .fitsNobody(bounded(password))
                    .chain(_ -> failed(attempt, Failure.UNKNOWN)));
  }

  private Uni<Result> known(Attempt attempt, Account account) {
    return account.access().enabled()
        ? enter(attempt, new Identity(account.id(), account.name()))
        : failed(attempt, Failure.DISABLED);
  }

  private Uni<Result> enter(Attempt attempt, Identity identity) {
    Function<Refusal, Result> refused = Result.Refused::new;
    return gate.enter(attempt, identity)
        .map(why -> why.map(refused).orElseGet(() -> new Result.Welcome(identity)));
  }

  private Uni<Result> failed(Attempt attempt, Failure why) {
    gate.failed(attempt, why);
    return Uni.createFrom().item(new Result.Refused(Refusal.CREDENTIALS));
  }

  private static boolean plausible(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }

  private static Secret bounded(Secret password) {
    var text = password.reveal();
    return text.length() <= MAX_LENGTH ? password : new Secret(text.substring(0, MAX_LENGTH));
  }
}
