package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.config.watch.Bounds;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The table of what the services of Exchange Server 2016 do: each row names what Postern has for it
 * and the tests that prove it, or says why it has nothing. The guide is generated from it with
 * {@code ./mvnw test -Dtest=ExchangeParityTest -Dexchange.write=true}.
 */
class ExchangeParityTest {
  private static final Path TABLE = Path.of("src/test/resources/exchange-parity.txt");
  private static final Path GUIDE = Path.of("src/main/docs/exchange.md");
  private static final Path SETTINGS = Path.of("src/main/docs/settings.md");
  private static final Path OPENAPI = Path.of("src/main/docs/openapi.json");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Path SESSIONS = Path.of("src/test/sessions");
  private static final int ROWS = 74;
  private static final String OUT = "out: ";
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern CALL = Pattern.compile("(GET|POST|PUT|PATCH|DELETE) (/.*)");

  /**
   * A row.
   *
   * @param exchange what Exchange has
   * @param ours what Postern has
   * @param proof tests, or why there is nothing
   */
  private record Row(int number, String exchange, String ours, String proof) {
    static Row of(String line) {
      var cells = line.split(" \\| ", -1);
      assertThat(cells).as("number | Exchange | Postern | proof: %s", line).hasSize(4);
      return new Row(Integer.parseInt(cells[0]), cells[1], cells[2], cells[3]);
    }

    boolean isOut() {
      return proof.startsWith(OUT);
    }

    List<String> names() {
      return QUOTED.matcher(ours).results().map(it -> it.group(1)).toList();
    }

    List<String> tests() {
      return isOut() ? List.of() : List.of(proof.split(", "));
    }

    String described() {
      return "row %d, %s".formatted(number, exchange);
    }
  }

  @Test
  void everyRowIsThereAndHasItsProof() throws IOException {
    var rows = rows();
    assertThat(rows.stream().map(Row::number).distinct().toList())
        .isEqualTo(IntStream.rangeClosed(1, ROWS).boxed().toList());
    for (var row : rows) {
      assertThat(row.exchange()).as(row.described()).isNotBlank();
      assertThat(row.ours()).as(row.described()).isNotBlank();
      if (row.isOut()) {
        assertThat(row.proof()).as(row.described()).hasSizeGreaterThan(OUT.length() + 10);
      } else {
        assertThat(row.tests()).as(row.described()).isNotEmpty().allMatch(it -> !it.isBlank());
      }
    }
  }

  @Test
  void everyNamedTestExists() throws IOException {
    var classes = testClasses();
    for (var row : rows()) {
      for (var test : row.tests()) {
        assertThat(exists(test, classes)).as("%s: %s", row.described(), test).isTrue();
      }
    }
  }

  @Test
  void aTestThatDoesNotExistIsNoticed() throws IOException {
    var classes = testClasses();
    assertThat(exists("ExchangeParityTest#everyNamedTestExists", classes)).isTrue();
    assertThat(exists("ExchangeParityTest#everyNamedTestExist", classes)).isFalse();
    assertThat(exists("ExchangeParityTest#testClasses", classes)).isFalse();
    assertThat(exists("NoSuchTest#aTest", classes)).isFalse();
    assertThat(exists("imap/no-such-directory", classes)).isFalse();
  }

  @Test
  void everySettingAndCallExists() throws IOException {
    var settings = settings();
    var calls = calls();
    for (var row : rows()) {
      for (var name : row.names()) {
        if (name.startsWith("mail.")
            && !name.equals("mail.audit")
            && !name.equals("mail.sessions")) {
          assertThat(settings).as(row.described()).contains(name);
        }
        if (CALL.matcher(name).matches()) {
          assertThat(calls).as(row.described()).contains(name);
        }
      }
    }
  }

  @Test
  void everySettingWithANameInExchangeIsInTheTable() throws IOException {
    var named = new TreeSet<String>();
    var section = "";
    for (var line : Files.readAllLines(SETTINGS)) {
      if (line.startsWith("## ")) {
        section = line.substring(3);
      } else if (line.startsWith("| Exchange | ")) {
        named.add(section);
      }
    }
    var inTheTable = new HashSet<String>();
    rows().forEach(row -> inTheTable.addAll(row.names()));
    assertThat(named).isNotEmpty().isSubsetOf(inTheTable);
  }

  @Test
  void theGuideMatchesTheTable() throws IOException {
    var text = guide();
    if (Boolean.getBoolean("exchange.write")) {
      Files.writeString(GUIDE, text);
    }
    assertThat(Files.exists(GUIDE) ? Files.readString(GUIDE) : "")
        .as("generate it with: ./mvnw test -Dtest=ExchangeParityTest -Dexchange.write=true")
        .isEqualTo(text);
  }

  private static List<Row> rows() throws IOException {
    return lines().filter(line -> !line.startsWith("#")).map(Row::of).toList();
  }

  private static Stream<String> lines() throws IOException {
    return Files.readAllLines(TABLE).stream().filter(line -> !line.isBlank());
  }

  private static String guide() throws IOException {
    var text = new StringBuilder(HEAD);
    for (var line : lines().toList()) {
      if (line.startsWith("## ")) {
        text.append("\n").append(line).append("\n\n").append(COLUMNS);
      } else if (!line.startsWith("#")) {
        var row = Row.of(line);
        text.append("| %d | %s | %s | ".formatted(row.number(), row.exchange(), row.ours()))
            .append(row.isOut() ? row.proof() : code(row.tests()))
            .append(" |\n");
      }
    }
    return text.toString();
  }

  private static String code(Collection<String> tests) {
    return String.join(", ", tests.stream().map(test -> "`" + test + "`").toList());
  }

  private static final String HEAD =
      """
      # Postern and Exchange Server 2016

      What the POP3 and IMAP4 services of Exchange Server 2016 do and let administrators set, what Postern has
      for it, and the tests that prove it. A test is a class with a method, or a directory or file of
      `src/test/sessions`. Generated from `src/test/resources/exchange-parity.txt` by
      `./mvnw test -Dtest=ExchangeParityTest -Dexchange.write=true`. The settings are described in the
      [settings reference](settings.md), the calls of the admin API in the [administration guide](administration.md#admin-api).

      Where a default of Exchange hurts, Postern has another one. The profile `exchange-2016` sets those of Exchange:
      see [Defaults of Exchange](configuration.md#defaults-of-exchange).
      """;

  private static final String COLUMNS =
      """
      | | Exchange Server 2016 | Postern | test |
      |---|---|---|---|
      """;

  private static Set<String> settings() {
    var all = new HashSet<String>();
    for (var keys : List.of(Bounds.of(TestSettings.of()), Bounds.of(TestSettings.boot()))) {
      keys.all().forEach(key -> all.add(key.name()));
    }
    return all;
  }

  private static Set<String> calls() throws IOException {
    var calls = new HashSet<String>();
    var paths = new ObjectMapper().readTree(OPENAPI.toFile()).path("paths");
    for (var path : paths.properties()) {
      for (var method : path.getValue().properties()) {
        calls.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    return calls;
  }

  /** The tests of each name; several classes may have one name in different rooms. */
  private static Map<String, List<Class<?>>> testClasses() throws IOException {
    var classes = new HashMap<String, List<Class<?>>>();
    try (var files = Files.walk(TESTS)) {
      for (var file : files.filter(it -> it.toString().matches(".*(Test|IT)\\.java")).toList()) {
        var name = TESTS.relativize(file).toString().replace(".java", "").replace('/', '.');
        try {
          var loader = ExchangeParityTest.class.getClassLoader();
          classes
              .computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), _ -> new ArrayList<>())
              .add(Class.forName(name, false, loader));
        } catch (ClassNotFoundException e) {
          throw new IOException(e);
        }
      }
    }
    return classes;
  }

  private static boolean exists(String test, Map<String, List<Class<?>>> classes) {
    int hash = test.indexOf('#');
    if (hash < 0) {
      return Files.exists(SESSIONS.resolve(test));
    }
    return classes.getOrDefault(test.substring(0, hash), List.of()).stream()
        .flatMap(ExchangeParityTest::methods)
        .filter(method -> method.getName().equals(test.substring(hash + 1)))
        .anyMatch(method -> AnnotationSupport.isAnnotated(method, Testable.class));
  }

  private static Stream<Method> methods(Class<?> type) {
    return Stream.<Class<?>>iterate(type, it -> it != Object.class, Class::getSuperclass)
        .flatMap(it -> Arrays.stream(it.getDeclaredMethods()));
  }
}
