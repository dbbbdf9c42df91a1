package io.postern.admin;

import io.postern.admin.security.AccessDenial;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One page of a list that is ordered by a key.
 *
 * @param items at most as many as requested
 * @param next the {@code after} parameter of the next page; absent on the last page
 */
public record CursorPage<T>(
    List<T> items,
    @Schema(description = "Give it as after to see what follows; absent at the end")
        Optional<String> next) {
  static final String LIMIT = "limit";
  static final String AFTER = "after";

  /** The most items of one page. */
  static final int MOST = 500;

  private static final int USUAL = 100;

  public CursorPage {
    items = List.copyOf(items);
  }

  /**
   * Makes a page of the items that were read.
   *
   * @param read at least one more than the limit, if there are so many
   */
  static <T> CursorPage<T> of(List<T> read, int limit, Function<T, String> key) {
    var items = read.subList(0, Math.min(read.size(), limit));
    return new CursorPage<>(
        items, read.size() > limit ? Optional.of(key.apply(items.getLast())) : Optional.empty());
  }

  /** Parses the page size. */
  static int limit(Optional<String> parameter) {
    return parameter.map(text -> number(text, LIMIT, 1, MOST).intValue()).orElse(USUAL);
  }

  /** Parses a numeric parameter and checks its bounds, both inclusive. */
  static Long number(String text, String field, long least, long most) {
    var allowed = least + " to " + most;
    if (!text.matches("[0-9]{1,18}")) {
      throw AccessDenial.parameter(field, text, allowed);
    }
    long number = Long.parseLong(text);
    if (number < least || number > most) {
      throw AccessDenial.parameter(field, text, allowed);
    }
    return number;
  }
}
