package io.postern.auth.password;

import io.postern.auth.password.Argon2.Cost;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;

/**
 * Creates and checks password verifiers: argon2id (RFC 9106) as PHC strings, SCRAM's keys beside
 * them, and imported hashes until they are replaced. A check costs some 50 ms of a core and 19 MiB,
 * so it runs on {@link Workers}; results come back on the caller's Vert.x context, those of checks
 * that fail all equally late, whatever the verifier. Fails with {@link Workers.Busy} when too many
 * wait.
 */
public final class Passwords {
  private final Workers workers;
  private final Credentials verified;
  private final Cost cost;
  private final int scramCost;
  private final Secret nobody;
  private final FailureTiming pace = new FailureTiming();

  public Passwords(Workers workers, Credentials verified) {
    this(workers, verified, Cost.OF_NEW, ScramKeys.COST_OF_NEW);
  }

  Passwords(Workers workers, Credentials verified, Cost cost, int scramCost) {
    this.workers = workers;
    this.verified = verified;
    this.cost = cost;
    this.scramCost = scramCost;
    this.nobody = Argon2.ofNobody(cost).encoded();
  }

  /** Both verifiers of a new password, with salts of their own. */
  public Uni<Verifiers> verifiers(Secret password) {
    return workers.run(
        () ->
            new Verifiers(
                Argon2.of(Prepared.of(password), cost).encoded(),
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
  public Uni<Boolean> fits(String name, Secret verifier, Secret password) {
    return Uni.createFrom()
        .deferred(
            () ->
                verified.known(verifier, password)
                    ? Uni.createFrom().item(true)
                    : workers
                        .run(
                            new Asked(name, password),
                            () -> check(verifier, password),
                            Checked::fits,
                            Checked::late)
                        .map(Checked::fits));
  }

  private record Asked(String name, Secret password) {}

  /** Whether the verifiers of this fitting password need no upgrade. */
  public static boolean best(Verifiers verifiers, Secret password) {
    return Argon2.parse(verifiers.password()).isPresent()
        && (verifiers.scram().isPresent() || Prepared.strictly(password).isEmpty());
  }

  /** Costs as much as a check and returns false: for an unknown name. */
  public Uni<Boolean> fitsNobody(String name, Secret password) {
    return fits(name, nobody, password);
  }

  /**
   * The result of a check.
   *
   * @param late the delay before the result is returned, in nanoseconds
   */
  private record Checked(boolean fits, long late) {}

  private Checked check(Secret verifier, Secret password) {
    // Verified meanwhile by the check that this one waited for.
    if (verified.known(verifier, password)) {
      return new Checked(true, 0);
    }
    var prepared = Prepared.of(password);
    long began = System.nanoTime();
    if (computed(verifier, prepared)) {
      verified.remember(verifier, password);
      return new Checked(true, 0);
    }
    // Imported verifiers, and our own of older versions, are hashes of the password as typed.
    int sums = prepared.equals(password) ? 1 : 2;
    if (sums == 2 && computed(verifier, password)) {
      verified.remember(verifier, password);
      return new Checked(true, 0);
    }
    if (!pace.knows(kind(nobody))) {
      computed(nobody, prepared);
    }
    return new Checked(false, sums * pace.least() - (System.nanoTime() - began));
  }

  private boolean computed(Secret verifier, Secret password) {
    long began = System.nanoTime();
    boolean fits =
        ForeignHash.known(verifier)
            ? ForeignHash.fits(verifier, password)
            : argon2(verifier).fits(password);
    pace.took(kind(verifier), System.nanoTime() - began);
    return fits;
  }

  private Argon2 argon2(Secret verifier) {
    return Argon2.parse(verifier).orElseGet(() -> Argon2.ofNobody(cost));
  }

  private String kind(Secret verifier) {
    return ForeignHash.kind(verifier).orElseGet(() -> argon2(verifier).cost().toString());
  }
}
