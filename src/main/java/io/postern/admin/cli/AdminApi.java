package io.postern.admin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Calls the administration API. Each call blocks until it is answered, for two minutes at most. */
final class AdminApi {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final String ROOT = "/admin/v1/";

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
  AdminApi(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /**
   * Joins path segments, each encoded.
   *
   * @throws CommandFailure for a segment that names another resource than one below the last
   */
  static String path(String... segments) {
    return Stream.of(segments).map(AdminApi::segment).collect(Collectors.joining("/"));
  }

  private static String segment(String name) {
    // RFC 3986 §5.2.4: these are removed, encoded or not, and what is before them with some.
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new CommandFailure("\"" + name + "\" is no name");
    }
    return encoded(name);
  }

  private static String encoded(String text) {
    // That encodes forms, where a space is a plus sign; RFC 3986 §2.1 has %20 everywhere.
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Reads a resource. */
  JsonNode get(String path, Map<String, String> query) {
    return call("GET", withQuery(path, query), Optional.empty());
  }

  /** Reads all pages of a list, one after the other. */
  void pages(String path, Map<String, String> query, Consumer<JsonNode> page) {
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
  JsonNode send(String method, String path, Map<String, ?> body) {
    return call(method, path, Optional.of(json.valueToTree(body)));
  }

  /** Sends a change that has no body. */
  JsonNode send(String method, String path) {
    return call(method, path, Optional.empty());
  }

  /** Appends query parameters, encoded. */
  static String withQuery(String path, Map<String, String> query) {
    return query.isEmpty()
        ? path
        : query.entrySet().stream()
            .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
            .collect(Collectors.joining("&", path + "?", ""));
  }

  private JsonNode call(String method, String path, Optional<JsonNode> body) {
    var request = HttpRequest.newBuilder(server.resolve(ROOT + path)).timeout(ANSWER);
    request.header("Authorization", "Bearer " + token);
    body.ifPresentOrElse(
        it ->
            request
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(it.toString())),
        () -> request.method(method, BodyPublishers.noBody()));
    return answer(sent(request.build()));
  }

  private HttpResponse<String> sent(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
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
    var body = parsed(response);
    if (response.statusCode() / 100 != 2) {
      throw new CommandFailure(problem(response.statusCode(), body));
    }
    return body;
  }

  private JsonNode parsed(HttpResponse<String> response) {
    try {
      return response.body().isBlank() ? MissingNode.getInstance() : json.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          "%s answered %d with something that is no JSON: is it the admin API's port?"
              .formatted(server, response.statusCode()),
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
