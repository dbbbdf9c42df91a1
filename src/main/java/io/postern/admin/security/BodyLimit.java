package io.postern.admin.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** Refuses a body that is too large before it is read, with a problem like all refusals. */
@Singleton
class BodyLimit {
  /** The most octets of a body; {@code quarkus.http.limits} must agree with it. */
  static final long OCTETS = 64 * 1024;

  static final String DETAIL = "A body may have " + OCTETS + " octets at most";

  /** Runs before the platform's own check, which answers without a body. */
  private static final int EARLY = 100;

  /** Runs after it: it sets the limit of a body of unknown length, the same for all paths. */
  private static final int LATE = 1;

  /** Messages have a limit of their own, which their resource enforces as it reads them. */
  private static final Pattern MESSAGES = Pattern.compile("/admin/v1/accounts/[^/]+/messages");

  private final ObjectMapper json;

  BodyLimit(ObjectMapper json) {
    this.json = json;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, EARLY);
    filters.register(BodyLimit::bound, LATE);
  }

  private void check(RoutingContext call) {
    if (length(call) > OCTETS && !isMessage(call)) {
      refuse(call);
    } else {
      call.next();
    }
  }

  private static void bound(RoutingContext call) {
    if (!isMessage(call)) {
      call.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, OCTETS);
    }
    call.next();
  }

  private static boolean isMessage(RoutingContext call) {
    return call.request().method().equals(HttpMethod.POST)
        && MESSAGES.matcher(call.normalizedPath()).matches();
  }

  private static long length(RoutingContext call) {
    var header = call.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return header == null ? 0 : Long.parseLong(header.strip());
    } catch (NumberFormatException _) {
      // The number overflows a long; the platform has refused all else.
      return Long.MAX_VALUE;
    }
  }

  private void refuse(RoutingContext call) {
    try {
      call.response()
          .setStatusCode(413)
          .putHeader(HttpHeaders.CONTENT_TYPE, Problem.TYPE)
          // The body is not read, so the connection cannot be used again.
          .putHeader(HttpHeaders.CONNECTION, "close")
          .end(json.writeValueAsString(Problem.of(413, DETAIL)));
    } catch (JsonProcessingException e) {
      call.fail(e);
    }
  }
}
