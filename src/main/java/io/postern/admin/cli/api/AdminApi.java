package io.postern.admin.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.postern.transfer.RemoteMailbox.Refused;
import io.postern.transfer.archive.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls the administration API. Each call blocks until it is answered, for two minutes at most. */
public final class AdminApi {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final String ROOT = "/admin/v1/";

  /** The octets are too many, or the quota or the keywords are exhausted. */
  private static final Set<Integer> REFUSALS = Set.of(409, 413);

  private static final int UNAVAILABLE = 503;
  private static final int ATTEMPTS = 30;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** The most items of a page, as the API allows. */
  private static final String PAGE = "500";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI server;
  private final String token;

  /**
   * @param server scheme, host and port
   * @param token sent as a bearer token (RFC 6750 §2.1)
   */
  public AdminApi(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * Joins path segments, each encoded.
   *
   * @throws CommandFailure for a segment that names another resource than one below the last
   */
  public static String path(String... segments) {
    return Stream.of(segments).map(AdminApi::segment).collect(Collectors.joining("/"));
  }

  private static String segment(String name) {
    // RFC 3986 §5.2.4: these are removed, encoded or not, and what is before them with some.
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new CommandFailure("\"" + name + "\" is no name");
    }
    return encoded(name);
  }

  public static String encoded(String text) {
    // That encodes forms, where a space is a plus sign; RFC 3986 §2.1 has %20 everywhere.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Reads a resource. */
  public JsonNode get(String path, Map<String, String> query) {
    return call("GET", withQuery(path, query), Optional.empty());
  }

  /** Reads all pages of a list, one after the other. */
  public void pages(String path, Map<String, String> query, Consumer<JsonNode> page) {
    var parameters = new LinkedHashMap<>(query);
    parameters.putIfAbsent("limit", PAGE);
    while (true) {
      var found = get(path, parameters);
      page.accept(found);
      if (found.path("next").asText("").isEmpty()) {
        return;
      }
      parameters.put("after", found.path("next").asText());
    }
  }

  /** Sends a change; the answer is missing if it has no body. */
  public JsonNode send(String method, String path, Map<String, ?> body) {
    return call(method, path, Optional.of(json.valueToTree(body)));
  }

  /** Sends a change that has no body. */
  public JsonNode send(String method, String path) {
    return call(method, path, Optional.empty());
  }

  /** Appends query parameters, encoded. */
  public static String withQuery(String path, Map<String, String> query) {
    return query.isEmpty()
        ? path
        : query.entrySet().stream()
            .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
            .collect(Collectors.joining("&", path + "?", ""));
  }

  /**
   * Writes the octets of a resource.
   *
   * @param path with its query, encoded
   */
  public void download(String path, OutputStream to) throws IOException {
    var response = sent(request(path).GET().build(), BodyHandlers.ofInputStream());
    try (var body = response.body()) {
      if (response.statusCode() / 100 != 2) {
        throw new CommandFailure(problem(response.statusCode(), parsed(body)));
      }
      body.transferTo(to);
    }
  }

  /**
   * Sends octets, once more while the server has too much to do.
   *
   * @param path with its query, encoded
   * @throws Refused when the server does not take these octets, and may take others
   */
  public void upload(String path, String type, Spool octets) throws IOException {
    for (int attempt = 0; ; attempt++) {
      var body =
          BodyPublishers.fromPublisher(
              BodyPublishers.ofInputStream(() -> opened(octets)), octets.size());
      var request =
          request(path)
              .header("Content-Type", type)
              .POST(octets.size() == 0 ? BodyPublishers.noBody() : body)
              .build();
      var response = sent(request, BodyHandlers.ofString());
      int status = response.statusCode();
      if (status == UNAVAILABLE && attempt < ATTEMPTS) {
        LockSupport.parkNanos(PAUSE.toNanos());
      } else if (REFUSALS.contains(status)) {
        throw new Refused(problem(status, parsed(response.body(), status)));
      } else {
        answer(response);
        return;
      }
    }
  }

  private static InputStream opened(Spool octets) {
    try {
      return octets.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(ROOT + path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode call(String method, String path, Optional<JsonNode> body) {
    var request = request(path);
    body.ifPresentOrElse(
        it ->
            request
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(it.toString())),
        () -> request.method(method, BodyPublishers.noBody()));
    return answer(sent(request.build(), BodyHandlers.ofString()));
  }

  private <T> HttpResponse<T> sent(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (ConnectException e) {
      throw new CommandFailure("No server answers at " + server + "; set --url or POSTERN_URL", e);
    } catch (IOException e) {
      throw new CommandFailure("The call to " + server + " failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("The call to " + server + " was interrupted", e);
    }
  }

  private JsonNode answer(HttpResponse<String> response) {
    var body = parsed(response.body(), response.statusCode());
    if (response.statusCode() / 100 != 2) {
      throw new CommandFailure(problem(response.statusCode(), body));
    }
    return body;
  }

  private JsonNode parsed(InputStream body) throws IOException {
    return json.readTree(body);
  }

  private JsonNode parsed(String body, int status) {
    try {
      return body.isBlank() ? MissingNode.getInstance() : json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "%s answered %d with something that is no JSON: is it the admin API's port?"
              .formatted(server, status),
          e);
    }
  }

  /** The text of a problem (RFC 9457), with a line for each invalid field. */
  private static String problem(int status, JsonNode body) {
    var text = new StringBuilder();
    text.append(status).append(' ').append(body.path("title").asText("refused"));
    if (body.hasNonNull("detail")) {
      text.append(": ").append(body.path("detail").asText());
    }
    for (var error : body.path("errors")) {
      text.append(
          "%n  %s is \"%s\", but %s is allowed"
              .formatted(
                  error.path("field").asText(),
                  error.path("value").asText(),
                  error.path("allowed").asText()));
    }
    return text.toString();
  }
}
