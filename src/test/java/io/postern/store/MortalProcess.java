package io.postern.store;

import io.postern.site.HomeDirectory;
import io.postern.site.move.MoveSites;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Departures;
import io.postern.store.move.MoveJobs;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A process that moves accounts, and is killed at one of its calls: no other follows. */
final class MortalProcess {
  /** When it is killed. */
  enum When {
    /** The call is not made. */
    BEFORE,
    /** The call is made, and ends without the process. */
    DURING,
    /** The call has ended; what it has returned is lost. */
    AFTER
  }

  private final AtomicInteger left;
  private final When when;

  /** Completes with the name of the call. */
  final CompletableFuture<String> killed = new CompletableFuture<>();

  /** Completes when the call has ended that was being made. */
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  /**
   * @param last which of its calls is the last, from 1
   */
  MortalProcess(int last, When when) {
    this.left = new AtomicInteger(last);
    this.when = when;
  }

  /** What it needs of both sites. */
  MoveSites sites(MoveSites sites) {
    return new MoveSites(
        sites.site(),
        mortal(Departures.class, sites.departures()),
        mortal(MoveJobs.class, sites.jobs()),
        site -> arrivals(sites, site),
        mortal(HomeDirectory.class, sites.directory()),
        sites.endSessions(),
        sites.grace());
  }

  private Optional<Arrivals> arrivals(MoveSites sites, String site) {
    return sites.arrivals().apply(site).map(it -> mortal(Arrivals.class, it));
  }

  private <T> T mortal(Class<T> port, T target) {
    return port.cast(
        Proxy.newProxyInstance(
            MortalProcess.class.getClassLoader(),
            new Class<?>[] {port},
            (_, method, arguments) ->
                Uni.createFrom()
                    .deferred(
                        () -> call(method.getName(), () -> made(target, method, arguments)))));
  }

  private static Uni<Object> made(Object target, Method method, Object[] arguments) {
    try {
      return ((Uni<?>) method.invoke(target, arguments)).map(it -> (Object) it);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(method.toString(), e);
    }
  }

  private Uni<Object> call(String name, Supplier<Uni<Object>> made) {
    int before = left.getAndDecrement();
    if (before > 1) {
      return made.get();
    }
    if (before == 1) {
      switch (when) {
        case BEFORE -> {
          settled.complete(null);
          killed.complete(name);
        }
        case DURING -> {
          end(made, () -> {});
          killed.complete(name);
        }
        case AFTER -> end(made, () -> killed.complete(name));
      }
    }
    return Uni.createFrom().nothing();
  }

  private void end(Supplier<Uni<Object>> made, Runnable then) {
    made.get()
        .onItemOrFailure()
        .invoke(
            (_, _) -> {
              settled.complete(null);
              then.run();
            })
        .subscribe()
        .with(_ -> {}, _ -> {});
  }

  /** Completes when nothing of it is under way any more, if it was killed. */
  CompletableFuture<Void> settled() {
    return settled;
  }
}
