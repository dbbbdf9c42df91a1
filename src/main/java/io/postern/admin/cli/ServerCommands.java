package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import io.postern.admin.cli.output.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The mail services and settings of a node. */
@Command(name = "server", description = "Services and settings of the node that answers.")
final class ServerCommands {
  private static final List<String> COMPONENT =
      List.of("name", "enabled", "state", "sessions", "endpoints", "node");

  private final PosternCommand postern;

  ServerCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "components", description = "List the mail services.")
  void components() {
    postern.list("components", Map.of(), COMPONENT);
  }

  @Command(
      name = "set-component",
      description = {
        "Set the state of a mail service.",
        "draining: no new connections, sessions end one after the other; inactive: all at once;"
            + " active: accepts connections again."
      })
  void setComponent(
      @Parameters(paramLabel = "NAME", description = "imap, pop3 or lmtp") String name,
      @Parameters(paramLabel = "STATE", description = "active, draining or inactive")
          String state) {
    var body = Map.of("state", state);
    postern.show(postern.api().send("POST", path("components", name, "state"), body), COMPONENT);
  }

  @Command(name = "settings", description = "Show the settings in force, and rejected changes.")
  void settings(
      @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "Only names that begin so")
          Optional<String> prefix) {
    var report = postern.api().get("settings", Map.of());
    if (postern.isJson()) {
      postern.out().println(report.toPrettyString());
      return;
    }
    var table = new Table(List.of("key", "value", "source", "hot", "allowed"));
    for (var setting : report.path("settings")) {
      if (setting.path("key").asText().startsWith(prefix.orElse(""))) {
        table.add(setting);
      }
    }
    table.lines().forEach(postern.out()::println);
    for (var problem : report.path("lastError").path("problems")) {
      postern.err().println("Rejected: " + problem.asText());
    }
  }
}
