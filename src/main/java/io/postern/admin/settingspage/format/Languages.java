package io.postern.admin.settingspage.format;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The languages of the page, and its texts in them: {@code texts_*.properties}, in UTF-8. */
public final class Languages {
  /** A language: its tag (RFC 5646) and its own name. */
  record Language(String tag, String name) {}

  /** The languages of the page, in the order in which it shows them. */
  static final List<Language> ALL =
      List.of(
          new Language("en", "English"),
          new Language("de", "Deutsch"),
          new Language("fr", "Français"));

  private static final List<String> TAGS = ALL.stream().map(Language::tag).toList();
  private static final String FALLBACK = "en";
  private static final int MAX_HEADER = 1_000;
  private static final Map<String, Map<String, String>> TEXTS = new ConcurrentHashMap<>();

  private Languages() {}

  /**
   * Chooses a language: the one that the user has selected, else the best of those that the browser
   * prefers (RFC 9110 §12.5.4, RFC 4647 §3.4), else English.
   *
   * @param preferred the value of {@code Accept-Language}; another form of it counts as none
   */
  public static String choose(Optional<String> selected, Optional<String> preferred) {
    return selected
        .filter(TAGS::contains)
        .or(() -> preferred.filter(it -> it.length() <= MAX_HEADER).flatMap(Languages::lookup))
        .orElse(FALLBACK);
  }

  private static Optional<String> lookup(String header) {
    try {
      List<LanguageRange> ranges =
          LanguageRange.parse(header).stream().filter(it -> it.getWeight() > 0).toList();
      return Optional.ofNullable(Locale.lookupTag(ranges, TAGS));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The texts of a language, by key. */
  static Map<String, String> texts(String language) {
    return TEXTS.computeIfAbsent(language, Languages::read);
  }

  private static Map<String, String> read(String language) {
    var properties = new Properties();
    try {
      properties.load(new StringReader(Templates.text("texts_" + language + ".properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toUnmodifiableMap(key -> key, properties::getProperty));
  }
}
