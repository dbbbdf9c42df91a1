package io.postern.admin.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Writes each change, each refusal and each reading of mail, with the caller's identity, as a line
 * of JSON to the log {@code mail.audit}. The body is left out: it may hold a password.
 */
@Singleton
class AdminAudit {
  private static final Logger LOG = System.getLogger("mail.audit");
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final String ANONYMOUS = "-";

  /** A message, or the messages of a mailbox. */
  private static final Pattern MESSAGES =
      Pattern.compile("/admin/v1/accounts/[^/]+/messages(/[^/]+)?");

  private final CurrentIdentityAssociation identity;
  private final ObjectMapper json;

  AdminAudit(CurrentIdentityAssociation identity, ObjectMapper json) {
    this.identity = identity;
    this.json = json;
  }

  @ServerResponseFilter
  void record(
      ContainerRequestContext request, ContainerResponseContext response, RoutingContext call) {
    int status = response.getStatus();
    boolean refused = status == 401 || status == 403;
    var path = request.getUriInfo().getPath();
    boolean mail = MESSAGES.matcher(path).matches();
    if (!refused && !mail && SAFE_METHODS.contains(request.getMethod())) {
      return;
    }
    var line = new LinkedHashMap<String, Object>();
    line.put("event", refused ? "admin-refused" : "admin-call");
    line.put("method", request.getMethod());
    line.put("path", path);
    if (mail) {
      line.put(
          "mailbox",
          request.getUriInfo().getQueryParameters().getOrDefault("mailbox", List.of("INBOX")));
    }
    line.put("status", status);
    line.put("from", call.request().remoteAddress().hostAddress());
    if (status == 401) {
      // The claimed identity was not verified, so it is not logged.
      write(line, ANONYMOUS);
      return;
    }
    identity
        .getDeferredIdentity()
        .subscribe()
        .with(
            known -> write(line, known.isAnonymous() ? ANONYMOUS : known.getPrincipal().getName()),
            unknown -> write(line, ANONYMOUS));
  }

  private void write(Map<String, Object> line, String principal) {
    line.put("who", principal);
    try {
      LOG.log(Level.INFO, json.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
