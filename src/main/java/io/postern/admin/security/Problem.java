package io.postern.admin.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;

/**
 * Why a request was not done (RFC 9457). The type is {@code about:blank}: the status says what it
 * is, the detail why.
 *
 * @param title what the status means
 * @param status the response's
 * @param detail why, in words for people
 * @param errors each thing that is wrong with what was sent, if that is why
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(String title, int status, String detail, List<FieldError> errors) {
  /** Its media type. */
  public static final String TYPE = "application/problem+json";

  /**
   * One thing that is wrong with what was sent.
   *
   * @param field where: a member of the body, a parameter of the query or path
   * @param value what was there; {@code ***} for a secret
   * @param allowed what may be there
   */
  @RegisterForReflection
  public record FieldError(String field, String value, String allowed) {}

  private static final int UNPROCESSABLE = 422;

  public Problem {
    errors = List.copyOf(errors);
  }

  /** A problem that has a status and a reason only. */
  public static Problem of(int status, String detail) {
    return of(status, detail, List.of());
  }

  static Problem of(int status, String detail, List<FieldError> errors) {
    return new Problem(title(status), status, detail, errors);
  }

  // RFC 9457 §4.2.1: of about:blank the title is the phrase of the status
  private static String title(int status) {
    return status == UNPROCESSABLE
        ? "Unprocessable Content" // RFC 9110 §15.5.21; the platform has its older name
        : Objects.requireNonNullElse(Response.Status.fromStatusCode(status), status(status))
            .getReasonPhrase();
  }

  private static Response.Status status(int unknown) {
    return unknown < Response.Status.INTERNAL_SERVER_ERROR.getStatusCode()
        ? Response.Status.BAD_REQUEST
        : Response.Status.INTERNAL_SERVER_ERROR;
  }

  /** The response that tells it. */
  public Response response() {
    return builder().build();
  }

  Response.ResponseBuilder builder() {
    return Response.status(status).type(TYPE).entity(this);
  }
}
