package io.postern.auth.password;

/** Verifiers that cost nothing, for tests. */
public final class FastPasswords {
  static final Argon2.Cost COST = new Argon2.Cost(8, 1, 1);

  /** The fewest iterations that clients of SCRAM-SHA-256 accept (RFC 7677 §4). */
  private static final int CLIENTS_MINIMUM = 4096;

  private FastPasswords() {}

  /** With verifiers of SCRAM that a client's library accepts. */
  public static Passwords forClients(Workers workers, Credentials verified) {
    return new Passwords(workers, verified, COST, CLIENTS_MINIMUM);
  }

  public static Passwords of(Workers workers, Credentials verified) {
    return new Passwords(workers, verified, COST, 16);
  }
}
