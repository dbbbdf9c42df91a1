package io.postern.site.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.net.Endpoint;
import io.postern.embedded.FreePorts;
import io.postern.model.Ids.AccountId;
import io.postern.site.MailDelivery.IncomingMessage;
import io.postern.site.MailDelivery.Verdict;
import io.postern.site.SiteCertificates;
import io.postern.site.SiteKeys;
import io.postern.store.StoreException;
import io.postern.store.UnreachableArrivals;
import io.postern.store.move.Arrivals;
import io.postern.store.move.Arrivals.Arrival;
import io.postern.store.move.Arrivals.Begun;
import io.postern.store.move.Arrivals.Store;
import io.postern.store.move.MoveRefused;
import io.postern.store.move.MovedRows;
import io.postern.store.move.RowKey;
import io.postern.store.move.Ticket;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SSLOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls from the site {@code east} to the site {@code west}, over TLS. */
class TransferTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  /** More slow mail than calls of moves are made at a time. */
  private static final int SLOW = 20;

  private static final Ticket TICKET = new Ticket(new UUID(1, 2), 3, new AccountId(4));

  @TempDir Path scratch;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<Buffer> arrived = new CompletableFuture<>();
  private final CompletableFuture<String> abandoned = new CompletableFuture<>();
  private final List<Buffer> mail = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private SiteKeys issuer;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private HttpServer server;

  private int port;

  @BeforeEach
  void start() throws Exception {
    issuer = new SiteKeys(scratch, "issuer");
    port = FreePorts.many(1).getFirst();
    server = serve(issuer.options("west", "west", DAY));
  }

  private HttpServer serve(SSLOptions tls) throws Exception {
    var options = TransferHandler.options();
    options
        .setSsl(true)
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(tls.getKeyCertOptions())
        .setTrustOptions(tls.getTrustOptions());
    return vertx
        .createHttpServer(options)
        .requestHandler(
            new TransferHandler(
                session -> SiteCertificates.named(session, Set.of("east")),
                new ArrivalCalls(new Recorded()),
                this::message))
        .listen(port, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  /** A store that records its calls. */
  private final class Recorded extends UnreachableArrivals {
    @Override
    public Uni<Store> store() {
      return Uni.createFrom().item(new Store("west", 2, "017"));
    }

    @Override
    public Uni<Begun> begin(Arrival arrival) {
      calls.add(arrival.toString());
      return Uni.createFrom().item(Begun.READY);
    }

    @Override
    public Uni<List<RowKey>> compare(
        Ticket ticket, MovedRows rows, RowKey after, List<RowKey> present, boolean last) {
      calls.add(ticket + " " + rows + " " + after + " " + last);
      return Uni.createFrom().item(present.reversed());
    }

    @Override
    public Uni<String> put(Ticket ticket, MovedRows rows, String json, boolean first) {
      calls.add(rows + " " + json + " " + first);
      return Uni.createFrom().item("digest");
    }

    @Override
    public Uni<Void> complete(Ticket ticket) {
      return Uni.createFrom().failure(new MoveRefused("not now"));
    }
  }

  private IncomingMessage message(String account) {
    var all = Buffer.buffer();
    return new IncomingMessage() {
      @Override
      public Uni<Void> write(Buffer octets) {
        all.appendBuffer(octets);
        arrived.complete(octets);
        return Uni.createFrom().voidItem();
      }

      @Override
      public Uni<Verdict> finish() {
        mail.add(all);
        return Uni.createFrom()
            .item(account.startsWith("full") ? Verdict.OVER_QUOTA : Verdict.DELIVERED);
      }

      @Override
      public void abandon() {
        calls.add("abandoned");
        abandoned.complete(account);
      }
    };
  }

  private TransferClient client(SSLOptions tls) {
    return new TransferClient(
        vertx,
        Map.of("west", List.of(new Endpoint("127.0.0.1", port))),
        Duration.ofSeconds(5),
        () ->
            new HttpClientOptions()
                .setKeyCertOptions(tls.getKeyCertOptions())
                .setTrustOptions(tls.getTrustOptions()),
        (session, site) -> SiteCertificates.named(session, Set.of(site)).isPresent());
  }

  private TransferClient east() throws Exception {
    return client(issuer.options("east", "east", DAY));
  }

  private Arrivals west() throws Exception {
    return east().arrivals("west").orElseThrow();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }

  @Test
  void callsArriveAsTheyWereMade() throws Exception {
    var west = west();
    assertThat(await(west.store())).isEqualTo(new Store("west", 2, "017"));
    var arrival =
        new Arrival(TICKET, "zoë@example.test", new Store("east", 1, "017"), 5, List.of(1L, 2L));
    assertThat(await(west.begin(arrival))).isEqualTo(Begun.READY);
    var keys = List.of(new RowKey(1, 2, 3), new RowKey(4, 5, -6));
    assertThat(await(west.compare(TICKET, MovedRows.PAGE, RowKey.START, keys, true)))
        .isEqualTo(keys.reversed());
    assertThat(await(west.put(TICKET, MovedRows.MAILBOX, "[\"ü\"]", true))).isEqualTo("digest");
    assertThat(calls)
        .containsExactly(
            arrival.toString(), TICKET + " PAGE " + RowKey.START + " true", "MAILBOX [\"ü\"] true");
  }

  @Test
  void refusalsAndSilenceAreToldApart() throws Exception {
    var west = west();
    assertThatThrownBy(() -> await(west.complete(TICKET)))
        .isInstanceOf(MoveRefused.class)
        .hasMessage("not now");
    assertThatThrownBy(() -> await(west.open(TICKET))).isInstanceOf(StoreException.class);
    server.close().toCompletionStage().toCompletableFuture().get();
    assertThatThrownBy(() -> await(west.store())).isInstanceOf(StoreException.class);
  }

  @Test
  void aSiteWithoutAnAddressIsUnknown() throws Exception {
    assertThat(east().arrivals("north")).isEmpty();
  }

  @Test
  void aMoveFromAnotherSiteThanThatOfTheCertificateIsRefused() throws Exception {
    var west = west();
    var arrival = new Arrival(TICKET, "a@example.test", new Store("north", 3, "017"), 1, List.of());
    assertThatThrownBy(() -> await(west.begin(arrival))).isInstanceOf(MoveRefused.class);
    assertThat(calls).isEmpty();
  }

  @Test
  void onlySitesMayCall() throws Exception {
    var stranger = client(issuer.options("north", "north", DAY));
    assertThatThrownBy(() -> await(stranger.arrivals("west").orElseThrow().store()))
        .isInstanceOf(StoreException.class);
    var other = new SiteKeys(scratch, "other").options("foreign", "east", DAY);
    var foreign =
        client(
            new SSLOptions(other)
                .setTrustOptions(issuer.options("east", "east", DAY).getTrustOptions()));
    assertThatThrownBy(() -> await(foreign.arrivals("west").orElseThrow().store()))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void nothingIsSentToAnotherSite() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get();
    server = serve(issuer.options("north", "north", DAY));
    var west = west();
    assertThatThrownBy(() -> await(west.put(TICKET, MovedRows.MAILBOX, "[]", true)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("not that of the site west");
    assertThat(calls).isEmpty();
  }

  @Test
  void mailIsPassedOnInPieces() throws Exception {
    var piece = Buffer.buffer("x".repeat(128 * 1024));
    var octets = Multi.createFrom().items(Collections.nCopies(20, piece).stream());
    assertThat(await(east().deliver("west", "zoë@example.test", octets)))
        .isEqualTo(Verdict.DELIVERED);
    assertThat(mail)
        .singleElement()
        .satisfies(all -> assertThat(all.length()).isEqualTo(20 * piece.length()));
    assertThat(await(east().deliver("west", "full@example.test", Multi.createFrom().item(piece))))
        .isEqualTo(Verdict.OVER_QUOTA);
  }

  @Test
  void mailForASiteThatDoesNotAnswerIsToBeSentLater() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get();
    var octets = Multi.createFrom().item(Buffer.buffer("x"));
    assertThat(await(east().deliver("west", "a@example.test", octets))).isEqualTo(Verdict.LATER);
    assertThat(await(east().deliver("north", "a@example.test", octets))).isEqualTo(Verdict.LATER);
  }

  @Test
  void aSiteThatIsReachedAtTheLastAttemptIsReached() throws Exception {
    port = refusing(TransferClient.ATTEMPTS - 1);
    assertThat(await(west().store()).site()).isEqualTo("west");
    port = refusing(TransferClient.ATTEMPTS - 1);
    var octets = Multi.createFrom().item(Buffer.buffer("x"));
    assertThat(await(east().deliver("west", "a@example.test", octets)))
        .isEqualTo(Verdict.DELIVERED);
  }

  @Test
  void attemptsAreBounded() throws Exception {
    port = refusing(TransferClient.ATTEMPTS);
    var west = west();
    assertThatThrownBy(() -> await(west.store()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no answer");
    assertThat(await(west.store()).site()).isEqualTo("west");
  }

  /** The port of a proxy of the server that closes so many connections first. */
  private int refusing(int connections) throws Exception {
    var target = server.actualPort();
    var refused = new AtomicInteger();
    var outgoing = vertx.createNetClient();
    return vertx
        .createNetServer()
        .connectHandler(
            in -> {
              if (refused.getAndIncrement() < connections) {
                in.close();
                return;
              }
              in.pause();
              outgoing
                  .connect(target, "127.0.0.1")
                  .onSuccess(
                      out -> {
                        in.handler(out::write);
                        out.handler(in::write);
                        in.closeHandler(_ -> out.close());
                        out.closeHandler(_ -> in.close());
                        in.resume();
                      });
            })
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get()
        .actualPort();
  }

  @Test
  void slowMailHoldsUpNeitherOtherMailNorMoves() throws Exception {
    var east = east();
    var slow = new CompletableFuture<Buffer>();
    var first = Multi.createFrom().item(Buffer.buffer("begin"));
    var rest = Uni.createFrom().completionStage(slow).toMulti();
    var waiting = new ArrayList<CompletableFuture<Verdict>>();
    for (int i = 0; i < SLOW; i++) {
      var octets = Multi.createBy().concatenating().streams(first, rest);
      waiting.add(east.deliver("west", "slow@example.test", octets).subscribeAsCompletionStage());
    }
    var octets = Multi.createFrom().item(Buffer.buffer("x"));
    assertThat(await(east.deliver("west", "a@example.test", octets))).isEqualTo(Verdict.DELIVERED);
    assertThat(await(east.arrivals("west").orElseThrow().store()).site()).isEqualTo("west");
    slow.complete(Buffer.buffer("end"));
    for (var mail : waiting) {
      assertThat(mail.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Verdict.DELIVERED);
    }
  }

  @Test
  void mailThatBreaksOffIsAbandoned() throws Exception {
    var octets =
        Multi.createBy()
            .concatenating()
            .streams(
                Multi.createFrom().item(Buffer.buffer("begin")),
                // Not before: what the other site has not read is lost when the connection is
                // reset.
                Uni.createFrom()
                    .completionStage(arrived)
                    .chain(
                        () ->
                            Uni.createFrom()
                                .<Buffer>failure(new IllegalStateException("the store ended")))
                    .toMulti());
    assertThat(await(east().deliver("west", "a@example.test", octets))).isEqualTo(Verdict.LATER);
    abandoned.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(calls).containsExactly("abandoned");
    assertThat(mail).isEmpty();
  }
}
