package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.postern.config.area.Keys;
import io.postern.config.watch.Bounds;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The settings reference matches the sources: names and defaults of the mappings, bounds of {@link
 * Keys}, the rest from the documentation of each key. Generated with {@code ./mvnw test
 * -Dtest=SettingsReferenceTest -Dsettings.write=true}.
 */
class SettingsReferenceTest {
  private static final Path REFERENCE = Path.of("src/main/docs/settings.md");
  private static final Path SOURCES = Path.of("src/main/java/io/postern/config");
  private static final Pattern EXCHANGE = Pattern.compile("\\s*Exchange: (.*?)\\.?$");

  private record Documented(Method method, Keys.Key key, boolean hot) {}

  @Test
  void theReferenceMatchesTheSources() throws IOException {
    var text = text();
    if (Boolean.getBoolean("settings.write")) {
      Files.createDirectories(REFERENCE.getParent());
      Files.writeString(REFERENCE, text);
    }
    assertThat(Files.exists(REFERENCE) ? Files.readString(REFERENCE) : "")
        .as("generate it with: ./mvnw test -Dtest=SettingsReferenceTest -Dsettings.write=true")
        .isEqualTo(text);
  }

  private static String text() throws IOException {
    var comments = comments();
    var all = new TreeMap<String, Documented>();
    collect("mail", LiveSettings.class, keys(Bounds.of(TestSettings.of())), true, all);
    collect("mail", BootSettings.class, keys(Bounds.of(TestSettings.boot())), false, all);
    var text = new StringBuilder(HEAD);
    all.forEach((name, it) -> text.append(section(name, it, comments)));
    return text.toString();
  }

  private static final String HEAD =
      """
      # Settings

      All settings under `mail.`, generated from the sources by
      `./mvnw test -Dtest=SettingsReferenceTest -Dsettings.write=true`. A *hot* setting takes effect when its
      file in the directory `mail.config.directory` changes, for open sessions too; a *boot* setting takes
      effect at the next start. Times are written `PT30S`, `30s` or `5m`, sizes `512`, `64K` or `35M`,
      lists with commas. The name in Exchange is the parameter of `Set-ImapSettings`, `Set-PopSettings` or
      another cmdlet.
      """;

  private static String section(String name, Documented it, Map<String, String> comments) {
    var place = it.method.getDeclaringClass().getName() + "." + it.method.getName();
    var comment = comments.getOrDefault(place, "");
    assertThat(comment).as("documentation of %s at %s", name, place).isNotEmpty();
    var exchange = EXCHANGE.matcher(comment);
    boolean named = exchange.find();
    var words = named ? comment.substring(0, exchange.start()) : comment;
    return "\n## "
        + name
        + "\n\n"
        + words
        + "\n\n| | |\n|---|---|\n"
        + row("takes effect", it.hot ? "hot" : "boot")
        + row("type", type(it.method))
        + row("default", standard(it.method))
        + row("allowed", it.key.allowed())
        + (named ? row("Exchange", exchange.group(1)) : "");
  }

  private static String row(String name, String value) {
    return "| " + name + " | " + value.replace("|", "\\|") + " |\n";
  }

  private static String standard(Method method) {
    var value = method.getAnnotation(WithDefault.class);
    return value == null ? "none" : "`" + value.value() + "`";
  }

  private static String type(Method method) {
    var type = method.getGenericReturnType();
    if (type instanceof ParameterizedType of) {
      var inner = of.getActualTypeArguments()[0];
      var list = of.getTypeName().contains("java.util.List");
      return list ? "list" : typeName((Class<?>) inner);
    }
    return typeName((Class<?>) type);
  }

  private static String typeName(Class<?> type) {
    if (type.isEnum()) {
      return "choice";
    }
    return switch (type.getSimpleName()) {
      case "boolean" -> "switch";
      case "int", "long", "Long" -> "number";
      case "Duration" -> "time";
      case "MemorySize" -> "size";
      default -> "text";
    };
  }

  private static Map<String, Keys.Key> keys(Keys keys) {
    return keys.all().stream().collect(Collectors.toMap(Keys.Key::name, Function.identity()));
  }

  private static void collect(
      String prefix,
      Class<?> mapping,
      Map<String, Keys.Key> keys,
      boolean hot,
      Map<String, Documented> all) {
    for (var method : mapping.getMethods()) {
      if (method.getParameterCount() > 0) {
        continue;
      }
      var name = prefix + "." + hyphened(method.getName());
      if (keys.containsKey(name)) {
        all.put(name, new Documented(method, keys.get(name), hot));
      } else {
        collect(name, method.getReturnType(), keys, hot, all);
      }
    }
  }

  private static String hyphened(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** The documentation of each method, as one line of Markdown. */
  private static Map<String, String> comments() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new HashMap<String, String>();
    try (var manager = compiler.getStandardFileManager(null, null, null);
        var files = Files.walk(SOURCES)) {
      var sources = files.filter(file -> file.toString().endsWith("Settings.java")).toList();
      var units = manager.getJavaFileObjectsFromPaths(sources);
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, units);
      var trees = DocTrees.instance(task);
      for (var unit : task.parse()) {
        new Reader(trees, found).scan(unit, "");
      }
    }
    return found;
  }

  private static final class Reader extends TreePathScanner<Void, String> {
    private final DocTrees trees;
    private final Map<String, String> found;

    Reader(DocTrees trees, Map<String, String> found) {
      this.trees = trees;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree tree, String outer) {
      var unit = getCurrentPath().getCompilationUnit();
      var prefix = outer.isEmpty() ? unit.getPackageName() + "." : outer + "$";
      return super.visitClass(tree, prefix + tree.getSimpleName());
    }

    @Override
    public Void visitMethod(MethodTree tree, String type) {
      var comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        found.put(type + "." + tree.getName(), markdown(comment));
      }
      return super.visitMethod(tree, type);
    }

    private static String markdown(DocCommentTree comment) {
      return comment.getFullBody().stream()
          .map(Object::toString)
          .collect(Collectors.joining())
          .replaceAll("\\s+", " ")
          .replaceAll("\\{@code ([^}]*)}", "`$1`")
          .replaceAll("\\{@link #?([^}]*)}", "`$1`")
          .strip();
    }
  }
}
