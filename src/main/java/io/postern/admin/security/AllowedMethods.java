package io.postern.admin.security;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The methods that each path supports. The platform refuses the others without an {@code Allow}
 * header, which RFC 9110 §15.5.6 requires. A path that is missing here fails the build.
 */
final class AllowedMethods {
  private static final String ROOT = "/admin/v1/";

  private record Row(String template, Pattern path, List<String> methods) {
    static Row of(String template, String... methods) {
      return new Row(
          template,
          Pattern.compile((ROOT + template).replaceAll("\\{\\w+}", "[^/]+")),
          List.of(methods));
    }
  }

  private static final List<Row> ROWS =
      List.of(
          Row.of("account-changes", "POST"),
          Row.of("accounts", "GET", "POST"),
          Row.of("accounts/{name}", "DELETE", "GET", "PATCH"),
          Row.of("accounts/{name}/mailboxes", "GET", "POST"),
          Row.of("accounts/{name}/messages", "GET", "POST"),
          Row.of("accounts/{name}/messages/{uid}", "GET"),
          Row.of("accounts/{name}/password", "PUT"),
          Row.of("accounts/{name}/protocol-settings/{protocol}", "GET", "PATCH"),
          Row.of("accounts/{name}/quota", "GET", "PUT"),
          Row.of("accounts/{name}/sessions", "DELETE"),
          Row.of("accounts/{account}/app-passwords", "GET", "POST"),
          Row.of("accounts/{account}/app-passwords/{name}", "DELETE"),
          Row.of("accounts/{account}/grants", "GET"),
          Row.of("accounts/{account}/grants/{delegate}", "DELETE", "PUT"),
          Row.of("accounts/{name}/recoverable-items", "GET"),
          Row.of("accounts/{name}/recoverable-items/restore", "POST"),
          Row.of("accounts/{name}/uid-validity", "POST"),
          Row.of("audit", "GET"),
          Row.of("components", "GET"),
          Row.of("components/{name}/state", "GET", "POST"),
          Row.of("connectivity-tests/{protocol}", "POST"),
          Row.of("deleted-accounts", "GET"),
          Row.of("deleted-accounts/{name}", "GET"),
          Row.of("deleted-accounts/{name}/restore", "POST"),
          Row.of("mailbox-plans", "GET"),
          Row.of("mailbox-plans/{name}", "DELETE", "GET", "PUT"),
          Row.of("protocol-logs", "GET", "POST"),
          Row.of("protocol-logs/{id}", "DELETE"),
          Row.of("sessions", "GET"),
          Row.of("sessions/{id}", "DELETE"),
          Row.of("settings", "GET"),
          Row.of("store-verification", "GET"),
          Row.of("moves", "GET", "POST"),
          Row.of("moves/{id}", "DELETE", "GET"),
          Row.of("uid-validity-renewals", "GET", "POST"),
          Row.of("uid-validity-renewals/{id}", "GET"));

  private AllowedMethods() {}

  /**
   * Returns the value of the header {@code Allow}, including the methods that the platform adds;
   * empty for an unknown path.
   *
   * @param path of the request, with its first slash
   */
  static SortedSet<String> allowed(String path) {
    var all = new TreeSet<String>();
    ROWS.stream()
        .filter(row -> row.path.matcher(path).matches())
        .flatMap(row -> row.methods.stream())
        .flatMap(it -> it.equals("GET") ? Stream.of(it, "HEAD") : Stream.of(it))
        .forEach(all::add);
    if (!all.isEmpty()) {
      all.add("OPTIONS");
    }
    return all;
  }

  /**
   * Returns the resource of a path with the names of its parameters, {@code accounts/{name}}; empty
   * for an unknown path.
   *
   * @param path of the request, with its first slash
   */
  static Optional<String> template(String path) {
    return ROWS.stream()
        .filter(row -> row.path.matcher(path).matches())
        .map(Row::template)
        .findFirst();
  }
}
