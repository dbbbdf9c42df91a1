package io.postern.admin.security;

/** A refused request, with the reason. No stack trace: it is an answer, not a fault. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The resource does not exist. */
  public static ProblemException notFound(String detail) {
    return new ProblemException(Problem.of(404, detail));
  }

  /** The body did not come in time (RFC 9110 §15.5.9). */
  public static ProblemException tooSlow(String detail) {
    return new ProblemException(Problem.of(408, detail));
  }

  /** The current state of the resource does not allow the request. */
  public static ProblemException conflict(String detail) {
    return new ProblemException(Problem.of(409, detail));
  }

  /** The resource has changed since the caller read it. */
  public static ProblemException stale(String detail) {
    return new ProblemException(Problem.of(412, detail));
  }

  /** The body has more octets than allowed. */
  public static ProblemException tooLarge(String detail) {
    return new ProblemException(Problem.of(413, detail));
  }

  /** The server does so much of this at a time and no more. */
  public static ProblemException busy(String detail) {
    return new ProblemException(Problem.of(503, detail));
  }

  /** A parameter of the query or the path is invalid. */
  public static ProblemException parameter(String field, String value, String allowed) {
    var errors = new ValidationErrors();
    errors.add(field, value, allowed);
    return new ProblemException(Problem.of(400, "A parameter is not allowed", errors.all()));
  }

  /** Returns the problem to send. */
  public Problem problem() {
    return problem;
  }
}
