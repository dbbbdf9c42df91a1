package io.postern.imap.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Parses the items that FETCH requests (RFC 3501 §6.4.5). The caller supplies the readers of items;
 * a reader gets the cursor behind the item's name.
 */
public final class FetchText {
  /** Most items that one FETCH can request. */
  public static final int MAX_ITEMS = 200;

  private static final String WHAT = "a data item that FETCH knows";
  private static final List<String> FAST = List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE");

  private FetchText() {}

  /** Parses what follows an item's name. */
  @FunctionalInterface
  public interface ItemReader<T> {
    /** Parses the item; the cursor stops behind all that belongs to it. */
    T read(Arguments in) throws BadSyntax;
  }

  /**
   * Parses a macro, one item, or items in parentheses; a macro is not an item and stands alone.
   *
   * @param items the readers of items by their names in upper case, without section or partial:
   *     {@code BODY.PEEK}
   */
  public static <T> List<T> read(Arguments in, Function<String, Optional<ItemReader<T>>> items)
      throws BadSyntax {
    var read = new ArrayList<T>();
    if (in.tryOpenList()) {
      read.add(item(in, items));
      while (!in.tryCloseList()) {
        if (read.size() == MAX_ITEMS) {
          throw in.expected("at most " + MAX_ITEMS + " data items");
        }
        in.space();
        read.add(item(in, items));
      }
      return read;
    }
    for (var name : macro(in)) {
      read.add(item(Arguments.of(name), items));
    }
    if (read.isEmpty()) {
      read.add(item(in, items));
    }
    return read;
  }

  private static List<String> macro(Arguments in) {
    if (in.tryKeyword("FAST")) {
      return FAST;
    }
    if (in.tryKeyword("ALL")) {
      return with(FAST, "ENVELOPE");
    }
    return in.tryKeyword("FULL") ? with(FAST, "ENVELOPE", "BODY") : List.of();
  }

  private static List<String> with(List<String> names, String... more) {
    var all = new ArrayList<>(names);
    all.addAll(List.of(more));
    return all;
  }

  private static <T> T item(Arguments in, Function<String, Optional<ItemReader<T>>> items)
      throws BadSyntax {
    long start = in.position();
    var name = in.word(WHAT);
    var reader = items.apply(name);
    if (reader.isEmpty()) {
      throw new BadSyntax(WHAT + " instead of " + name, start);
    }
    return reader.get().read(in);
  }
}
