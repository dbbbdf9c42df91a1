package io.postern.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares an answer with what a script expects, binding the names that are new. */
final class Comparison {
  private final Bindings bindings;

  Comparison(Bindings bindings) {
    this.bindings = bindings;
  }

  /** Whether the answer is the one expected; binds names only if it is. */
  static boolean matches(Answer expected, Answer got, Bindings bindings) {
    var trial = bindings.copy();
    var comparison = new Comparison(trial);
    var same =
        comparison.tag(expected, got)
            && comparison.fields(expected, got)
            && comparison.words(expected, got);
    if (same) {
      bindings.takeOver(trial);
    }
    return same;
  }

  private boolean tag(Answer expected, Answer got) {
    return bindings.fill(expected.tag()).equals(got.tag());
  }

  /** The data; where a script is open behind a status condition, a code may follow. */
  private boolean fields(Answer expected, Answer got) {
    if (expected.open()
        && expected.data() instanceof Node.Row(var wanted)
        && got.data() instanceof Node.Row(var there)
        && wanted.size() == 1
        && there.size() == 2) {
      return same(wanted.getFirst(), there.getFirst());
    }
    return same(expected.data(), got.data());
  }

  private boolean words(Answer expected, Answer got) {
    var words = bindings.fill(expected.words());
    return words.isEmpty()
        || (expected.open() ? got.words().startsWith(words) : got.words().equals(words));
  }

  private boolean same(Node expected, Node got) {
    return switch (expected) {
      case Node.Rest() -> true;
      case Node.Word(var word) -> word(word, got);
      case Node.Text(var octets) -> octets(got).filter(bindings.fill(octets)::equals).isPresent();
      case Node.Loose(var octets) -> octets(got).filter(octets::equalsIgnoreCase).isPresent();
      case Node.Row(var items) -> got instanceof Node.Row(var there) && row(items, there);
      case Node.Bag(var items) -> got instanceof Node.Bag(var there) && bag(items, there);
    };
  }

  private boolean word(String word, Node got) {
    var name = Bindings.name(word);
    if (name.isPresent()) {
      return bound(name.get(), got);
    }
    var filled = bindings.fill(word);
    if (filled.startsWith("!")) {
      return octets(got).isPresent() && !filled.substring(1).equalsIgnoreCase(octets(got).get());
    }
    return switch (got) {
      case Node.Word(var there) -> filled.equalsIgnoreCase(there) || sameNumbers(filled, there);
      case Node.Text(var there) -> !filled.equalsIgnoreCase("NIL") && filled.equals(there);
      case Node.Loose _, Node.Row _, Node.Bag _, Node.Rest _ -> false;
    };
  }

  private boolean bound(String name, Node got) {
    if (name.equals("_")) {
      return true;
    }
    var value = octets(got);
    if (value.isEmpty()) {
      return false;
    }
    var before = bindings.get(name);
    if (before.isEmpty()) {
      bindings.set(name, value.get());
    }
    return before.isEmpty() || before.equals(value) || sameNumbers(before.get(), value.get());
  }

  /** Whether two words name the same numbers: 1:3 and 1,2,3. */
  private static boolean sameNumbers(String one, String other) {
    var numbers = numbers(one);
    return numbers.isPresent() && numbers.equals(numbers(other));
  }

  private static Optional<List<Long>> numbers(String set) {
    if (set.isEmpty() || !set.chars().allMatch(c -> Character.isDigit(c) || c == ':' || c == ',')) {
      return Optional.empty();
    }
    var numbers = new ArrayList<Long>();
    for (var range : set.split(",", -1)) {
      var colon = range.indexOf(':');
      var from = colon < 0 ? range : range.substring(0, colon);
      var to = range.substring(colon + 1);
      if (from.isEmpty() || to.isEmpty() || from.length() > 10 || to.length() > 10) {
        return Optional.empty();
      }
      for (var n = Long.parseLong(from); n <= Long.parseLong(to) && numbers.size() < 9999; n++) {
        numbers.add(n);
      }
    }
    return Optional.of(numbers);
  }

  private static Optional<String> octets(Node node) {
    return switch (node) {
      case Node.Word(var text) when !text.equalsIgnoreCase("NIL") -> Optional.of(text);
      case Node.Text(var octets) -> Optional.of(octets);
      case Node.Loose(var octets) -> Optional.of(octets);
      case Node.Word _, Node.Row _, Node.Bag _, Node.Rest _ -> Optional.empty();
    };
  }

  private boolean row(List<Node> expected, List<Node> got) {
    for (var at = 0; at < expected.size(); at++) {
      if (expected.get(at) instanceof Node.Rest && at + 1 == expected.size()) {
        return true;
      }
      if (at >= got.size() || !same(expected.get(at), got.get(at))) {
        return false;
      }
    }
    return expected.size() == got.size();
  }

  private boolean bag(List<Node> expected, List<Node> got) {
    var left = new ArrayList<>(got);
    var open = false;
    for (var item : expected) {
      switch (item) {
        case Node.Rest() -> open = true;
        case Node.Word(var word) when word.startsWith("!") -> {
          if (names(word.substring(1), got)) {
            return false;
          }
        }
        case Node.Word _, Node.Text _, Node.Loose _, Node.Row _, Node.Bag _ -> {
          if (!takeOne(item, left)) {
            return false;
          }
        }
      }
    }
    return open || left.isEmpty();
  }

  private boolean takeOne(Node wanted, List<Node> left) {
    for (var at = 0; at < left.size(); at++) {
      if (same(wanted, left.get(at))) {
        left.remove(at);
        return true;
      }
    }
    return false;
  }

  private boolean names(String word, List<Node> got) {
    return got.stream()
        .map(item -> item instanceof Node.Row(var pair) ? pair.getFirst() : item)
        .anyMatch(item -> word(word, item));
  }
}
