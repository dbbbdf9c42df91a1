package io.postern.admin.security;

/** A refused request, with the reason. No stack trace: it is an answer, not a fault. */
public final class AccessDenial extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  AccessDenial(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The resource does not exist. */
  public static AccessDenial notFound(String detail) {
    return new AccessDenial(Problem.of(404, detail));
  }

  /** The current state of the resource does not allow the request. */
  public static AccessDenial conflict(String detail) {
    return new AccessDenial(Problem.of(409, detail));
  }

  /** The resource has changed since the caller read it. */
  public static AccessDenial stale(String detail) {
    return new AccessDenial(Problem.of(412, detail));
  }

  /** A parameter of the query or the path is invalid. */
  public static AccessDenial parameter(String field, String value, String allowed) {
    var flaws = new ValidationErrors();
    flaws.add(field, value, allowed);
    return new AccessDenial(Problem.of(400, "A parameter is not allowed", flaws.all()));
  }

  /** Returns the problem to send. */
  public Problem problem() {
    return problem;
  }
}
