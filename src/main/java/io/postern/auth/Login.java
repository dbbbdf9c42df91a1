package io.postern.auth;

import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.store.AppPasswords;
import io.postern.store.Grants;
import io.postern.store.Secret;
import io.postern.store.StoreException;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says whose mailboxes an attempt opens. Every protocol and every mechanism comes through here, and
 * so through the {@link Gate}. A mechanism asks for the {@link #candidate}, checks the proof, and
 * has the last word said by {@link #decide}.
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
  private final Grants grants;
  private final OwnPasswords passwords;
  private final Gate gate;
  private final Live live;

  public Login(
      Accounts accounts,
      AppPasswords appPasswords,
      Grants grants,
      Passwords passwords,
      Gate gate,
      Live live) {
    this.accounts = accounts;
    this.grants = grants;
    this.passwords = new OwnPasswords(accounts, appPasswords, passwords);
    this.gate = gate;
    this.live = live;
  }

  /**
   * Lets in who knows the account's password, or an app password of it. Names compare without case
   * and are not trimmed. Never fails for what a client can do or a store can suffer.
   */
  public Uni<Result> password(Attempt attempt, Secret password) {
    return answered(
        candidate(attempt)
            .chain(who -> passwords.fits(who, password).chain(fits -> decide(who, fits))),
        Result.Refused::new);
  }

  /**
   * Whom the attempt is about, once the gate has let it pass. Fails with what only {@link
   * #answered} reads.
   */
  public Uni<Candidate> candidate(Attempt attempt) {
    return admit(attempt).chain(() -> lookUp(attempt));
  }

  /** The gate's first word, for mechanisms that learn the name later. Fails like the candidate. */
  public Uni<Void> admit(Attempt attempt) {
    return gate.admit(attempt).invoke(Login::turnAway).replaceWithVoid();
  }

  /** Whom the attempt is about, for mechanisms that were admitted already. */
  public Uni<Candidate> lookUp(Attempt attempt) {
    // RFC 4616 §2: an empty identity fails, and none contains NUL
    if (!plausible(attempt.name())) {
      var nobody = new Names.Meaning("", Optional.empty(), false);
      return Uni.createFrom().item(candidate(attempt, nobody, Optional.empty()));
    }
    var names = names().read(attempt.name());
    return accounts.find(names.user()).map(account -> candidate(attempt, names, account));
  }

  private static Candidate candidate(
      Attempt attempt, Names.Meaning names, Optional<Account> account) {
    var obstacle =
        names.blocked()
            ? Optional.of(Failure.BLOCKED)
            : account
                .map(a -> obstacle(attempt.client().service(), a))
                .orElseGet(() -> Optional.of(Failure.UNKNOWN));
    return new Candidate(attempt, names, account, obstacle);
  }

  private static Optional<Failure> obstacle(Client.Service service, Account account) {
    var access = account.access();
    if (!access.enabled()) {
      return Optional.of(Failure.DISABLED);
    }
    if (access.administrator()) {
      return Optional.of(Failure.ADMINISTRATOR);
    }
    boolean on =
        switch (service) {
          case IMAP -> access.imap();
          case POP3 -> access.pop();
        };
    return on ? Optional.empty() : Optional.of(Failure.PROTOCOL_OFF);
  }

  /**
   * Lets the candidate in, or not.
   *
   * @param proved whether the mechanism's proof holds
   */
  public Uni<Result> decide(Candidate who, boolean proved) {
    if (who.obstacle().isPresent()) {
      return refused(who.attempt(), who.obstacle().get(), Refusal.CREDENTIALS);
    }
    if (!proved) {
      return refused(who.attempt(), Failure.WRONG, Refusal.CREDENTIALS);
    }
    var user = who.account().orElseThrow();
    var asked = names().actAs(who.attempt(), who.names());
    return asked
        .or(() -> who.names().mailbox())
        .map(mailbox -> actFor(who.attempt(), user, mailbox))
        .orElseGet(() -> enter(who.attempt(), new Identity(user.id(), user.name())));
  }

  /** Whether there is no such owner, or no grant, is not told. */
  private Uni<Result> actFor(Attempt attempt, Account user, String mailbox) {
    return accounts
        .find(mailbox)
        .map(owner -> owner.filter(o -> obstacle(attempt.client().service(), o).isEmpty()))
        .chain(
            owner ->
                owner
                    .map(o -> grants.granted(o.id(), user.id()).map(yes -> owner.filter(_ -> yes)))
                    .orElseGet(() -> Uni.createFrom().item(Optional.empty())))
        .chain(
            owner ->
                owner
                    .map(o -> enter(attempt, new Identity(o.id(), o.name(), user.name())))
                    .orElseGet(
                        () -> refused(attempt, Failure.NOT_GRANTED, Refusal.NOT_AUTHORIZED)));
  }

  private Uni<Result> enter(Attempt attempt, Identity identity) {
    Function<Refusal, Result> refused = Result.Refused::new;
    return gate.enter(attempt, identity)
        .map(why -> why.map(refused).orElseGet(() -> new Result.Welcome(identity)));
  }

  /** Tells the gate why, and the client what it may know. */
  public Uni<Result> refused(Attempt attempt, Failure why, Refusal refusal) {
    gate.failed(attempt, why);
    return Uni.createFrom().item(new Result.Refused(refusal));
  }

  private static void turnAway(Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new TurnedAway(refusal.get());
    }
  }

  /** Turns what ended an attempt on its way into an answer. */
  public static <T> Uni<T> answered(Uni<T> attempt, Function<Refusal, T> refused) {
    return attempt
        .onFailure(TurnedAway.class)
        .recoverWithItem(failure -> refused.apply(failure.refusal))
        .onFailure(StoreException.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE))
        .onFailure(Workers.Busy.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE));
  }

  private Names names() {
    return new Names(live.now().auth());
  }

  static boolean plausible(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }
}
