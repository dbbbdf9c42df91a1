package io.postern.admin;

import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One page of a list that is ordered by a key ({@link PageRequest}).
 *
 * @param items at most as many as requested
 * @param next the {@code after} parameter of the next page; absent on the last page
 */
public record CursorPage<T>(
    List<T> items,
    @Schema(description = "Send it as the parameter after to get the next page; absent on the last")
        Optional<String> next) {
  public CursorPage {
    items = List.copyOf(items);
  }

  /** All items of a list that needs no pages. */
  public static <T> CursorPage<T> all(List<T> items) {
    return new CursorPage<>(items, Optional.empty());
  }
}
