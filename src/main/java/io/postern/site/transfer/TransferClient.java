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

/** Calls other sites. A call tries the site's addresses in turn until one is connected. */
public final class TransferClient implements MailDelivery {
  /** How long a response may take: longer than a call of the other site's database. */
  static final Duration PATIENCE = Duration.ofSeconds(40);

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
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setIdleTimeout((int) PATIENCE.toSeconds() + 5);
  }

  /**
   * Calls a site.
   *
   * @return fails with {@link MoveRefused} when the site refuses, with {@link StoreException} and
   *     {@code Unavailable} when it does not answer
   */
  Uni<TransferMessage> call(String site, String name, TransferMessage message) {
    return Uni.createFrom()
        .completionStage(
            () ->
                connected(site, name, addresses.getOrDefault(site, List.of()), 0)
                    .compose(request -> request.send(message.encode()))
                    .compose(TransferClient::answer)
                    .toCompletionStage())
        .onFailure(why -> !(why instanceof MoveRefused) && !(why instanceof StoreException))
        .transform(why -> unavailable("the site " + site + " gave no answer: " + why.getMessage()));
  }

  @Override
  public Uni<Verdict> deliver(String site, String account, Multi<Buffer> octets) {
    return Uni.createFrom()
        .completionStage(
            () ->
                connected(site, TransferHandler.DELIVER, addresses.getOrDefault(site, List.of()), 0)
                    .toCompletionStage())
        .chain(request -> send(request, account, octets))
        .onFailure(why -> !(why instanceof CancellationException))
        .invoke(why -> LOG.log(Level.WARNING, "mail for site={0}: {1}", site, why.getMessage()))
        .onFailure(why -> !(why instanceof CancellationException))
        .recoverWithItem(Verdict.LATER);
  }

  /** Each piece is read when the one before it was sent. */
  private static Uni<Verdict> send(
      HttpClientRequest request, String account, Multi<Buffer> octets) {
    var name = Base64.getUrlEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
    request.setChunked(true).putHeader(TransferHandler.ACCOUNT, name);
    return octets
        .onItem()
        .transformToUniAndConcatenate(
            piece ->
                Uni.createFrom()
                    .completionStage(() -> request.write(piece).toCompletionStage())
                    .replaceWith(true))
        .collect()
        .last()
        .chain(
            () ->
                Uni.createFrom()
                    .completionStage(
                        () ->
                            request
                                .end()
                                .compose(_ -> request.response())
                                .compose(TransferClient::answer)
                                .toCompletionStage()))
        .map(answer -> Verdict.valueOf(answer.fields().getString("verdict")))
        .onFailure()
        .invoke(_ -> request.reset())
        .onCancellation()
        .invoke(request::reset);
  }

  private Future<HttpClientRequest> connected(
      String site, String name, List<Endpoint> endpoints, int i) {
    if (i >= endpoints.size()) {
      return Future.failedFuture(unavailable("the site " + site + " has no address"));
    }
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(endpoints.get(i).host())
            .setPort(endpoints.get(i).port())
            .setURI(TransferHandler.PATH + name)
            .setTimeout(PATIENCE.toMillis());
    return client()
        .request(options)
        .compose(request -> ofSite(request, site))
        .recover(
            why ->
                i + 1 < endpoints.size()
                    ? connected(site, name, endpoints, i + 1)
                    : Future.failedFuture(why));
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
