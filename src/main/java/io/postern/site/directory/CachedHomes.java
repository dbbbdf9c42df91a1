package io.postern.site.directory;

import io.postern.site.HomeDirectory;
import io.postern.site.HomeDirectory.Entry;
import io.postern.site.SiteMeter;
import io.postern.site.SiteMeter.Lookup;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The directory's answers, kept in memory. An answer older than the given time is read again; while
 * the directory does not answer, the last answer is used, and the directory is asked once a second.
 * Safe for all threads.
 */
public final class CachedHomes {
  /** Most answers in memory; of more, those unused for longest are dropped. */
  public static final int MOST = 50_000;

  /** How long a failure of the directory stands for further ones. */
  private static final Duration FAILURE = Duration.ofSeconds(1);

  private record Answer(Optional<Entry> entry, long readAt) {}

  private final HomeDirectory directory;
  private final long fresh;
  private final LongSupplier nanos;
  private final SiteMeter meter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Answer> answers = new Lru();
  private final AtomicLong failedAt;

  /**
   * @param fresh how long an answer is used without reading it again
   * @param nanos {@link System#nanoTime}
   */
  public CachedHomes(HomeDirectory directory, Duration fresh, LongSupplier nanos, SiteMeter meter) {
    this.directory = directory;
    this.fresh = fresh.toNanos();
    this.nanos = nanos;
    this.meter = meter;
    this.failedAt = new AtomicLong(nanos.getAsLong() - FAILURE.toNanos());
  }

  /**
   * The entry of an account; empty when there is none.
   *
   * @param name its login name, lower case
   * @return fails as the directory does when there is no earlier answer
   */
  public Uni<Optional<Entry>> find(String name) {
    var known = known(name);
    if (known.isPresent() && nanos.getAsLong() - known.get().readAt < fresh) {
      meter.lookedUp(Lookup.CACHED);
      return Uni.createFrom().item(known.get().entry);
    }
    boolean down = nanos.getAsLong() - failedAt.get() < FAILURE.toNanos();
    return known.isPresent() && down ? stale(known.get()) : read(name, known);
  }

  /** The same, read from the directory if that answers. */
  public Uni<Optional<Entry>> read(String name) {
    return read(name, known(name));
  }

  /** Reads the home of an account again at its next use if another site knows a newer epoch. */
  public void atLeast(String name, long epoch) {
    lock.lock();
    try {
      answers.computeIfPresent(
          name,
          (_, it) ->
              it.entry.filter(entry -> entry.home().epoch() >= epoch).isPresent()
                  ? it
                  : new Answer(it.entry, nanos.getAsLong() - fresh));
    } finally {
      lock.unlock();
    }
  }

  private Uni<Optional<Entry>> read(String name, Optional<Answer> known) {
    return directory
        .find(name)
        .invoke(
            entry -> {
              meter.lookedUp(Lookup.READ);
              keep(name, entry);
            })
        .onFailure()
        .recoverWithUni(
            why -> {
              failedAt.set(nanos.getAsLong());
              if (known.isPresent()) {
                return stale(known.get());
              }
              meter.lookedUp(Lookup.FAILED);
              return Uni.createFrom().failure(why);
            });
  }

  private Uni<Optional<Entry>> stale(Answer answer) {
    meter.lookedUp(Lookup.STALE);
    return Uni.createFrom().item(answer.entry);
  }

  private Optional<Answer> known(String name) {
    lock.lock();
    try {
      return Optional.ofNullable(answers.get(name));
    } finally {
      lock.unlock();
    }
  }

  private void keep(String name, Optional<Entry> entry) {
    lock.lock();
    try {
      answers.put(name, new Answer(entry, nanos.getAsLong()));
    } finally {
      lock.unlock();
    }
  }

  private static final class Lru extends LinkedHashMap<String, Answer> {
    private static final long serialVersionUID = 1L;

    Lru() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
      return size() > MOST;
    }
  }
}
