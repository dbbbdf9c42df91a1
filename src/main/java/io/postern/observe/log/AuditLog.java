package io.postern.observe.log;

import io.postern.auth.Failure;
import io.postern.auth.Identity;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Refusal;
import io.postern.wire.registry.Logout;
import io.postern.wire.registry.SessionRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Writes each login, refusal (with its reason) and logout as a line of JSON to the logger {@code
 * mail.audit}; a logout also when a user leaves and the connection stays. Wraps the service that
 * decides on logins, so that its refusals are logged, too. Passwords and tokens never reach this
 * class.
 */
public final class AuditLog implements LoginPolicy {
  /** The log category; set its level or handler to keep audit events apart. */
  public static final String CATEGORY = "mail.audit";

  private static final Logger LOG = System.getLogger(CATEGORY);

  /** The result of a logout after which the connection stays (RFC 8437). */
  private static final String UNAUTHENTICATE = "unauthenticate";

  /** The longest name in a line: clients may send names of any length. */
  private static final int MAX_NAME = 128;

  private final LoginPolicy policy;

  public AuditLog(LoginPolicy policy, SessionRegistry sessions) {
    this.policy = policy;
    sessions.watchLogouts(AuditLog::loggedOut);
  }

  @Override
  public Uni<Optional<Refusal>> admit(LoginAttempt attempt) {
    return policy
        .admit(attempt)
        .invoke(why -> why.ifPresent(_ -> write(event("login-refused", attempt, "guard"))));
  }

  @Override
  public Uni<Optional<Refusal>> precheck(LoginAttempt attempt) {
    return policy
        .precheck(attempt)
        .invoke(why -> why.ifPresent(_ -> write(event("login-refused", attempt, "guard"))));
  }

  @Override
  public void ended(LoginAttempt attempt) {
    policy.ended(attempt);
  }

  @Override
  public Uni<Optional<Refusal>> accept(LoginAttempt attempt, Identity identity) {
    return policy
        .accept(attempt, identity)
        .invoke(
            why ->
                write(
                    why.map(it -> event("login-refused", attempt, label(it)))
                        .orElseGet(() -> event("login", attempt, "ok"))
                        .put("account", identity.name())
                        .put("user", identity.user())));
  }

  /** The home site writes the login; of this attempt it knows the session's id. */
  @Override
  public void passOn(LoginAttempt attempt, Identity identity) {
    policy.passOn(attempt, identity);
  }

  @Override
  public void accountCreated(LoginAttempt attempt, String account) {
    policy.accountCreated(attempt, account);
    write(event("account-created", attempt, "ok").put("account", account));
  }

  @Override
  public void failed(LoginAttempt attempt, Failure why) {
    policy.failed(attempt, why);
    write(event("login-failed", attempt, label(why)));
  }

  private static JsonObject event(String event, LoginAttempt attempt, String result) {
    var client = attempt.client();
    var common = new JsonObject();
    common
        .put("event", event)
        .put("result", result)
        .put("sessionId", client.session())
        .put("protocol", client.protocol().label())
        .put("address", client.address())
        .put("secure", client.secure())
        .put("mechanism", attempt.mechanism())
        .put("name", truncated(attempt.name()));
    attempt
        .actAs()
        .filter(requested -> !requested.isEmpty())
        .ifPresent(requested -> common.put("asked", truncated(requested)));
    return common;
  }

  private static String truncated(String name) {
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
  }

  /** Logs a user who leaves, with the totals of the session up to now. */
  private static void loggedOut(Logout logout) {
    var session = logout.session();
    write(
        new JsonObject()
            .put("event", "logout")
            .put("result", logout.closed().map(AuditLog::label).orElse(UNAUTHENTICATE))
            .put("sessionId", session.id())
            .put("protocol", session.protocol().label())
            .put("address", String.valueOf(session.remote().hostAddress()))
            .put("account", session.user().orElseThrow())
            .put("seconds", Duration.between(session.since(), Instant.now()).toSeconds())
            .put("commands", logout.stats().commands())
            .put("octetsIn", logout.stats().octetsIn())
            .put("octetsOut", logout.stats().octetsOut()));
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static void write(JsonObject event) {
    LOG.log(Level.INFO, event::encode);
  }
}
