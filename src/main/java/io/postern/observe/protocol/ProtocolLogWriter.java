package io.postern.observe.protocol;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.ProtocolLogSettings;
import io.postern.model.MailProtocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes entries on a thread of its own. The queue is lock-free and bounded in octets: a session
 * that adds an entry never waits, and what the queue cannot hold is dropped and counted in {@code
 * mail.protocol.log.dropped}. The thread starts with the first entry.
 *
 * <p>With a {@code log-file-location} entries go to files, else to the server's log.
 */
final class ProtocolLogWriter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ProtocolLogWriter.class.getName());
  private static final String DROPPED = "mail.protocol.log.dropped";

  /** The most octets of entries that wait to be written. */
  static final long MAX_QUEUED = 4L << 20;

  /**
   * Files that cannot be written are tried again after this time; entries are dropped meanwhile.
   */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** How often old files are deleted while nothing is written. */
  private static final Duration TIDY = Duration.ofMinutes(1);

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private static final List<MailProtocol> PROTOCOLS = List.of(MailProtocol.IMAP, MailProtocol.POP3);

  private final Live live;
  private final InstantSource clock;
  private final LinkedTransferQueue<Optional<ProtocolLogEntry>> queue = new LinkedTransferQueue<>();
  private final AtomicLong queued = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final Thread thread;
  private final Map<MailProtocol, Counter> overflows = new EnumMap<>(MailProtocol.class);
  private final Map<MailProtocol, Counter> failures = new EnumMap<>(MailProtocol.class);
  private volatile boolean closed;

  // Confined to the thread.
  private final Map<MailProtocol, ProtocolLogFiles> files = new EnumMap<>(MailProtocol.class);
  private final Map<MailProtocol, Long> failedAt = new EnumMap<>(MailProtocol.class);
  private final Map<MailProtocol, Logger> loggers = new EnumMap<>(MailProtocol.class);

  ProtocolLogWriter(Live live, InstantSource clock, MeterRegistry registry) {
    this.live = live;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("protocol log").unstarted(this::run);
    for (var protocol : PROTOCOLS) {
      overflows.put(protocol, counter(registry, protocol, "overflow"));
      failures.put(protocol, counter(registry, protocol, "failed"));
      files.put(protocol, new ProtocolLogFiles(protocol));
      loggers.put(protocol, System.getLogger("io.postern.protocol." + protocol));
    }
  }

  private static Counter counter(MeterRegistry registry, MailProtocol protocol, String reason) {
    return Counter.builder(DROPPED)
        .description("lines of the protocol log that were not written")
        .tag("protocol", protocol.label())
        .tag("reason", reason)
        .register(registry);
  }

  /** Queues an entry, or drops it. Safe for all threads; never blocks. */
  void add(ProtocolLogEntry entry) {
    long weight = entry.weight();
    if (closed || queued.addAndGet(weight) > MAX_QUEUED) {
      queued.addAndGet(-weight);
      of(overflows, entry.protocol()).increment();
      return;
    }
    queue.offer(Optional.of(entry));
    if (!started.get() && started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  private static <T> T of(Map<MailProtocol, T> all, MailProtocol protocol) {
    return Objects.requireNonNull(all.get(protocol), protocol::label);
  }

  private void run() {
    try {
      while (!closed || !queue.isEmpty()) {
        var next = queue.poll(TIDY.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
          PROTOCOLS.forEach(this::tidy);
        } else {
          next.ifPresent(this::write);
        }
        if (queue.isEmpty()) {
          PROTOCOLS.forEach(protocol -> perform(protocol, of(files, protocol)::flush));
        }
      }
    } catch (InterruptedException _) {
      // The process ends.
      Thread.currentThread().interrupt();
    }
    PROTOCOLS.forEach(protocol -> perform(protocol, of(files, protocol)::close));
  }

  private void write(ProtocolLogEntry entry) {
    queued.addAndGet(-entry.weight());
    var protocol = entry.protocol();
    var settings = settings(protocol);
    if (settings.logFileLocation().isEmpty()) {
      perform(protocol, of(files, protocol)::close);
      of(loggers, protocol).log(Level.INFO, "{0}", entry);
    } else if (!waits(protocol)
        && perform(protocol, () -> of(files, protocol).write(entry, settings))) {
      recovered(protocol);
    } else {
      of(failures, protocol).increment();
    }
  }

  private void recovered(MailProtocol protocol) {
    if (failedAt.remove(protocol) != null) {
      LOG.log(Level.INFO, "The protocol log of {0} is written again", protocol);
    }
  }

  private ProtocolLogSettings settings(MailProtocol protocol) {
    return LiveSettings.protocolLog(live.now(), protocol).orElseThrow();
  }

  private void tidy(MailProtocol protocol) {
    perform(protocol, () -> of(files, protocol).tidy(settings(protocol), clock.instant()));
  }

  private boolean waits(MailProtocol protocol) {
    var since = failedAt.get(protocol);
    return since != null && System.nanoTime() - since < RETRY.toNanos();
  }

  /** Something that is done with files. */
  @FunctionalInterface
  private interface FileStep {
    void run() throws IOException;
  }

  /** Whether it was done; the first of several failures is logged. */
  private boolean perform(MailProtocol protocol, FileStep step) {
    try {
      step.run();
      return true;
    } catch (IOException e) {
      if (failedAt.put(protocol, System.nanoTime()) == null) {
        LOG.log(
            Level.ERROR,
            () ->
                "The protocol log of "
                    + protocol
                    + " cannot be written; it is tried every "
                    + RETRY.toSeconds()
                    + " s: "
                    + e);
      }
      return false;
    }
  }

  /** Writes what is queued, for at most 5 s. */
  @Override
  public void close() {
    closed = true;
    queue.offer(Optional.empty());
    try {
      if (started.get() && !thread.join(CLOSING)) {
        LOG.log(Level.WARNING, "The end of the protocol log is not written: it takes too long");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
