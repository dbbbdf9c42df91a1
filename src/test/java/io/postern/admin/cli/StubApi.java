package io.postern.admin.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An administration API whose answers a test sets, and that records the requests. */
final class StubApi implements AutoCloseable {
  static final String TOKEN = "token-of-the-stub";

  private record Answer(int status, String body) {}

  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  StubApi() throws IOException {
    server.createContext("/", this::handle);
    server.start();
  }

  /** What it answers to a request: {@code GET /admin/v1/accounts?limit=500}. */
  StubApi answer(String request, int status, String body) {
    answers.put(request, new Answer(status, body));
    return this;
  }

  /** The requests so far, with their bodies. */
  List<String> requests() {
    return requests;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange call) throws IOException {
    var request = call.getRequestMethod() + " " + call.getRequestURI();
    var sent = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add((request + " " + sent).strip());
    boolean known = ("Bearer " + TOKEN).equals(call.getRequestHeaders().getFirst("Authorization"));
    var answer =
        known
            ? answers.getOrDefault(request, new Answer(404, "{\"title\":\"Not Found\"}"))
            : new Answer(401, "{\"title\":\"Unauthorized\"}");
    var body = answer.body().getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (var out = call.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
