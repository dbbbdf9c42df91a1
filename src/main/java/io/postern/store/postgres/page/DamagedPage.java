package io.postern.store.postgres.page;

/** Stored octets are not what was written: the format is unknown, or a checksum does not match. */
public final class DamagedPage extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DamagedPage(String message) {
    super(message);
  }
}
