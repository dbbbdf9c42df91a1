package io.postern.admin.settingspage.format;

import io.quarkus.qute.Engine;
import io.quarkus.qute.Expression;
import io.quarkus.qute.ResultMapper;
import io.quarkus.qute.Template;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.TemplateNode.Origin;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The templates of all documents in XML and HTML: files in {@code resources/settings-page}, parsed
 * when they are first used. Every inserted value is escaped, and a value that is missing fails the
 * document. Values are maps, lists and texts, which need no reflection.
 */
final class Templates {
  private static final String FOLDER = "/settings-page/";

  private static final Templates ALL = new Templates();

  private final Engine engine =
      Engine.builder()
          .addDefaults()
          .addLocator(name -> Optional.of(new Included(name)))
          .addResultMapper(new Escaping())
          .strictRendering(true)
          .build();
  private final Map<String, Template> parsed = new ConcurrentHashMap<>();

  private Templates() {}

  /**
   * Fills a template.
   *
   * @param name of its file
   * @throws io.quarkus.qute.TemplateException when a value is missing
   */
  static String render(String name, Map<String, ?> values) {
    var template = ALL.parsed.computeIfAbsent(name, it -> ALL.engine.parse(text(it)));
    return template.instance().data(values).render();
  }

  /** The text of a file beside the templates. */
  static String text(String name) {
    try (var in = Templates.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException(FOLDER + name + " is not in the package");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template that another one includes. */
  private record Included(String name) implements TemplateLocation {
    @Override
    public Reader read() {
      return new StringReader(text(name + ".html"));
    }

    @Override
    public Optional<Variant> getVariant() {
      return Optional.empty();
    }
  }

  /** Escapes the five characters that XML and HTML know, in texts and in attributes. */
  private static final class Escaping implements ResultMapper {
    @Override
    public boolean appliesTo(Origin origin, Object result) {
      return true;
    }

    @Override
    public String map(Object result, Expression expression) {
      var escaped = new StringBuilder();
      result.toString().chars().forEach(c -> append(escaped, (char) c));
      return escaped.toString();
    }

    private static void append(StringBuilder to, char c) {
      switch (c) {
        case '&' -> to.append("&amp;");
        case '<' -> to.append("&lt;");
        case '>' -> to.append("&gt;");
        case '"' -> to.append("&quot;");
        case '\'' -> to.append("&#39;");
        default -> to.append(c);
      }
    }
  }
}
