package io.postern.auth;

import io.postern.auth.Argon2.Cost;
import io.postern.store.Secret;
import io.smallrye.mutiny.Uni;

/**
 * Makes and checks password verifiers: argon2id (RFC 9106) as PHC strings. A check costs some 50 ms
 * of a core and 19 MiB, so it runs on {@link Workers}; results come back on the caller's Vert.x
 * context. Fails with {@link Workers.Busy} when too many wait.
 */
public final class Passwords {
  private final Workers workers;
  private final Credentials verified;
  private final Cost cost;
  private final Secret nobody;

  public Passwords(Workers workers, Credentials verified) {
    this(workers, verified, Cost.OF_NEW);
  }

  Passwords(Workers workers, Credentials verified, Cost cost) {
    this.workers = workers;
    this.verified = verified;
    this.cost = cost;
    this.nobody = Argon2.ofNobody(cost).encoded();
  }

  /** A verifier for the password, with a salt of its own. */
  public Uni<Secret> hash(Secret password) {
    return workers.run(() -> Argon2.of(password, cost).encoded());
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

  /** Costs as much as a check and answers no: for a name that nobody has. */
  public Uni<Boolean> fitsNobody(Secret password) {
    return fits(nobody, password);
  }

  private boolean check(Secret verifier, Secret password) {
    // Of many clients that came with the same password at once only the first costs a hash.
    if (verified.known(verifier, password)) {
      return true;
    }
    var argon2 = Argon2.parse(verifier);
    boolean fits = argon2.orElseGet(() -> Argon2.ofNobody(cost)).fits(password);
    if (fits) {
      verified.remember(verifier, password);
    }
    return fits;
  }
}
