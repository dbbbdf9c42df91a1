package io.postern.sessions;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The current values of the {@code $names} of a script. */
final class Bindings {
  private final Map<String, String> values;

  Bindings() {
    this.values = new HashMap<>();
  }

  private Bindings(Map<String, String> values) {
    this.values = new HashMap<>(values);
  }

  Bindings copy() {
    return new Bindings(values);
  }

  void takeOver(Bindings other) {
    values.putAll(other.values);
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  void set(String name, String value) {
    values.put(name, value);
  }

  /** The name that a word binds, if it is a {@code $name} and nothing else. */
  static Optional<String> name(String word) {
    return word.length() > 1 && word.charAt(0) == '$' && end(word, 1) == word.length()
        ? Optional.of(word.substring(1))
        : Optional.empty();
  }

  /** The text with each bound {@code $name} replaced, and {@code $$} by one {@code $}. */
  String fill(String text) {
    var filled = new StringBuilder();
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      var end = c == '$' ? end(text, at + 1) : at;
      if (c == '$' && text.startsWith("$", at + 1)) {
        filled.append('$');
        at++;
      } else if (c == '$' && end > at + 1) {
        var name = text.substring(at + 1, end);
        filled.append(values.getOrDefault(name, "$" + name));
        at = end - 1;
      } else {
        filled.append(c);
      }
    }
    return filled.toString();
  }

  private static int end(String text, int from) {
    var at = from;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    return at;
  }
}
