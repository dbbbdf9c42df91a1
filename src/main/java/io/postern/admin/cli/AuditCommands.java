package io.postern.admin.cli;

import io.postern.admin.cli.output.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What administrators did. Exchange: Search-AdminAuditLog. */
@Command(name = "audit", description = "What administrators did.")
final class AuditCommands {
  private static final List<String> FIELDS =
      List.of("at", "actor", "address", "status", "action", "account");

  private final PosternCommand postern;

  AuditCommands(PosternCommand postern) {
    this.postern = postern;
  }

  /** Which calls are wanted. */
  static final class Query {
    @Option(names = "--account", paramLabel = "NAME", description = "Only about this account")
    private Optional<String> account = Optional.empty();

    @Option(names = "--actor", paramLabel = "USER", description = "Only by this user")
    private Optional<String> actor = Optional.empty();

    @Option(
        names = "--action",
        paramLabel = "TEXT",
        description = "Only actions that begin so: DELETE, or \"PATCH accounts/{name}\"")
    private Optional<String> action = Optional.empty();

    @Option(names = "--from", paramLabel = "TIME", description = "From 2026-01-31T12:00:00Z on")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "TIME", description = "Before this moment")
    private Optional<String> to = Optional.empty();

    @Option(names = "--after", paramLabel = "ID", description = "Goes on behind this call")
    private Optional<String> after = Optional.empty();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "The most calls, 1 to 500. Default: ${DEFAULT-VALUE}")
    private int limit;

    Map<String, String> parameters() {
      var query = new LinkedHashMap<String, String>();
      account.ifPresent(it -> query.put("account", it));
      actor.ifPresent(it -> query.put("actor", it));
      action.ifPresent(it -> query.put("action", it));
      from.ifPresent(it -> query.put("from", it));
      to.ifPresent(it -> query.put("to", it));
      after.ifPresent(it -> query.put("after", it));
      query.put("limit", Integer.toString(limit));
      return query;
    }
  }

  @Command(
      name = "list",
      description =
          "List calls of the admin API that changed something or read mail, newest first.")
  void list(@Mixin Query query) {
    var page = postern.api().get("audit", query.parameters());
    if (postern.isJson()) {
      page.path("items").forEach(postern.out()::println);
    } else {
      var table = new Table(FIELDS);
      page.path("items").forEach(table::add);
      table.lines().forEach(postern.out()::println);
    }
    if (page.hasNonNull("next")) {
      postern.err().println("There are more: --after " + page.path("next").asText());
      postern.err().flush();
    }
  }
}
