package io.postern.mime.decoding;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The charsets of mail. Some names stand for the wider set that mailers mean by them, as
 * windows-1252 for ISO-8859-1.
 */
public final class Charsets {
  /** What mailers mean by ISO-8859-1. */
  public static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private static final Map<String, String> MEANT =
      Map.ofEntries(
          Map.entry("iso-8859-1", "windows-1252"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("iso-8859-8-i", "iso-8859-8"),
          Map.entry("iso-8859-8-e", "iso-8859-8"),
          Map.entry("iso-8859-9", "windows-1254"),
          Map.entry("gb2312", "gb18030"),
          Map.entry("gbk", "gb18030"),
          Map.entry("ks_c_5601-1987", "x-windows-949"),
          Map.entry("euc-kr", "x-windows-949"),
          Map.entry("shift_jis", "windows-31j"),
          Map.entry("shift-jis", "windows-31j"),
          Map.entry("x-sjis", "windows-31j"),
          Map.entry("macintosh", "x-macroman"),
          Map.entry("us-ascii", "utf-8"),
          Map.entry("ascii", "utf-8"));

  /**
   * All names and aliases of the JDK and of {@link Utf7} in lower case. The JDK asks all providers
   * anew for each unknown name, which a hostile header could cause a hundred thousand times.
   */
  private static final Map<String, Charset> BY_NAME = byName();

  private Charsets() {}

  private static Map<String, Charset> byName() {
    var names = new HashMap<String, Charset>();
    for (var charset : Charset.availableCharsets().values()) {
      charset.aliases().forEach(alias -> names.putIfAbsent(lower(alias), charset));
    }
    for (var charset : Charset.availableCharsets().values()) {
      names.put(lower(charset.name()), charset);
    }
    Utf7.INSTANCE.aliases().forEach(alias -> names.put(lower(alias), Utf7.INSTANCE));
    names.put(lower(Utf7.INSTANCE.name()), Utf7.INSTANCE);
    return Map.copyOf(names);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** The charset of this name, compared without case; empty if none is known. */
  public static Optional<Charset> named(String name) {
    var asked = lower(name.strip());
    return Optional.ofNullable(BY_NAME.get(MEANT.getOrDefault(asked, asked)));
  }

  /** The charset of a part's text: UTF-8 if none is named, ISO-8859-1 for an unknown one. */
  public static Charset ofPart(String name) {
    return name.isBlank() ? StandardCharsets.UTF_8 : named(name).orElse(WINDOWS_1252);
  }
}
