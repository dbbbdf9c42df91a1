package io.postern.imap.command;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Parses lists of parameters that extensions add to a command (RFC 4466 §2.1). */
final class Parameters {
  private Parameters() {}

  /** Parses what follows the name of a parameter. */
  @FunctionalInterface
  interface Reader<P, E> {
    E read(P parameter, Arguments in) throws BadSyntax;
  }

  /**
   * Parses parameters up to the end of their list, maybe none; one that is named twice counts once,
   * and says the same.
   *
   * @param what names a parameter in an error: "a parameter of SELECT"
   * @param lookup finds a parameter by its name in capitals
   */
  static <P, E> List<E> read(
      Arguments in, String what, Function<String, Optional<P>> lookup, Reader<P, E> reader)
      throws BadSyntax {
    var read = new LinkedHashMap<String, E>();
    boolean first = true;
    while (!in.tryCloseList()) {
      if (!first) {
        in.space();
      }
      first = false;
      long start = in.position();
      var name = in.word(what);
      var parameter = lookup.apply(name);
      if (parameter.isEmpty()) {
        throw new BadSyntax(what + " instead of " + name, start);
      }
      var effect = reader.read(parameter.get(), in);
      var known = read.putIfAbsent(name, effect);
      if (known != null && !known.equals(effect)) {
        throw new BadSyntax(name + " only once", start);
      }
    }
    return List.copyOf(read.values());
  }

  /** Parses a space and a list of at least one parameter, if they are there. */
  static <P, E> List<E> tryRead(
      Arguments in, String what, Function<String, Optional<P>> lookup, Reader<P, E> reader)
      throws BadSyntax {
    if (!in.trySpace()) {
      return List.of();
    }
    in.openList();
    var read = read(in, what, lookup, reader);
    if (read.isEmpty()) {
      throw in.expected(what);
    }
    return read;
  }
}
