package io.postern.admin.security;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.postern.admin.security.Problem.FieldError;
import io.postern.auth.password.Workers;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.move.MoveRefused;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps every exception to a problem response. */
@Singleton
class ExceptionMappers {
  private static final Logger LOG = System.getLogger(ExceptionMappers.class.getName());

  // RFC 6750 §3
  static final String CHALLENGE = "Bearer realm=\"postern\"";
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;

  @ServerExceptionMapper
  Response problem(ProblemException refusal) {
    return refusal.problem().response();
  }

  @ServerExceptionMapper
  Response storeFailure(StoreException exception) {
    return switch (exception.failure()) {
      case StoreFailure.NoSuchMailbox(var name) ->
          response(404, "There is no mailbox \"" + name + "\"");
      case StoreFailure.MailboxGone() -> response(409, "The mailbox was deleted meanwhile");
      case StoreFailure.Damaged(var mailbox, _, var what) ->
          response(409, "The mailbox " + mailbox.mailbox().value() + " is damaged: " + what);
      case StoreFailure.AlreadyExists(var name) ->
          response(409, "There is a mailbox \"" + name + "\" already");
      case StoreFailure.AccountExists(var name) ->
          response(409, "There is an account \"" + name + "\" already");
      case StoreFailure.AccountDeleted(var name) ->
          response(
              409,
              "The account \""
                  + name
                  + "\" was deleted and is kept: restore it at deleted-accounts,"
                  + " or wait until its retention is over");
      case StoreFailure.SpecialUseTaken(var use, var by) ->
          response(409, "The mailbox \"" + by.value() + "\" has the use " + use.attribute());
      case StoreFailure.NoRight(var name, _) ->
          response(403, "The mailbox \"" + name + "\" is another user's");
      case StoreFailure.NotPermitted(var reason) -> response(422, reason);
      case StoreFailure.LimitReached(var what, var allowed) ->
          response(409, "Of " + what + " there may be " + allowed + " at most");
      case StoreFailure.OverQuota quota ->
          response(409, "The account may keep " + quota.allowed() + " at most");
      case StoreFailure.Unavailable(_) -> unavailable("The database does not answer");
    };
  }

  @ServerExceptionMapper
  Response moveRefused(MoveRefused refused) {
    return response(409, String.valueOf(refused.getMessage()));
  }

  @ServerExceptionMapper
  Response busy(Workers.Busy busy) {
    return unavailable("Too many passwords wait to be hashed");
  }

  @ServerExceptionMapper
  Response unauthenticated(UnauthorizedException exception) {
    return unauthorized();
  }

  @ServerExceptionMapper
  Response authenticationFailed(AuthenticationFailedException exception) {
    return unauthorized();
  }

  @ServerExceptionMapper
  Response forbidden(ForbiddenException exception) {
    return response(403, "Your role does not allow this");
  }

  /** Refusals by the platform: unknown path, method or media type, or a body that is not JSON. */
  @ServerExceptionMapper
  Response platformRefusal(WebApplicationException exception, ContainerRequestContext call) {
    return exception.getCause() instanceof JsonProcessingException json
        ? unreadable(json)
        : plain(exception.getResponse().getStatus(), call);
  }

  @ServerExceptionMapper
  Response mismatchedInput(MismatchedInputException exception) {
    return unreadable(exception);
  }

  @ServerExceptionMapper
  Response unexpected(RuntimeException exception) {
    LOG.log(Level.ERROR, "A call of administration failed", exception);
    return response(500, "The server failed; its log says why");
  }

  private static Response response(int status, String detail) {
    return Problem.of(status, detail).response();
  }

  private static Response unavailable(String detail) {
    return Problem.of(503, detail)
        .builder()
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .build();
  }

  private static Response unauthorized() {
    var detail =
        "This needs a bearer token: the one of mail.admin.bootstrap-token, or a JSON Web Token that"
            + " this server trusts";
    return Problem.of(401, detail)
        .builder()
        .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE)
        .build();
  }

  private static Response plain(int status, ContainerRequestContext call) {
    var allowed = AllowedMethods.allowed(call.getUriInfo().getPath());
    // Where the paths of two resources share a prefix, the platform answers 404 for a wrong method.
    boolean known = status == NOT_FOUND || status == NOT_ALLOWED;
    return known && !allowed.isEmpty() && !allowed.contains(call.getMethod())
        ? Problem.of(NOT_ALLOWED, detail(NOT_ALLOWED))
            .builder()
            .header(HttpHeaders.ALLOW, String.join(", ", allowed))
            .build()
        : response(status, detail(status));
  }

  private static String detail(int status) {
    return switch (status) {
      case 404 -> "There is nothing at this path";
      case 405 -> "This path does not know the method";
      case 406 -> "Answers are application/json, problems application/problem+json";
      case 413 -> BodyLimit.DETAIL;
      case 415 -> "The body is to be application/json";
      default -> "The request can't be understood";
    };
  }

  private static Response unreadable(JsonProcessingException exception) {
    return switch (exception) {
      case UnrecognizedPropertyException e -> malformed(fieldError(e, knownProperties(e)));
      case MismatchedInputException e -> malformed(fieldError(e, expectedType(e)));
      default -> response(400, "The body is no JSON" + location(exception));
    };
  }

  private static Response malformed(FieldError error) {
    return Problem.of(400, "The body is malformed", List.of(error)).response();
  }

  /** Leaves the value out: it may be a secret in the wrong field. */
  private static FieldError fieldError(JsonMappingException exception, String allowed) {
    return new FieldError(path(exception), "", allowed);
  }

  private static String path(JsonMappingException exception) {
    return exception.getPath().stream()
        .map(at -> at.getFieldName() == null ? "[" + at.getIndex() + "]" : at.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String knownProperties(UnrecognizedPropertyException exception) {
    return exception.getKnownPropertyIds().stream()
        .map(Object::toString)
        .sorted()
        .collect(Collectors.joining(", ", "no such member; there are ", ""));
  }

  private static String expectedType(MismatchedInputException exception) {
    var type = exception.getTargetType();
    if (type == null) {
      return "another form";
    }
    if (type.isEnum()) {
      return "another value";
    }
    return switch (type.getSimpleName()) {
      case "boolean", "Boolean" -> "true or false";
      case "int", "Integer", "long", "Long" -> "a whole number";
      case "String", "Secret" -> "a string";
      case "List", "Set" -> "an array";
      default -> "an object";
    };
  }

  private static String location(JsonProcessingException exception) {
    var at = exception.getLocation();
    return at == null ? "" : ": see line " + at.getLineNr() + ", column " + at.getColumnNr();
  }
}
