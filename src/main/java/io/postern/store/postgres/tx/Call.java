package io.postern.store.postgres.tx;

import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** One call of the database: it ends in time, and when it is over nothing more of it begins. */
final class Call {
  private volatile boolean over;

  private Call() {}

  /** Runs the work; fails with {@link TimeoutException} when it is not done in time. */
  static <T> Future<T> within(
      Patience patience, Vertx vertx, TxMeter meter, String kind, Function<Call, Future<T>> work) {
    var call = new Call();
    var answer = Promise.<T>promise();
    long began = System.nanoTime();
    long timer =
        vertx.setTimer(
            patience.limit().toMillis(),
            _ -> {
              call.over = true;
              answer.tryFail(new TimeoutException("nothing within " + patience.limit()));
            });
    work.apply(call)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              if (done.succeeded()) {
                answer.tryComplete(done.result());
              } else {
                answer.tryFail(done.cause());
              }
            });
    return answer
        .future()
        .onSuccess(_ -> meter.called(kind, TxMeter.Outcome.OK, System.nanoTime() - began))
        .onFailure(why -> meter.called(kind, outcome(why), System.nanoTime() - began));
  }

  /**
   * A step of the work, unless its time is over: what waited for a connection too long must not be
   * done behind the back of a caller who was told that it is not.
   */
  <T> Future<T> step(Function<Call, Future<T>> step) {
    return over ? Future.failedFuture(new TimeoutException("too late to begin")) : step.apply(this);
  }

  private static TxMeter.Outcome outcome(Throwable why) {
    return switch (why) {
      case TimeoutException _ -> TxMeter.Outcome.LATE;
      case StoreException e when !(e.failure() instanceof StoreFailure.Unavailable) ->
          TxMeter.Outcome.REFUSED;
      default -> Faults.unanswered(why) ? TxMeter.Outcome.LOST : TxMeter.Outcome.FAILED;
    };
  }
}
