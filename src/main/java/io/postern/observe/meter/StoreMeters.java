package io.postern.observe.meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.postern.push.Hints;
import io.postern.store.content.ContentCache;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.postgres.message.DamagedMailboxes;
import io.postern.store.postgres.tx.Connections;
import io.postern.store.postgres.tx.TxMeter;
import io.postern.store.search.IndexingQueue;
import io.postern.store.search.SearchIndexing;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * Meters of database calls, of the mailbox indexes and contents in memory, and of whether
 * PostgreSQL and Redis are reachable.
 */
@Singleton
public class StoreMeters implements TxMeter {
  private record Call(String kind, Outcome outcome) {
    // Explicit: a native executable interprets the generated methods of a record, which is slow.
    @Override
    public boolean equals(Object other) {
      return other instanceof Call it && kind.equals(it.kind) && outcome == it.outcome;
    }

    @Override
    public int hashCode() {
      return 31 * kind.hashCode() + outcome.hashCode();
    }
  }

  private final MeterRegistry registry;
  private final Map<Call, Timer> calls = new ConcurrentHashMap<>();
  private final Counter retries;
  private volatile boolean reachable = true;

  StoreMeters(MeterRegistry registry) {
    this.registry = registry;
    retries =
        Counter.builder("mail.store.retries")
            .description("transactions retried after a conflict")
            .register(registry);
    Gauge.builder("mail.store.up", this, meters -> meters.reachable ? 1 : 0)
        .description("1 when the database answered the last call, 0 when it did not")
        .register(registry);
  }

  void register(
      @Observes StartupEvent event,
      MailboxIndexes indexes,
      ContentCache contents,
      IndexingQueue unindexed,
      SearchIndexing indexing,
      Hints hints,
      Connections connections,
      DamagedMailboxes damaged) {
    Gauge.builder("mail.store.damaged", damaged, DamagedMailboxes::count)
        .description("mailboxes marked as damaged, which can neither be opened nor changed")
        .register(registry);
    Gauge.builder("mail.store.short.reads", connections, Connections::shortReadsInFlight)
        .description("short reads that await an answer of the database")
        .register(registry);
    Gauge.builder("mail.push.degraded", hints, h -> h.degraded() ? 1 : 0)
        .description("1 while Redis does not answer and idling sessions poll for changes")
        .register(registry);
    Gauge.builder("mail.index.octets", indexes, MailboxIndexes::octets)
        .description("memory of the mailbox indexes")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("mail.index.mailboxes", indexes, MailboxIndexes::count)
        .description("mailboxes whose index is in memory")
        .register(registry);
    reads(indexes, "hit", MailboxIndexes::hits);
    reads(indexes, "refreshed", MailboxIndexes::refreshes);
    reads(indexes, "loaded", MailboxIndexes::loads);
    FunctionCounter.builder("mail.index.evictions", indexes, MailboxIndexes::evictions)
        .description("evicted indexes")
        .register(registry);
    register(contents);
    register(unindexed, indexing);
  }

  private void register(IndexingQueue unindexed, SearchIndexing indexing) {
    Gauge.builder("mail.search.queue", unindexed, IndexingQueue::size)
        .description("contents that wait to be indexed for SEARCH")
        .register(registry);
    FunctionCounter.builder("mail.search.dropped", unindexed, IndexingQueue::dropped)
        .description("contents left to a later search because too many waited")
        .register(registry);
    FunctionCounter.builder("mail.search.indexed", indexing, SearchIndexing::indexed)
        .description("contents indexed for SEARCH")
        .register(registry);
    FunctionCounter.builder("mail.search.failures", indexing, SearchIndexing::failures)
        .description("batches of contents that could not be indexed")
        .register(registry);
  }

  private void register(ContentCache contents) {
    Gauge.builder("mail.content.octets", contents, ContentCache::octets)
        .description("memory of the contents that are cached outside the heap")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("mail.content.entries", contents, ContentCache::count)
        .description("contents and chunks of contents that are cached")
        .register(registry);
    reads(contents, "hit", ContentCache::hits);
    reads(contents, "miss", ContentCache::misses);
    FunctionCounter.builder("mail.content.evictions", contents, ContentCache::evictions)
        .description("contents and chunks evicted to make room")
        .register(registry);
  }

  private void reads(ContentCache contents, String result, ToLongFunction<ContentCache> count) {
    FunctionCounter.builder("mail.content.reads", contents, count::applyAsLong)
        .description("look-ups of contents: in memory (hit), read from the database (miss)")
        .tag("result", result)
        .register(registry);
  }

  private void reads(MailboxIndexes indexes, String result, ToLongFunction<MailboxIndexes> count) {
    FunctionCounter.builder("mail.index.reads", indexes, count::applyAsLong)
        .description(
            "index look-ups: up to date (hit), changes read (refreshed), mailbox read (loaded)")
        .tag("result", result)
        .register(registry);
  }

  @Override
  public void called(String kind, Outcome outcome, long nanos) {
    if (outcome != Outcome.CANCELLED) {
      reachable = outcome != Outcome.LOST && outcome != Outcome.LATE;
    }
    calls.computeIfAbsent(new Call(kind, outcome), this::timer).record(Duration.ofNanos(nanos));
  }

  @Override
  public void retried() {
    retries.increment();
  }

  private Timer timer(Call call) {
    return Timer.builder("mail.store")
        .description("calls of the database, the waits for its schema and a connection included")
        .tag("kind", call.kind())
        .tag("outcome", SessionMeters.label(call.outcome()))
        .serviceLevelObjectives(Buckets.STORE)
        .register(registry);
  }
}
