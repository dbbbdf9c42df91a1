package io.postern.auth.password;

import io.postern.auth.password.Argon2.Cost;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;

/**
 * Creates and checks password verifiers: argon2id (RFC 9106) as PHC strings, SCRAM's keys beside
 * them, and imported hashes until they are replaced. A check costs some 50 ms of a core and 19 MiB,
 * so it runs on {@link Workers}; results come back on the caller's Vert.x context, those of failed
 * checks after the same time for every verifier. Fails with {@link Workers.Busy} when too many
 * wait.
 */
public final class Passwords {
  private final Workers workers;
  private final Credentials verified;
  private final Cost cost;
  private final int scramCost;
  private final Secret decoy;
  private final FailureTiming timing = new FailureTiming();

  public Passwords(Workers workers, Credentials verified) {
    this(workers, verified, Cost.DEFAULT, ScramKeys.DEFAULT_COST);
  }

  Passwords(Workers workers, Credentials verified, Cost cost, int scramCost) {
    this.workers = workers;
    this.verified = verified;
    this.cost = cost;
    this.scramCost = scramCost;
    this.decoy = Argon2.decoy(cost).encoded();
  }

  /** Both verifiers of a new password, with salts of their own. */
  public Uni<Verifiers> verifiers(Secret password) {
    return workers.run(
        () ->
            new Verifiers(
                Argon2.of(SaslPrep.lenient(password), cost).encoded(),
                ScramKeys.of(password, scramCost).map(ScramKeys::encoded)));
  }

  /**
   * Whether the password fits the verifier. A recently verified one is answered at once, and of
   * many concurrent clients with the same only the first costs a hash. A verifier that can't be
   * read fits nothing, at the same cost.
   *
   * @param name the login name given: with an unknown name, clients wait for each other just as
   *     long
   */
  public Uni<Boolean> verify(String name, Secret verifier, Secret password) {
    return Uni.createFrom()
        .deferred(
            () ->
                verified.contains(verifier, password)
                    ? Uni.createFrom().item(true)
                    : workers
                        .run(
                            new Subject(name, password),
                            () -> check(verifier, password),
                            Checked::matches,
                            Checked::delayNanos)
                        .map(Checked::matches));
  }

  private record Subject(String name, Secret password) {}

  /** Whether the verifiers of this fitting password need no upgrade. */
  public static boolean isUpToDate(Verifiers verifiers, Secret password) {
    return Argon2.parse(verifiers.password()).isPresent()
        && (verifiers.scram().isPresent() || SaslPrep.strict(password).isEmpty());
  }

  /** Costs as much as a check and returns false: for an unknown name. */
  public Uni<Boolean> verifyUnknown(String name, Secret password) {
    return verify(name, decoy, password);
  }

  /**
   * The result of a check.
   *
   * @param delayNanos the delay before the result is returned, in nanoseconds
   */
  private record Checked(boolean matches, long delayNanos) {}

  private Checked check(Secret verifier, Secret password) {
    // Verified meanwhile by the check that this one waited for.
    if (verified.contains(verifier, password)) {
      return new Checked(true, 0);
    }
    var prepared = SaslPrep.lenient(password);
    long start = System.nanoTime();
    if (matches(verifier, prepared)) {
      verified.remember(verifier, password);
      return new Checked(true, 0);
    }
    // Imported verifiers, and our own of older versions, are hashes of the password as typed.
    int hashes = prepared.equals(password) ? 1 : 2;
    if (hashes == 2 && matches(verifier, password)) {
      verified.remember(verifier, password);
      return new Checked(true, 0);
    }
    if (!timing.hasSeen(kind(decoy))) {
      matches(decoy, prepared);
    }
    return new Checked(false, hashes * timing.minimumNanos() - (System.nanoTime() - start));
  }

  private boolean matches(Secret verifier, Secret password) {
    long start = System.nanoTime();
    boolean matches =
        ForeignHash.isSupported(verifier)
            ? ForeignHash.matches(verifier, password)
            : argon2(verifier).matches(password);
    timing.record(kind(verifier), System.nanoTime() - start);
    return matches;
  }

  private Argon2 argon2(Secret verifier) {
    return Argon2.parse(verifier).orElseGet(() -> Argon2.decoy(cost));
  }

  private String kind(Secret verifier) {
    return ForeignHash.kind(verifier).orElseGet(() -> argon2(verifier).cost().toString());
  }
}
