package io.postern.mime.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A header value with parameters, as in Content-Type and Content-Disposition (RFC 2045 §5.1, RFC
 * 2183 §2). Strings hold octets as chars 0 to 255; names and values keep their spelling.
 *
 * @param value the text before the first semicolon, without comments and white space
 * @param parameters in order; at most {@link #MAX_PARAMETERS}, continuations joined
 */
public record MimeValue(String value, List<Parameter> parameters) {
  /** Most parameters kept; further ones are dropped. */
  public static final int MAX_PARAMETERS = 100;

  private static final AsciiSet VALUE_STOPS = AsciiSet.of(" \t(\";");
  private static final AsciiSet NAME_STOPS = AsciiSet.of(" \t(=;");
  private static final AsciiSet TOKEN_STOPS = AsciiSet.of(" \t(;");
  private static final AsciiSet SEMICOLON = AsciiSet.of(";");

  /** One parameter. */
  public record Parameter(String name, String value) {}

  public MimeValue {
    parameters = List.copyOf(parameters);
  }

  /** Parses an unfolded value; never fails. */
  public static MimeValue parse(String text) {
    var in = new FieldCursor(text);
    var value = new StringBuilder();
    while (true) {
      in.skipCfws();
      if (in.done() || in.peek() == ';') {
        break;
      }
      value.append(in.peek() == '"' ? in.quoted() : in.until(VALUE_STOPS));
    }
    var parameters = new ArrayList<Parameter>();
    while (!in.done() && parameters.size() < MAX_PARAMETERS) {
      parameter(in).ifPresent(parameters::add);
    }
    return new MimeValue(value.toString(), Continuations.join(parameters));
  }

  private static Optional<Parameter> parameter(FieldCursor in) {
    in.next();
    in.skipCfws();
    var name = in.until(NAME_STOPS);
    in.skipCfws();
    if (name.isEmpty() || in.peek() != '=') {
      in.until(SEMICOLON);
      return Optional.empty();
    }
    in.next();
    in.skipCfws();
    if (in.peek() == '"') {
      var quoted = in.quoted();
      in.until(SEMICOLON);
      return Optional.of(new Parameter(name, quoted));
    }
    return Optional.of(new Parameter(name, token(in)));
  }

  /** Reads a token; one that contains spaces, and should have been quoted, is read whole. */
  private static String token(FieldCursor in) {
    var token = in.until(TOKEN_STOPS);
    int end = in.position();
    in.skipCfws();
    if (in.done() || in.peek() == ';') {
      return token;
    }
    in.back(end);
    return (token + in.until(SEMICOLON)).stripTrailing();
  }

  /** The first parameter of this name, compared without case. */
  public Optional<String> parameter(String name) {
    return parameters.stream()
        .filter(p -> p.name().equalsIgnoreCase(name))
        .map(Parameter::value)
        .findFirst();
  }
}
