package io.postern.admin.security;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;

/**
 * Why a request was refused or failed (RFC 9457). The type is {@code about:blank}: the status says
 * what kind of problem it is, the detail why.
 *
 * @param title the phrase of the status
 * @param status the status of the response
 * @param detail the reason, for people
 * @param errors each invalid field of the request, if that is the reason
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(String title, int status, String detail, List<FieldError> errors) {
  /** The media type. */
  public static final String TYPE = "application/problem+json";

  /**
   * One invalid field of a request.
   *
   * @param field a member of the body, or a parameter of the query or path
   * @param value the value received; {@code ***} for a secret
   * @param allowed the values allowed
   */
  @RegisterForReflection
  public record FieldError(String field, String value, String allowed) {}

  private static final int UNPROCESSABLE = 422;

  public Problem {
    errors = List.copyOf(errors);
  }

  /** Makes a problem without field errors. */
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

  /** Makes the response that carries this problem. */
  public Response response() {
    return builder().build();
  }

  Response.ResponseBuilder builder() {
    return Response.status(status).type(TYPE).entity(this);
  }
}
