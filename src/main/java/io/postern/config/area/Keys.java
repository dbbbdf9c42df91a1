package io.postern.config.area;

import io.postern.config.net.Endpoint;
import io.postern.config.net.Networks;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The registry of setting keys: each with its value, its bounds, and any problem. Every area
 * declares its keys here, and bounds are defined nowhere else: the check at startup and at each
 * reload, the report of effective values, the refusal of unknown keys and the settings reference
 * all read this registry. Needs no reflection.
 */
public final class Keys {
  /**
   * A key.
   *
   * @param name in full; {@code *} stands for any one segment
   * @param value the value in force, as a settings file would write it; empty when there is none
   * @param allowed its range or form, for people
   * @param secret whether its value is never shown
   */
  public record Key(String name, String value, String allowed, boolean secret) {}

  /** The allowed values of a switch. */
  public static final String FLAG = "true or false";

  private static final int MAX_SHOWN = 200;

  private final Map<String, Key> all = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();

  public Keys() {}

  /** Returns the declared keys, in the order of declaration. */
  public List<Key> all() {
    return List.copyOf(all.values());
  }

  /** Returns for each wrong value its key, the value and what is allowed. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Declares a switch. */
  public void flag(String key, boolean value) {
    declare(key, Boolean.toString(value), FLAG);
  }

  /** Declares a size in octets; both bounds are inclusive. */
  public void octets(String key, MemorySize value, long least, long most) {
    long octets = value.asLongValue();
    declare(key, Long.toString(octets), least + " to " + most + " octets");
    if (octets < least || octets > most) {
      problem(key, octets + " octets", least + " to " + most + " octets are allowed");
    }
  }

  /** Declares a duration; both bounds are inclusive. */
  public void duration(String key, Duration value, Duration least, Duration most) {
    declare(key, value.toString(), least + " to " + most);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problem(key, value.toString(), least + " to " + most + " is allowed");
    }
  }

  /** Declares a number; both bounds are inclusive. */
  public void count(String key, long value, long least, long most) {
    declare(key, Long.toString(value), least + " to " + most);
    if (value < least || value > most) {
      problem(key, Long.toString(value), least + " to " + most + " is allowed");
    }
  }

  /** Declares an optional size in octets; both bounds are inclusive. */
  public void octetsIfSet(String key, Optional<MemorySize> value, long least, long most) {
    declare(key, "", least + " to " + most + " octets");
    value.ifPresent(it -> octets(key, it, least, most));
  }

  /** Declares an optional number; both bounds are inclusive. */
  public void countIfSet(String key, Optional<Long> value, long least, long most) {
    declare(key, "", least + " to " + most);
    value.ifPresent(it -> count(key, it, least, most));
  }

  /** Declares an enumeration, whose constants are written in lower case with hyphens. */
  public <E extends Enum<E>> void choice(String key, E value) {
    var constants = value.getDeclaringClass().getEnumConstants();
    declare(
        key,
        valueOf(value),
        Arrays.stream(constants).map(Keys::valueOf).collect(Collectors.joining(" | ")));
  }

  /** Declares a list of endpoints to listen on; may be empty. */
  public void endpoints(String key, Optional<List<String>> values) {
    var endpoints = values.orElse(List.of());
    declare(key, String.join(",", endpoints), "a list of address:port");
    endpoints.forEach(value -> parsed(key, () -> Endpoint.parse(value)));
  }

  /**
   * Checks that an enabled service has an endpoint to listen on.
   *
   * @param keys of the lists, for people
   */
  public void requireEndpoint(
      String service, boolean enabled, String keys, List<Optional<List<String>>> lists) {
    if (enabled && lists.stream().allMatch(list -> list.orElse(List.of()).isEmpty())) {
      problem(service + ".enabled", "true", "it is allowed only if " + keys + " names an endpoint");
    }
  }

  /** Declares a list of networks in CIDR notation; may be empty. */
  public void networks(String key, List<String> values) {
    declare(key, String.join(",", values), "a list of networks in CIDR notation");
    parsed(key, () -> Networks.parse(values));
  }

  /** Declares a response text, which has no line ends (RFC 3501 §9) and is sent as ASCII. */
  public void text(String key, String value, int most) {
    declare(key, value, "1 to " + most + " printable ASCII characters");
    if (value.isEmpty() || value.length() > most || !value.chars().allMatch(Keys::printable)) {
      problem(key, quoted(value), "1 to " + most + " printable ASCII characters are allowed");
    }
  }

  /** Declares an optional text that must match a regular expression. */
  public void matching(String key, Optional<String> value, String form, String allowed) {
    declare(key, value.orElse(""), allowed);
    if (value.isPresent() && !value.get().matches(form)) {
      problem(key, quoted(value.get()), allowed + " is allowed");
    }
  }

  /**
   * Declares a value with a syntax of its own.
   *
   * @param parse fails with IllegalArgumentException, saying what is wrong
   */
  public void parsed(String key, String value, String allowed, Runnable parse) {
    declare(key, value, allowed);
    parsed(key, parse);
  }

  /** Declares a value that is never shown; only its key is reported. */
  public void secret(String key, Optional<String> value) {
    all.put(key, new Key(key, value.isPresent() ? "set" : "", "a secret", true));
  }

  /** Checks a rule between several keys; the problem names them. */
  public void rule(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private void declare(String key, String value, String allowed) {
    all.put(key, new Key(key, value, allowed, false));
  }

  private void parsed(String key, Runnable parse) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      problems.add(key + ": " + e.getMessage());
    }
  }

  private void problem(String key, String value, String allowed) {
    problems.add(key + " is " + value + ", but " + allowed);
  }

  private static String quoted(String value) {
    return "\"" + (value.length() > MAX_SHOWN ? value.substring(0, MAX_SHOWN) + "…" : value) + "\"";
  }

  private static boolean printable(int c) {
    return c >= ' ' && c <= '~';
  }

  private static String valueOf(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
