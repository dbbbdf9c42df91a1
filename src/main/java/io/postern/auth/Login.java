package io.postern.auth;

import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.model.MailProtocol;
import io.postern.store.StoreException;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides login attempts: which account's mailboxes an attempt opens. Every protocol and every
 * mechanism uses it, and so the {@link LoginPolicy}. A mechanism gets the {@link #candidate},
 * checks the proof, and calls {@link #decide}.
 */
public final class Login {
  /** How long a name or a password may be, in UTF-16 units. */
  public static final int MAX_LENGTH = 1_024;

  /** The result of a login attempt. */
  public sealed interface Result {
    /** It is this user. */
    record Welcome(Identity identity) implements Result {}

    /** They are not let in. */
    record Refused(Refusal refusal) implements Result {}
  }

  /** Ends an attempt early. */
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
  private final LoginPolicy gate;
  private final Live live;

  public Login(
      Accounts accounts,
      AppPasswords appPasswords,
      Grants grants,
      Passwords passwords,
      LoginPolicy gate,
      Live live) {
    this.accounts = accounts;
    this.grants = grants;
    this.passwords = new OwnPasswords(accounts, appPasswords, passwords);
    this.gate = gate;
    this.live = live;
  }

  /**
   * Logs in by the account's password, or an app password of it. Names compare without case and are
   * not trimmed. Never fails, whatever the client sends and also when the store fails.
   */
  public Uni<Result> password(LoginAttempt attempt, Secret password) {
    return answered(
        attempt,
        candidate(attempt)
            .chain(who -> passwords.fits(who, password).chain(fits -> decide(who, fits))),
        Result.Refused::new);
  }

  /**
   * The candidate of the attempt, after the policy has admitted it. Its failures are for {@link
   * #answered}. The mechanism must not wait for the client before {@link #answered} has ended.
   */
  public Uni<Candidate> candidate(LoginAttempt attempt) {
    var counted = counted(attempt);
    return admit(counted).chain(() -> lookUp(counted));
  }

  /**
   * The same for a mechanism of several rounds: the policy holds nothing for it meanwhile, and the
   * mechanism has to {@link #admit} the candidate's attempt when it has all that it verifies.
   */
  public Uni<Candidate> prechecked(LoginAttempt attempt) {
    var counted = counted(attempt);
    return gate.precheck(counted).invoke(Login::turnAway).chain(() -> lookUp(counted));
  }

  /**
   * Has the policy admit an attempt. An attempt without a known subject is counted under its
   * network alone. Fails as {@link #candidate} does.
   */
  public Uni<Void> admit(LoginAttempt attempt) {
    return gate.admit(attempt).invoke(Login::turnAway).replaceWithVoid();
  }

  /** Logs in a user whom an authority has authenticated, in an already admitted attempt. */
  public Uni<Result> vouched(LoginAttempt attempt, String name, LoginName.Meaning meaning) {
    var who =
        plausible(meaning.user())
            ? lookUp(attempt.identified(name, meaning), meaning)
            : Uni.createFrom().item(noCandidate(attempt.identified(name, meaning)));
    return who.chain(candidate -> decide(candidate, true));
  }

  /** Parses login names by the current settings. */
  public LoginName names() {
    return new LoginName(live.now().auth());
  }

  private LoginAttempt counted(LoginAttempt attempt) {
    return attempt.of(
        plausible(attempt.name()) ? names().read(attempt.name()).subject() : Optional.empty());
  }

  private Uni<Candidate> lookUp(LoginAttempt attempt) {
    // RFC 4616 §2: an empty identity fails, and none contains NUL
    return plausible(attempt.name())
        ? lookUp(attempt, names().read(attempt.name()))
        : Uni.createFrom().item(noCandidate(attempt));
  }

  /**
   * Looks up, before any proof, whether the user may open the requested account, by as many
   * statements whether the accounts exist or not: so a right password that is refused gets the same
   * answer as a wrong one, and not sooner.
   */
  private Uni<Candidate> lookUp(LoginAttempt attempt, LoginName.Meaning names) {
    var asked = names().actAs(attempt, names).or(names::mailbox);
    return accounts
        .find(names.user())
        .chain(
            user ->
                asked.isEmpty()
                    ? Uni.createFrom().item(candidate(attempt, names, user, user))
                    : granted(attempt, user, asked.get())
                        .map(owner -> candidate(attempt, names, user, owner)));
  }

  private Uni<Optional<Account>> granted(
      LoginAttempt attempt, Optional<Account> user, String mailbox) {
    if (!plausible(mailbox)) {
      return Uni.createFrom().item(Optional.empty());
    }
    return accounts
        .find(mailbox)
        .chain(
            owner ->
                grants
                    .granted(
                        owner.map(Account::id).orElse(OwnPasswords.NOBODY),
                        user.map(Account::id).orElse(OwnPasswords.NOBODY))
                    .map(
                        yes ->
                            owner
                                .filter(_ -> yes && user.isPresent())
                                .filter(o -> obstacle(attempt.client().protocol(), o).isEmpty())));
  }

  private static Candidate noCandidate(LoginAttempt attempt) {
    var none = new LoginName.Meaning("", Optional.empty(), false);
    return candidate(attempt, none, Optional.empty(), Optional.empty());
  }

  private static Candidate candidate(
      LoginAttempt attempt,
      LoginName.Meaning names,
      Optional<Account> user,
      Optional<Account> opened) {
    var obstacle =
        names.blocked()
            ? Optional.of(Failure.BLOCKED)
            : user.map(a -> obstacle(attempt.client().protocol(), a))
                .orElseGet(() -> Optional.of(Failure.UNKNOWN));
    boolean grantLacks = obstacle.isEmpty() && opened.isEmpty();
    return new Candidate(
        attempt, names, user, opened, grantLacks ? Optional.of(Failure.NOT_GRANTED) : obstacle);
  }

  private static Optional<Failure> obstacle(MailProtocol protocol, Account account) {
    var access = account.access();
    if (!access.enabled()) {
      return Optional.of(Failure.DISABLED);
    }
    if (access.administrator()) {
      return Optional.of(Failure.ADMINISTRATOR);
    }
    return access.opens(protocol) ? Optional.empty() : Optional.of(Failure.PROTOCOL_OFF);
  }

  /**
   * Accepts or refuses the candidate.
   *
   * @param proved whether the mechanism's proof holds
   */
  public Uni<Result> decide(Candidate who, boolean proved) {
    if (who.obstacle().isPresent()) {
      return refused(who.attempt(), who.obstacle().get());
    }
    if (!proved) {
      return refused(who.attempt(), Failure.WRONG);
    }
    var opened = who.opened().orElseThrow();
    return enter(
        who.attempt(),
        new Identity(opened.id(), opened.name(), who.account().orElseThrow().name()));
  }

  private Uni<Result> enter(LoginAttempt attempt, Identity identity) {
    Function<Refusal, Result> refused = Result.Refused::new;
    return gate.enter(attempt, identity)
        .map(why -> why.map(refused).orElseGet(() -> new Result.Welcome(identity)));
  }

  /** Reports the reason to the policy; the client learns only that its credentials are refused. */
  public Uni<Result> refused(LoginAttempt attempt, Failure why) {
    gate.failed(attempt, why);
    return Uni.createFrom().item(new Result.Refused(Refusal.CREDENTIALS));
  }

  private static void turnAway(Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new TurnedAway(refusal.get());
    }
  }

  /**
   * Turns an attempt's early end into a result, and releases what the policy holds for it: also
   * when the attempt fails or the client has disconnected.
   */
  public <T> Uni<T> answered(LoginAttempt attempt, Uni<T> answer, Function<Refusal, T> refused) {
    return answer
        .onFailure(TurnedAway.class)
        .recoverWithItem(failure -> refused.apply(failure.refusal))
        .onFailure(StoreException.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE))
        .onFailure(Workers.Busy.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE))
        .onTermination()
        .invoke(() -> gate.ended(attempt));
  }

  static boolean plausible(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }
}
