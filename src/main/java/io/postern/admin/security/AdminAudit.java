package io.postern.admin.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.AuditTrail.Call;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Records each change, each refusal and each reading of mail with the caller's identity: as a line
 * of JSON in the log {@code mail.audit}, and in the audit trail of the store, unless the caller is
 * unknown. The body is left out: it may hold a password.
 *
 * <p>The trail is written after the response, and a failure to do so does not fail the call, which
 * has taken effect: the log has it in any case.
 */
@Singleton
class AdminAudit {
  private static final Logger LOG = System.getLogger("mail.audit");
  private static final Logger FAULTS = System.getLogger(AdminAudit.class.getName());
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
  private static final String ANONYMOUS = "-";

  /** How many calls may wait to be written to the trail; beyond, only the log has them. */
  private static final int MAX_WAITING = 1_000;

  /** The most characters of a text in the trail. */
  private static final int MAX_TEXT = 1_024;

  /** A message, or the messages of a mailbox. */
  private static final Pattern MESSAGES =
      Pattern.compile("/admin/v1/accounts/[^/]+/messages(/[^/]+)?");

  private static final Pattern ACCOUNT =
      Pattern.compile(".*/admin/v1/(?:deleted-)?accounts/([^/]+)(?:/.*)?");

  private final CurrentIdentityAssociation identity;
  private final ObjectMapper json;

  /** Looked up when it is needed: filters are made before the database can be. */
  private final Instance<AuditTrail> trail;

  private final InstantSource clock;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);

  AdminAudit(
      CurrentIdentityAssociation identity,
      ObjectMapper json,
      Instance<AuditTrail> trail,
      InstantSource clock) {
    this.identity = identity;
    this.json = json;
    this.trail = trail;
    this.clock = clock;
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
      log(line, ANONYMOUS);
      return;
    }
    var account = account(path, response);
    identity
        .getDeferredIdentity()
        .subscribe()
        .with(
            known ->
                write(
                    line,
                    known.isAnonymous() ? ANONYMOUS : known.getPrincipal().getName(),
                    account,
                    status),
            unknown -> write(line, ANONYMOUS, account, status));
  }

  /** The account that a path names, or that was created. */
  private static Optional<String> account(String path, ContainerResponseContext response) {
    var created = Optional.ofNullable(response.getHeaderString("Location")).orElse("");
    return Optional.of(ACCOUNT.matcher(path))
        .filter(it -> it.matches())
        .or(() -> Optional.of(ACCOUNT.matcher(created)).filter(it -> it.matches()))
        .map(it -> it.group(1).toLowerCase(Locale.ROOT));
  }

  private void write(
      Map<String, Object> line, String principal, Optional<String> account, int status) {
    log(line, principal);
    var path = String.valueOf(line.get("path"));
    var call =
        new Call(
            clock.instant(),
            text(principal),
            text(String.valueOf(line.get("from"))),
            line.get("method") + " " + AllowedMethods.template(path).orElse("-"),
            text(path),
            account.map(AdminAudit::text),
            status);
    if (!waiting.tryAcquire()) {
      failed("too many wait");
      return;
    }
    trail
        .get()
        .add(call)
        .onTermination()
        .invoke(() -> waiting.release())
        .subscribe()
        .with(_ -> {}, failure -> failed(String.valueOf(failure.getMessage())));
  }

  private static String text(String text) {
    // U+0000 cannot be stored.
    var sound = text.replace('\0', '\uFFFD');
    return sound.length() > MAX_TEXT ? sound.substring(0, MAX_TEXT) : sound;
  }

  private static void failed(String why) {
    FAULTS.log(
        Level.WARNING, "A call is missing in the audit trail, the log has it: reason={0}", why);
  }

  private void log(Map<String, Object> line, String principal) {
    line.put("who", principal);
    try {
      LOG.log(Level.INFO, json.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
