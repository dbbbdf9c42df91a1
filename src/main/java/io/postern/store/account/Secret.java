package io.postern.store.account;

/**
 * Text that must not be seen: a password or a verifier.
 *
 * @param reveal the text itself
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "***";
  }
}
