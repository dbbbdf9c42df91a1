package io.postern.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of calls in the operations guide has every call of the admin API, and its role. */
class ApiReferenceTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Path RESOURCES = SOURCES.resolve("io/postern/admin");
  private static final Path GUIDE = Path.of("src/main/docs/administration.md");
  private static final String ROOT = "/admin/v1/";
  private static final Pattern ROW =
      Pattern.compile("\\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)` \\| `([a-z-]+)` \\|.*");

  @Test
  void everyCallIsDocumentedWithItsLowestRole() throws Exception {
    assertThat(documented()).isEqualTo(implemented());
  }

  private static Map<String, String> documented() throws IOException {
    var calls = new TreeMap<String, String>();
    for (var line : Files.readAllLines(GUIDE)) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        calls.put(row.group(1), row.group(2));
      }
    }
    return calls;
  }

  private static Map<String, String> implemented() throws Exception {
    var calls = new TreeMap<String, String>();
    try (var files = Files.walk(RESOURCES)) {
      for (var file : files.filter(it -> it.toString().endsWith("Resource.java")).toList()) {
        var name = SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
        add(Class.forName(name), calls);
      }
    }
    return calls;
  }

  private static void add(Class<?> resource, Map<String, String> calls) {
    var root = resource.getAnnotation(jakarta.ws.rs.Path.class).value();
    for (var method : resource.getDeclaredMethods()) {
      http(method)
          .ifPresent(
              verb -> {
                var path = method.getAnnotation(jakarta.ws.rs.Path.class);
                var whole = path == null ? root : root + "/" + path.value();
                calls.put(verb + " " + whole.substring(ROOT.length()), lowestRole(method));
              });
    }
  }

  private static Optional<String> http(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(it -> it.annotationType().getAnnotation(HttpMethod.class))
        .filter(it -> it != null)
        .map(HttpMethod::value)
        .findFirst();
  }

  private static String lowestRole(Method method) {
    var own = method.getAnnotation(RolesAllowed.class);
    var roles = own == null ? method.getDeclaringClass().getAnnotation(RolesAllowed.class) : own;
    var allowed = List.of(roles.value());
    return allowed.contains(Roles.VIEWER)
        ? Roles.VIEWER
        : allowed.contains(Roles.SERVER_ADMIN) ? Roles.SERVER_ADMIN : Roles.ADMIN;
  }
}
