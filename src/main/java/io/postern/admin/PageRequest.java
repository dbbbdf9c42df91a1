package io.postern.admin;

import io.postern.admin.security.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/**
 * The parameters of a call that lists items in pages.
 *
 * @param limit the most items, 1 to {@link #MAX_LIMIT}; {@link #DEFAULT_LIMIT} when absent
 * @param after the name or id behind which the page begins, itself left out; the beginning when
 *     absent
 */
public record PageRequest(
    @Parameter(description = "The most items, 1 to 500; default 100") @QueryParam(LIMIT)
        Optional<String> limit,
    @Parameter(description = "Only those after this one: next of the page before")
        @QueryParam(AFTER)
        Optional<String> after) {
  public static final String LIMIT = "limit";
  public static final String AFTER = "after";

  /** The most items of one page. */
  static final int MAX_LIMIT = 500;

  private static final int DEFAULT_LIMIT = 100;

  /**
   * How many items to read: one more than the page has, to learn whether another page follows.
   *
   * @throws ProblemException 400 for a limit that is none
   */
  public int toRead() {
    return size() + 1;
  }

  private int size() {
    return limit.map(text -> (int) number(text, LIMIT, 1, MAX_LIMIT)).orElse(DEFAULT_LIMIT);
  }

  /** The name behind which the page begins; empty for the beginning. */
  public String afterName() {
    return after.orElse("");
  }

  /**
   * The id behind which the page begins; 0 for the beginning.
   *
   * @throws ProblemException 400 for text that is no id
   */
  public long afterId() {
    return after.map(text -> number(text, AFTER, 0, Long.MAX_VALUE)).orElse(0L);
  }

  /**
   * Makes the page of the items that were read.
   *
   * @param read {@link #toRead} of them, if there are so many
   * @param key the {@code after} parameter of the page behind an item
   */
  public <T> CursorPage<T> page(List<T> read, Function<T, String> key) {
    var items = read.subList(0, Math.min(read.size(), size()));
    return new CursorPage<>(
        items, read.size() > size() ? Optional.of(key.apply(items.getLast())) : Optional.empty());
  }

  /**
   * Parses a numeric parameter.
   *
   * @throws ProblemException 400 for text that is no number within the bounds, both inclusive
   */
  public static long number(String text, String field, long least, long most) {
    var allowed = least + " to " + most;
    if (!text.matches("[0-9]{1,18}")) {
      throw ProblemException.parameter(field, text, allowed);
    }
    long number = Long.parseLong(text);
    if (number < least || number > most) {
      throw ProblemException.parameter(field, text, allowed);
    }
    return number;
  }
}
