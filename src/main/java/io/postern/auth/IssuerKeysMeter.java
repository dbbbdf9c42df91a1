package io.postern.auth;

/** Counts fetches of a token issuer's keys. Called from any thread; must be quick. */
public interface IssuerKeysMeter {
  /** A fetch ended: the keys were fetched, or the fetch failed, or it returned no keys. */
  void fetched(boolean successful);

  /** Counts nothing. */
  IssuerKeysMeter NONE = _ -> {};
}
