package io.postern.auth;

/** Counts how the keys of the tokens' issuer are fetched; must be quick. Any thread. */
public interface IssuerKeysMeter {
  /** The keys were fetched, or could not be, or what came were none. */
  void fetched(boolean good);

  /** Counts nothing. */
  IssuerKeysMeter NONE = _ -> {};
}
