package io.postern.admin.security;

import io.postern.admin.security.Problem.FieldError;
import io.postern.store.account.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with a request's body, so that all of it is told at once. */
public final class ValidationErrors {
  /** Of a value that is wrong not more than this is sent back. */
  private static final int SHOWN = 200;

  private final List<FieldError> flaws = new ArrayList<>();

  /** One thing is wrong. */
  public void add(String field, String value, String allowed) {
    var shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    flaws.add(new FieldError(field, shown, allowed));
  }

  /** A text that must be there and be right. */
  public ValidationErrors text(
      String field, @Nullable String value, Predicate<String> right, String allowed) {
    if (value == null || !right.test(value)) {
      add(field, Objects.requireNonNullElse(value, ""), allowed);
    }
    return this;
  }

  /** A secret that must be there, of so many characters. NUL is in none (RFC 4616 §2). */
  public ValidationErrors secret(String field, @Nullable Secret value, int least, int most) {
    var text = value == null ? "" : value.reveal();
    if (text.length() < least || text.length() > most || text.indexOf('\0') >= 0) {
      var allowed = String.format(Locale.ROOT, "%,d to %,d characters, without NUL", least, most);
      add(field, text.isEmpty() ? "" : "***", allowed);
    }
    return this;
  }

  List<FieldError> all() {
    return flaws;
  }

  /**
   * Nothing, when nothing is wrong.
   *
   * @throws AccessDenial with all that is
   */
  public void refuse() {
    if (!flaws.isEmpty()) {
      throw new AccessDenial(
          Problem.of(422, "The request has values that are not allowed", List.copyOf(flaws)));
    }
  }
}
