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
 * Binds an address again when the system says that it is in use: one that was given up a moment ago
 * may still be, until the last event loop has closed its socket. Five more tries within 100 ms, no
 * more: an address that another process has is refused soon.
 */
final class BindRetry {
  private static final int TRIES = 6;
  private static final Duration DELAY = Duration.ofMillis(20);

  private BindRetry() {}

  /**
   * Binds, and again if the address is in use.
   *
   * @param context where the tries after the first one are made
   * @param bind one try
   * @param close gives up what a failed try got
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

  /** EADDRINUSE; the address of another machine and a privileged port are no less refused later. */
  private static boolean isInUse(Throwable failure) {
    return failure instanceof BindException
        && Objects.requireNonNullElse(failure.getMessage(), "")
            .toLowerCase(Locale.ROOT)
            .contains("in use");
  }
}
