package io.postern.site.transfer;

import io.postern.config.net.Endpoint;
import io.postern.site.MailDelivery;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.move.Arrivals;
import io.postern.store.move.MoveRefused;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;

/**
 * Calls other sites. A call tries the site's addresses in turn until one is connected; on any
 * thread.
 */
public final class TransferClient implements MailDelivery {
  /** How long a response may take: longer than a call of the other site's database. */
  static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Attempts to connect, over the addresses in turn; each address has one at least. */
  static final int ATTEMPTS = 3;

  /** The delay before an attempt at an address that has failed. */
  private static final long PAUSE_MILLIS = 250;

  /** Most connections to one address: mail that comes slowly must not hold up the rest. */
  private static final int CONNECTIONS = 32;

  private static final Logger LOG = System.getLogger(TransferClient.class.getName());

  private final Vertx vertx;
  private final Map<String, List<Endpoint>> addresses;
  private final Duration connecting;
  private final Supplier<HttpClientOptions> tls;
  private final BiPredicate<SSLSession, String> isSite;
  private final AtomicReference<Optional<HttpClient>> client =
      new AtomicReference<>(Optional.empty());

  /**
   * @param addresses of each other site
   * @param connecting how long connecting may take
   * @param tls options with the certificate of this side, the trusted issuers, and TLS 1.3; read
   *     again after {@link #renew}
   * @param isSite whether the certificate of a session is that of a site
   */
  public TransferClient(
      Vertx vertx,
      Map<String, List<Endpoint>> addresses,
      Duration connecting,
      Supplier<HttpClientOptions> tls,
      BiPredicate<SSLSession, String> isSite) {
    this.vertx = vertx;
    this.addresses = Map.copyOf(addresses);
    this.connecting = connecting;
    this.tls = tls;
    this.isSite = isSite;
  }

  /** The store of another site; empty if it has no address. */
  public Optional<Arrivals> arrivals(String site) {
    return addresses.containsKey(site)
        ? Optional.of(new RemoteArrivals(this, site))
        : Optional.empty();
  }

  /** Uses renewed certificates from the next call on. */
  public void renew() {
    client.getAndSet(Optional.empty()).ifPresent(HttpClient::close);
  }

  private HttpClient client() {
    var made = client.get();
    if (made.isPresent()) {
      return made.get();
    }
    var mine = vertx.createHttpClient(options());
    if (client.compareAndSet(made, Optional.of(mine))) {
      return mine;
    }
    mine.close();
    return client();
  }

  private HttpClientOptions options() {
    return new HttpClientOptions(tls.get())
        .setSsl(true)
        // The name is that of a site, not of a host, and is checked before the request is sent.
        .setVerifyHost(false)
        .setConnectTimeout((int) connecting.toMillis())
        .setMaxPoolSize(CONNECTIONS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout((int) PATIENCE.toSeconds() + 5);
  }

  /**
   * A connected request whose answer will be read.
   *
   * <p>The answer's handlers are set before anything is sent, on the request's own context. Set by
   * a caller on another thread, they might come after the answer, whose octets would be lost.
   */
  private record Post(HttpClientRequest request, Future<TransferMessage> answer) {
    Post(HttpClientRequest request) {
      this(request, request.response().compose(TransferClient::answer));
    }
  }

  /**
   * Calls a site.
   *
   * @return fails with {@link MoveRefused} when the site refuses, with {@link StoreException} and
   *     {@code Unavailable} when it does not answer
   */
  Uni<TransferMessage> call(String site, String name, TransferMessage message) {
    return connected(site, name)
        .chain(post -> uni(() -> post.request.end(message.encode()).compose(_ -> post.answer)))
        .onFailure(why -> !(why instanceof MoveRefused) && !(why instanceof StoreException))
        .transform(why -> unavailable("the site " + site + " gave no answer: " + why.getMessage()));
  }

  @Override
  public Uni<Verdict> deliver(String site, String account, Multi<Buffer> octets) {
    return connected(site, TransferHandler.DELIVER)
        .chain(post -> send(post, account, octets))
        .onFailure(why -> !(why instanceof CancellationException))
        .invoke(why -> LOG.log(Level.WARNING, "mail for site={0}: {1}", site, why.getMessage()))
        .onFailure(why -> !(why instanceof CancellationException))
        .recoverWithItem(Verdict.LATER);
  }

  /** Each piece is read when the one before it was sent. */
  private static Uni<Verdict> send(Post post, String account, Multi<Buffer> octets) {
    var name = Base64.getUrlEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
    var request = post.request.setChunked(true).putHeader(TransferHandler.ACCOUNT, name);
    return octets
        .onItem()
        .transformToUniAndConcatenate(piece -> uni(() -> request.write(piece)).replaceWith(true))
        .collect()
        .last()
        .chain(() -> uni(() -> request.end().compose(_ -> post.answer)))
        .map(answer -> Verdict.valueOf(answer.fields().getString("verdict")))
        .onFailure()
        .invoke(_ -> request.reset())
        .onCancellation()
        .invoke(request::reset);
  }

  private static <T> Uni<T> uni(Supplier<Future<T>> call) {
    return Uni.createFrom().completionStage(() -> call.get().toCompletionStage());
  }

  /** A connection that is made for a caller who has gone is free for others. */
  private Uni<Post> connected(String site, String name) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var post = connected(site, name, 1);
              return uni(() -> post)
                  .onCancellation()
                  .invoke(() -> post.onSuccess(it -> it.request.reset()));
            });
  }

  private Future<Post> connected(String site, String name, int attempt) {
    var endpoints = addresses.getOrDefault(site, List.of());
    if (endpoints.isEmpty()) {
      return Future.failedFuture(unavailable("the site " + site + " has no address"));
    }
    var endpoint = endpoints.get((attempt - 1) % endpoints.size());
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setURI(TransferHandler.PATH + name)
            .setTimeout(PATIENCE.toMillis());
    return client()
        .request(options)
        .compose(request -> ofSite(request, site))
        .map(Post::new)
        .recover(
            why -> {
              if (attempt < endpoints.size()) {
                return connected(site, name, attempt + 1);
              }
              return attempt < ATTEMPTS && !(why instanceof StoreException)
                  ? vertx
                      .timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                      .compose(_ -> connected(site, name, attempt + 1))
                  : Future.failedFuture(why);
            });
  }

  private Future<HttpClientRequest> ofSite(HttpClientRequest request, String site) {
    if (isSite.test(request.connection().sslSession(), site)) {
      return Future.succeededFuture(request);
    }
    request.connection().close();
    return Future.failedFuture(unavailable("the certificate is not that of the site " + site));
  }

  private static Future<TransferMessage> answer(HttpClientResponse response) {
    return response.body().compose(body -> answer(response.statusCode(), body));
  }

  private static Future<TransferMessage> answer(int status, Buffer body) {
    return switch (status) {
      case TransferHandler.OK -> Future.succeededFuture(TransferMessage.parse(body));
      case TransferHandler.REFUSED -> Future.failedFuture(new MoveRefused(body.toString()));
      default -> Future.failedFuture(unavailable(status + " " + body));
    };
  }

  private static StoreException unavailable(String why) {
    return new StoreException(new StoreFailure.Unavailable(why));
  }
}
