package io.postern.admin.security;

/** A request is not done, for a reason that is told. No stack trace: it is an answer, no fault. */
public final class AccessDenial extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  AccessDenial(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** There is no such thing. */
  public static AccessDenial notFound(String detail) {
    return new AccessDenial(Problem.of(404, detail));
  }

  /** As things are now it can't be done. */
  public static AccessDenial conflict(String detail) {
    return new AccessDenial(Problem.of(409, detail));
  }

  /** It was changed since the caller saw it. */
  public static AccessDenial stale(String detail) {
    return new AccessDenial(Problem.of(412, detail));
  }

  /** A parameter of the query or the path is wrong. */
  public static AccessDenial parameter(String field, String value, String allowed) {
    var flaws = new ValidationErrors();
    flaws.add(field, value, allowed);
    return new AccessDenial(Problem.of(400, "A parameter is not allowed", flaws.all()));
  }

  /** What is told. */
  public Problem problem() {
    return problem;
  }
}
