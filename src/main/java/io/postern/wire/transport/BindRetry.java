package io.postern.wire.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Retries a bind when the system reports that the address is in use: an address that was just
 * released may still be, until the last event loop has closed its socket. Five more tries within
 * 100 ms, no more: an address that another process holds is refused soon.
 */
final class BindRetry {
  private static final int TRIES = 6;
  private static final Duration DELAY = Duration.ofMillis(20);

  private BindRetry() {}

  /**
   * Binds, and tries again while the address is in use.
   *
   * @param context where the tries after the first one run
   * @param bind one try
   * @param close releases what a failed try has bound
   * @return fails as the last try did
   */
  static Future<Void> bound(
      Vertx vertx, Context context, Supplier<Future<Void>> bind, Supplier<Future<Void>> close) {
    return bound(vertx, context, bind, close, TRIES);
  }

  private static Future<Void> bound(
      Vertx vertx,
      Context context,
      Supplier<Future<Void>> bind,
      Supplier<Future<Void>> close,
      int tries) {
    return bind.get()
        .recover(
            failure ->
                tries > 1 && isInUse(failure)
                    ? close
                        .get()
                        .transform(_ -> delay(vertx, context))
                        .compose(_ -> bound(vertx, context, bind, close, tries - 1))
                    : Future.failedFuture(failure));
  }

  private static Future<Void> delay(Vertx vertx, Context context) {
    Promise<Void> passed = Promise.promise();
    context.runOnContext(_ -> vertx.setTimer(DELAY.toMillis(), _ -> passed.complete()));
    return passed.future();
  }

  /** EADDRINUSE; a retry would not help with another machine's address or a privileged port. */
  private static boolean isInUse(Throwable failure) {
    return failure instanceof BindException
        && Objects.requireNonNullElse(failure.getMessage(), "")
            .toLowerCase(Locale.ROOT)
            .contains("in use");
  }
}
