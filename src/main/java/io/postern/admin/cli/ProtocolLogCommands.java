package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The protocol log of one account or one network, for a time. */
@Command(
    name = "protocol-logs",
    description = "The log of the commands of one account or one network, for a time.")
final class ProtocolLogCommands {
  private static final List<String> FIELDS = List.of("id", "protocol", "user", "network", "until");

  private final PosternCommand postern;

  ProtocolLogCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "list", description = "List those that have not ended.")
  void list() {
    postern.list("protocol-logs", Map.of(), FIELDS);
  }

  @Command(
      name = "start",
      description = {
        "Log the commands of one account or one network, on all nodes.",
        "Passwords, tokens and messages are never logged."
      })
  void start(
      @Option(names = "--user", paramLabel = "NAME", description = "Of this login name")
          Optional<String> user,
      @Option(
              names = "--network",
              paramLabel = "ADDRESS",
              description = "From this address, or network in CIDR notation")
          Optional<String> network,
      @Option(
              names = "--protocol",
              paramLabel = "PROTOCOL",
              description = "Only imap or pop3. Default: both")
          Optional<String> protocol,
      @Option(
              names = "--minutes",
              paramLabel = "N",
              defaultValue = "15",
              description = "How long, 1 to 1440. Default: ${DEFAULT-VALUE}")
          int minutes) {
    var body = new LinkedHashMap<String, Object>();
    user.ifPresent(it -> body.put("user", it));
    network.ifPresent(it -> body.put("network", it));
    protocol.ifPresent(it -> body.put("protocol", it));
    body.put("minutes", minutes);
    postern.show(postern.api().send("POST", "protocol-logs", body), FIELDS);
  }

  @Command(name = "end", description = "End such a log before its time.")
  void end(@Parameters(paramLabel = "ID") String id) {
    postern.api().send("DELETE", path("protocol-logs", id));
    postern.done("The protocol log " + id + " has ended.");
  }
}
