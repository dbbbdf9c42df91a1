package io.postern.admin.security;

import io.postern.admin.security.Problem.FieldError;
import io.postern.store.account.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects all errors of a request's body, so that one response reports them together. */
public final class ValidationErrors {
  /** A response repeats at most this much of an invalid value. */
  private static final int SHOWN = 200;

  private final List<FieldError> errors = new ArrayList<>();

  /** Adds an error. */
  public void add(String field, String value, String allowed) {
    var shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    errors.add(new FieldError(field, shown, allowed));
  }

  /** Checks a required text. */
  public ValidationErrors text(
      String field, @Nullable String value, Predicate<String> right, String allowed) {
    if (value == null || !right.test(value)) {
      add(field, Objects.requireNonNullElse(value, ""), allowed);
    }
    return this;
  }

  /** Checks a required secret and its length in characters; NUL is not allowed (RFC 4616 §2). */
  public ValidationErrors secret(String field, @Nullable Secret value, int least, int most) {
    var text = value == null ? "" : value.reveal();
    if (text.length() < least || text.length() > most || text.indexOf('\0') >= 0) {
      var allowed = String.format(Locale.ROOT, "%,d to %,d characters, without NUL", least, most);
      add(field, text.isEmpty() ? "" : "***", allowed);
    }
    return this;
  }

  List<FieldError> all() {
    return errors;
  }

  /**
   * Returns if there are no errors.
   *
   * @throws ProblemException with all errors
   */
  public void throwIfAny() {
    if (!errors.isEmpty()) {
      throw new ProblemException(
          Problem.of(422, "The request has values that are not allowed", List.copyOf(errors)));
    }
  }
}
