package io.postern.observe.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;

/** A collector of traces on the loopback address, which takes all that it is sent. */
public final class Collector implements AutoCloseable {
  private static final int BACKLOG = 10;

  /** What came, one for each batch: octets of a binary form, in which texts are as they are. */
  public final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

  final Set<String> types = ConcurrentHashMap.newKeySet();
  private final HttpServer server;

  public Collector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
    try (var body = new GZIPInputStream(exchange.getRequestBody())) {
      bodies.add(new String(body.readAllBytes(), StandardCharsets.ISO_8859_1));
    }
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  /** Its URL. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
