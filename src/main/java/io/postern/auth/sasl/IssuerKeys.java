package io.postern.auth.sasl;

import io.postern.auth.IssuerKeysMeter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The keys that an issuer publishes at a URL (RFC 7517 §5), fetched in the background: by a thread
 * of their own, one at a time, at most every ten seconds. A login waits for them a few seconds,
 * without blocking a thread, and only when there are none yet or the token names a key that is not
 * among them. Fetched keys are used until the next successful fetch, however long the issuer is
 * unreachable. Safe for all threads.
 */
final class IssuerKeys {
  private static final Logger LOG = System.getLogger(IssuerKeys.class.getName());

  /** How long after a fetch has begun the next one may. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(10);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(3);

  /** How long a fetch may take, give or take one read, and how long a login waits. */
  private static final Duration FETCH_TIMEOUT = Duration.ofSeconds(5);

  /** The most octets of a key set. */
  static final int MAX_OCTETS = 1 << 20;

  /**
   * A key set; compared by identity.
   *
   * @param document as it was published
   * @param ids those of its keys that have one
   */
  record Keys(String document, Set<String> ids, Instant fetched) {
    private boolean has(Optional<String> id) {
      return id.isEmpty() || ids.contains(id.get());
    }
  }

  /**
   * The state of one URL.
   *
   * @param started when the last fetch began
   * @param failed whether that one failed
   * @param running completes when the running fetch has ended; empty when none runs
   */
  private record State(
      String url,
      Optional<Keys> keys,
      Optional<Instant> started,
      boolean failed,
      Optional<CompletableFuture<Boolean>> running) {
    static State of(String url) {
      return new State(url, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    boolean lacks(Optional<String> id) {
      return keys.filter(it -> it.has(id)).isEmpty();
    }

    /** Whether a fetch is to begin now. */
    boolean isDue(Instant now, Duration refresh, Optional<String> id) {
      boolean old = keys.filter(it -> now.isBefore(it.fetched.plus(refresh))).isEmpty();
      boolean paused = started.filter(it -> now.isBefore(it.plus(MIN_INTERVAL))).isPresent();
      return (lacks(id) || old) && !paused && running.isEmpty();
    }

    State fetching(Instant now) {
      return new State(url, keys, Optional.of(now), failed, Optional.of(new CompletableFuture<>()));
    }

    State fetched(Optional<Keys> found) {
      return new State(url, found.or(() -> keys), started, found.isEmpty(), Optional.empty());
    }
  }

  private final InstantSource clock;
  private final IssuerKeysMeter meter;
  private final AtomicReference<State> state = new AtomicReference<>(State.of(""));

  IssuerKeys(InstantSource clock, IssuerKeysMeter meter) {
    this.clock = clock;
    this.meter = meter;
  }

  /**
   * The keys to verify a token with. Completes on the caller's Vert.x context, if there is one.
   *
   * @param refresh how old keys may be before they are fetched again; they are used meanwhile
   * @param id of the key that the token names; empty when it names none
   * @return empty when they are not available now: there are none, or the token names a key that is
   *     not among them, and the last fetch failed
   */
  Uni<Optional<Keys>> of(String url, Duration refresh, Optional<String> id) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var caller = Optional.ofNullable(Vertx.currentContext());
              var fetch = begin(url, refresh, id);
              if (fetch.isEmpty()) {
                return Uni.createFrom().item(available(url, id));
              }
              // A copy: a cancelled wait must not end the fetch for the others.
              var result =
                  Uni.createFrom()
                      .completionStage(() -> fetch.get().copy())
                      .ifNoItem()
                      .after(FETCH_TIMEOUT)
                      .recoverWithItem(false)
                      .map(_ -> available(url, id));
              return caller
                  .map(it -> result.emitOn(task -> it.runOnContext(_ -> task.run())))
                  .orElse(result);
            });
  }

  private Optional<Keys> available(String url, Optional<String> id) {
    var now = state.get();
    // While the issuer is unreachable, an unknown key may be a new one of the issuer's.
    return now.url.equals(url)
        ? now.keys.filter(keys -> keys.has(id) || !now.failed)
        : Optional.empty();
  }

  /**
   * Begins a fetch when it is due; returns what to wait for, if anything. Of concurrent threads the
   * one whose compare-and-set succeeds begins the fetch; the others retry and find it running.
   */
  private Optional<CompletableFuture<Boolean>> begin(
      String url, Duration refresh, Optional<String> id) {
    while (true) {
      var before = state.get();
      var known = before.url.equals(url) ? before : State.of(url);
      var now = clock.instant();
      boolean due = known.isDue(now, refresh, id);
      var next = due ? known.fetching(now) : known;
      if (state.compareAndSet(before, next)) {
        if (due) {
          Thread.ofPlatform().name("jwks").daemon().start(() -> fetch(next));
        }
        return next.lacks(id) ? next.running : Optional.empty();
      }
    }
  }

  private void fetch(State requested) {
    Optional<Keys> found = Optional.empty();
    try {
      found = Optional.of(read(fetch(requested.url)));
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          () -> "mail.auth.oauth2.jwks cannot be fetched: url=" + requested.url + " why=" + e);
    } finally {
      var keys = found;
      // By then the settings may name another URL.
      state.updateAndGet(it -> it.running.equals(requested.running) ? it.fetched(keys) : it);
      // Counted once the next fetch may begin.
      meter.fetched(keys.isPresent());
      requested.running.ifPresent(it -> it.complete(keys.isPresent()));
    }
  }

  private Keys read(String document) throws IOException {
    try {
      var keys = new JsonObject(document).getJsonArray("keys", new JsonArray());
      var ids =
          keys.stream()
              .filter(JsonObject.class::isInstance)
              .map(key -> ((JsonObject) key).getValue("kid"))
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .collect(Collectors.toUnmodifiableSet());
      if (keys.isEmpty()) {
        throw new IOException("there are no keys in it");
      }
      return new Keys(document, ids, clock.instant());
    } catch (DecodeException | ClassCastException e) {
      throw new IOException("it is no JSON Web Key Set", e);
    }
  }

  private static String fetch(String url) throws IOException {
    long end = System.nanoTime() + FETCH_TIMEOUT.toNanos();
    var connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) READ_TIMEOUT.toMillis());
    connection.setUseCaches(false);
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("the answer is " + connection.getResponseCode());
      }
      try (var body = connection.getInputStream()) {
        return body(body, end);
      }
    } finally {
      connection.disconnect();
    }
  }

  private static String body(InputStream body, long end) throws IOException {
    var octets = new ByteArrayOutputStream();
    var chunk = new byte[8_192];
    for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
      octets.write(chunk, 0, n);
      if (octets.size() > MAX_OCTETS) {
        throw new IOException("it has more than " + MAX_OCTETS + " octets");
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("it took longer than " + FETCH_TIMEOUT);
      }
    }
    return octets.toString(StandardCharsets.UTF_8);
  }
}
