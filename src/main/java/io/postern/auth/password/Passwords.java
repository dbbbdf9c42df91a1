package io.postern.auth.password;

import io.postern.auth.password.Argon2.Cost;
import io.postern.store.Secret;
import io.postern.store.Verifiers;
import io.smallrye.mutiny.Uni;

/**
 * Makes and checks password verifiers: argon2id (RFC 9106) as PHC strings, SCRAM's keys beside
 * them, and hashes from elsewhere until they are replaced. A check costs some 50 ms of a core and
 * 19 MiB, so it runs on {@link Workers}; results come back on the caller's Vert.x context. Fails
 * with {@link Workers.Busy} when too many wait.
 */
public final class Passwords {
  private final Workers workers;
  private final Credentials verified;
  private final Cost cost;
  private final int scramCost;
  private final Secret nobody;

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
                Argon2.of(password, cost).encoded(),
                ScramKeys.of(password, scramCost).map(ScramKeys::encoded)));
  }

  /**
   * Whether the password fits the verifier. One that did so not long ago is answered at once. A
   * verifier that can't be read fits nothing, at the same cost.
   */
  public Uni<Boolean> fits(Secret verifier, Secret password) {
    return Uni.createFrom()
        .deferred(
            () ->
                verified.known(verifier, password)
                    ? Uni.createFrom().item(true)
                    : workers.run(() -> check(verifier, password)));
  }

  /** Whether nothing better could be made of the password. */
  public static boolean best(Verifiers verifiers) {
    return Argon2.parse(verifiers.password()).isPresent() && verifiers.scram().isPresent();
  }

  /** Costs as much as a check and answers no: for a name that nobody has. */
  public Uni<Boolean> fitsNobody(Secret password) {
    return fits(nobody, password);
  }

  private boolean check(Secret verifier, Secret password) {
    // Of many clients that came with the same password at once only the first costs a hash.
    if (verified.known(verifier, password)) {
      return true;
    }
    boolean fits =
        ForeignHash.known(verifier)
            ? ForeignHash.fits(verifier, password)
            : Argon2.parse(verifier).orElseGet(() -> Argon2.ofNobody(cost)).fits(password);
    if (fits) {
      verified.remember(verifier, password);
    }
    return fits;
  }
}
