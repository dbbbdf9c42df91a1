package io.postern.store;

/**
 * Carries a {@link StoreFailure} through a {@code Uni}. No stack trace: it is an expected result,
 * not a defect.
 */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient StoreFailure failure;

  public StoreException(StoreFailure failure) {
    this(failure, null);
  }

  public StoreException(StoreFailure failure, @org.jspecify.annotations.Nullable Throwable cause) {
    super(failure.toString(), cause, false, false);
    this.failure = failure;
  }

  /** What went wrong. */
  public StoreFailure failure() {
    return failure;
  }
}
