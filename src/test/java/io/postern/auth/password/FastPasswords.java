package io.postern.auth.password;

/** Verifiers that cost nothing, for tests. */
public final class FastPasswords {
  static final Argon2.Cost COST = new Argon2.Cost(8, 1, 1);

  private FastPasswords() {}

  public static Passwords of(Workers workers, Credentials verified) {
    return new Passwords(workers, verified, COST, 16);
  }
}
