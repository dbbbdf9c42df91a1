package io.postern.store.account;

/**
 * A secret text, not shown by {@code toString}: a password or a verifier.
 *
 * @param reveal the text itself
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "***";
  }
}
