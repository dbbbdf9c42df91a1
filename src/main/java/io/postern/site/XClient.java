package io.postern.site;

import io.postern.wire.HandOver;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * POP3's XCLIENT in the words of Dovecot's proxy: {@code NAME=value} for each field, and {@code
 * FORWARD} with further ones: Base64 of {@code name=value} separated by tabs.
 */
public final class XClient {
  private static final String FORWARD = "FORWARD";
  private static final String FORWARDED = "x-forward-";

  /** The names of XCLIENT for the fields of {@link HandOverFields}. */
  private static final Map<String, String> NAMES =
      Map.of(
          HandOverFields.SESSION, "SESSION",
          HandOverFields.ADDRESS, "ADDR",
          HandOverFields.PORT, "PORT",
          HandOverFields.LOCAL_ADDRESS, "DESTADDR",
          HandOverFields.LOCAL_PORT, "DESTPORT",
          HandOverFields.TTL, "TTL",
          HandOverFields.TRANSPORT, "CLIENT-TRANSPORT");

  private static final Map<String, String> FIELDS =
      NAMES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  private XClient() {}

  /** The command of a hand-over, without its line end. */
  public static String write(HandOver handOver) {
    var line = new StringBuilder("XCLIENT");
    var forwarded = new LinkedHashMap<String, String>();
    HandOverFields.write(handOver)
        .forEach(
            (name, value) ->
                Optional.ofNullable(NAMES.get(name))
                    .ifPresentOrElse(
                        it -> line.append(' ').append(it).append('=').append(value),
                        () -> forward(forwarded, name, value)));
    if (!forwarded.isEmpty()) {
      var text =
          forwarded.entrySet().stream()
              .map(it -> it.getKey() + "=" + escaped(it.getValue()))
              .collect(Collectors.joining("\t"));
      var octets = text.getBytes(StandardCharsets.UTF_8);
      line.append(' ').append(FORWARD).append('=');
      line.append(Base64.getEncoder().encodeToString(octets));
    }
    return line.toString();
  }

  /** Clients give themselves no names by POP3: other fields are left out. */
  private static void forward(Map<String, String> forwarded, String name, String value) {
    if (name.startsWith(FORWARDED)) {
      forwarded.put(name.substring(FORWARDED.length()), value);
    }
  }

  /**
   * The fields that the arguments of XCLIENT stand for. Unknown names are left out.
   *
   * @return empty when an argument is malformed, too long, or there twice
   */
  public static Optional<Map<String, String>> read(Iterable<String> arguments) {
    var fields = new HashMap<String, String>();
    for (var argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        return Optional.empty();
      }
      var name = argument.substring(0, equals).toUpperCase(Locale.ROOT);
      var value = argument.substring(equals + 1);
      if (name.equals(FORWARD)) {
        if (!forwarded(value, fields)) {
          return Optional.empty();
        }
      } else if (!put(fields, FIELDS.getOrDefault(name, ""), value)) {
        return Optional.empty();
      }
    }
    return Optional.of(fields);
  }

  private static boolean forwarded(String base64, Map<String, String> fields) {
    try {
      var text = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\t"))
          .map(it -> it.split("=", 2))
          .allMatch(
              it ->
                  it.length == 2
                      && put(fields, FORWARDED + it[0].toLowerCase(Locale.ROOT), unescaped(it[1])));
    } catch (IllegalArgumentException _) {
      // Not Base64: malformed like other values.
      return false;
    }
  }

  private static boolean put(Map<String, String> fields, String name, String value) {
    return name.isEmpty()
        || (name.length() <= HandOverFields.MAX_NAME
            && value.length() <= HandOverFields.MAX_VALUE
            && fields.putIfAbsent(name, value) == null);
  }

  // Dovecot's strescape.c: SOH and a digit stand for NUL, SOH, TAB, CR and LF.
  private static String escaped(String text) {
    return text.replace("\u0001", "\u00011")
        .replace("\t", "\u0001t")
        .replace("\r", "\u0001r")
        .replace("\n", "\u0001n");
  }

  private static String unescaped(String text) {
    return text.replace("\u0001n", "\n")
        .replace("\u0001r", "\r")
        .replace("\u0001t", "\t")
        .replace("\u00011", "\u0001");
  }
}
