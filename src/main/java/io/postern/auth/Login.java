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
    /** The user is logged in. */
    record Success(Identity identity) implements Result {}

    /** The login is refused. */
    record Refused(Refusal refusal) implements Result {}
  }

  /** Ends an attempt early. */
  private static final class RefusedEarly extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    RefusedEarly(Refusal refusal) {
      super(refusal.name(), null, false, false);
      this.refusal = refusal;
    }
  }

  private final Accounts accounts;
  private final Grants grants;
  private final PasswordVerification passwords;
  private final AccountProvisioning provisioning;
  private final LoginPolicy policy;
  private final Live live;

  public Login(
      Accounts accounts,
      AppPasswords appPasswords,
      Grants grants,
      Passwords passwords,
      LoginPolicy policy,
      Live live) {
    this(accounts, appPasswords, grants, passwords, policy, live, DirectoryPasswords.NONE);
  }

  /** Logs in users whose passwords are in a directory, too. */
  public Login(
      Accounts accounts,
      AppPasswords appPasswords,
      Grants grants,
      Passwords passwords,
      LoginPolicy policy,
      Live live,
      DirectoryPasswords directory) {
    this.accounts = new DirectoryAccounts(accounts, directory);
    this.grants = grants;
    this.provisioning =
        new AccountProvisioning(accounts, directory, passwords, live, System::nanoTime);
    this.passwords =
        new PasswordVerification(accounts, appPasswords, passwords, directory, provisioning);
    this.policy = policy;
    this.live = live;
  }

  /**
   * Logs in by the account's password, or an app password of it. Names compare without case and are
   * not trimmed. Never fails, whatever the client sends and also when the store fails.
   */
  public Uni<Result> password(LoginAttempt attempt, Secret password) {
    var counted = withSubject(attempt);
    return conclude(
        attempt, admit(counted).chain(() -> verify(counted, password)), Result.Refused::new);
  }

  /** The account and its app passwords are read side by side. */
  private Uni<Result> verify(LoginAttempt attempt, Secret password) {
    var user = plausible(attempt.name()) ? names().parse(attempt.name()).user() : "";
    return Uni.combine()
        .all()
        .unis(lookUp(attempt), passwords.appPasswords(user, password))
        .asTuple()
        .chain(
            both ->
                passwords
                    .verify(both.getItem1(), both.getItem2(), password)
                    .chain(
                        fits ->
                            fits && provisioning.isWanted(both.getItem1())
                                ? provisioned(both.getItem1())
                                : decide(both.getItem1(), fits)));
  }

  /** Creates the account of a user of the directory, and decides by what is there then. */
  private Uni<Result> provisioned(Candidate candidate) {
    var attempt = candidate.attempt();
    return provisioning
        .create(candidate.meaning().user())
        .invoke(created -> created.ifPresent(name -> policy.accountCreated(attempt, name)))
        .chain(() -> lookUp(attempt))
        .chain(found -> decide(found, true));
  }

  /**
   * The candidate of the attempt, after the policy has admitted it. Its failures are for {@link
   * #conclude}. The mechanism must not wait for the client before {@link #conclude} has ended.
   */
  public Uni<Candidate> candidate(LoginAttempt attempt) {
    var counted = withSubject(attempt);
    return admit(counted).chain(() -> lookUp(counted));
  }

  /**
   * The same for a mechanism of several rounds: the policy holds nothing for it meanwhile, and the
   * mechanism has to {@link #admit} the candidate's attempt when it has all that it verifies.
   */
  public Uni<Candidate> precheckedCandidate(LoginAttempt attempt) {
    var counted = withSubject(attempt);
    return policy.precheck(counted).invoke(Login::throwIfRefused).chain(() -> lookUp(counted));
  }

  /**
   * Has the policy admit an attempt. An attempt without a known subject is counted under its
   * network alone. Fails as {@link #candidate} does.
   */
  public Uni<Void> admit(LoginAttempt attempt) {
    return policy.admit(attempt).invoke(Login::throwIfRefused).replaceWithVoid();
  }

  /** Logs in a user whom an authority has authenticated, in an already admitted attempt. */
  public Uni<Result> authenticated(LoginAttempt attempt, String name, LoginName.Meaning meaning) {
    var who =
        plausible(meaning.user())
            ? lookUp(attempt.withName(name, meaning), meaning)
            : Uni.createFrom().item(unknownCandidate(attempt.withName(name, meaning)));
    return who.chain(candidate -> decide(candidate, true));
  }

  /**
   * Logs in a user whom the front end of another site has authenticated. The front end has counted
   * the attempt; whether the user may log in is decided here.
   *
   * @param attempt with the user's login name, and the account to open if it is another's
   */
  public Uni<Result> vouched(LoginAttempt attempt) {
    return conclude(
        attempt,
        authenticated(attempt, attempt.name(), names().literal(attempt.name())),
        Result.Refused::new);
  }

  /** Parses login names by the current settings. */
  public LoginName names() {
    return new LoginName(live.now().auth());
  }

  private LoginAttempt withSubject(LoginAttempt attempt) {
    return attempt.withSubject(
        plausible(attempt.name()) ? names().parse(attempt.name()).subject() : Optional.empty());
  }

  private Uni<Candidate> lookUp(LoginAttempt attempt) {
    // RFC 4616 §2: an empty identity fails, and none contains NUL
    return plausible(attempt.name())
        ? lookUp(attempt, names().parse(attempt.name()))
        : Uni.createFrom().item(unknownCandidate(attempt));
  }

  /**
   * Looks up, before any proof, whether the user may open the requested account, by as many
   * statements whether the accounts exist or not: so a right password that is refused gets the same
   * answer as a wrong one, and not sooner.
   */
  private Uni<Candidate> lookUp(LoginAttempt attempt, LoginName.Meaning meaning) {
    var requested = names().actAs(attempt, meaning).or(meaning::mailbox);
    return accounts
        .find(meaning.user())
        .chain(
            user ->
                requested.isEmpty()
                    ? Uni.createFrom().item(candidate(attempt, meaning, user, user))
                    : grantedOwner(attempt, user, requested.get())
                        .map(owner -> candidate(attempt, meaning, user, owner)));
  }

  private Uni<Optional<Account>> grantedOwner(
      LoginAttempt attempt, Optional<Account> user, String mailbox) {
    if (!plausible(mailbox)) {
      return Uni.createFrom().item(Optional.empty());
    }
    return accounts.find(mailbox).chain(owner -> grantedOwner(attempt, user, owner));
  }

  /** Grants are known to the owner's home alone: it decides when it is another site. */
  private Uni<Optional<Account>> grantedOwner(
      LoginAttempt attempt, Optional<Account> user, Optional<Account> owner) {
    if (owner.flatMap(Account::elsewhere).isPresent()) {
      return Uni.createFrom().item(owner.filter(_ -> user.isPresent()));
    }
    var ownerId = owner.map(Account::id).orElse(Account.NOT_HERE);
    var elsewhere = user.filter(it -> it.elsewhere().isPresent()).map(Account::name);
    return elsewhere
        .map(name -> grants.grantedElsewhere(ownerId, name))
        .orElseGet(() -> grants.granted(ownerId, user.map(Account::id).orElse(Account.NOT_HERE)))
        .map(
            yes ->
                owner
                    .filter(_ -> yes && user.isPresent())
                    .filter(o -> obstacle(attempt.client().protocol(), o).isEmpty()));
  }

  private static Candidate unknownCandidate(LoginAttempt attempt) {
    var none = new LoginName.Meaning("", Optional.empty(), false);
    return candidate(attempt, none, Optional.empty(), Optional.empty());
  }

  private static Candidate candidate(
      LoginAttempt attempt,
      LoginName.Meaning meaning,
      Optional<Account> user,
      Optional<Account> owner) {
    var obstacle =
        meaning.blocked()
            ? Optional.of(Failure.BLOCKED)
            : user.map(a -> obstacle(attempt.client().protocol(), a))
                .orElseGet(() -> Optional.of(Failure.UNKNOWN));
    boolean grantMissing = obstacle.isEmpty() && owner.isEmpty();
    return new Candidate(
        attempt, meaning, user, owner, grantMissing ? Optional.of(Failure.NOT_GRANTED) : obstacle);
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
  public Uni<Result> decide(Candidate candidate, boolean proved) {
    if (candidate.obstacle().isPresent()) {
      return refused(candidate.attempt(), candidate.obstacle().get());
    }
    if (!proved) {
      return refused(candidate.attempt(), Failure.WRONG);
    }
    var owner = candidate.owner().orElseThrow();
    var identity =
        new Identity(
            owner.id(),
            owner.name(),
            candidate.account().orElseThrow().name(),
            owner.options().of(candidate.attempt().client().protocol()),
            owner.elsewhere());
    return identity.elsewhere().isEmpty()
        ? accept(candidate.attempt(), identity)
        : passOn(candidate.attempt(), identity);
  }

  /** A connection that was passed on here is refused by its session, and is no login. */
  private Uni<Result> passOn(LoginAttempt attempt, Identity identity) {
    if (attempt.client().front().isEmpty()) {
      policy.passOn(attempt, identity);
    }
    return Uni.createFrom().item(new Result.Success(identity));
  }

  private Uni<Result> accept(LoginAttempt attempt, Identity identity) {
    Function<Refusal, Result> refused = Result.Refused::new;
    return policy
        .accept(attempt, identity)
        .map(why -> why.map(refused).orElseGet(() -> new Result.Success(identity)));
  }

  /** Reports the reason to the policy; the client learns only that its credentials are refused. */
  public Uni<Result> refused(LoginAttempt attempt, Failure why) {
    policy.failed(attempt, why);
    return Uni.createFrom().item(new Result.Refused(Refusal.CREDENTIALS));
  }

  private static void throwIfRefused(Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new RefusedEarly(refusal.get());
    }
  }

  /**
   * Turns an attempt's early end into a result, and releases what the policy holds for it: also
   * when the attempt fails or the client has disconnected.
   */
  public <T> Uni<T> conclude(LoginAttempt attempt, Uni<T> answer, Function<Refusal, T> refused) {
    return answer
        .onFailure(RefusedEarly.class)
        .recoverWithItem(failure -> refused.apply(failure.refusal))
        .onFailure(StoreException.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE))
        .onFailure(Workers.Busy.class)
        .recoverWithItem(() -> refused.apply(Refusal.UNAVAILABLE))
        .onTermination()
        .invoke(() -> policy.ended(attempt));
  }

  static boolean plausible(String text) {
    return !text.isEmpty() && text.length() <= MAX_LENGTH && text.indexOf('\0') < 0;
  }
}
